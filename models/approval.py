"""Products that wait for the operator: the list, the decision with its reason, and what the seller reads of it."""

from datetime import datetime
from uuid import UUID

import msgspec

from models.audit import record
from models.database import pool, transaction
from models.errors import Conflict, NotFound
from models.keyring import Keyring
from models.outbox import enqueue
from models.states import PRODUCT, move


class PendingProduct(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator needs to see to decide; each specification is a line."""

    id: UUID
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


PENDING = """
SELECT p.id, p.slug, p.name, p.brand, p.description, c.slug AS category, c.name AS category_name,
       s.slug AS seller, s.name AS seller_name,
       p.currency, p.hsn_code, p.country_of_origin, p.created_at, p.updated_at,
       coalesce((SELECT min(price_minor) FROM variant WHERE product_id = p.id AND state = 'active'), 0) AS price_minor,
       ARRAY(SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id) AS images,
       ARRAY(SELECT x.name || ': ' || x.text FROM specification x WHERE x.product_id = p.id ORDER BY x.position, x.name)
           AS specifications
  FROM product p JOIN seller s ON s.id = p.seller_id LEFT JOIN category c ON c.id = p.category_id
 WHERE p.state = 'pending' ORDER BY p.created_at, p.id LIMIT $1 OFFSET $2
"""
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
    rows = await pool().fetch(PENDING, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM product WHERE state = 'pending'")
    return [PendingProduct(**row, image=next(iter(row["images"]), None)) for row in rows], total


async def decide_product(product_id: UUID, *, new: str, actor_id: UUID, reason: str = "") -> None:
    """Approve (`active`), or reject with the reason that the seller reads. Raises NotFound, and Conflict."""
    async with transaction() as connection:
        old = await connection.fetchval("SELECT state FROM product WHERE id = $1", product_id)
        if old is None:
            raise NotFound("There is no such product.")
        if old != "pending":
            raise Conflict(f"This product is {old}: there is nothing to decide.", code="product_state")
        await move(connection, PRODUCT, product_id, old="pending", new=new)
        await record(
            connection,
            actor_id=actor_id,
            action="product.rejected" if new == "rejected" else "product.approved",
            subject_id=product_id,
            before={"state": old},
            after={"state": new, "reason": reason},
        )
        await enqueue(connection, "mail.product_decided", {"product_id": product_id})


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
