"""Ordering without HTTP: a shopper, a cart, an order, and the gateway's news as the domain gets them."""

import itertools
import uuid
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from models.basket import Shopper, Terms
from models.cart import add_item
from models.checkout import NewOrder, Wish, place_order
from models.database import pool, transaction
from models.delivery import Contact, Delivery
from models.errors import DomainError
from models.gateway import Charge, GatewayEvent
from models.keyring import Keyring, token_hash
from models.shipping import ShippingRule
from models.states import PAYMENT, move
from server.settings import Keys

KEYRING = Keyring(Keys().ring, Keys().lookup)
TERMS = Terms(currency="INR", shipping=ShippingRule(4_900, 49_900), quantity_max=10, hold_s=900)
ASHA = Contact(
    email="asha@example.in",
    delivery=Delivery(
        name="Asha Rao", phone="+919876543210", line1="14, 2nd Cross", city="Bengaluru", region="Karnataka",
        pin_code="560038",
    ),
)  # fmt: skip
_numbers = itertools.count(1)


def guest() -> Shopper:
    return Shopper(token_hash=token_hash(uuid.uuid4().hex))


def wish(key: str | None = None, **changes: Any) -> Wish:
    return Wish(key=key or uuid.uuid4().hex, contact=changes.pop("contact", ASHA), **changes)


async def fill(shopper: Shopper, *variants: UUID, quantity: int = 1) -> None:
    for variant_id in variants:
        await add_item(shopper, variant_id, quantity=quantity, quantity_max=TERMS.quantity_max)


async def place(shopper: Shopper, asked: Wish | None = None, *, hold_s: int = 900) -> NewOrder | UUID:
    terms = Terms(currency="INR", shipping=TERMS.shipping, quantity_max=10, hold_s=hold_s)
    return await place_order(shopper, asked or wish(), terms=terms, keyring=KEYRING)


async def outcome(placing: Awaitable[NewOrder | UUID]) -> str:
    """placed, replayed, or the code of the error."""
    try:
        return "placed" if isinstance(await placing, NewOrder) else "replayed"
    except DomainError as error:
        return error.code


async def new_order(
    *variants: UUID, shopper: Shopper | None = None, quantity: int = 1, asked: Wish | None = None
) -> NewOrder:
    """A pending order whose payment is open."""
    shopper = shopper or guest()
    await fill(shopper, *variants, quantity=quantity)
    placed = await place(shopper, asked)
    assert isinstance(placed, NewOrder)
    async with transaction() as connection:
        made = f"order_{placed.claim.receipt}"
        await move(connection, PAYMENT, placed.claim.payment_id, old="created", new="open", gateway_order_id=made)
    return placed


async def end_hold(order_id: UUID) -> None:
    """As if the hold had run out a second ago."""
    await pool().execute("UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1", order_id)


def charge(order: NewOrder, **changes: Any) -> Charge:
    """A captured payment of this order, unless `changes` say otherwise."""
    total = order.price.total_minor
    values = {
        "payment_id": f"pay_{order.claim.receipt}",
        "order_id": f"order_{order.claim.receipt}",
        "status": "captured",
        "amount_minor": total,
        "currency": "INR",
        "fee_minor": total // 50,
    }
    return Charge(**{**values, **changes})


def event(charged: Charge, kind: str = "payment.captured", **changes: Any) -> GatewayEvent:
    return GatewayEvent(**{"id": f"evt_{next(_numbers)}", "kind": kind, "body": b"{}", "charge": charged, **changes})


async def order_state(order: NewOrder) -> str:
    found: str = await pool().fetchval("SELECT state FROM orders WHERE id = $1", order.order_id)
    return found


async def stock_of(variant_id: UUID) -> tuple[int, int]:
    """On hand and reserved."""
    row = await pool().fetchrow("SELECT on_hand, reserved FROM stock WHERE variant_id = $1", variant_id)
    return row["on_hand"], row["reserved"]


async def jobs_named(name: str) -> int:
    count: int = await pool().fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", name)
    return count


async def count(table: str) -> int:
    found: int = await pool().fetchval(f"SELECT count(*) FROM {table}")
    return found
