"""Money back for goods: by line and quantity, never more units than were sold and never more money than was paid.

The refund, what it pays for, the books and the order's state are one write; the money itself is sent by a job.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from models.base import uuid7
from models.charged_back import count_as_refund
from models.credit_note import Credit, issue_credit_notes
from models.database import Connection
from models.errors import Conflict, FieldError, Invalid
from models.ledger import Entry, book, gift_card_entries, sale_entries
from models.order import priced_line
from models.pricing import Split
from models.proration import Part, add_up, part_of
from models.redemption import refund_to_cards
from models.refund import request_refund
from models.states import ORDER, move

LOCK_ORDER = """
SELECT id, user_id, number, state, payment_kind, currency, total_minor, gift_card_minor, now() FROM orders
 WHERE id = $1 FOR NO KEY UPDATE
"""
LINES = """
SELECT l.*, coalesce((SELECT sum(quantity)::int FROM refund_line WHERE order_line_id = l.id), 0) AS returned,
       CASE o.payment_kind WHEN 'online' THEN l.quantity ELSE coalesce((
            SELECT sum(x.quantity)::int FROM shipment_line x JOIN shipment h ON h.id = x.shipment_id
             WHERE x.order_line_id = l.id AND h.state = 'delivered'), 0) END AS paid
  FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.order_id = $1 ORDER BY l.position
"""
"""`paid` units: what is paid at the door is paid parcel by parcel."""

KEPT = """
SELECT p.id, p.amount_minor,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund WHERE payment_id = p.id) AS owed_minor,
       (SELECT coalesce(sum(gift_card_minor), 0)::bigint FROM refund WHERE payment_id = p.id) AS owed_cards_minor,
       (SELECT coalesce(sum(bank_minor), 0)::bigint FROM refund WHERE payment_id = p.id) AS owed_bank_minor,
       (SELECT coalesce(sum(greatest(deducted_minor - made_up_minor, 0)), 0)::bigint FROM dispute
         WHERE payment_id = p.id AND state IN ('lost', 'closed')) AS lost_minor,
       (SELECT coalesce(sum(greatest(amount_minor, deducted_minor)), 0)::bigint FROM dispute
         WHERE payment_id = p.id AND state IN ('open', 'under_review')) AS disputed_minor
  FROM payment p WHERE p.order_id = $1 AND p.state IN ('captured', 'refunded')
   AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = p.id AND r.key LIKE 'unwanted:%')
 ORDER BY p.id LIMIT 1 FOR NO KEY UPDATE OF p
"""
COLLECTED_LEFT = """
SELECT p.amount_minor - coalesce((SELECT sum(amount_minor) FROM refund WHERE payment_id = p.id), 0)::bigint
  FROM payment p WHERE p.order_id = $1 AND p.gateway = 'cash' AND p.state IN ('captured', 'refunded')
"""
ADD_LINES = """
INSERT INTO refund_line (id, refund_id, order_line_id, quantity, goods_minor, shipping_minor, tax_minor)
SELECT l.id, $1, l.order_line_id, l.quantity, l.goods_minor, l.shipping_minor, l.tax_minor
  FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[])
       AS l (id, order_line_id, quantity, goods_minor, shipping_minor, tax_minor)
"""


NEVER_SENT = ("cancelled",)
"""Causes that concern goods without an invoice."""


async def lock_order(connection: Connection, order_id: UUID) -> asyncpg.Record:
    """Every change of an order, its parcels and its returns begins with this lock."""
    return await connection.fetchrow(LOCK_ORDER, order_id)


async def refund_units(
    connection: Connection,
    order: asyncpg.Record,
    units: Mapping[UUID, int],
    *,
    cause: str,
    cause_id: UUID,
    with_shipping: bool,
    at_most: bool = False,
) -> UUID | None:
    """Owe the buyer so many units of these order lines. Returns the refund's id; None where no unit is left.

    `order` is locked. The same cause is paid once: its id is the books' transaction too. `at_most`: units that were
    refunded before, for whatever cause, are left out instead of refused, and of the money what the buyer's bank has
    given back. What a coupon paid for goes back in the books alone. Raises Invalid, Conflict, also for money about
    which a bank has yet to decide.
    """
    rows = {row["id"]: row for row in await connection.fetch(LINES, order["id"])}
    wanted = _wanted(rows, units, at_most=at_most)
    if not wanted:
        return None
    parts = _parts(rows, wanted, with_shipping=with_shipping)
    if order["payment_kind"] == "cash":
        parts = _collected(parts, await connection.fetchval(COLLECTED_LEFT, order["id"]))
    amount = sum(part.total_minor for part in parts.values())
    asked = await _ask(connection, order, amount, cause=cause, cause_id=cause_id, at_most=at_most)
    if asked is None:
        return None
    refund_id, payment_id, sources, no_money_left = asked
    await _write_lines(connection, refund_id, wanted, parts)
    entries = reversal_entries([part.split for part in parts.values()])
    await book(connection, cause_id, entries, order_id=order["id"], reason=cause, currency=order["currency"])
    await _refill_cards(connection, order, sources.cards)
    await count_as_refund(connection, order, payment_id, sources.bank)
    await _move_order(connection, order, all_back=no_money_left and _units_left(rows) == sum(wanted.values()))
    if cause not in NEVER_SENT:
        taken = {line_id: credit_of(part, wanted[line_id]) for line_id, part in parts.items()}
        await issue_credit_notes(connection, refund_id, taken, first=cause_id if cause == "lost" else None)
    return refund_id


class _Sources(NamedTuple):
    """Where a refund comes from: sent by the gateway, on gift cards again, or sent by the buyer's bank before."""

    gateway: int
    cards: int
    bank: int


async def _ask(
    connection: Connection, order: asyncpg.Record, amount: int, *, cause: str, cause_id: UUID, at_most: bool
) -> tuple[UUID, UUID, _Sources, bool] | None:
    """The refund's id and its payment's, what it comes from, and whether no money is left. None when asked before."""
    payment = await connection.fetchrow(KEPT, order["id"])
    left = payment["amount_minor"] - payment["owed_minor"] - payment["owed_bank_minor"] if payment else 0
    left_cards = order["gift_card_minor"] - payment["owed_cards_minor"] if payment else 0
    lost, disputed = (payment["lost_minor"], payment["disputed_minor"]) if payment else (0, 0)
    from_gateway = min(amount, max(0, left - lost - disputed))
    from_cards = min(amount - from_gateway, left_cards)
    sources = _Sources(from_gateway, from_cards, amount - from_gateway - from_cards)
    if payment is None or sources.bank > (min(lost, left) if at_most else 0):
        if payment and sources.bank <= min(disputed, left):
            raise Conflict("The buyer's bank is deciding about this money. Wait for its answer.", code="disputed")
        raise Conflict("Not so much of this order's money is left to give back.", code="refund_exceeds")
    refund_id = await request_refund(
        connection,
        payment["id"],
        order_id=order["id"],
        amount_minor=from_gateway,
        gift_card_minor=from_cards,
        bank_minor=sources.bank,
        currency=order["currency"],
        reason=cause,
        key=f"{cause}:{cause_id}",
    )
    return None if refund_id is None else (refund_id, payment["id"], sources, amount == left + left_cards)


async def _refill_cards(connection: Connection, order: asyncpg.Record, amount: int) -> None:
    """What the gateway did not collect, it cannot return: the gift cards that paid it hold it again at once."""
    if amount and await refund_to_cards(connection, order["id"], amount) != amount:
        raise Conflict("The gift cards of this order paid less than that.", code="refund_exceeds")
    if amount:
        entries = [entry._replace(amount_minor=-entry.amount_minor) for entry in gift_card_entries(amount)]
        await book(connection, uuid7(), entries, order_id=order["id"], reason="refund", currency=order["currency"])


def reversal_entries(splits: Sequence[Split]) -> list[Entry]:
    """A sale's entries the other way round: the buyer is owed; sellers, platform, carriage and tax owe."""
    return [entry._replace(amount_minor=-entry.amount_minor) for entry in sale_entries(add_up(splits))]


def _wanted(rows: Mapping[UUID, asyncpg.Record], units: Mapping[UUID, int], *, at_most: bool) -> dict[UUID, int]:
    wanted = {}
    for line_id, number in units.items():
        if line_id not in rows:
            raise Invalid.field("lines", "name lines of this order")
        left = rows[line_id]["paid"] - rows[line_id]["returned"]
        if number > left and not at_most:
            detail = f"{rows[line_id]['name']}: {left} of {rows[line_id]['paid']} can still be refunded"
            raise Conflict(detail, code="refund_exceeds", fields=[FieldError("lines", detail)])
        if min(number, left) > 0:
            wanted[line_id] = min(number, left)
    return wanted


def _parts(rows: Mapping[UUID, asyncpg.Record], wanted: Mapping[UUID, int], *, with_shipping: bool) -> dict[UUID, Part]:
    return {
        line_id: part_of(
            priced_line(rows[line_id]), before=rows[line_id]["returned"], units=number, with_shipping=with_shipping
        )
        for line_id, number in wanted.items()
    }


def _collected(parts: dict[UUID, Part], left_minor: int) -> dict[UUID, Part]:
    """Slips of parcels are rounded each by itself, so what was paid at the door can be some paise less than its units.
    As in the sale, the odd paise are the seller's.
    """
    short = max(0, sum(part.total_minor for part in parts.values()) - left_minor)
    found = {}
    for line_id, part in parts.items():
        less = min(short, part.goods_minor)
        short -= less
        split = replace(part.split, seller_minor=part.split.seller_minor - less)
        found[line_id] = replace(part, goods_minor=part.goods_minor - less, split=split)
    return found


def _units_left(rows: Mapping[UUID, asyncpg.Record]) -> int:
    return sum(row["paid"] - row["returned"] for row in rows.values())


def credit_of(part: Part, units: int) -> Credit:
    """What the platform paid for the buyer is part of the supply's value, though not of the refund."""
    return Credit(units, part.total_minor + part.split.promotion_minor, part.tax_minor)


async def _write_lines(
    connection: Connection, refund_id: UUID, wanted: Mapping[UUID, int], parts: Mapping[UUID, Part]
) -> None:
    await connection.execute(
        ADD_LINES,
        refund_id,
        [uuid7() for _ in wanted],
        list(wanted),
        list(wanted.values()),
        [part.goods_minor for part in parts.values()],
        [part.shipping_minor for part in parts.values()],
        [part.tax_minor for part in parts.values()],
    )


async def _move_order(connection: Connection, order: asyncpg.Record, *, all_back: bool) -> None:
    """An order that is paid at the door stays confirmed until its last parcel has ended."""
    state, new = order["state"], "refunded" if all_back else "partly_refunded"
    if state in ("paid", "partly_refunded") and state != new:
        await move(connection, ORDER, order["id"], old=state, new=new)
