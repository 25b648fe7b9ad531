"""Reviews over the API: what shoppers wrote of a product, and writing one's own."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.errors import Conflict, Invalid, NotFound
from models.review import PublicReview, list_reviews, write_review
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("reviews")
PATH = "/api/v1/products/<slug:str>/reviews"


class ReviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    page: Annotated[int, Meta(ge=1, le=1_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=100)] = 20


class NewReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rating: Annotated[int, Meta(ge=1, le=5)]
    title: Annotated[str, Meta(max_length=120)] = ""
    text: Annotated[str, Meta(max_length=5_000)] = ""


class ReviewPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[PublicReview]
    page: int
    per_page: int


class Written(msgspec.Struct, frozen=True):
    id: UUID


@endpoint(
    blueprint, "GET", PATH, summary="Reviews of a product, newest first", limit="read", query=ReviewQuery,
    answer=ReviewPage,
)  # fmt: skip
async def show_reviews(_: Request, slug: str, *, query: ReviewQuery) -> ReviewPage:
    items = await list_reviews(slug, page=query.page, per_page=query.per_page)
    return ReviewPage(items=items, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    PATH,
    summary="Review a product, once; verified when it was bought here",
    access=Access.USER,
    body=NewReview,
    answer=Written,
    status=201,
    errors=(NotFound, Conflict, Invalid),
)
async def review_product(request: Request, slug: str, *, body: NewReview) -> Written:
    user_id = request.ctx.caller.user_id
    return Written(await write_review(user_id, slug, rating=body.rating, title=body.title, text=body.text))
