"""Disputes over the API: the operator's, with all of them, and each seller's, with their own share of them."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.dispute_view import DisputeRow, list_disputes, read_dispute
from models.disputes import Bearer, let_bear
from models.errors import Invalid, NotFound
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("disputes")
LISTED_MAX = 200


class DisputeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`number`: of an order; without it, those of all orders."""

    number: Annotated[str, msgspec.Meta(max_length=16)] | None = None


class DisputeList(msgspec.Struct, frozen=True):
    items: list[DisputeRow]


class Bearing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    borne_by: Bearer


@endpoint(
    blueprint, "GET", "/api/v1/admin/disputes", summary="What buyers' banks dispute, open ones first",
    access=Access.SUPPORT, limit="seller", query=DisputeQuery, answer=DisputeList,
)  # fmt: skip
async def all_disputes(_: Request, *, query: DisputeQuery) -> DisputeList:
    return DisputeList(await list_disputes(number=query.number, limit=LISTED_MAX))


@endpoint(
    blueprint, "PUT", "/api/v1/admin/disputes/<dispute_id:uuid>/bearer",
    summary="Who bears what the bank keeps of it: its sellers, or the platform for them",
    access=Access.ADMIN, limit="seller", body=Bearing, answer=DisputeRow, errors=(NotFound, Invalid),
)  # fmt: skip
async def bear_dispute(request: Request, dispute_id: UUID, *, body: Bearing) -> DisputeRow:
    await let_bear(dispute_id, body.borne_by, actor_id=request.ctx.caller.user_id)
    return await read_dispute(dispute_id)


@endpoint(
    blueprint, "GET", "/api/v1/seller/disputes",
    summary="What buyers' banks dispute of my orders: my share, which is not paid out while it is open",
    access=Access.ORDERS, limit="seller", query=DisputeQuery, answer=DisputeList,
)  # fmt: skip
async def my_disputes(request: Request, *, query: DisputeQuery) -> DisputeList:
    seller_id = request.ctx.caller.seller_id
    return DisputeList(await list_disputes(seller_id=seller_id, number=query.number, limit=LISTED_MAX))
