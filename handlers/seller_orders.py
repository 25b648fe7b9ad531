"""The seller API of what was sold: parcels, returns, shortages, reviews. A stranger's is one that never was."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.cancellation import cancel_shipment
from models.errors import Conflict, Invalid, NotFound
from models.fulfilment import deliver, lose, pack, send, split
from models.moderation import ANSWER_MAX, ReviewRow, answer_review, list_reviews_of
from models.order_view import Units
from models.parcel import Parcel, ReturnRow, get_parcel, list_returns
from models.returns import approve_return, receive_return, refund_return, refuse_return
from models.seller import take_cash, takes_cash
from models.selling import Shortage, ToSend, list_shortages, list_to_send
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("seller_orders_api")
PARCELS = "/api/v1/seller/shipments"
PARCEL = f"{PARCELS}/<shipment_id:uuid>"
RETURNS = "/api/v1/seller/returns"
RETURN = f"{RETURNS}/<return_id:uuid>"
Text = Annotated[str, Meta(max_length=500)]
Short = Annotated[str, Meta(max_length=100)]
REFUSALS = (NotFound, Conflict, Invalid)


class ParcelQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Literal["waiting", "packed", "shipped", "delivered", "lost", "cancelled"] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class ReturnQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Literal["requested", "approved", "refused", "received", "refunded"] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class ReviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    unanswered: bool | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who carries it, and its number there."""

    carrier: Short
    tracking_number: Short


class Losing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`came_back`: undelivered, but the goods are here and fit to be sold."""

    came_back: bool = False


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason` is for the buyer to read."""

    reason: Text


class Parting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes into a parcel of its own."""

    lines: Annotated[list[Units], Meta(min_length=1, max_length=100)]


class Receiving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`restock`: fit to be sold again."""

    restock: bool


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    answer: Annotated[str, Meta(max_length=ANSWER_MAX)]


class Cash(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    allowed: bool


class ParcelPage(msgspec.Struct, frozen=True, kw_only=True):
    """`counts` of this seller's parcels by state."""

    items: list[ToSend]
    counts: dict[str, int]
    page: int
    per_page: int


class ReturnPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ReturnRow]
    counts: dict[str, int]
    page: int
    per_page: int


class ShortageList(msgspec.Struct, frozen=True):
    items: list[Shortage]


class ReviewList(msgspec.Struct, frozen=True):
    items: list[ReviewRow]


@endpoint(
    blueprint, "GET", PARCELS, summary="My parcels, newest first", access=Access.ORDERS, limit="seller",
    query=ParcelQuery, answer=ParcelPage,
)  # fmt: skip
async def list_parcels(request: Request, *, query: ParcelQuery) -> ParcelPage:
    items, counts = await list_to_send(_seller(request), state=query.state, page=query.page, per_page=query.per_page)
    return ParcelPage(items=items, counts=counts, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "GET", PARCEL, summary="One of my parcels, with where it goes", access=Access.ORDERS, limit="seller",
    answer=Parcel, errors=(NotFound,),
)  # fmt: skip
async def show_parcel(request: Request, shipment_id: UUID) -> Parcel:
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/pack", summary="It is packed", access=Access.ORDERS, limit="seller", answer=Parcel,
    errors=REFUSALS,
)  # fmt: skip
async def pack_parcel(request: Request, shipment_id: UUID) -> Parcel:
    await pack(_seller(request), shipment_id, actor_id=_actor(request))
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/ship", summary="It is with the carrier", access=Access.ORDERS, limit="seller",
    body=Sending, answer=Parcel, errors=REFUSALS,
)  # fmt: skip
async def ship_parcel(request: Request, shipment_id: UUID, *, body: Sending) -> Parcel:
    way = {"carrier": body.carrier, "tracking_number": body.tracking_number}
    await send(_seller(request), shipment_id, actor_id=_actor(request), **way)
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/deliver", summary="The buyer has it", access=Access.ORDERS, limit="seller",
    answer=Parcel, errors=REFUSALS,
)  # fmt: skip
async def deliver_parcel(request: Request, shipment_id: UUID) -> Parcel:
    await deliver(_seller(request), shipment_id, actor_id=_actor(request))
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/lose", summary="The buyer will not get it: it is lost, or came back",
    access=Access.ORDERS, limit="seller", body=Losing, answer=Parcel, errors=REFUSALS,
)  # fmt: skip
async def lose_parcel(request: Request, shipment_id: UUID, *, body: Losing) -> Parcel:
    await lose(_seller(request), shipment_id, came_back=body.came_back, actor_id=_actor(request))
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/cancel", summary="I cannot send it: its money goes back", access=Access.ORDERS,
    limit="seller", body=Reason, answer=Parcel, errors=REFUSALS,
)  # fmt: skip
async def cancel_parcel(request: Request, shipment_id: UUID, *, body: Reason) -> Parcel:
    await cancel_shipment(_seller(request), shipment_id, reason=body.reason, actor_id=_actor(request))
    return await _parcel(request, shipment_id)


@endpoint(
    blueprint, "POST", f"{PARCEL}/split", summary="Send a part of it in a parcel of its own; the answer is that one",
    access=Access.ORDERS, limit="seller", body=Parting, answer=Parcel, status=201, errors=REFUSALS,
)  # fmt: skip
async def split_parcel(request: Request, shipment_id: UUID, *, body: Parting) -> Parcel:
    part = await split(_seller(request), shipment_id, units_by_line(body.lines), actor_id=_actor(request))
    return await _parcel(request, part)


@endpoint(
    blueprint, "GET", RETURNS, summary="Returns of what I sold, newest first", access=Access.ORDERS, limit="seller",
    query=ReturnQuery, answer=ReturnPage,
)  # fmt: skip
async def show_returns(request: Request, *, query: ReturnQuery) -> ReturnPage:
    items, counts = await list_returns(_seller(request), state=query.state, page=query.page, per_page=query.per_page)
    return ReturnPage(items=items, counts=counts, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "POST", f"{RETURN}/approve", summary="The buyer may send it back", access=Access.ORDERS, limit="seller",
    status=204, errors=REFUSALS,
)  # fmt: skip
async def approve(request: Request, return_id: UUID) -> None:
    await approve_return(_seller(request), return_id, actor_id=_actor(request))


@endpoint(
    blueprint, "POST", f"{RETURN}/refuse", summary="Refuse a return with a reason, or end one that never came",
    access=Access.ORDERS, limit="seller", body=Reason, status=204, errors=REFUSALS,
)  # fmt: skip
async def refuse(request: Request, return_id: UUID, *, body: Reason) -> None:
    await refuse_return(_seller(request), return_id, answer=body.reason, actor_id=_actor(request))


@endpoint(
    blueprint, "POST", f"{RETURN}/receive", summary="It has come back", access=Access.ORDERS, limit="seller",
    body=Receiving, status=204, errors=REFUSALS,
)  # fmt: skip
async def receive(request: Request, return_id: UUID, *, body: Receiving) -> None:
    await receive_return(_seller(request), return_id, restock=body.restock, actor_id=_actor(request))


@endpoint(
    blueprint, "POST", f"{RETURN}/refund", summary="Give the money back", access=Access.ORDERS, limit="seller",
    status=204, errors=REFUSALS,
)  # fmt: skip
async def refund(request: Request, return_id: UUID) -> None:
    await refund_return(_seller(request), return_id, actor_id=_actor(request))


@endpoint(
    blueprint, "GET", "/api/v1/seller/shortages", summary="What is running out, emptiest first", access=Access.PRODUCTS,
    limit="seller", answer=ShortageList,
)  # fmt: skip
async def show_shortages(request: Request) -> ShortageList:
    return ShortageList(await list_shortages(_seller(request), limit=200))


@endpoint(
    blueprint, "GET", "/api/v1/seller/reviews", summary="What buyers say of my products, newest first",
    access=Access.ORDERS, limit="seller", query=ReviewQuery, answer=ReviewList,
)  # fmt: skip
async def show_reviews(request: Request, *, query: ReviewQuery) -> ReviewList:
    return ReviewList(
        await list_reviews_of(_seller(request), unanswered=query.unanswered, page=query.page, per_page=query.per_page)
    )


@endpoint(
    blueprint, "PUT", "/api/v1/seller/reviews/<review_id:uuid>/answer", summary="Answer a review; empty takes it back",
    access=Access.ORDERS, limit="seller", body=Answer, status=204, errors=(NotFound, Invalid),
)  # fmt: skip
async def answer(request: Request, review_id: UUID, *, body: Answer) -> None:
    await answer_review(_seller(request), review_id, body.answer, actor_id=_actor(request))


@endpoint(
    blueprint, "GET", "/api/v1/seller/cash", summary="Whether I take cash on delivery", access=Access.MONEY,
    limit="seller", answer=Cash,
)  # fmt: skip
async def show_cash(request: Request) -> Cash:
    return Cash(await takes_cash(_seller(request)))


@endpoint(
    blueprint, "PUT", "/api/v1/seller/cash", summary="Take cash on delivery, or no longer", access=Access.MONEY,
    limit="seller", body=Cash, status=204,
)  # fmt: skip
async def set_cash(request: Request, *, body: Cash) -> None:
    await take_cash(_seller(request), allowed=body.allowed, actor_id=_actor(request))


def units_by_line(lines: list[Units]) -> dict[UUID, int]:
    """Raises Invalid for a line that is named twice."""
    found = {unit.line_id: unit.quantity for unit in lines}
    if len(found) != len(lines):
        raise Invalid.field("lines", "names a line twice; name each once")
    return found


async def _parcel(request: Request, shipment_id: UUID) -> Parcel:
    return await get_parcel(_seller(request), shipment_id, keyring=context(request).keyring)


def _actor(request: Request) -> UUID:
    actor_id: UUID = request.ctx.caller.user_id
    return actor_id


def _seller(request: Request) -> UUID:
    seller_id: UUID | None = request.ctx.caller.seller_id
    assert seller_id is not None
    return seller_id
