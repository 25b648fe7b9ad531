"""The stall of the stock proof: a product of its own, put into the database and archived afterwards."""

from uuid import UUID

from models.base import uuid7
from models.database import Connection, pool, transaction
from models.slug import slugify, with_suffix
from models.states import PRODUCT, try_move

NAME = "Brass Diya Lamp, Festival Batch"
PRICE_MINOR = 59_900

SELLER = """
INSERT INTO seller (id, slug, name, legal_name, state, approved_at)
VALUES ($1, 'haat-stock-proof', 'Haat Stock Proof', 'Haat Stock Proof', 'approved', now())
ON CONFLICT (slug) DO UPDATE SET name = EXCLUDED.name RETURNING id
"""
PRODUCT_ROW = """
INSERT INTO product (id, seller_id, sku, slug, name, brand, description, state)
VALUES ($1, $2, $3, $4, $5, 'Haat', 'A product that `haat prove oversell` sells out and then archives.', 'active')
"""
VARIANT = "INSERT INTO variant (id, product_id, sku, price_minor) VALUES ($1, $2, $3, $4)"
SOLD = """
SELECT coalesce(sum(l.quantity), 0)::int FROM order_line l JOIN orders o ON o.id = l.order_id
 WHERE l.variant_id = $1 AND o.state = 'paid'
"""
OPEN = """
SELECT count(*) FROM orders o JOIN order_line l ON l.order_id = o.id WHERE l.variant_id = $1 AND o.state = 'pending'
"""


class Stall:
    """One product with so many units. `sold` and `pending` are read from the database, not from what buyers saw."""

    def __init__(self, product_id: UUID, variant_id: UUID) -> None:
        self.product_id = product_id
        self.variant_id = variant_id

    async def sold(self) -> int:
        units: int = await pool().fetchval(SOLD, self.variant_id)
        return units

    async def pending(self) -> int:
        orders: int = await pool().fetchval(OPEN, self.variant_id)
        return orders

    async def close(self) -> None:
        """Take the product off the shelves; its orders stay."""
        async with transaction() as connection:
            await try_move(connection, PRODUCT, self.product_id, old="active", new="archived")


async def open_stall(stock: int) -> Stall:
    product_id, variant_id = uuid7(), uuid7()
    async with transaction() as connection:
        await _write(connection, product_id, variant_id, stock)
    return Stall(product_id, variant_id)


async def _write(connection: Connection, product_id: UUID, variant_id: UUID, stock: int) -> None:
    seller_id = await connection.fetchval(SELLER, uuid7())
    sku = product_id.hex[-12:]
    slug = with_suffix(slugify(NAME), product_id)
    await connection.execute(PRODUCT_ROW, product_id, seller_id, sku, slug, NAME)
    await connection.execute(VARIANT, variant_id, product_id, sku, PRICE_MINOR)
    await connection.execute("INSERT INTO stock (variant_id, on_hand) VALUES ($1, $2)", variant_id, stock)
    await connection.execute(
        "INSERT INTO stock_movement (variant_id, kind, on_hand_change) VALUES ($1, 'stocked', $2)", variant_id, stock
    )
