"""GST rates by HSN prefix and price, each from a day on: a change of the law is entered before it holds.

The longest prefix that fits wins, then the dearest bound below what a piece is sold for, then the latest day; orders
keep their rate.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from models.audit import NOBODY, record
from models.database import pool, transaction
from models.errors import Invalid

SET = """
INSERT INTO tax_rate (hsn_prefix, over_minor, rate_bps, valid_from) VALUES ($1, $2, $3, $4)
ON CONFLICT (hsn_prefix, over_minor, valid_from) DO UPDATE SET rate_bps = EXCLUDED.rate_bps
"""
HELD = "SELECT rate_bps FROM tax_rate WHERE hsn_prefix = $1 AND over_minor = $2 AND valid_from = $3 FOR UPDATE"
TODAY = "SELECT (now() AT TIME ZONE 'Asia/Kolkata')::date"
LIST = f"""
SELECT hsn_prefix, over_minor, rate_bps, valid_from, CASE
       WHEN valid_from > ({TODAY}) THEN 'later'
       WHEN valid_from = max(valid_from) FILTER (WHERE valid_from <= ({TODAY}))
                         OVER (PARTITION BY hsn_prefix, over_minor) THEN 'now' ELSE 'before' END AS holds
  FROM tax_rate WHERE starts_with(hsn_prefix, $1) OR starts_with($1, hsn_prefix)
 ORDER BY hsn_prefix, over_minor, valid_from DESC
"""


class TaxRateInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CGST and SGST together, or IGST, in basis points, for goods sold above `over_minor` a piece, tax included."""

    hsn_prefix: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{2}){1,4}(?!\n)$")]
    over_minor: Annotated[int, msgspec.Meta(ge=0, le=100_000_000_000)] = 0
    rate_bps: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    valid_from: date


class TaxRateRow(TaxRateInput, frozen=True, kw_only=True):
    """`holds`: now, later or before."""

    holds: str


async def list_tax_rates(code: str = "") -> list[TaxRateRow]:
    """By HSN prefix and bound, the latest day first. `code`: those that fit goods of this code, or begin with it."""
    return [TaxRateRow(**row) for row in await pool().fetch(LIST, code)]


async def set_tax_rate(rate: TaxRateInput, *, actor_id: UUID) -> None:
    """From today at the earliest: what was sold at another rate stays as it was. Raises Invalid."""
    async with transaction() as connection:
        today: date = await connection.fetchval(TODAY)
        if rate.valid_from < today:
            raise Invalid.field("valid_from", f"wants {today} or a later day: what was sold keeps its rate")
        old = await connection.fetchval(HELD, rate.hsn_prefix, rate.over_minor, rate.valid_from)
        await connection.execute(SET, rate.hsn_prefix, rate.over_minor, rate.rate_bps, rate.valid_from)
        await record(
            connection, actor_id=actor_id, action="tax_rate.set", subject_id=NOBODY,
            before={} if old is None else {"rate_bps": old}, after=msgspec.to_builtins(rate),
        )  # fmt: skip
