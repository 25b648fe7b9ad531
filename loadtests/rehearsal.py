"""One purchase through the shop's own functions on one connection: which statements it takes, and a script of them.

Needs the database alone, and writes real orders into it: for stacks that are thrown away.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from loadtests import people
from loadtests.recorded import Statement, made, recording, script_of
from models.audit import NOBODY
from models.basket import Shopper, Terms
from models.cart import add_item, set_place
from models.cart_offers import enter_coupon, enter_gift_card
from models.checkout import NewOrder, Wish, place_order
from models.coupon import CouponInput, create_coupon, switch_coupon
from models.database import Connection, connected, pool
from models.delivery import Delivery, check_contact
from models.gateway import Charge, GatewayEvent
from models.gift_card import issue_gift_card
from models.keyring import Keyring, token_hash
from models.settlement import receive_event
from models.shipping import ShippingRule
from models.states import PAYMENT, try_move
from server.settings import Settings

TOMORROW = timedelta(days=1)
WARM = 2
"""Types are looked up, and plans made, once for each connection."""


class Rehearsed(NamedTuple):
    """The statements of each step, and what of their arguments this purchase alone has."""

    cart: list[Statement]
    order: list[Statement]
    opened: list[Statement]
    paid: list[Statement]
    own: dict[str, str]

    @property
    def checkout(self) -> int:
        """Statements of POST /checkout: the order's transaction, and the payment that is opened after it."""
        return len(self.order) + len(self.opened)


def terms_of(settings: Settings) -> Terms:
    checkout = settings.checkout
    return Terms(
        currency=settings.site.currency,
        shipping=ShippingRule(checkout.shipping_minor, checkout.free_shipping_over_minor),
        quantity_max=checkout.quantity_max,
        hold_s=checkout.hold_s,
    )


def wish_of() -> Wish:
    body = people.order_body()
    delivery = Delivery(**body["delivery"])  # type: ignore[arg-type]
    return Wish(key=secrets.token_hex(16), contact=check_contact(str(body["email"]), delivery))


class Rehearsal:
    """Purchases on the one connection of a pool."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        self._terms = terms_of(settings)
        self._keyring = Keyring(settings.keys.ring, settings.keys.lookup)
        self._currency = settings.site.currency
        self.connection = connection
        self.run = secrets.token_hex(4)
        """In the names of all that scripts make up: they may run again in the same database."""

    async def count(self, variants: Sequence[str], *, coupon: bool = False, gift_card: bool = False) -> int:
        """Statements of POST /checkout for one of each variant."""
        return (await self.buy(variants, coupon=coupon, gift_card=gift_card)).checkout

    async def buy(self, variants: Sequence[str], *, coupon: bool = False, gift_card: bool = False) -> Rehearsed:
        token = secrets.token_urlsafe(32)
        shopper, wish = Shopper(token_hash=token_hash(token)), wish_of()
        with recording(self.connection) as cart:
            for variant in variants:
                await add_item(shopper, UUID(variant), quantity=1, quantity_max=self._terms.quantity_max)
            await set_place(shopper, wish.place.pin_code, wish.place.region)
        entered = await self._enter(shopper, coupon=coupon, gift_card=gift_card)
        with recording(self.connection) as order:
            placed = await place_order(shopper, wish, terms=self._terms, keyring=self._keyring)
        if not isinstance(placed, NewOrder):
            raise TypeError("A new cart gives a new order that has to be paid.")
        gateway_order, payment, event = (f"{kind}_{secrets.token_hex(7)}" for kind in ("order", "pay", "event"))
        claim = placed.claim
        with recording(self.connection) as opened:
            opening = {"old": "created", "new": "open", "gateway_order_id": gateway_order, "error": ""}
            await try_move(pool(), PAYMENT, claim.payment_id, **opening)
        charge = Charge(
            payment_id=payment,
            order_id=gateway_order,
            status="captured",
            amount_minor=claim.amount_minor,
            currency=claim.currency,
            fee_minor=236,
            fee_tax_minor=36,
        )
        with recording(self.connection) as paid:
            news = GatewayEvent(id=event, kind="payment.captured", body=b"{}", charge=charge)
            await receive_event(news, keyring=self._keyring)
        cart_id = await pool().fetchval("SELECT id FROM cart WHERE token_hash = $1", shopper.token_hash)
        own = {
            claim.receipt: f"'H' || upper(left({made('number' + event)}, 15))",
            str(shopper.token_hash): made(f"{self.run}-token"),
            str(cart_id): f"{made(f'{self.run}-cart')}::uuid::text",
            **{text: made(text) for text in (wish.key, gateway_order, payment, event)},
        }
        if entered:
            await switch_coupon(entered, active=False)
        return Rehearsed(cart, order, opened, paid, own)

    async def script(self, steps: Sequence[Statement], own: dict[str, str], variants: Sequence[str]) -> str:
        """The steps for one of the variants in turn. `own` as a rehearsal gives it."""
        listed = ", ".join(f"'{variant}'" for variant in variants)
        picked = f"(ARRAY[{listed}])[1 + (:turn + :client_id * 7) % {len(variants)}]"
        rows = await self.connection.fetch("SELECT id FROM product UNION ALL SELECT id FROM seller")
        kept = frozenset(str(row["id"]) for row in rows)
        steps = [_for_tomorrow(step) for step in steps]
        return await script_of(self.connection, steps, made_up={**own, variants[0]: picked}, kept=kept)

    async def _enter(self, shopper: Shopper, *, coupon: bool, gift_card: bool) -> UUID | None:
        """The coupon's id, where one is entered: nobody shall find it afterwards."""
        if gift_card:
            card = await issue_gift_card(amount_minor=100, currency=self._currency, actor_id=NOBODY)
            await enter_gift_card(shopper, card.code)
        if not coupon:
            return None
        wanted = CouponInput(code=f"BENCH-{secrets.token_hex(6).upper()}", kind="percent", value=1000)
        coupon_id = await create_coupon(wanted)
        await enter_coupon(shopper, wanted.code)
        return coupon_id


def _for_tomorrow(step: Statement) -> Statement:
    """Jobs of a purchase that nobody made must not be done: whoever runs the script takes them back in time."""
    if "INSERT INTO pgqueuer" not in step.text:
        return step
    *before, delays = step.arguments
    return Statement(step.text, [*before, [TOMORROW] * len(delays)])


@asynccontextmanager
async def rehearsing(settings: Settings, variant: str) -> AsyncIterator[Rehearsal]:
    """A rehearsal that has bought this variant before, so that only purchases are recorded."""
    async with connected(settings.database.url, pool_min=1, pool_max=1) as opened:
        async with opened.acquire():
            pass
        connection = opened._holders[0]._con  # noqa: SLF001 - its loggers outlive what is lent out
        rehearsal = Rehearsal(settings, connection)
        for _ in range(WARM):
            await rehearsal.buy([variant])
        yield rehearsal
