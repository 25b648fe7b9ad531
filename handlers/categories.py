"""The category tree with counts, which may be half a minute old."""

from typing import Annotated

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.category_tree import CategoryNode
from models.errors import NotFound
from search.engine import Engine
from server.http import context, endpoint

blueprint = Blueprint("categories")


class CategoryQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`under`: slug of the category whose children are wanted; the root where empty."""

    under: Annotated[str, msgspec.Meta(max_length=120)] = ""
    depth: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3


class Categories(msgspec.Struct, frozen=True):
    categories: tuple[CategoryNode, ...]


@endpoint(
    blueprint,
    "GET",
    "/api/v1/categories",
    summary="Read the category tree with counts",
    limit="read",
    query=CategoryQuery,
    answer=Categories,
    errors=(NotFound,),
)
async def list_categories(request: Request, *, query: CategoryQuery) -> Categories:
    engine: Engine = context(request).search
    tree = await engine.category_tree()
    if query.under and query.under not in tree.nodes:
        raise NotFound("There is no such category.")
    return Categories(tree.grow(query.under, query.depth))
