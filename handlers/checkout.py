"""From cart to an order that can be paid."""

import re
from datetime import timedelta
from typing import Annotated

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.paying import CheckoutAnswer, PaymentAnswer, answer_of, hosted, open_order, order_url, try_open
from handlers.shopper import shopper_of, terms_of
from models.checkout import KEY_KEPT, REPLAYED, NewOrder, Wish, place_order
from models.delivery import Delivery, check_contact
from models.errors import Conflict, Invalid, OutOfStock, Unavailable
from models.order_view import read_order
from server.context import Context
from server.http import answer, context, endpoint

blueprint = Blueprint("checkout")

TOTAL_MAX_MINOR = 10**15
KEY = re.compile(r"[\x21-\x7e]{1,64}")
KEY_SAID = (
    f"1 to 64 visible ASCII characters, new for each order: for {REPLAYED // timedelta(hours=1)} hours it gives its"
    f" order again; then it is refused, and after {KEY_KEPT.days} days forgotten"
)


class CheckoutBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`total_minor`: the total that the shopper was shown; another one is refused instead of charged. `payable_minor`:
    what was left of it after gift cards, likewise. `goods_mark`: that of the cart that was shown; without it, goods are
    refused whose name or options have changed since they were added.
    """

    email: str
    delivery: Delivery
    total_minor: Annotated[int, msgspec.Meta(ge=0, le=TOTAL_MAX_MINOR)] | None = None
    payable_minor: Annotated[int, msgspec.Meta(ge=0, le=TOTAL_MAX_MINOR)] | None = None
    goods_mark: Annotated[str, msgspec.Meta(max_length=64)] | None = None


@endpoint(
    blueprint,
    "POST",
    "/api/v1/checkout",
    summary="Order what is in the cart; the same Idempotency-Key gives the same order",
    body=CheckoutBody,
    answer=CheckoutAnswer,
    status=201,
    errors=(Invalid, Conflict, OutOfStock, Unavailable),
    headers={"Idempotency-Key": KEY_SAID},
)
async def check_out(request: Request, *, body: CheckoutBody) -> HTTPResponse:
    shared = context(request)
    contact = check_contact(body.email, body.delivery)
    seen = {"total_seen_minor": body.total_minor, "payable_seen_minor": body.payable_minor}
    wish = Wish(key=idempotency_key(request), contact=contact, goods_seen=body.goods_mark, **seen)
    placed = await place_order(shopper_of(request), wish, terms=terms_of(shared.settings), keyring=shared.keyring)
    if isinstance(placed, NewOrder):
        return answer(await open_new(shared, placed, contact.email), 201)
    return answer(await open_order(shared, await read_order(placed, keyring=shared.keyring)), 200)


def idempotency_key(request: Request) -> str:
    key: str = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise Invalid.field("Idempotency-Key", "is a required header of 1 to 64 visible ASCII characters")
    return key


async def open_new(shared: Context, placed: NewOrder, email: str) -> CheckoutAnswer:
    """Answer from what was just written, without reading it again."""
    claim, price = placed.claim, placed.price
    opened = await try_open(shared, claim)
    number, currency, made = claim.receipt, claim.currency, opened.gateway_order_id
    checkout = hosted(shared, number, made, total_minor=claim.amount_minor, currency=currency, email=email)
    return answer_of(
        price,
        number=number,
        state="pending",
        currency=currency,
        expires_at=placed.expires_at,
        url=order_url(shared, number),
        payment=PaymentAnswer(opened.state, "", made, checkout),
        gift_card_minor=placed.quote.gift_card_minor,
    )
