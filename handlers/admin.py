"""The operator's API: approvals, suspensions, parked jobs and the numbers of today. Every decision is audited."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.approval import PendingProduct, decide_product, list_pending
from models.errors import Conflict, Invalid, NotFound
from models.overview import Overview, get_overview
from models.parked import ParkedJob, list_parked, retry_parked
from models.seller import SellerRow, decide_seller, list_sellers
from server.auth import Access
from server.http import context, endpoint
from web.filters import INDIA

blueprint = Blueprint("admin_api")
PATH = "/api/v1/admin"


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class SellerQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`q`: a part of the name or legal name, or all of the GSTIN, the id or the owner's mail address."""

    q: Annotated[str, Meta(max_length=254)] = ""
    state: Literal["draft", "pending", "approved", "rejected", "suspended"] | None = None


class SellerDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reason` is for the seller to read, and wanted where something is refused or taken away."""

    action: Literal["approve", "reject", "suspend", "restore", "reopen"]
    reason: Annotated[str, Meta(max_length=500)] = ""


class ProductDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` is that of the entry in the list that was read: 409 where its seller changed it meanwhile. `reason` is
    for the seller to read, and wanted with a rejection.
    """

    action: Literal["approve", "reject"]
    version: Annotated[str, Meta(max_length=64, description="The entry's `version`, as it was listed")]
    reason: Annotated[str, Meta(max_length=500)] = ""


class SellerPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[SellerRow]
    total: int
    page: int
    per_page: int


class PendingPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[PendingProduct]
    total: int
    page: int
    per_page: int


class ParkedPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ParkedJob]
    total: int
    page: int
    per_page: int


@endpoint(blueprint, "GET", f"{PATH}/overview", summary="The numbers of today", access=Access.ADMIN, answer=Overview)
async def show_overview(request: Request) -> Overview:
    midnight = datetime.now(INDIA).replace(hour=0, minute=0, second=0, microsecond=0)
    return await get_overview(since=midnight, currency=context(request).settings.site.currency)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/sellers",
    summary="Find sellers, by words and state",
    access=Access.SUPPORT,
    limit="seller",
    query=SellerQuery,
    answer=SellerPage,
)
async def show_sellers(request: Request, *, query: SellerQuery) -> SellerPage:
    items, total = await list_sellers(
        query.q, state=query.state, keyring=context(request).keyring, page=query.page, per_page=query.per_page
    )
    return SellerPage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    f"{PATH}/sellers/<seller_id:uuid>/decision",
    summary="Approve, reject, suspend, restore or reopen a seller",
    access=Access.ADMIN,
    limit="seller",
    body=SellerDecision,
    answer=SellerRow,
    errors=(NotFound, Conflict, Invalid),
)
async def decide_on_seller(request: Request, seller_id: UUID, *, body: SellerDecision) -> SellerRow:
    reason = demand_reason(body.reason, wanted=body.action in {"reject", "suspend"})
    return await decide_seller(seller_id, body.action, actor_id=request.ctx.caller.user_id, reason=reason)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/products/pending",
    summary="List the products that wait for approval, longest waiting first",
    access=Access.ADMIN,
    limit="seller",
    query=PageQuery,
    answer=PendingPage,
)
async def show_pending(_: Request, *, query: PageQuery) -> PendingPage:
    items, total = await list_pending(page=query.page, per_page=query.per_page)
    return PendingPage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    f"{PATH}/products/<product_id:uuid>/decision",
    summary="Approve a product, or reject it with a reason",
    access=Access.ADMIN,
    limit="seller",
    body=ProductDecision,
    status=204,
    errors=(NotFound, Conflict, Invalid),
)
async def decide_on_product(request: Request, product_id: UUID, *, body: ProductDecision) -> None:
    reason = demand_reason(body.reason, wanted=body.action == "reject")
    new = "active" if body.action == "approve" else "rejected"
    actor_id = request.ctx.caller.user_id
    await decide_product(product_id, version=body.version, new=new, actor_id=actor_id, reason=reason)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/jobs/parked",
    summary="List the jobs that gave up",
    access=Access.ADMIN,
    limit="seller",
    query=PageQuery,
    answer=ParkedPage,
)
async def show_parked(_: Request, *, query: PageQuery) -> ParkedPage:
    items, total = await list_parked(page=query.page, per_page=query.per_page)
    return ParkedPage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    f"{PATH}/jobs/<job_id:int>/retry",
    summary="Try a parked job again",
    access=Access.ADMIN,
    limit="seller",
    status=204,
    errors=(NotFound,),
)
async def retry_job(request: Request, job_id: int) -> None:
    await retry_parked(job_id, actor_id=request.ctx.caller.user_id)


def demand_reason(reason: str, *, wanted: bool) -> str:
    reason = reason.strip()
    if wanted and not reason:
        raise Invalid.field("reason", "say why: the seller reads it")
    return reason
