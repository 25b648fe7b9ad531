"""Pictures of products: those that still lie on somebody else's server, and the shop's own copies of them.

`source` keeps the address that an import gave, so that importing again knows the picture.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, NotFound
from models.product_change import (
    PICTURES_MAX,
    NewPicture,
    Wanted,
    demand_places,
    find_waiting,
    propose,
    rewrite,
)
from models.product_write import Owner, demand_owner

INSERT = """
INSERT INTO product_image (id, product_id, key, source, position)
SELECT id, product_id, address, address, position
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[]) AS w (id, product_id, address, position)
"""
ADD = """
INSERT INTO product_image (id, product_id, key, position)
SELECT $1, $2, $3, coalesce((SELECT max(position) + 1 FROM product_image WHERE product_id = $2), 0)
ON CONFLICT (id) DO NOTHING RETURNING id
"""


async def add_linked(connection: Connection, pictures: Mapping[UUID, Sequence[str]]) -> list[UUID]:
    """Addresses by product, in order; shown from where they are until they are copied. Returns the pictures' ids."""
    rows = [
        (uuid7(), product, address, place) for product, given in pictures.items() for place, address in enumerate(given)
    ]
    if rows:
        await connection.execute(INSERT, *map(list, zip(*rows, strict=True)))
    return [row[0] for row in rows]


async def find_linked(image_id: UUID) -> str | None:
    """The address of a picture that is not the shop's own yet."""
    address: str | None = await pool().fetchval(
        "SELECT key FROM product_image WHERE id = $1 AND key = source", image_id
    )
    return address


async def replace_key(image_id: UUID, *, old: str, new: str) -> None:
    """From now on the copy is shown, unless the picture was changed meanwhile."""
    await pool().execute("UPDATE product_image SET key = $3 WHERE id = $1 AND key = $2", image_id, old, new)


async def demand_room(seller_id: UUID, product_id: UUID) -> None:
    """Raises NotFound for a product of another seller, Conflict when it has all the pictures that it may have."""
    row = await pool().fetchrow(
        "SELECT (SELECT count(*) FROM product_image WHERE product_id = p.id) AS pictures FROM product p"
        " WHERE p.id = $1 AND p.seller_id = $2",
        product_id,
        seller_id,
    )
    if row is None:
        raise NotFound("You have no such product.")
    if row["pictures"] >= PICTURES_MAX:
        raise Conflict(f"This product has {PICTURES_MAX} pictures: take one away first.", code="pictures")


async def add_picture(seller_id: UUID, product_id: UUID, image_id: UUID, *, key: str, actor_id: UUID) -> None:
    """A stored picture, last among those of its product, or waiting to be. Raises NotFound, Forbidden, Conflict."""
    async with transaction() as connection:
        owner = await demand_owner(connection, seller_id, product_id)
        if await _knows(connection, product_id, image_id):
            raise Conflict("This picture was added already.", code="pictures")
        if await _waits(connection, owner, product_id):
            added = Wanted(added=(NewPicture(image_id, key),))
            await propose(connection, product_id, added, actor_id=actor_id)
            await _record(connection, product_id, actor_id, before={}, after={"key": key, "waits": True})
            return
        await demand_places(connection, product_id, await find_waiting(connection, product_id) or Wanted(), more=1)
        if await connection.fetchval(ADD, image_id, product_id, key) is None:
            raise Conflict("This picture was added already.", code="pictures")
        await _record(connection, product_id, actor_id, before={}, after={"key": key})


async def remove_picture(seller_id: UUID, product_id: UUID, image_id: UUID, *, actor_id: UUID) -> None:
    """The stored object stays: a cached page may still show it. One that waits is not asked for any more, also by a
    seller who is trusted by now. Raises NotFound, Forbidden.
    """
    async with transaction() as connection:
        owner = await demand_owner(connection, seller_id, product_id)
        waiting = await find_waiting(connection, product_id) or Wanted()
        if await _waits(connection, owner, product_id) or image_id in {picture.id for picture in waiting.added}:
            await _propose_removal(connection, product_id, image_id, actor_id)
            return
        key = await connection.fetchval(
            "DELETE FROM product_image WHERE id = $1 AND product_id = $2 RETURNING key", image_id, product_id
        )
        if key is None:
            raise NotFound("This product has no such picture.")
        left = replace(waiting, removed=tuple(gone for gone in waiting.removed if gone != image_id))
        await rewrite(connection, product_id, left, actor_id=actor_id)
        await _record(connection, product_id, actor_id, before={"key": key}, after={})


async def _waits(connection: Connection, owner: Owner, product_id: UUID) -> bool:
    """Whether the market looks at a picture first: of a live product, where the seller is not trusted."""
    return not owner.trusted and bool(
        await connection.fetchval("SELECT state = 'active' FROM product WHERE id = $1", product_id)
    )


async def _propose_removal(connection: Connection, product_id: UUID, image_id: UUID, actor_id: UUID) -> None:
    """Of a picture that is live, or was added by the change that waits. Raises NotFound."""
    if not await _knows(connection, product_id, image_id):
        raise NotFound("This product has no such picture.")
    await propose(connection, product_id, Wanted(removed=(image_id,)), actor_id=actor_id)
    await _record(connection, product_id, actor_id, before={"id": image_id}, after={"waits": True})


async def _knows(connection: Connection, product_id: UUID, image_id: UUID) -> bool:
    """Whether this product has the picture, or the change that waits adds it."""
    known = await connection.fetchval(
        "SELECT 1 FROM product_image WHERE id = $1 AND product_id = $2 UNION ALL"
        " SELECT 1 FROM product_change, jsonb_array_elements(coalesce(wanted->'added', '[]')) AS p"
        "  WHERE product_id = $2 AND state = 'pending' AND (p->>'id')::uuid = $1",
        image_id,
        product_id,
    )
    return known is not None


async def _record(
    connection: Connection, product_id: UUID, actor_id: UUID, *, before: dict[str, object], after: dict[str, object]
) -> None:
    await record(
        connection, actor_id=actor_id, action="product.picture", subject_id=product_id, before=before, after=after
    )
