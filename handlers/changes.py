"""Changes of live products that wait: the seller's own one, and the market's queue with its decisions."""

from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.admin import PageQuery, ProductDecision, demand_reason
from models.change_queue import ChangeRow, decide_change, list_changes, withdraw_change
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.product_change import WaitingChange, find_change
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("changes_api")
MINE = "/api/v1/seller/products/<product_id:uuid>/change"
QUEUE = "/api/v1/admin/product-changes"


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ChangeRow]
    total: int
    page: int
    per_page: int


@endpoint(
    blueprint, "GET", MINE, summary="The change of my product that waits, or was refused last", access=Access.PRODUCTS,
    limit="seller", answer=WaitingChange, errors=(NotFound,),
)  # fmt: skip
async def show_change(request: Request, product_id: UUID) -> WaitingChange:
    found = await find_change(request.ctx.caller.seller_id, product_id)
    if found is None:
        raise NotFound("No change of this product waits.")
    return found


@endpoint(
    blueprint, "DELETE", MINE, summary="Take the change of my product that waits back", access=Access.PRODUCTS,
    limit="seller", status=204, errors=(NotFound, Forbidden),
)  # fmt: skip
async def take_back(request: Request, product_id: UUID) -> None:
    await withdraw_change(request.ctx.caller.seller_id, product_id, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "GET", QUEUE, summary="Changes of live products that wait, longest waiting first", access=Access.ADMIN,
    limit="seller", query=PageQuery, answer=ChangePage,
)  # fmt: skip
async def show_queue(_: Request, *, query: PageQuery) -> ChangePage:
    items, total = await list_changes(page=query.page, per_page=query.per_page)
    return ChangePage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "POST", f"{QUEUE}/<change_id:uuid>/decision", summary="Make a change live, or refuse it with a reason",
    access=Access.ADMIN, limit="seller", body=ProductDecision, status=204, errors=(NotFound, Conflict, Invalid),
)  # fmt: skip
async def decide(request: Request, change_id: UUID, *, body: ProductDecision) -> None:
    reason = demand_reason(body.reason, wanted=body.action == "reject")
    approve, actor_id = body.action == "approve", request.ctx.caller.user_id
    await decide_change(change_id, version=body.version, approve=approve, actor_id=actor_id, reason=reason)
