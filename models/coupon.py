"""Coupons as those who give them manage them: the platform for the whole shop, a seller for its own goods.

The database keeps the rules of a coupon; a coupon is switched off, never deleted, since orders name it.
"""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import msgspec

from models.audit import NOBODY, record
from models.base import uuid7
from models.database import pool, transaction
from models.discount import Kind
from models.errors import Conflict, FieldError, Invalid, NotFound

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}")
PERCENT_MAX = 10_000


class CouponInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`value`: basis points for `percent` (1000 is 10 %), minor units for `amount`, 0 for `free_shipping`."""

    code: Annotated[str, msgspec.Meta(max_length=32)]
    kind: Kind
    value: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    title: Annotated[str, msgspec.Meta(max_length=120)] = ""
    cap_minor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] | None = None
    minimum_minor: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    borne_by: Literal["platform", "seller"] = "platform"
    stackable: bool = False
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    total_limit: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None = None
    buyer_limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None


class CouponRow(msgspec.Struct, frozen=True, kw_only=True):
    """`cost_minor` is what live uses have taken off so far; `standing` says whether it holds now, or why not."""

    id: UUID
    code: str
    title: str
    kind: Kind
    value: int
    cap_minor: int | None
    minimum_minor: int
    seller_name: str | None
    borne_by: str
    stackable: bool
    starts_at: datetime
    ends_at: datetime | None
    total_limit: int | None
    buyer_limit: int | None
    uses: int
    active: bool
    standing: Literal["on", "off", "not_yet", "ended", "used_up"]
    cost_minor: int


ADD = """
INSERT INTO coupon (id, code, title, kind, value, cap_minor, minimum_minor, seller_id, borne_by, stackable, starts_at,
                    ends_at, total_limit, buyer_limit)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()), $12, $13, $14)
"""
LIST = """
SELECT k.id, k.code, k.title, k.kind, k.value, k.cap_minor, k.minimum_minor, s.name AS seller_name, k.borne_by,
       k.stackable, k.starts_at, k.ends_at, k.total_limit, k.buyer_limit, k.uses, k.active,
       CASE WHEN NOT k.active THEN 'off' WHEN k.ends_at <= now() THEN 'ended' WHEN k.starts_at > now() THEN 'not_yet'
            WHEN k.uses >= k.total_limit THEN 'used_up' ELSE 'on' END AS standing,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM coupon_use
         WHERE coupon_id = k.id AND number IS NOT NULL) AS cost_minor
  FROM coupon k LEFT JOIN seller s ON s.id = k.seller_id
 WHERE $1::uuid IS NULL OR k.seller_id = $1
 ORDER BY k.active DESC, k.id DESC LIMIT $2
"""


async def create_coupon(wanted: CouponInput, *, seller_id: UUID | None = None, actor_id: UUID = NOBODY) -> UUID:
    """With `seller_id` it covers that seller's goods alone and the seller bears it. Raises Invalid, Conflict."""
    code = wanted.code.strip().upper()
    wrong = list(_wrong(code, wanted))
    if seller_id is None and wanted.borne_by == "seller":
        wrong.append(FieldError("borne_by", "wants platform: a seller bears its own coupons only"))
    if wrong:
        listed = "; ".join(f"{field} {detail}" for field, detail in wrong)
        raise Invalid(f"This coupon cannot be: {listed}.", fields=wrong)
    coupon_id, bearer = uuid7(), "seller" if seller_id else "platform"
    values = (wanted.title.strip(), wanted.kind, wanted.value, wanted.cap_minor, wanted.minimum_minor, seller_id)
    limits = (wanted.starts_at, wanted.ends_at, wanted.total_limit, wanted.buyer_limit)
    try:
        async with transaction() as connection:
            await connection.execute(ADD, coupon_id, code, *values, bearer, wanted.stackable, *limits)
            await record(
                connection, actor_id=actor_id, action="coupon.created", subject_id=coupon_id, before={},
                after=msgspec.to_builtins(wanted) | {"seller_id": seller_id},
            )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        taken = [FieldError("code", "is taken; choose another one")]
        raise Conflict(f"There is a coupon {code} already.", code="coupon_taken", fields=taken) from error
    except asyncpg.CheckViolationError as error:
        raise Invalid.field("ends_at", "must be after the start") from error
    return coupon_id


async def list_coupons(*, seller_id: UUID | None = None, limit: int = 100) -> list[CouponRow]:
    """Live ones first, then the newest; of one seller, or of all."""
    return [CouponRow(**row) for row in await pool().fetch(LIST, seller_id, limit)]


async def switch_coupon(
    coupon_id: UUID, *, active: bool, seller_id: UUID | None = None, actor_id: UUID = NOBODY
) -> None:
    """Raises NotFound, also for another seller's."""
    async with transaction() as connection:
        old = await connection.fetchval(
            "SELECT active FROM coupon WHERE id = $1 AND ($2::uuid IS NULL OR seller_id = $2) FOR UPDATE",
            coupon_id,
            seller_id,
        )
        if old is None:
            raise NotFound("There is no such coupon.")
        await connection.execute("UPDATE coupon SET active = $2 WHERE id = $1", coupon_id, active)
        await record(
            connection, actor_id=actor_id, action="coupon.switched", subject_id=coupon_id, before={"active": old},
            after={"active": active},
        )  # fmt: skip


def _wrong(code: str, wanted: CouponInput) -> list[FieldError]:
    found = []
    if not CODE.fullmatch(code):
        found.append(FieldError("code", "wants 3 to 32 capital letters, digits and dashes, such as DIWALI-10"))
    if wanted.kind == "percent" and not 0 < wanted.value <= PERCENT_MAX:
        found.append(FieldError("value", "wants a percentage from 0.01 to 100"))
    if wanted.kind == "amount" and not wanted.value:
        found.append(FieldError("value", "wants an amount above 0"))
    if wanted.kind == "free_shipping" and wanted.value:
        found.append(FieldError("value", "must be 0 for free delivery"))
    return found
