"""The operator's API of the search's statistics, and of queries that are not to be suggested."""

from typing import Annotated

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.errors import Invalid, NotFound
from models.search_log import hide_query, list_hidden, show_query
from models.search_stats import SearchStats, get_search_stats
from search.query import Q_MAX, clean
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("admin_statistics_api")
PATH = "/api/v1/admin/search"


class DaysQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1, le=90)] = 28


class HiddenQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    query: Annotated[str, Meta(min_length=1, max_length=Q_MAX)]


class HiddenQueries(msgspec.Struct, frozen=True, kw_only=True):
    items: list[str]


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/statistics",
    summary="Searches, clicks, latency and top queries of the last days",
    access=Access.ADMIN,
    limit="seller",
    query=DaysQuery,
    answer=SearchStats,
)
async def show_statistics(_: Request, *, query: DaysQuery) -> SearchStats:
    return await get_search_stats(days=query.days)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/hidden-queries",
    summary="List the queries that are not suggested",
    access=Access.ADMIN,
    limit="seller",
    answer=HiddenQueries,
)
async def show_hidden(_: Request) -> HiddenQueries:
    return HiddenQueries(items=await list_hidden())


@endpoint(
    blueprint,
    "POST",
    f"{PATH}/hidden-queries",
    summary="Never suggest a query, however popular",
    access=Access.ADMIN,
    limit="seller",
    body=HiddenQuery,
    status=204,
    errors=(Invalid,),
)
async def hide(request: Request, *, body: HiddenQuery) -> None:
    await hide_query(clean(body.query), actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "DELETE",
    f"{PATH}/hidden-queries",
    summary="Let a hidden query be suggested again",
    access=Access.ADMIN,
    limit="seller",
    query=HiddenQuery,
    status=204,
    errors=(NotFound,),
)
async def unhide(request: Request, *, query: HiddenQuery) -> None:
    await show_query(clean(query.query), actor_id=request.ctx.caller.user_id)
