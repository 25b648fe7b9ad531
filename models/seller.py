"""Sellers: profile, verification and what the platform charges them. Name and address are public by law."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from tortoise import fields

from models.account import User
from models.audit import about, record
from models.base import Row, now_column
from models.database import pool, transaction
from models.errors import Conflict, NotFound
from models.keyring import Keyring
from models.outbox import Queued, enqueue_all
from models.states import SELLER, SELLER_DOCUMENT, move, move_those


class Seller(Row):
    user: fields.OneToOneNullableRelation[User] = fields.OneToOneField(
        "models.User", on_delete=fields.RESTRICT, null=True, related_name="seller"
    )
    user_id: UUID | None
    slug = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=120)
    legal_name = fields.CharField(max_length=160)
    gstin = fields.CharField(max_length=15, null=True)
    description = fields.TextField(db_default="")
    address_line = fields.CharField(max_length=300, db_default="")
    city = fields.CharField(max_length=80, db_default="")
    region = fields.CharField(max_length=64, db_default="")
    pin_code = fields.CharField(max_length=10, db_default="")
    state = fields.CharField(max_length=16, db_default="pending")
    commission_bps = fields.IntField(db_default=1000)
    trusted = fields.BooleanField(db_default=False)
    cash_allowed = fields.BooleanField(db_default=False)
    payout_account = fields.CharField(max_length=64, db_default="")
    created_at: datetime = now_column()
    approved_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "seller"


class SellerDocument(Row):
    """Kept here, encrypted: documents are few and small, never public, and backed up and erased with their seller."""

    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.CASCADE)
    seller_id: UUID
    kind = fields.CharField(max_length=24)
    name = fields.CharField(max_length=120)
    content_type = fields.CharField(max_length=40)
    content_encrypted = fields.BinaryField()
    size_bytes = fields.IntField()
    state = fields.CharField(max_length=16, db_default="submitted")
    created_at: datetime = now_column()

    class Meta:
        table = "seller_document"


class SellerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A seller as the operator sees it. `has_owner` is false for one that was imported, or whose owner was erased at
    `left_at`.
    """

    id: UUID
    slug: str
    name: str
    legal_name: str
    gstin: str | None
    city: str
    region: str
    state: str
    trusted: bool
    commission_bps: int
    products: int
    created_at: datetime
    approved_at: datetime | None
    has_owner: bool
    left_at: datetime | None


DECISIONS = {
    "approve": ("pending", "approved"),
    "reject": ("pending", "rejected"),
    "suspend": ("approved", "suspended"),
    "restore": ("suspended", "approved"),
    "reopen": ("rejected", "pending"),
}
LIST = r"""
SELECT s.id, s.slug, s.name, s.legal_name, s.gstin, s.city, s.region, s.state, s.trusted, s.commission_bps,
       (SELECT count(*) FROM product p WHERE p.seller_id = s.id) AS products, s.created_at, s.approved_at,
       s.user_id IS NOT NULL AS has_owner, s.left_at
  FROM seller s
"""
ONE = f"{LIST} WHERE s.id = $1"
FOUND = """
 WHERE ($1::text IS NULL OR s.state = $1)
   AND ($2::text IS NULL OR s.name ILIKE $3 OR s.legal_name ILIKE $3 OR lower(s.gstin) = $2 OR s.slug = $2
        OR s.id::text = $2 OR s.user_id = (SELECT id FROM users WHERE email_hash = $4))
"""
PAGE = f"{LIST} {FOUND} ORDER BY s.created_at DESC, s.id LIMIT $5 OFFSET $6"
COUNT = f"SELECT count(*) FROM seller s {FOUND}"


async def list_sellers(
    words: str = "", *, state: str | None = None, keyring: Keyring, page: int = 1, per_page: int = 50
) -> tuple[list[SellerRow], int]:
    """Newest first, and how many there are in all. `words`: a part of the name or the legal name, or all of the GSTIN,
    the id or its owner's mail address.
    """
    words = words.strip()
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    asked = (state, words.lower() or None, f"%{escaped}%", keyring.email_hash(words))
    rows = await pool().fetch(PAGE, *asked, per_page, (page - 1) * per_page)
    return [SellerRow(**row) for row in rows], await pool().fetchval(COUNT, *asked)


async def count_sellers() -> dict[str, int]:
    """By state."""
    return {row[0]: row[1] for row in await pool().fetch("SELECT state, count(*) FROM seller GROUP BY state")}


async def get_seller(seller_id: UUID) -> SellerRow:
    """Raises NotFound."""
    row = await pool().fetchrow(ONE, seller_id)
    if row is None:
        raise NotFound("There is no such seller.")
    return SellerRow(**row)


async def find_seller_email(seller_id: UUID, *, keyring: Keyring) -> str | None:
    """None for a seller without an account."""
    sealed = await pool().fetchval(
        "SELECT u.email_encrypted FROM seller s JOIN users u ON u.id = s.user_id WHERE s.id = $1", seller_id
    )
    return keyring.decrypt(sealed) if sealed else None


async def takes_cash(seller_id: UUID) -> bool:
    """Whether this seller's buyers may pay at the door."""
    return bool(await pool().fetchval("SELECT cash_allowed FROM seller WHERE id = $1", seller_id))


async def take_cash(seller_id: UUID, *, allowed: bool, actor_id: UUID) -> None:
    """Let buyers pay this seller at the door, or no longer; orders that are confirmed stay so."""
    async with transaction() as connection:
        old = await connection.fetchval("SELECT cash_allowed FROM seller WHERE id = $1 FOR UPDATE", seller_id)
        await connection.execute("UPDATE seller SET cash_allowed = $2 WHERE id = $1", seller_id, allowed)
        await record(
            connection, actor_id=actor_id, action="seller.cash", subject_id=seller_id, before={"cash_allowed": old},
            after={"cash_allowed": allowed},
        )  # fmt: skip


async def decide_seller(seller_id: UUID, action: str, *, actor_id: UUID, reason: str = "") -> SellerRow:
    """Approve, reject, suspend, restore or reopen. Raises NotFound, Conflict in another state or without its owner."""
    old, new = DECISIONS[action]
    async with transaction() as connection:
        found = await connection.fetchrow(
            "SELECT state, left_at FROM seller WHERE id = $1 FOR NO KEY UPDATE", seller_id
        )
        if found is None:
            raise NotFound("There is no such seller.")
        if found["left_at"]:
            raise Conflict("Its owner was erased: nobody could answer for this shop. It stays closed.", code="left")
        if found["state"] != old:
            raise Conflict(
                f"This seller is {found['state']}: {action} is for sellers who are {old}.", code="seller_state"
            )
        column = {"approve": "approved_at", "suspend": "suspended_at"}.get(action)
        columns = {column: datetime.now(UTC)} if column else {}
        await move(connection, SELLER, seller_id, old=old, new=new, **columns)
        await record(
            connection,
            actor_id=actor_id,
            action=f"seller.{action}",
            subject_id=seller_id,
            before={"state": old},
            after={"state": new, "reason": reason},
        )
        await enqueue_all(connection, [Queued("mail.seller_state", {"seller_id": seller_id, "action": action})])
        if action == "approve":
            await move_those(
                connection, SELLER_DOCUMENT, "seller_id", seller_id, old="submitted", new="accepted", give="id"
            )
    return await get_seller(seller_id)


async def find_reason(seller_id: UUID, action: str) -> tuple[int, str]:
    """The number in the trail of the last such decision, and what was said with it. Raises NotFound."""
    row = await pool().fetchrow(
        "SELECT id, coalesce(after->>'reason', '') AS reason FROM audit_entry"
        " WHERE subject_id = $1 AND action = $2 ORDER BY id DESC LIMIT 1",
        seller_id,
        f"seller.{action}",
    )
    if row is None:
        raise NotFound("Nothing of the kind was decided.")
    return row["id"], row["reason"]


async def find_payout_account(seller_id: UUID) -> str:
    """The gateway's id of the bank account that the seller is paid on; empty where none is known."""
    account: str | None = await pool().fetchval("SELECT payout_account FROM seller WHERE id = $1", seller_id)
    return account or ""


async def set_payout_account(seller_id: UUID, account: str, *, actor_id: UUID, ownerless: bool = False) -> None:
    """`ownerless`: by the operator, for a shop that nobody owns, so that what a bank gave back can be paid after all.
    Raises NotFound, Conflict for a shop whose owner says where it is paid.
    """
    async with transaction() as connection:
        row = await connection.fetchrow(
            "SELECT payout_account, user_id FROM seller WHERE id = $1 FOR UPDATE", seller_id
        )
        if row is None:
            raise NotFound("There is no such seller.")
        if ownerless and row["user_id"]:
            raise Conflict("Its owner says on which account the shop is paid.", code="owned")
        await connection.execute("UPDATE seller SET payout_account = $2 WHERE id = $1", seller_id, account)
        await record(
            connection, actor_id=actor_id, action="seller.payout_account", subject_id=seller_id, before={},
            after={"ends_in": account[-4:]} if ownerless else {},
            personal=about(
                row["user_id"], before={"payout_account": row["payout_account"]}, after={"payout_account": account}
            ),
        )  # fmt: skip


TABLES = (Seller, SellerDocument)
