"""Which PIN codes lie in which zone: the longest prefix wins, and what no prefix names is national."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from models.audit import NOBODY, record
from models.database import pool, transaction
from models.errors import NotFound

SET = """
WITH old AS (SELECT zone FROM shipping_zone WHERE prefix = $1)
INSERT INTO shipping_zone (prefix, zone) VALUES ($1, $2) ON CONFLICT (prefix) DO UPDATE SET zone = EXCLUDED.zone
RETURNING (SELECT zone FROM old) AS old
"""


class PinZone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`prefix`: the first digits of PIN codes; all six are one post office."""

    prefix: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,5}(?!\n)$")]
    zone: Literal["metro", "national", "remote"]


async def list_zones() -> list[PinZone]:
    """By prefix."""
    return [PinZone(**row) for row in await pool().fetch("SELECT prefix, zone FROM shipping_zone ORDER BY prefix")]


async def set_zone(wanted: PinZone, *, actor_id: UUID) -> None:
    """Holds from the next cart that is looked at; orders keep what they were charged."""
    async with transaction() as connection:
        old = await connection.fetchval(SET, wanted.prefix, wanted.zone)
        await record(
            connection, actor_id=actor_id, action="zone.set", subject_id=NOBODY,
            before={"prefix": wanted.prefix, "zone": old}, after=msgspec.to_builtins(wanted),
        )  # fmt: skip


async def drop_zone(prefix: str, *, actor_id: UUID) -> None:
    """A shorter prefix holds again, or none. Raises NotFound."""
    async with transaction() as connection:
        old = await connection.fetchval("DELETE FROM shipping_zone WHERE prefix = $1 RETURNING zone", prefix)
        if old is None:
            raise NotFound("No zone is set for these PIN codes.")
        await record(
            connection, actor_id=actor_id, action="zone.dropped", subject_id=NOBODY,
            before={"prefix": prefix, "zone": old}, after={},
        )  # fmt: skip
