"""Products that wait for the operator: the list, the decision with its reason, and what the seller reads of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.audit import record
from models.database import pool, transaction
from models.errors import Conflict, NotFound
from models.judged import version_of_product
from models.keyring import Keyring
from models.outbox import enqueue
from models.states import PRODUCT, Seen, try_move_seen


class PendingVariant(msgspec.Struct, frozen=True, kw_only=True):
    """One that is `archived` is not for sale, though its seller can put it on sale again."""

    sku: str
    options: dict[str, str | int | float | bool | None]
    price_minor: int
    list_price_minor: int | None
    status: str


class PendingProduct(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator needs to see to decide; each specification is a line. `version` goes with the decision: it is
    another one as soon as anything of this is.
    """

    id: UUID
    version: str
    slug: str
    name: str
    brand: str
    description: str
    category: str | None
    category_name: str | None
    seller: str
    seller_name: str
    currency: str
    price_minor: int
    list_price_minor: int | None
    variants: list[PendingVariant]
    hsn_code: str
    country_of_origin: str
    image: str | None
    images: list[str]
    specifications: list[str]
    created_at: datetime
    updated_at: datetime


class ProductDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What the seller is told; `state` is active or rejected, `entry_id` that of the decision in the trail."""

    email: str | None
    entry_id: int
    seller_name: str
    product_id: UUID
    product_name: str
    state: str
    reason: str


PENDING = f"""
SELECT p.id, p.slug, p.name, p.brand, p.description, c.slug AS category, c.name AS category_name,
       s.slug AS seller, s.name AS seller_name,
       p.currency, p.hsn_code, p.country_of_origin, p.created_at, p.updated_at,
       ARRAY(SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id) AS images,
       ARRAY(SELECT x.name || ': ' || x.text FROM specification x WHERE x.product_id = p.id ORDER BY x.position, x.name)
           AS specifications,
       (SELECT coalesce(json_agg(json_build_object(
                 'sku', v.sku, 'options', v.options, 'price_minor', v.price_minor,
                 'list_price_minor', v.list_price_minor, 'status', v.state) ORDER BY v.position, v.id), '[]')
          FROM variant v WHERE v.product_id = p.id) AS variants,
       {version_of_product("p")} AS version
  FROM product p JOIN seller s ON s.id = p.seller_id LEFT JOIN category c ON c.id = p.category_id
 WHERE p.state = 'pending'
"""
LIST = f"{PENDING} ORDER BY p.created_at, p.id LIMIT $1 OFFSET $2"
ONE = f"{PENDING} AND p.id = $1"
HOLD = "SELECT state FROM product WHERE id = $1 FOR NO KEY UPDATE"
DECIDED = """
SELECT u.email_encrypted, s.name AS seller_name, p.id AS product_id, p.name AS product_name, a.id AS entry_id,
       a.after->>'state' AS state, coalesce(a.after->>'reason', '') AS reason
  FROM product p JOIN seller s ON s.id = p.seller_id LEFT JOIN users u ON u.id = s.user_id
  JOIN audit_entry a ON a.subject_id = p.id AND a.action IN ('product.approved', 'product.rejected')
 WHERE p.id = $1 ORDER BY a.id DESC LIMIT 1
"""
REASON = """
SELECT after->>'reason' FROM audit_entry WHERE subject_id = $1 AND action = 'product.rejected' ORDER BY id DESC LIMIT 1
"""


async def list_pending(*, page: int = 1, per_page: int = 50) -> tuple[list[PendingProduct], int]:
    """Longest waiting first, and how many wait in all."""
    rows = await pool().fetch(LIST, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM product WHERE state = 'pending'")
    return [_pending(row) for row in rows], total


async def get_pending(product_id: UUID) -> PendingProduct:
    """Raises NotFound where it does not wait."""
    row = await pool().fetchrow(ONE, product_id)
    if row is None:
        raise NotFound("No such product waits.")
    return _pending(row)


async def decide_product(product_id: UUID, *, version: str, new: str, actor_id: UUID, reason: str = "") -> None:
    """Approve (`active`) what was read as `version`, or reject it with the reason that the seller reads.

    Raises NotFound, and Conflict: `product_state` where it was decided or taken back, `product_changed` where it is
    another version by now.
    """
    async with transaction() as connection:
        old = await connection.fetchval(HOLD, product_id)
        if old is None:
            raise NotFound("There is no such product.")
        if old != "pending":
            raise Conflict(f"This product is {old}: there is nothing to decide.", code="product_state")
        seen = Seen(version_of_product(), version)
        if not await try_move_seen(connection, PRODUCT, product_id, seen, old=old, new=new):
            raise Conflict("Its seller changed this product meanwhile: read it once more.", code="product_changed")
        await record(
            connection,
            actor_id=actor_id,
            action="product.rejected" if new == "rejected" else "product.approved",
            subject_id=product_id,
            before={"state": old},
            after={"state": new, "reason": reason},
        )
        await enqueue(connection, "mail.product_decided", {"product_id": product_id})


def _pending(row: Mapping[str, Any]) -> PendingProduct:
    variants = msgspec.json.decode(row["variants"], type=list[PendingVariant])
    for_sale = [variant for variant in variants if variant.status == "active"] or variants
    cheapest = min(for_sale, key=lambda variant: variant.price_minor, default=None)
    return PendingProduct(
        **{**row, "variants": variants},
        image=next(iter(row["images"]), None),
        price_minor=cheapest.price_minor if cheapest else 0,
        list_price_minor=cheapest.list_price_minor if cheapest else None,
    )


async def find_rejection(product_id: UUID) -> str | None:
    """Why the operator last rejected this product."""
    reason: str | None = await pool().fetchval(REASON, product_id)
    return reason


async def read_product_decision(product_id: UUID, *, keyring: Keyring) -> ProductDecision:
    """The last one. Raises NotFound."""
    row = await pool().fetchrow(DECIDED, product_id)
    if row is None:
        raise NotFound("Nothing was decided of this product.")
    values = dict(row)
    sealed = values.pop("email_encrypted")
    return ProductDecision(email=keyring.decrypt(sealed) if sealed else None, **values)
