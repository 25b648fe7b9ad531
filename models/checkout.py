"""From cart to pending order in one transaction: the same key gives the same order, and no unit is promised twice.

Locks in the order of `models/stock.py`; the stock comes last, so that a hot row is held for the commit alone.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from models.base import first_uuid7, uuid7
from models.basket import Basket, BasketLine, Place, Shopper, Terms, lines_of
from models.closing import expire_order, waiting_jobs
from models.crash import guarded, point
from models.database import Connection, pool, short_transaction
from models.delivery import Contact
from models.demands import demand_limits, demand_same_goods, demand_seen, demand_sellable, out_of_stock
from models.errors import Conflict, FieldError, Invalid
from models.keyring import Keyring
from models.offers import COUPONS, GIFT_CARDS, offers_of
from models.order import lines_write, move_supply, new_number, note_write
from models.outbox import Queued, enqueue_writes
from models.payment import LEASE, Claim
from models.pricing import Price
from models.quote import Quote, quote
from models.redemption import take_offers
from models.settlement import pay_at_once
from models.stock import TooFew, Units, free_units, hold_writes, reserve, reserve_and_commit
from models.write import Write, write_all

ATTEMPTS = 4

REPLAYED = timedelta(hours=24)
"""So long a key gives its order again; after that it is refused: no client repeats a request for a day."""
KEY_KEPT = timedelta(days=30)
"""So long it is refused; after that it is forgotten, and as good as new."""
FORGOTTEN_AT_ONCE = 5_000

ENTER = "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || chr(31) || $2, 0))"
CART = f"""
SELECT c.id, k.body_hash, k.order_id, k.created_at < now() - $4::interval AS expired, {COUPONS} AS coupons,
       {GIFT_CARDS} AS gift_cards
  FROM cart c LEFT JOIN idempotency_key k ON k.principal = $2 AND k.key = $3
 WHERE c.{{column}} = $1 FOR NO KEY UPDATE OF c
"""
PENDING = """
SELECT o.id, o.number, o.total_minor, o.gift_card_minor, o.region, o.expires_at <= now() AS overdue,
       (SELECT jsonb_object_agg(variant_id, jsonb_build_array(quantity, options)) FROM order_line
         WHERE order_id = o.id) AS goods
  FROM orders o WHERE o.cart_id = $1 AND o.state = 'pending' FOR NO KEY UPDATE
"""
PLACE = """
INSERT INTO orders (id, number, user_id, cart_id, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor,
                    total_minor, gift_card_minor, email_hash, email_encrypted, delivery_encrypted, region, pin_code,
                    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now() + $17)
"""
PAYING = """
INSERT INTO payment (id, order_id, amount_minor, currency, claimed_until, state, captured_at)
VALUES ($1, $2, $3::bigint, $4, now() + $5, CASE WHEN $3 = 0 THEN 'captured' ELSE 'created' END,
        CASE WHEN $3 = 0 THEN now() END)
"""
REMEMBER = "INSERT INTO idempotency_key (id, principal, key, body_hash, order_id) VALUES ($1, $2, $3, $4, $5)"
CORRECT = """
UPDATE orders SET email_hash = $2, email_encrypted = $3, delivery_encrypted = $4, region = $5, pin_code = $6
 WHERE id = $1
"""
FORGET = """
DELETE FROM idempotency_key WHERE id IN (
    SELECT id FROM idempotency_key WHERE id < $1 AND created_at < now() - $2::interval ORDER BY id LIMIT $3)
"""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the shopper asks for. `total_seen_minor` is the total that was shown, when the client says it, and
    `payable_seen_minor` what was left of it to pay after gift cards; `goods_seen` is the mark of what lay in the cart.
    """

    key: str
    contact: Contact
    total_seen_minor: int | None = None
    payable_seen_minor: int | None = None
    goods_seen: str | None = None

    @property
    def place(self) -> Place:
        return Place(self.contact.delivery.pin_code, self.contact.delivery.region)

    @property
    def body_hash(self) -> str:
        seen = (self.total_seen_minor, self.payable_seen_minor, *([self.goods_seen] if self.goods_seen else []))
        return hashlib.sha256(msgspec.json.encode((self.contact, *seen))).hexdigest()


class NewOrder(NamedTuple):
    """An order that was just written, and the right to open its payment."""

    order_id: UUID
    claim: Claim
    quote: Quote
    expires_at: datetime

    @property
    def price(self) -> Price:
        return self.quote.price


class _Checkout(NamedTuple):
    """One request to order, with what the shop brings to it."""

    shopper: Shopper
    wish: Wish
    terms: Terms
    keyring: Keyring

    def contact_columns(self) -> tuple[str, bytes, bytes, str, str]:
        email, delivery = self.wish.contact.email, self.wish.contact.delivery
        sealed = (self.keyring.encrypt(email), self.keyring.encrypt_json(delivery))
        return self.keyring.email_hash(email), *sealed, delivery.region, delivery.pin_code

    def remember(self, order_id: UUID) -> Write:
        """The key, with the order that it stands for."""
        return Write(REMEMBER, (uuid7(), self.shopper.principal, self.wish.key, self.wish.body_hash, order_id))


class _Overdue(Exception):
    """The cart's pending order has outlived its hold; the job that ends it has not come by yet."""

    def __init__(self, order_id: UUID) -> None:
        self.order_id = order_id


class _Short(Exception):
    """There are too few of these variants."""

    def __init__(self, lines: Sequence[BasketLine], variant_ids: Sequence[UUID]) -> None:
        self.lines, self.variant_ids = lines, variant_ids


async def place_order(shopper: Shopper, wish: Wish, *, terms: Terms, keyring: Keyring) -> NewOrder | UUID:
    """Order what is in the cart. Returns the id alone for an order with nothing left to open: replayed by key,
    resumed, or paid by gift card.

    Raises Conflict (in flight, other pending order, changed price or goods, a coupon that no longer holds), Invalid
    (empty cart, other body under the same key, a key of yesterday) and OutOfStock, with a line for each item concerned.
    Whatever is raised, nothing was written.
    """
    asked = _Checkout(shopper, wish, terms, keyring)
    for attempt in range(ATTEMPTS):
        try:
            return await _once(asked)
        except _Overdue as overdue:
            await expire_order(overdue.order_id)
        except _Short as short:
            raise out_of_stock(short.lines, await free_units(pool(), short.variant_ids)) from None
        except asyncpg.UniqueViolationError as error:
            if "number" not in str(error.constraint_name) or attempt == ATTEMPTS - 1:
                raise
    raise Conflict("Your last order is just ending. Try again.", code="pending_order")


async def forget_keys() -> None:
    """Of orders that were placed long ago; in the order of the keys' ids, which is that of time."""
    before = first_uuid7(datetime.now(UTC) - KEY_KEPT)
    while await pool().execute(FORGET, before, KEY_KEPT, FORGOTTEN_AT_ONCE) == f"DELETE {FORGOTTEN_AT_ONCE}":
        continue


async def _once(asked: _Checkout) -> NewOrder | UUID:
    async with short_transaction() as connection:
        placed = await _place(connection, asked)
    point("checkout.after_commit")
    return placed


async def _place(connection: Connection, asked: _Checkout) -> NewOrder | UUID:
    shopper, wish, terms, _ = asked
    if guarded("key") and not await connection.fetchval(ENTER, shopper.principal, wish.key):
        raise Conflict("A request with this Idempotency-Key is still running. Repeat it in a second.", code="in_flight")
    column, owner = shopper.owner
    cart = await connection.fetchrow(CART.format(column=column), owner, shopper.principal, wish.key, REPLAYED)
    if cart is None:
        raise Invalid("The cart is empty.", code="empty_cart")
    if cart["order_id"] and guarded("key"):
        return _replayed(cart, wish)
    pending = await connection.fetchrow(PENDING, cart["id"])
    lines = await lines_of(connection, cart["id"], wish.place)
    basket = Basket(lines, offers_of(cart["coupons"], cart["gift_cards"]), wish.place)
    if pending:
        return await _resume(connection, asked, pending, basket)
    demand_sellable(lines)
    await demand_limits(connection, shopper, asked.keyring.email_hash(wish.contact.email), lines)
    costs = quote(lines, terms, basket.offers)
    demand_same_goods(basket, terms, wish.goods_seen)
    demand_seen(basket, costs, terms, total_minor=wish.total_seen_minor, payable_minor=wish.payable_seen_minor)
    point("checkout.after_read")
    return await _write(connection, asked, cart["id"], basket, costs)


def _replayed(cart: asyncpg.Record, wish: Wish) -> UUID:
    if cart["expired"]:
        hours = REPLAYED // timedelta(hours=1)
        detail = (
            f"was used for an order more than {hours} hours ago. Look that order up, or send a new key for a new one"
        )
        raise Invalid.field("Idempotency-Key", detail, code="key_expired")
    if cart["body_hash"] != wish.body_hash:
        raise Invalid(
            "This Idempotency-Key was used with another body. Send a new key for a new order.", code="key_reused"
        )
    order_id: UUID = cart["order_id"]
    return order_id


async def _resume(connection: Connection, asked: _Checkout, pending: asyncpg.Record, basket: Basket) -> UUID:
    """A second tab, or a shopper who came back to correct the address: the same order, if it is for the same things."""
    if pending["overdue"]:
        raise _Overdue(pending["id"])
    ordered = msgspec.json.decode(pending["goods"], type=dict[UUID, tuple[int, Any]])
    wanted = {line.variant_id: (line.quantity, line.options) for line in basket.lines}
    costs = quote(basket.lines, asked.terms, basket.offers)
    same = (pending["total_minor"], pending["gift_card_minor"]) == (costs.price.total_minor, costs.gift_card_minor)
    if ordered != wanted or not same:
        raise Conflict(
            f"Order {pending['number']} from this cart is waiting to be paid. Pay or cancel it first.",
            code="pending_order",
            fields=[FieldError("order", pending["number"])],
        )
    resumed: UUID = pending["id"]
    if pending["region"] != asked.wish.place.region:
        await move_supply(connection, resumed, asked.wish.place.region)
    await write_all(connection, [Write(CORRECT, (resumed, *asked.contact_columns())), asked.remember(resumed)])
    return resumed


async def _write(
    connection: Connection, asked: _Checkout, cart_id: UUID, basket: Basket, costs: Quote
) -> NewOrder | UUID:
    order_id, payment_id, number, price = uuid7(), uuid7(), new_number(), costs.price
    lifetime, payable = timedelta(seconds=asked.terms.hold_s), costs.payable_minor
    amounts = (price.subtotal_minor, price.discount_minor, price.shipping_minor, price.tax_minor, price.total_minor)
    whose = (order_id, number, asked.shopper.user_id, cart_id, costs.currency)
    order = (*whose, *amounts, costs.gift_card_minor, *asked.contact_columns(), lifetime)
    units = [Units(line.variant_id, line.quantity) for line in basket.lines]
    opening = Queued("payments.open", {"payment_id": payment_id}, f"payments.open:{payment_id}", LEASE)
    end, halfway = waiting_jobs(order_id)
    expiring = Queued("orders.expire", {"order_id": order_id}, end, lifetime)
    reminding = Queued("mail.payment_reminder", {"order_id": order_id}, halfway, lifetime / 2)
    now = await write_all(
        connection,
        [
            Write(PLACE, order),
            Write(PAYING, (payment_id, order_id, payable, costs.currency, LEASE)),
            note_write(order_id, "placed"),
            asked.remember(order_id),
            lines_write(order_id, basket.lines, price.lines),
            *hold_writes(order_id, units, lifetime=lifetime),
            *enqueue_writes([opening, expiring, reminding] if payable else []),
        ],
    )
    point("checkout.after_order")
    await take_offers(connection, order_id, costs)
    point("checkout.before_stock")
    try:
        if not payable:
            await reserve(connection, units)
            await pay_at_once(connection, order_id)
            return order_id
        point("checkout.before_commit")
        await reserve_and_commit(connection, units)
    except TooFew as few:
        raise _Short(basket.lines, few.variant_ids) from None
    claim = Claim(payment_id, order_id, number, payable, costs.currency, fresh=True)
    return NewOrder(order_id, claim, costs, now + lifetime)
