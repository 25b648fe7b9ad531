"""Every row that holds the key of a stored picture, and how a picture gets another key: all of them follow it.

Products' pictures are held by orders and waiting changes too, and their old files are nobody's until a job has looked
once more. People's pictures have one row each, which is held while files are written: erasure never misses one.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from models.database import Connection, pool, transaction
from models.errors import Unavailable
from models.outbox import enqueue

KEPT = r"'^(products|reviews|avatars)/[a-z0-9-]+(_[0-9]{1,4})*\.webp$'"
SHOWN = timedelta(hours=1)
"""So long a page that somebody opened before may still ask for the old files."""
LINES_AT_ONCE = 5_000

# The order lines last, where a key that no product shows any more is left.
SOURCES = {
    "products": f"""
SELECT id, product_id, key FROM product_image WHERE id > $1 AND key ~ {KEPT} ORDER BY id LIMIT $2
""",
    "waiting changes": f"""
SELECT (p->>'id')::uuid AS id, product_id, p->>'key' AS key
  FROM product_change, jsonb_array_elements(coalesce(wanted->'added', '[]')) AS p
 WHERE state = 'pending' AND (p->>'id')::uuid > $1 AND p->>'key' ~ {KEPT} ORDER BY 1 LIMIT $2
""",
    "orders": f"""
SELECT id, product_id, image_key AS key FROM order_line l WHERE id > $1 AND image_key ~ {KEPT}
   AND NOT EXISTS (SELECT FROM product_image i WHERE i.product_id = l.product_id AND i.key = l.image_key)
 ORDER BY id LIMIT $2
""",
    "reviews": f"SELECT id, NULL::uuid, key FROM review_photo WHERE id > $1 AND key ~ {KEPT} ORDER BY id LIMIT $2",
    "people": f"""
SELECT id, NULL::uuid, avatar_key FROM users WHERE id > $1 AND avatar_key ~ {KEPT} ORDER BY id LIMIT $2
""",
}
HOLD = {
    "reviews": "SELECT 1 FROM review_photo WHERE id = $1 AND key = $2 FOR NO KEY UPDATE",
    "people": "SELECT 1 FROM users WHERE id = $1 AND avatar_key = $2 FOR NO KEY UPDATE",
}
REPLACE = {
    "reviews": "UPDATE review_photo SET key = $3 WHERE id = $1 AND key = $2",
    "people": "UPDATE users SET avatar_key = $3 WHERE id = $1 AND avatar_key = $2",
}
FOLLOW = (
    "UPDATE product_image SET key = $3 WHERE product_id = $1 AND key = $2",
    """
    UPDATE product_change SET wanted = replace(wanted::text, to_jsonb($2::text)::text, to_jsonb($3::text)::text)::jsonb
     WHERE product_id = $1 AND state = 'pending'
       AND wanted->'added' @> jsonb_build_array(jsonb_build_object('key', $2::text))
    """,
)
FOLLOW_LINES = """
UPDATE order_line SET image_key = $3 WHERE id IN (
    SELECT id FROM order_line WHERE product_id = $1 AND image_key = $2 LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED)
"""
LEFT = """
SELECT EXISTS (SELECT FROM order_line WHERE product_id = $1 AND image_key = $2)
    OR EXISTS (SELECT FROM product_image WHERE product_id = $1 AND key = $2)
"""


class Held(NamedTuple):
    """A row of one of the SOURCES; `product_id` None for pictures of people."""

    id: UUID
    product_id: UUID | None
    key: str


async def list_held(source: str, *, after: UUID, limit: int) -> list[Held]:
    """Those whose key is of a picture that the shop may keep itself, by id."""
    return [Held(*row) for row in await pool().fetch(SOURCES[source], after, limit)]


async def show_anew(product_id: UUID, *, old: str, new: str) -> None:
    """A product's picture has another key from now on, wherever it is held; the files of `new` are there."""
    async with transaction() as connection:
        await _follow(connection, product_id, old, new)
        ids = {"key": old, "new": new, "product_id": product_id}
        await enqueue(connection, "media.retire", ids, key=f"media.retire:{old}", after=SHOWN)
    await _follow_lines(product_id, old, new)


async def follow_late(product_id: UUID, *, old: str, new: str) -> None:
    """What was being written with the old key meanwhile: a checkout, a change that was approved.

    Raises Unavailable while a row still holds it.
    """
    async with transaction() as connection:
        await _follow(connection, product_id, old, new)
    await _follow_lines(product_id, old, new)
    if await pool().fetchval(LEFT, product_id, old):
        raise Unavailable("An order with this picture is being written.", code="picture")


async def exchange(source: str, row_id: UUID, *, old: str, new: str, write: Callable[[], Awaitable[None]]) -> bool:
    """A person's picture gets another key, and `write` its files; False where the row no longer holds the old one."""
    async with transaction() as connection:
        if await connection.fetchval(HOLD[source], row_id, old) is None:
            return False
        await write()
        await connection.execute(REPLACE[source], row_id, old, new)
        if new != old:
            await enqueue(connection, "media.retire", {"key": old, "new": new}, key=f"media.retire:{old}", after=SHOWN)
    return True


async def _follow(connection: Connection, product_id: UUID, old: str, new: str) -> None:
    for statement in FOLLOW:
        await connection.execute(statement, product_id, old, new)


async def _follow_lines(product_id: UUID, old: str, new: str) -> None:
    """In batches, since a product may have been sold a million times, and past rows that somebody is working on."""
    while await pool().execute(FOLLOW_LINES, product_id, old, new, LINES_AT_ONCE) == f"UPDATE {LINES_AT_ONCE}":
        continue
