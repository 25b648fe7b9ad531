"""The market's side of changes that wait: the list with what is live beside it, the decision; and taking one back."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from models.audit import record
from models.database import Connection, pool, transaction
from models.errors import Conflict, NotFound
from models.judged import version_of_change
from models.keyring import Keyring
from models.listing import Listing, get_listing
from models.outbox import Queued, enqueue_all
from models.product_change import TEXTS, Wanted, decode, withdraw
from models.product_write import category_id_of, demand_owner, write_columns
from models.specifications import stored, write_specifications
from models.states import PRODUCT_CHANGE, Seen, try_move_seen
from models.stock import set_free
from models.variant_set import write_variants
from models.variant_wish import agreed


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One that waits; `live` is the product as shoppers see it. `version` goes with the decision: it is another one as
    soon as anything else is wanted, or of what is live shoppers read anything else.
    """

    id: UUID
    version: str
    product_id: UUID
    seller_name: str
    wanted: Wanted
    live: Listing
    created_at: datetime


class ChangeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the seller is told."""

    email: str | None
    seller_name: str
    product_id: UUID
    product_name: str
    state: str
    reason: str


WAITING = f"""
SELECT c.id, c.product_id, p.seller_id, s.name AS seller_name, c.wanted, c.created_at,
       {version_of_change("c")} AS version
  FROM product_change c JOIN product p ON p.id = c.product_id JOIN seller s ON s.id = p.seller_id
 WHERE c.state = 'pending'
"""
LIST = f"{WAITING} ORDER BY c.created_at, c.id LIMIT $1 OFFSET $2"
HOLD = """
SELECT p.state, p.seller_id FROM product p JOIN product_change c ON c.product_id = p.id
 WHERE c.id = $1 FOR NO KEY UPDATE OF p
"""
ONE = "SELECT id, state, product_id, wanted FROM product_change WHERE id = $1 FOR UPDATE"
OUTCOME = """
SELECT u.email_encrypted, s.name AS seller_name, p.id AS product_id, p.name AS product_name, c.state, c.reason
  FROM product_change c JOIN product p ON p.id = c.product_id JOIN seller s ON s.id = p.seller_id
  LEFT JOIN users u ON u.id = s.user_id WHERE c.id = $1
"""
ADD_PICTURES = """
INSERT INTO product_image (id, product_id, key, source, position)
SELECT id, $1, key, source, coalesce((SELECT max(position) FROM product_image WHERE product_id = $1), -1) + place
  FROM unnest($2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY AS w (id, key, source, place)
"""


async def list_changes(*, page: int = 1, per_page: int = 20) -> tuple[list[ChangeRow], int]:
    """Longest waiting first, and how many wait in all."""
    rows = await pool().fetch(LIST, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM product_change WHERE state = 'pending'")
    return [await _row(row) for row in rows], total


async def get_change(change_id: UUID) -> ChangeRow:
    """Raises NotFound where it does not wait."""
    row = await pool().fetchrow(f"{WAITING} AND c.id = $1", change_id)
    if row is None:
        raise NotFound("No such change waits.")
    return await _row(row)


async def decide_change(change_id: UUID, *, version: str, approve: bool, actor_id: UUID, reason: str = "") -> None:
    """Make live what was read as `version`, or refuse it with the reason that the seller reads.

    Raises NotFound, and Conflict: `product_change_state` where it was decided or taken back, `product_changed` where it
    is another version by now, `product_state` where the product to be changed is not on sale.
    """
    async with transaction() as connection:
        product, row = await _held(connection, change_id)
        if approve and product["state"] != "active":
            raise Conflict(
                f"The product is {product['state']}: a change of it can only be refused.", code="product_state"
            )
        new = "approved" if approve else "rejected"
        now = await connection.fetchval("SELECT now()")
        seen = Seen(version_of_change(), version)
        if not await try_move_seen(
            connection, PRODUCT_CHANGE, change_id, seen, old="pending", new=new, decided_at=now, reason=reason[:500]
        ):
            raise Conflict("This change is another one by now: read it once more.", code="product_changed")
        wanted = decode(row["wanted"])
        before = await _apply(connection, product["seller_id"], row["product_id"], wanted) if approve else {}
        await record(
            connection, actor_id=actor_id, action=f"product.change_{new}", subject_id=row["product_id"], before=before,
            after={"change_id": change_id, "reason": reason, **msgspec.to_builtins(wanted)},
        )  # fmt: skip
        await enqueue_all(connection, [Queued("mail.product_change", {"change_id": change_id})])


async def withdraw_change(seller_id: UUID, product_id: UUID, *, actor_id: UUID) -> Wanted:
    """Returns what is not wanted any more. Raises NotFound where none of this seller's waits."""
    async with transaction() as connection:
        await demand_owner(connection, seller_id, product_id)
        row = await connection.fetchrow(
            "SELECT id, wanted FROM product_change WHERE product_id = $1 AND state = 'pending'", product_id
        )
        if row is None:
            raise NotFound("No change of this product waits.")
        await withdraw(connection, row["id"], product_id, actor_id=actor_id)
    return decode(row["wanted"])


async def read_outcome(change_id: UUID, *, keyring: Keyring) -> ChangeOutcome:
    """Raises NotFound."""
    row = await pool().fetchrow(OUTCOME, change_id)
    if row is None:
        raise NotFound("There is no such change.")
    values = dict(row)
    sealed = values.pop("email_encrypted")
    return ChangeOutcome(email=keyring.decrypt(sealed) if sealed else None, **values)


async def _row(row: asyncpg.Record) -> ChangeRow:
    return ChangeRow(
        id=row["id"], version=row["version"], product_id=row["product_id"], seller_name=row["seller_name"],
        wanted=decode(row["wanted"]), live=await get_listing(row["seller_id"], row["product_id"]),
        created_at=row["created_at"],
    )  # fmt: skip


async def _held(connection: Connection, change_id: UUID) -> tuple[asyncpg.Record, asyncpg.Record]:
    """The product, which its sellers hold first too, and the change that waits."""
    product = await connection.fetchrow(HOLD, change_id)
    row = await connection.fetchrow(ONE, change_id)
    if product is None or row is None:
        raise NotFound("There is no such change.")
    if row["state"] != "pending":
        raise Conflict(f"This change is {row['state']}: there is nothing to decide.", code="product_change_state")
    return product, row


async def _apply(connection: Connection, seller_id: UUID, product_id: UUID, wanted: Wanted) -> dict[str, object]:
    """Onto the live product. Returns what was before. Raises Conflict where two variants would be the same."""
    old = await get_listing(seller_id, product_id, connection)
    columns = {name: said for name in TEXTS if (said := getattr(wanted, name)) is not None}
    before = {name: getattr(old, name) for name in columns}
    if wanted.category is not None:
        columns["category_id"] = await category_id_of(connection, wanted.category or None)
        before["category"] = old.category
    if wanted.specifications is not None:
        await write_specifications(connection, {product_id: [*map(stored, wanted.specifications)]})
        before["specifications"] = msgspec.to_builtins(old.specifications)
    await _write_pictures(connection, product_id, wanted)
    await write_columns(connection, old, columns)
    variants = agreed(old, wanted)
    await write_variants(connection, product_id, variants)
    await set_free(connection, {added.id: added.stock for added in variants.added})
    if variants.altered:
        before["variants"] = [
            {"id": one.id, "sku": one.sku, "options": one.options} for one in old.variants if one.id in variants.altered
        ]
    return before


async def _write_pictures(connection: Connection, product_id: UUID, wanted: Wanted) -> None:
    await connection.execute(
        "DELETE FROM product_image WHERE product_id = $1 AND id = ANY($2)", product_id, list(wanted.removed)
    )
    added = wanted.added
    columns = [[one.id for one in added], [one.key for one in added], [one.source for one in added]]
    await connection.execute(ADD_PICTURES, product_id, *columns)
    await enqueue_all(connection, [Queued("media.upload", {"image_id": one.id}) for one in added if one.copy])
