"""What a buyer needs in order to pay: the gateway's order, opened here after the commit when the gateway is quick.

When it is slow or down the answer says so (payment state `created`), and the job `payments.open` does it.
"""

import asyncio
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec
import structlog

from models.errors import Declined, Unavailable
from models.order_view import OrderView, read_order
from models.payment import Claim, claim_payment, open_claimed
from server.context import Context
from server.integrations.razorpay import HostedCheckout

IN_REQUEST_S = 2.0
"""How long a shopper waits for the gateway before the job takes over."""

_ASKING: set[asyncio.Task["Opened"]] = set()
"""The loop keeps no task alive by itself."""

log = structlog.get_logger("paying")


class PaymentAnswer(msgspec.Struct, frozen=True):
    """`state` created: not payable yet, ask again; open: send the buyer's browser to `checkout`."""

    state: str
    error: str = ""
    gateway_order_id: str | None = None
    checkout: HostedCheckout | None = None


class CheckoutAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An order that waits for its money, or what became of it. `url` is its page.

    payable = total - gift_card is what the gateway collects.
    """

    number: str
    state: str
    currency: str
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    gift_card_minor: int
    payable_minor: int
    expires_at: datetime
    url: str
    payment: PaymentAnswer


class Amounts(Protocol):
    """What a price and an order have in common."""

    @property
    def subtotal_minor(self) -> int: ...
    @property
    def discount_minor(self) -> int: ...
    @property
    def shipping_minor(self) -> int: ...
    @property
    def tax_minor(self) -> int: ...
    @property
    def total_minor(self) -> int: ...


class Opened(NamedTuple):
    """What came of asking the gateway: open with its order's id, created (later, by the job), failed (never)."""

    state: str
    gateway_order_id: str | None = None


async def try_open(shared: Context, claim: Claim) -> Opened:
    """Ask the gateway for the order of a claimed payment, for as long as a shopper waits; the asking goes on behind."""
    asking = asyncio.create_task(_ask(shared, claim))
    _ASKING.add(asking)
    asking.add_done_callback(_ASKING.discard)
    await asyncio.wait({asking}, timeout=IN_REQUEST_S)
    return asking.result() if asking.done() else Opened("created")


async def _ask(shared: Context, claim: Claim) -> Opened:
    try:
        return Opened("open", await open_claimed(shared.gateway, claim))
    except Unavailable:
        log.warning("the gateway does not answer: a job opens this payment", order=claim.receipt)
        return Opened("created")
    except Declined:
        return Opened("failed")


async def open_order(shared: Context, order: OrderView) -> CheckoutAnswer:
    """An order that exists, its payment opened if nobody has opened it yet."""
    if order.state == "pending" and order.payment.state == "created":
        claim = await claim_payment(order.payment.id)
        if claim and (await try_open(shared, claim)).state != "created":
            order = await read_order(order.id, keyring=shared.keyring)
    payment = order.payment
    payable = payment.gateway_order_id if order.state == "pending" and payment.state == "open" else None
    return answer_of(
        order,
        number=order.number,
        state=order.state,
        currency=order.currency,
        expires_at=order.expires_at,
        url=order_url(shared, order.number),
        payment=PaymentAnswer(
            payment.state,
            payment.error,
            payable,
            hosted(
                shared,
                order.number,
                payable,
                total_minor=order.total_minor - order.gift_card_minor,
                currency=order.currency,
                email=order.email,
            ),
        ),
        gift_card_minor=order.gift_card_minor,
    )


def answer_of(
    amounts: Amounts,
    *,
    number: str,
    state: str,
    currency: str,
    expires_at: datetime,
    url: str,
    payment: PaymentAnswer,
    gift_card_minor: int,
) -> CheckoutAnswer:
    return CheckoutAnswer(
        number=number,
        state=state,
        currency=currency,
        subtotal_minor=amounts.subtotal_minor,
        discount_minor=amounts.discount_minor,
        shipping_minor=amounts.shipping_minor,
        tax_minor=amounts.tax_minor,
        total_minor=amounts.total_minor,
        gift_card_minor=gift_card_minor,
        payable_minor=amounts.total_minor - gift_card_minor,
        expires_at=expires_at,
        url=url,
        payment=payment,
    )


def hosted(
    shared: Context, number: str, gateway_order_id: str | None, *, total_minor: int, currency: str, email: str
) -> HostedCheckout | None:
    """The form for the gateway's page, which sends the buyer back to us. None while there is nothing to pay."""
    if gateway_order_id is None:
        return None
    site = shared.settings.site
    fields = {
        "currency": currency,
        "name": site.name,
        "description": f"Order {number}",
        "prefill[email]": email,
        "callback_url": f"{site.base_url}/payments/return",
        "cancel_url": order_url(shared, number),
    }
    checkout: HostedCheckout = shared.gateway.hosted_checkout(gateway_order_id, amount_minor=total_minor, fields=fields)
    return checkout


def order_url(shared: Context, number: str) -> str:
    return f"{shared.settings.site.base_url}/orders/{number}"
