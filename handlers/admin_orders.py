"""The operator's API of orders: search, refunds by line, parcels, reviews to look at, jobs to drop."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from handlers.checkout import idempotency_key
from handlers.seller_orders import Reason, units_by_line
from models.cancellation import cancel_shipment
from models.errors import Conflict, Invalid, NotFound
from models.moderation import ReviewRow, decide_review, list_reviews_in
from models.order_search import FoundOrder, OrderQuery, find_order_id, search_orders
from models.order_view import OrderView, Units, read_order
from models.parcel import ReturnRow, list_returns
from models.parked import drop_parked
from models.repayment import pay_back_by_hand, refund_by_operator, retry_refund
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("admin_orders_api")
PATH = "/api/v1/admin"
ORDER = f"{PATH}/orders/<number:str>"
REFUSALS = (NotFound, Conflict, Invalid)
OrderState = Literal["", "pending", "confirmed", "paid", "expired", "cancelled", "refunded", "partly_refunded"]


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number` may be its beginning; `seller` is a slug; days are India's."""

    number: Annotated[str, Meta(max_length=16)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    state: OrderState = ""
    seller: Annotated[str, Meta(max_length=80)] = ""
    first_day: date | None = None
    last_day: date | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class Refunding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of these lines; `with_shipping`: their carriage too."""

    lines: Annotated[list[Units], Meta(min_length=1, max_length=100)]
    with_shipping: bool
    reason: Annotated[str, Meta(max_length=300)]


class PaidBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of the transfer at the bank or of the UPI."""

    reference: Annotated[str, Meta(max_length=60)]


class ReviewDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` is that of the entry in the list that was read: 409 where its author added photos meanwhile. `reason`
    is for the author to read, and wanted with a rejection.
    """

    action: Literal["publish", "reject"]
    version: Annotated[str, Meta(max_length=64, description="The entry's `version`, as it was listed")]
    reason: Annotated[str, Meta(max_length=300)] = ""


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Literal["pending", "published", "rejected"] = "pending"
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class FoundPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[FoundOrder]
    more: bool
    page: int
    per_page: int


class ReviewPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ReviewRow]
    total: int
    page: int
    per_page: int


class ReturnList(msgspec.Struct, frozen=True):
    items: list[ReturnRow]


@endpoint(
    blueprint, "GET", f"{PATH}/orders", summary="Search orders, newest first", access=Access.SUPPORT, limit="seller",
    query=Search, answer=FoundPage,
)  # fmt: skip
async def find_orders(request: Request, *, query: Search) -> FoundPage:
    asked = OrderQuery(
        number=query.number, email=query.email, state=query.state, seller=query.seller, first_day=query.first_day,
        last_day=query.last_day,
    )  # fmt: skip
    keyring = context(request).keyring
    items, more = await search_orders(asked, keyring=keyring, page=query.page, per_page=query.per_page)
    return FoundPage(items=items, more=more, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "GET", ORDER, summary="Any order", access=Access.SUPPORT, limit="seller", answer=OrderView,
    errors=(NotFound,),
)  # fmt: skip
async def show_any_order(request: Request, number: str) -> OrderView:
    return await _order(request, number)


@endpoint(
    blueprint, "POST", f"{ORDER}/refunds", summary="Refund by line and quantity; the same key refunds once",
    access=Access.ADMIN, limit="seller", body=Refunding, answer=OrderView, errors=REFUSALS,
    headers={"Idempotency-Key": "1 to 64 visible ASCII characters, new for each refund"},
)  # fmt: skip
async def refund_order(request: Request, number: str, *, body: Refunding) -> OrderView:
    await refund_by_operator(
        await find_order_id(number),
        units_by_line(body.lines),
        with_shipping=body.with_shipping,
        reason=body.reason,
        key=idempotency_key(request),
        actor_id=request.ctx.caller.user_id,
    )
    return await _order(request, number)


@endpoint(
    blueprint, "POST", f"{PATH}/shipments/<shipment_id:uuid>/cancel", summary="Cancel a parcel that is not sent",
    access=Access.ADMIN, limit="seller", body=Reason, status=204, errors=REFUSALS,
)  # fmt: skip
async def cancel_any_parcel(request: Request, shipment_id: UUID, *, body: Reason) -> None:
    await cancel_shipment(None, shipment_id, reason=body.reason, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "POST", f"{PATH}/refunds/<refund_id:uuid>/retry", summary="Send a refund that failed again",
    access=Access.ADMIN, limit="seller", status=204, errors=REFUSALS,
)  # fmt: skip
async def send_refund_again(request: Request, refund_id: UUID) -> None:
    await retry_refund(refund_id, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "POST", f"{PATH}/refunds/<refund_id:uuid>/paid", summary="It was paid back by hand",
    access=Access.ADMIN, limit="seller", body=PaidBack, status=204, errors=REFUSALS,
)  # fmt: skip
async def cash_was_paid_back(request: Request, refund_id: UUID, *, body: PaidBack) -> None:
    await pay_back_by_hand(
        context(request).gateway, refund_id, reference=body.reference, actor_id=request.ctx.caller.user_id
    )


@endpoint(
    blueprint, "GET", f"{PATH}/returns", summary="Returns of all sellers, newest first", access=Access.SUPPORT,
    limit="seller", answer=ReturnList,
)  # fmt: skip
async def show_all_returns(_: Request) -> ReturnList:
    return ReturnList((await list_returns(None, per_page=200))[0])


@endpoint(
    blueprint, "GET", f"{PATH}/reviews", summary="Reviews to look at, longest waiting first", access=Access.SUPPORT,
    limit="seller", query=PageQuery, answer=ReviewPage,
)  # fmt: skip
async def show_reviews_to_look_at(_: Request, *, query: PageQuery) -> ReviewPage:
    items, total = await list_reviews_in(query.state, page=query.page, per_page=query.per_page)
    return ReviewPage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "POST", f"{PATH}/reviews/<review_id:uuid>/decision", summary="Show a review, or not, with a reason",
    access=Access.SUPPORT, limit="seller", body=ReviewDecision, status=204, errors=REFUSALS,
)  # fmt: skip
async def decide_on_review(request: Request, review_id: UUID, *, body: ReviewDecision) -> None:
    new = "published" if body.action == "publish" else "rejected"
    actor_id = request.ctx.caller.user_id
    await decide_review(review_id, new, actor_id=actor_id, reason=body.reason, version=body.version)


@endpoint(
    blueprint, "DELETE", f"{PATH}/jobs/<job_id:int>", summary="Drop a parked job", access=Access.ADMIN,
    limit="seller", status=204, errors=(NotFound,),
)  # fmt: skip
async def drop_job(request: Request, job_id: int) -> None:
    await drop_parked(job_id, actor_id=request.ctx.caller.user_id)


async def _order(request: Request, number: str) -> OrderView:
    return await read_order(await find_order_id(number), keyring=context(request).keyring)
