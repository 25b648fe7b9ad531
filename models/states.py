"""State machines as data: each one frozen table, and the one `move` through which every state is written.

A move is a conditional UPDATE that demands its row: of two writers who saw the same state, one loses with Conflict.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

import asyncpg

from models.database import Connection
from models.errors import Conflict
from models.write import Write


class Machine(NamedTuple):
    """`table` holds the states in its column `state`; `moves` maps each state to those that may follow it."""

    table: str
    moves: Mapping[str, frozenset[str]]

    def allows(self, old: str, new: str) -> bool:
        return new in self.moves.get(old, frozenset())


class Seen(NamedTuple):
    """What a decision holds for: `expression`, of the machine's table by its name, gave `value` when it was read."""

    expression: str
    value: str


def machine(table: str, moves: dict[str, tuple[str, ...]]) -> Machine:
    """Every state that can be reached must be listed. Raises ValueError at import otherwise."""
    unknown = {new for followers in moves.values() for new in followers} - moves.keys()
    if unknown:
        raise ValueError(f"{table}: states without a row: {sorted(unknown)}")
    return Machine(table, MappingProxyType({old: frozenset(new) for old, new in moves.items()}))


ORDER = machine(
    "orders",
    {
        "pending": ("confirmed", "paid", "expired", "cancelled"),
        "confirmed": ("paid", "cancelled"),
        "expired": ("paid",),
        "cancelled": (),
        "paid": ("refunded", "partly_refunded"),
        "partly_refunded": ("refunded",),
        "refunded": (),
    },
)
PAYMENT = machine(
    "payment",
    {
        "created": ("open", "captured", "failed"),
        "open": ("captured", "failed"),
        "failed": ("captured",),
        "captured": ("refunded",),
        "refunded": (),
    },
)
REFUND = machine(
    "refund",
    {
        "requested": ("sent", "processed", "failed"),
        "sent": ("processed", "failed"),
        "processed": (),
        "failed": ("sent", "processed"),
    },
)
SHIPMENT = machine(
    "shipment",
    {
        "waiting": ("packed", "cancelled"),
        "packed": ("shipped", "cancelled"),
        "shipped": ("delivered", "lost"),
        "delivered": (),
        "lost": (),
        "cancelled": (),
    },
)
RETURN_LINE = machine(
    "return_line",
    {
        "requested": ("approved", "refused"),
        "approved": ("received", "refused"),
        "refused": (),
        "received": ("refunded",),
        "refunded": (),
    },
)
PAYOUT = machine(
    "payout",
    {
        "pending": ("unknown", "failed"),
        "unknown": ("sent", "failed"),
        "sent": ("reversed",),
        "failed": (),
        "reversed": (),
    },
)
DISPUTE = machine(
    "dispute",
    {
        "open": ("under_review", "won", "lost", "closed"),
        "under_review": ("open", "won", "lost", "closed"),
        "won": ("open", "under_review", "lost"),
        "lost": (),
        "closed": (),
    },
)
RESERVATION = machine("reservation", {"held": ("sold", "released"), "sold": (), "released": ()})
SELLER = machine(
    "seller",
    {
        "draft": ("pending",),
        "pending": ("approved", "rejected"),
        "approved": ("suspended",),
        "rejected": ("pending",),
        "suspended": ("approved",),
    },
)
PRODUCT = machine(
    "product",
    {
        "draft": ("pending", "active", "archived"),
        "pending": ("active", "rejected", "draft"),
        "active": ("archived", "draft", "pending"),
        "rejected": ("pending", "archived"),
        "archived": ("draft", "pending", "active"),
    },
)
VARIANT = machine("variant", {"active": ("archived",), "archived": ("active",)})
PRODUCT_CHANGE = machine(
    "product_change",
    {"pending": ("approved", "rejected", "withdrawn"), "approved": (), "rejected": (), "withdrawn": ()},
)
SELLER_DOCUMENT = machine(
    "seller_document", {"submitted": ("accepted", "rejected"), "accepted": (), "rejected": ("submitted",)}
)
USER = machine("users", {"active": ("suspended", "erased"), "suspended": ("active", "erased"), "erased": ()})
REVIEW = machine(
    "review", {"pending": ("published", "rejected"), "published": ("rejected",), "rejected": ("published",)}
)
MERCHANDISING_RULE = machine("merchandising_rule", {"draft": ("published",), "published": ("draft",)})
MACHINES = (
    ORDER,
    PAYMENT,
    REFUND,
    PAYOUT,
    DISPUTE,
    SHIPMENT,
    RETURN_LINE,
    RESERVATION,
    SELLER,
    SELLER_DOCUMENT,
    PRODUCT,
    VARIANT,
    PRODUCT_CHANGE,
    USER,
    REVIEW,
    MERCHANDISING_RULE,
)


async def move(connection: Connection, machine: Machine, id: UUID, *, old: str, new: str, **columns: object) -> None:
    """Write state `new`, and `columns` with it, demanding that the row is in `old`.

    Raises Conflict when the row is elsewhere by now, ValueError when the table of the machine has no such move.
    """
    if not await try_move(connection, machine, id, old=old, new=new, **columns):
        raise _elsewhere(machine, old)


async def try_move(
    connection: Connection, machine: Machine, id: UUID, *, old: str, new: str, **columns: object
) -> bool:
    """Like `move`, but says False when the row is elsewhere by now."""
    write = move_write(machine, id, old=old, new=new, **columns)
    status: str = await connection.execute(write.statement, *write.arguments)
    return status == "UPDATE 1"


async def try_move_seen(
    connection: Connection, machine: Machine, id: UUID, seen: Seen, *, old: str, new: str, **columns: object
) -> bool:
    """Like `try_move`, and False too when the row is not what was seen any more."""
    write = move_write(machine, id, old=old, new=new, **columns)
    statement = f"{write.statement} AND {seen.expression} = ${len(write.arguments) + 1}"
    status: str = await connection.execute(statement, *write.arguments, seen.value)
    return status == "UPDATE 1"


def move_write(machine: Machine, id: UUID, *, old: str, new: str, **columns: object) -> Write:
    """`move` as one of several writes."""
    if not machine.allows(old, new):
        raise ValueError(f"{machine.table}: {old} -> {new} is not a move")
    settings = "".join(f", {name} = ${i}" for i, name in enumerate(columns, start=4))
    statement = f"UPDATE {machine.table} SET state = $3{settings} WHERE id = $1 AND state = $2"
    return Write(statement, (id, old, new, *columns.values()), 1, _elsewhere(machine, old))


async def move_those(
    connection: Connection, machine: Machine, column: str, owner: UUID, *, old: str, new: str, give: str
) -> list[asyncpg.Record]:
    """Move every row of `owner` that is in `old`, in one statement. Returns the columns `give` of each."""
    write = move_all_write(machine, column, owner, old=old, new=new, rows=None)
    rows: list[asyncpg.Record] = await connection.fetch(f"{write.statement} RETURNING {give}", *write.arguments)
    return rows


def move_all_write(machine: Machine, column: str, owner: UUID, *, old: str, new: str, rows: int | None) -> Write:
    """`move_those` as one of several writes; `rows` is how many there must be."""
    if not machine.allows(old, new):
        raise ValueError(f"{machine.table}: {old} -> {new} is not a move")
    statement = f"UPDATE {machine.table} SET state = $3 WHERE {column} = $1 AND state = $2"
    return Write(statement, (owner, old, new), rows, None if rows is None else _elsewhere(machine, old))


def _elsewhere(machine: Machine, old: str) -> Conflict:
    return Conflict(f"This {machine.table.removesuffix('s')} is no longer {old}.", code=f"{machine.table}_state")
