"""Stock: what is on hand, what is reserved for orders, and every movement of both.

The database keeps 0 <= reserved <= on_hand; every change is one conditional UPDATE and one movement row.
Locks are taken in one order everywhere: cart, orders, payment, cart_item, and stock last, by variant id; as FOR NO KEY
UPDATE, so that the lock which a foreign key takes on its target waits for nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models.base import Entry, Row, now_column, uuid7
from models.crash import guarded
from models.database import Connection, Pool
from models.errors import Conflict
from models.product import Variant
from models.states import RESERVATION, move_all_write, move_those
from models.write import Write


class Stock(Model):
    variant: fields.OneToOneRelation[Variant] = fields.OneToOneField(
        "models.Variant", on_delete=fields.CASCADE, primary_key=True, related_name="stock"
    )
    variant_id: UUID
    on_hand = fields.IntField(db_default=0)
    reserved = fields.IntField(db_default=0)
    low_at = fields.IntField(db_default=3)

    class Meta:
        table = "stock"


class Reservation(Row):
    """Units promised to an order: held -> sold | released."""

    order: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="reservations"
    )
    order_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.RESTRICT)
    variant_id: UUID
    quantity = fields.IntField()
    state = fields.CharField(max_length=16, db_default="held")
    expires_at = fields.DatetimeField()
    created_at: datetime = now_column()

    class Meta:
        table = "reservation"


class StockMovement(Entry):
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.CASCADE)
    variant_id: UUID
    order: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, null=True
    )
    order_id: UUID | None
    kind = fields.CharField(max_length=16)
    on_hand_change = fields.IntField(db_default=0)
    reserved_change = fields.IntField(db_default=0)
    created_at: datetime = now_column()

    class Meta:
        table = "stock_movement"


TABLES: tuple[Any, ...] = (Stock, Reservation, StockMovement)

RESERVE_UNGUARDED = "UPDATE stock SET reserved = reserved + $2 WHERE variant_id = $1 RETURNING variant_id"
RELEASE = "UPDATE stock SET reserved = reserved - $2 WHERE variant_id = $1 AND reserved >= $2 RETURNING variant_id"
SELL = """
UPDATE stock SET on_hand = on_hand - $2, reserved = reserved - $2 WHERE variant_id = $1 AND reserved >= $2
RETURNING variant_id
"""
SELL_FREE = """
UPDATE stock SET on_hand = on_hand - $2 WHERE variant_id = $1 AND on_hand - reserved >= $2 RETURNING variant_id
"""
TAKE_BACK = "UPDATE stock SET on_hand = on_hand + $2 WHERE variant_id = $1 RETURNING variant_id"
HOLD = """
INSERT INTO reservation (id, order_id, variant_id, quantity, expires_at)
SELECT w.id, $1, w.variant_id, w.quantity, now() + $2
  FROM unnest($3::uuid[], $4::uuid[], $5::int[]) AS w (id, variant_id, quantity)
"""
MOVED = """
INSERT INTO stock_movement (variant_id, order_id, kind, on_hand_change, reserved_change)
SELECT w.variant_id, $1, $2, w.quantity * $3, w.quantity * $4
  FROM unnest($5::uuid[], $6::int[]) AS w (variant_id, quantity)
"""
SET_FREE = """
WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w (variant_id, free, seen)),
     locked AS (
       SELECT s.variant_id, s.on_hand, s.on_hand - s.reserved AS free FROM stock s JOIN wanted USING (variant_id)
        ORDER BY s.variant_id FOR UPDATE OF s),
     moved AS (SELECT l.free FROM locked l JOIN wanted w USING (variant_id) WHERE l.free <> w.seen),
     changed AS (
       UPDATE stock s SET on_hand = s.reserved + w.free FROM locked l JOIN wanted w USING (variant_id)
        WHERE s.variant_id = l.variant_id AND s.on_hand <> s.reserved + w.free AND NOT EXISTS (SELECT FROM moved)
       RETURNING s.variant_id, s.on_hand - l.on_hand AS change),
     noted AS (
       INSERT INTO stock_movement (variant_id, kind, on_hand_change) SELECT variant_id, 'stocked', change FROM changed)
SELECT free FROM moved
"""


class Units(NamedTuple):
    """So many of one variant."""

    variant_id: UUID
    quantity: int


class TooFew(Exception):
    """Of these variants there are fewer than were to be reserved."""

    SQLSTATE = "HT001"

    def __init__(self, variant_ids: Sequence[UUID]) -> None:
        self.variant_ids = variant_ids


async def set_free(connection: Connection, free: Mapping[UUID, int], *, seen: Mapping[UUID, int] | None = None) -> None:
    """Set what may still be sold of each variant; units promised to orders stay promised, so the two never collide.

    Raises Conflict, and writes nothing, where one that was `seen` has another free quantity by now.
    """
    counted_by = [(seen or {}).get(variant) for variant in free]
    moved = await connection.fetch(SET_FREE, list(free), list(free.values()), counted_by)
    if moved:
        raise Conflict(
            f"Units were sold or came back meanwhile: {moved[0]['free']} are free by now.", code="stock_changed"
        )


def hold_writes(order_id: UUID, units: Sequence[Units], *, lifetime: timedelta) -> list[Write]:
    """The reservations and movements of a new order. `reserve` then takes the stock itself, last of all."""
    held = Write(HOLD, (order_id, lifetime, [uuid7() for _ in units], *_columns(units)))
    return [held, _movement(order_id, "reserved", units, reserved=1)]


async def reserve(connection: Connection, units: Sequence[Units]) -> None:
    """Reserve all units. Raises TooFew; the caller then rolls everything back."""
    if not guarded("stock"):
        await _write(connection, RESERVE_UNGUARDED, units)
        return
    with _few_told():
        await connection.execute("SELECT reserve_units($1, $2)", *_columns(sorted(units)))


async def reserve_and_commit(connection: Connection, units: Sequence[Units]) -> None:
    """The same with the COMMIT in one message: who waits for the same row waits for no turn of our event loop."""
    if not guarded("stock"):
        await _write(connection, RESERVE_UNGUARDED, units)
        return
    variants = ", ".join(f"'{unit.variant_id}'" for unit in sorted(units))
    quantities = ", ".join(str(unit.quantity) for unit in sorted(units))
    with _few_told():
        await connection.execute(f"SELECT reserve_units(ARRAY[{variants}]::uuid[], ARRAY[{quantities}]); COMMIT")


@contextmanager
def _few_told() -> Iterator[None]:
    try:
        yield
    except asyncpg.PostgresError as error:
        if error.sqlstate != TooFew.SQLSTATE:
            raise
        raise TooFew([UUID(variant) for variant in (error.detail or "").split()]) from None


async def release_held(connection: Connection, order_id: UUID) -> None:
    """Give back what an order holds: its reservations become released."""
    rows = await move_those(
        connection, RESERVATION, "order_id", order_id, old="held", new="released", give="variant_id, quantity"
    )
    units = [Units(row["variant_id"], row["quantity"]) for row in rows]
    await _note(connection, _movement(order_id, "released", units, reserved=-1))
    _demand(await _write(connection, RELEASE, units))


def sell_writes(order_id: UUID, units: Sequence[Units]) -> list[Write]:
    """What an order holds becomes sales: these are its units. `sell` then takes the stock itself, last of all."""
    sold = move_all_write(RESERVATION, "order_id", order_id, old="held", new="sold", rows=len(units))
    return [sold, _movement(order_id, "sold", units, on_hand=-1, reserved=-1)]


async def sell(connection: Connection, units: Sequence[Units]) -> None:
    """Units that are held leave the stock. Raises Conflict where they are not held."""
    _demand(await _write(connection, SELL, units))


async def sell_free(connection: Connection, order_id: UUID, units: Sequence[Units]) -> bool:
    """Sell from the free stock. False when there is too little; the caller then rolls back."""
    await _note(connection, _movement(order_id, "sold", units, on_hand=-1))
    return not await _write(connection, SELL_FREE, units)


async def take_back(connection: Connection, order_id: UUID, units: Sequence[Units]) -> None:
    """Sold units are on the shelf again: what was cancelled before it left, or came back fit to be sold."""
    if units:
        await _note(connection, _movement(order_id, "returned", units, on_hand=1))
        _demand(await _write(connection, TAKE_BACK, units))


async def free_units(connection: Connection | Pool, variant_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What is neither sold nor reserved, by variant."""
    rows = await connection.fetch(
        "SELECT variant_id, on_hand - reserved AS free FROM stock WHERE variant_id = ANY($1)", variant_ids
    )
    return {row["variant_id"]: row["free"] for row in rows}


def _columns(units: Sequence[Units]) -> tuple[list[UUID], list[int]]:
    return [unit.variant_id for unit in units], [unit.quantity for unit in units]


async def _write(connection: Connection, statement: str, units: Sequence[Units]) -> list[UUID]:
    """Run a conditional UPDATE for each variant, in the order of their ids, so that no two orders can deadlock.

    Returns the variants whose condition did not hold.
    """
    rows = await connection.fetchmany(statement, sorted(units))
    return sorted({unit.variant_id for unit in units} - {row["variant_id"] for row in rows})


def _movement(order_id: UUID, kind: str, units: Sequence[Units], *, on_hand: int = 0, reserved: int = 0) -> Write:
    """`on_hand` and `reserved` are 1, 0 or -1: what a unit of it does to each."""
    return Write(MOVED, (order_id, kind, on_hand, reserved, *_columns(units)))


async def _note(connection: Connection, movement: Write) -> None:
    await connection.execute(movement.statement, *movement.arguments)


def _demand(missing: Sequence[UUID]) -> None:
    if missing:
        raise Conflict(f"The stock of {len(missing)} variants is not what their reservations say.", code="stock_state")
