"""How a seller comes to the market: a shop opened as a draft, its profile, a checklist, sent in, and sent in again.

What the market decides of it is in `models/seller.py`; the papers are in `models/seller_documents.py`.
"""

import re
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from models.audit import about, record
from models.base import uuid7
from models.checklist import Step, demand_steps
from models.database import Connection, pool, transaction
from models.delivery import REGIONS
from models.errors import Conflict, Invalid, NotFound
from models.outbox import Queued, enqueue_all
from models.people import demand_no_market_role
from models.plain_text import plain_text
from models.product_write import tidy
from models.seller_documents import KINDS
from models.shipping import demand_pin_code
from models.slug import slugify, with_suffix
from models.states import SELLER, move

GSTIN = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
FIELDS = ("name", "legal_name", "gstin", "description", "address_line", "city", "region", "pin_code")
SETTLED = ("legal_name", "gstin")
"""What the market has checked, and only a seller who is not sent in may change."""
MARKS = ", ".join(f"{name} = ${place}" for place, name in enumerate(FIELDS, start=2))

Text = Annotated[str, Meta(max_length=160)]


class ShopProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays as it is. Name and address are public by law; the GSTIN is checked by its form."""

    name: Annotated[str, Meta(min_length=1, max_length=120)] | UnsetType = UNSET
    legal_name: Annotated[str, Meta(min_length=1, max_length=160)] | UnsetType = UNSET
    gstin: Annotated[str, Meta(max_length=15)] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=2_000)] | UnsetType = UNSET
    address_line: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    city: Annotated[str, Meta(max_length=80)] | UnsetType = UNSET
    region: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    pin_code: Annotated[str, Meta(max_length=10)] | UnsetType = UNSET


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """A seller's own view of the shop; `reason` is why it was refused or suspended."""

    id: UUID
    slug: str
    state: str
    reason: str
    name: str
    legal_name: str
    gstin: str
    description: str
    address_line: str
    city: str
    region: str
    pin_code: str
    steps: list[Step]

    @property
    def ready(self) -> bool:
        return all(step.done for step in self.steps)


READ = """
SELECT s.id, s.slug, s.state, s.name, s.legal_name, coalesce(s.gstin, '') AS gstin, s.description, s.address_line,
       s.city, s.region, s.pin_code,
       coalesce((SELECT after->>'reason' FROM audit_entry WHERE subject_id = s.id
                  AND action IN ('seller.reject', 'seller.suspend') ORDER BY id DESC LIMIT 1), '') AS reason,
       ARRAY(SELECT kind FROM seller_document WHERE seller_id = s.id) AS documents
  FROM seller s WHERE s.id = $1
"""


async def open_shop(user_id: UUID, name: str) -> UUID:
    """A shop in draft, owned by this user. Raises Invalid, and Conflict for who sells or works for a seller already, or
    for the market.
    """
    name, seller_id = tidy(name, "name")[:120], uuid7()
    async with transaction() as connection:
        demand_no_market_role(await connection.fetchval("SELECT role FROM users WHERE id = $1 FOR UPDATE", user_id))
        if await connection.fetchval(
            "SELECT 1 FROM seller WHERE user_id = $1 UNION ALL SELECT 1 FROM seller_staff WHERE user_id = $1", user_id
        ):
            raise Conflict("This account sells or works for a seller already.", code="seller")
        plain = slugify(name, limit=60, empty="shop")
        taken = await connection.fetchval("SELECT 1 FROM seller WHERE slug = $1", plain)
        await connection.execute(
            "INSERT INTO seller (id, user_id, slug, name, legal_name, state) VALUES ($1, $2, $3, $4, $4, 'draft')",
            seller_id, user_id, with_suffix(plain, seller_id, limit=80) if taken else plain, name,
        )  # fmt: skip
        await record(
            connection, actor_id=user_id, action="seller.opened", subject_id=seller_id, before={},
            after={"state": "draft"}, personal=about(user_id, before={}, after={"name": name}),
        )  # fmt: skip
    return seller_id


async def get_shop(seller_id: UUID, connection: Connection | None = None) -> Shop:
    """Raises NotFound."""
    row = await (connection or pool()).fetchrow(READ, seller_id)
    if row is None:
        raise NotFound("There is no such shop.")
    values = dict(row)
    documents = set(values.pop("documents"))
    reason = values.pop("reason") if row["state"] in {"rejected", "suspended"} else ""
    values.pop("reason", None)
    return Shop(**values, reason=reason, steps=_steps(values, documents))


async def change_profile(seller_id: UUID, change: ShopProfile, *, actor_id: UUID) -> Shop:
    """Raises Invalid; Conflict for what was checked already."""
    given = {name: value for name in FIELDS if (value := getattr(change, name)) is not UNSET}
    clean = {name: _clean(name, value) for name, value in given.items()}
    async with transaction() as connection:
        owner = await connection.fetchval("SELECT user_id FROM seller WHERE id = $1 FOR UPDATE", seller_id)
        old = await get_shop(seller_id, connection)
        changed = {name: value for name, value in clean.items() if value != getattr(old, name)}
        if not changed:
            return old
        if old.state not in {"draft", "rejected"} and changed.keys() & set(SETTLED):
            raise Conflict("Legal name and GSTIN were checked: write to the market to change them.", code="settled")
        values = {name: changed.get(name, getattr(old, name)) for name in FIELDS}
        values["gstin"] = values["gstin"] or None
        await connection.execute(f"UPDATE seller SET {MARKS} WHERE id = $1", seller_id, *values.values())
        before = {name: getattr(old, name) for name in changed}
        await record(
            connection, actor_id=actor_id, action="seller.profile", subject_id=seller_id, before={},
            after={"changed": list(changed)}, personal=about(owner, before=before, after=changed),
        )  # fmt: skip
    return await get_shop(seller_id)


async def submit(seller_id: UUID, *, actor_id: UUID) -> Shop:
    """Send the shop to the market. Raises Invalid while the checklist has gaps, Conflict where it was sent already."""
    async with transaction() as connection:
        await connection.execute("SELECT 1 FROM seller WHERE id = $1 FOR UPDATE", seller_id)
        shop = await get_shop(seller_id, connection)
        if not SELLER.allows(shop.state, "pending"):
            raise Conflict(f"This shop is {shop.state}: there is nothing to send.", code="seller_state")
        demand_steps(shop.steps)
        now = await connection.fetchval("SELECT now()")
        await move(connection, SELLER, seller_id, old=shop.state, new="pending", submitted_at=now)
        await record(
            connection, actor_id=actor_id, action="seller.submit", subject_id=seller_id,
            before={"state": shop.state}, after={"state": "pending"},
        )  # fmt: skip
        await enqueue_all(connection, [Queued("mail.seller_state", {"seller_id": seller_id, "action": "submit"})])
    return await get_shop(seller_id)


def _steps(values: dict[str, object], documents: set[str]) -> list[Step]:
    address = all(values[name] for name in ("address_line", "city", "region", "pin_code"))
    profile = bool(values["name"] and values["legal_name"] and values["description"])
    papers = [Step(kind, words, kind in documents) for kind, words in KINDS.items()]
    return [
        Step("profile", "Name, legal name and a few words about the shop", profile),
        Step("address_line", "The address, which the law wants shown", address),
        Step("gstin", "The GSTIN", bool(values["gstin"])),
        *papers,
    ]


def _clean(name: str, value: str) -> str:
    value = plain_text(value) if name == "description" else " ".join(value.split())
    if name in {"name", "legal_name"}:
        return tidy(value, name)
    if name == "gstin" and value:
        value = value.upper()
        if not GSTIN.fullmatch(value):
            raise Invalid.field("gstin", "wants 15 characters, such as 29ABCDE1234F1Z5")
    if name == "pin_code" and value:
        return demand_pin_code(value)
    if name == "region" and value and value not in REGIONS:
        raise Invalid.field("region", "wants a state or union territory of India")
    return value
