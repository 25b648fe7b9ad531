"""Changes of live products that the market looks at first: name, address, brand, description, category, pictures,
specifications, SKUs and options of variants, new variants.

The live product stays as it is until one is approved. One change of a product waits at a time: what the seller changes
meanwhile joins it, and what the seller says of the live product itself takes the same fields out of it. Prices, stock
and which variants are sold never wait.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool
from models.errors import Conflict
from models.specifications import ListedSpecification
from models.states import PRODUCT_CHANGE, move
from models.variant_set import AddedVariant

PICTURES_MAX = 12


class NewPicture(msgspec.Struct, frozen=True, omit_defaults=True):
    """`source`: the address that an import gave; `copy`: the shop makes its own copy once it is shown."""

    id: UUID
    key: str
    source: str = ""
    copy: bool = False


class VariantWish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a variant that is live; None is untouched."""

    id: UUID
    sku: str | None = None
    options: dict[str, str] | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What shall be, of what may wait; None is untouched. `category` "" is none; `specifications` are all of them;
    pictures are added and taken away. `variants` are those that are called otherwise than now.
    """

    name: str | None = None
    slug: str | None = None
    brand: str | None = None
    description: str | None = None
    category: str | None = None
    specifications: tuple[ListedSpecification, ...] | None = None
    added: tuple[NewPicture, ...] = ()
    removed: tuple[UUID, ...] = ()
    variants: tuple[VariantWish, ...] = ()
    new_variants: tuple[AddedVariant, ...] = ()


class WaitingChange(msgspec.Struct, frozen=True, kw_only=True):
    """The change of a product that waits, or the last one that was refused, with the reason."""

    id: UUID
    state: str
    wanted: Wanted
    reason: str
    created_at: datetime


TEXTS = ("name", "slug", "brand", "description")
FIELDS = frozenset({*TEXTS, "category", "specifications"})
WAITING = "SELECT id, wanted FROM product_change WHERE product_id = $1 AND state = 'pending' FOR UPDATE"
PUT = """
INSERT INTO product_change (id, product_id, wanted, actor_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (product_id) WHERE state = 'pending' DO UPDATE SET wanted = excluded.wanted, actor_id = excluded.actor_id
"""
LAST = """
SELECT c.id, c.state, c.wanted, c.reason, c.created_at FROM product_change c JOIN product p ON p.id = c.product_id
 WHERE c.product_id = $1 AND p.seller_id = $2 AND c.state <> 'withdrawn' ORDER BY c.created_at DESC, c.id DESC LIMIT 1
"""


async def find_waiting(connection: Connection, product_id: UUID) -> Wanted | None:
    """What waits, held until the end of the transaction; the caller holds the product's row."""
    row = await connection.fetchrow(WAITING, product_id)
    return decode(row["wanted"]) if row else None


async def propose(connection: Connection, product_id: UUID, wanted: Wanted, *, actor_id: UUID) -> None:
    """Join it to what waits already; the caller holds the product's row. Raises Conflict for too many pictures."""
    row = await connection.fetchrow(WAITING, product_id)
    merged = merge(decode(row["wanted"]), wanted) if row else wanted
    await demand_places(connection, product_id, merged)
    if row and merged == Wanted():
        await withdraw(connection, row["id"], product_id, actor_id=actor_id)
    else:
        await connection.execute(PUT, uuid7(), product_id, msgspec.json.encode(merged).decode(), actor_id)


async def demand_places(connection: Connection, product_id: UUID, wanted: Wanted, *, more: int = 0) -> None:
    """For the pictures that there are, those that are wanted, and so many more. Raises Conflict."""
    pictures: int = await connection.fetchval(
        "SELECT count(*) FROM product_image WHERE product_id = $1 AND id <> ALL($2)", product_id, list(wanted.removed)
    )
    if pictures + len(wanted.added) + more > PICTURES_MAX:
        raise Conflict(f"This product has {PICTURES_MAX} pictures: take one away first.", code="pictures")


async def rewrite(connection: Connection, product_id: UUID, wanted: Wanted, *, actor_id: UUID) -> None:
    """From now on this is what waits; of nothing the change is withdrawn. The trail has what waited before. The caller
    holds the product's row.
    """
    row = await connection.fetchrow(WAITING, product_id)
    before = decode(row["wanted"]) if row else Wanted()
    if wanted == before:
        return
    if wanted == Wanted():
        await withdraw(connection, row["id"], product_id, actor_id=actor_id)
        return
    await connection.execute(PUT, uuid7(), product_id, msgspec.json.encode(wanted).decode(), actor_id)
    await record(
        connection, actor_id=actor_id, action="product.change_proposed", subject_id=product_id,
        before=msgspec.to_builtins(before), after=msgspec.to_builtins(wanted),
    )  # fmt: skip


async def withdraw(connection: Connection, change_id: UUID, product_id: UUID, *, actor_id: UUID) -> None:
    """Raises Conflict where it was decided meanwhile."""
    now = await connection.fetchval("SELECT now()")
    await move(connection, PRODUCT_CHANGE, change_id, old="pending", new="withdrawn", decided_at=now)
    await record(
        connection, actor_id=actor_id, action="product.change_withdrawn", subject_id=product_id,
        before={"change_id": change_id}, after={},
    )  # fmt: skip


def merge(old: Wanted, new: Wanted) -> Wanted:
    """The later word on each field; a picture that was added and taken away again was never there."""
    texts = {name: said for name in FIELDS if (said := getattr(new, name)) is not None}
    known = {picture.id for picture in old.added}
    return msgspec.structs.replace(
        old,
        **texts,
        added=tuple(picture for picture in (*old.added, *new.added) if picture.id not in new.removed),
        removed=tuple(dict.fromkeys([*old.removed, *(gone for gone in new.removed if gone not in known)])),
        variants=new.variants or old.variants,
        new_variants=new.new_variants or old.new_variants,
    )


async def find_change(seller_id: UUID, product_id: UUID) -> WaitingChange | None:
    """What waits, or was refused last; None where the last one was approved, or there is none."""
    row = await pool().fetchrow(LAST, product_id, seller_id)
    if row is None or row["state"] == "approved":
        return None
    return WaitingChange(**{**row, "wanted": decode(row["wanted"])})


def waiting_of(change: WaitingChange | None) -> Wanted:
    """Nothing where it was refused."""
    return change.wanted if change and change.state == "pending" else Wanted()


def decode(wanted: Any) -> Wanted:
    return msgspec.json.decode(wanted, type=Wanted)
