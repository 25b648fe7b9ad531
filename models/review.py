"""Reviews of products, one for each user and product; verified when written from an order line."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from tortoise import fields

from models.account import User
from models.base import Row, now_column, uuid7
from models.database import pool, transaction
from models.errors import Conflict, NotFound
from models.order import OrderLine
from models.outbox import enqueue
from models.product import Product

COUNTED_AFTER = timedelta(seconds=30)
"""Ratings reach product pages and search this much later, many at once."""


class Review(Row):
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.CASCADE, related_name="reviews"
    )
    product_id: UUID
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    user_id: UUID
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", on_delete=fields.RESTRICT, null=True
    )
    order_line_id: UUID | None
    rating = fields.SmallIntField()
    title = fields.CharField(max_length=120, db_default="")
    text = fields.TextField(db_default="")
    state = fields.CharField(max_length=16, db_default="published")
    answer = fields.TextField(db_default="")
    created_at: datetime = now_column()

    class Meta:
        table = "review"


class PublicReview(msgspec.Struct, frozen=True, kw_only=True):
    """`author` is a first name; `verified` when the author bought the product here."""

    id: UUID
    rating: int
    title: str
    text: str
    answer: str
    author: str
    verified: bool
    created_at: datetime


BOUGHT = """
SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id
 WHERE o.user_id = $1 AND l.product_id = $2 AND o.paid_at IS NOT NULL ORDER BY o.paid_at LIMIT 1
"""
LIST = """
SELECT r.id, r.rating, r.title, r.text, r.answer, split_part(u.name, ' ', 1) AS author,
       r.order_line_id IS NOT NULL AS verified, r.created_at
  FROM review r JOIN users u ON u.id = r.user_id JOIN product p ON p.id = r.product_id
 WHERE p.slug = $1 AND p.state = 'active' AND r.state = 'published'
 ORDER BY r.created_at DESC, r.id LIMIT $2 OFFSET $3
"""


async def write_review(user_id: UUID, slug: str, *, rating: int, title: str, text: str) -> UUID:
    """One for each user and product. Raises NotFound, and Conflict when there is one already."""
    review_id = uuid7()
    async with transaction() as connection:
        product_id = await connection.fetchval("SELECT id FROM product WHERE slug = $1 AND state = 'active'", slug)
        if product_id is None:
            raise NotFound("There is no such product.")
        order_line_id = await connection.fetchval(BOUGHT, user_id, product_id)
        try:
            await connection.execute(
                "INSERT INTO review (id, product_id, user_id, order_line_id, rating, title, text)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                review_id, product_id, user_id, order_line_id, rating, title.strip(), text.strip(),
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            raise Conflict("You have reviewed this product already.", code="review") from error
        await enqueue(connection, "products.counts", {"product_id": product_id}, after=COUNTED_AFTER)
    return review_id


async def list_reviews(slug: str, *, page: int = 1, per_page: int = 20) -> list[PublicReview]:
    """Newest first; none for an unknown product."""
    rows = await pool().fetch(LIST, slug, per_page, (page - 1) * per_page)
    return [PublicReview(**row) for row in rows]


TABLES: tuple[Any, ...] = (Review,)
