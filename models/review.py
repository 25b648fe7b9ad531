"""Reviews of products by those who got them: one for each user and product, shown once the market has looked at it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from tortoise import fields

from models import replica
from models.account import User
from models.base import Row, now_column, uuid7
from models.database import pool, transaction
from models.errors import Conflict, Forbidden, NotFound
from models.order import OrderLine
from models.product import Product


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
    rejection = fields.CharField(max_length=300, db_default="")
    answer = fields.TextField(db_default="")
    created_at: datetime = now_column()

    class Meta:
        table = "review"


class ReviewPhoto(Row):
    review: fields.ForeignKeyRelation[Review] = fields.ForeignKeyField(
        "models.Review", on_delete=fields.CASCADE, related_name="photos"
    )
    review_id: UUID
    key = fields.CharField(max_length=600)
    position = fields.SmallIntField(db_default=0)

    class Meta:
        table = "review_photo"


class PublicReview(msgspec.Struct, frozen=True, kw_only=True):
    """`author` is a first name; `verified` when the author bought the product here; `photos` are keys of pictures."""

    id: UUID
    rating: int
    title: str
    text: str
    answer: str
    author: str
    verified: bool
    photos: list[str]
    created_at: datetime


TABLES: tuple[Any, ...] = (Review, ReviewPhoto)

PHOTOS_MAX = 4
BOUGHT = """
SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id JOIN shipment_line x ON x.order_line_id = l.id
  JOIN shipment h ON h.id = x.shipment_id
 WHERE o.user_id = $1 AND l.product_id = $2 AND h.state = 'delivered' ORDER BY h.delivered_at LIMIT 1
"""
LIST = """
SELECT r.id, r.rating, r.title, r.text, r.answer, split_part(u.name, ' ', 1) AS author,
       r.order_line_id IS NOT NULL AS verified,
       ARRAY(SELECT key FROM review_photo WHERE review_id = r.id ORDER BY position, id) AS photos, r.created_at
  FROM review r JOIN users u ON u.id = r.user_id JOIN product p ON p.id = r.product_id
 WHERE p.slug = $1 AND p.state = 'active' AND r.state = 'published'
 ORDER BY r.created_at DESC, r.id LIMIT $2 OFFSET $3
"""
ADD_PHOTO = """
INSERT INTO review_photo (id, review_id, key, position) SELECT $1, $2, $3, count(*) FROM review_photo
 WHERE review_id = $2 HAVING count(*) < $4
"""
MAY_REVIEW = """
SELECT DISTINCT p.slug FROM product p JOIN order_line l ON l.product_id = p.id JOIN orders o ON o.id = l.order_id
  JOIN shipment_line x ON x.order_line_id = l.id JOIN shipment h ON h.id = x.shipment_id
 WHERE o.user_id = $1 AND p.slug = ANY($2) AND p.state = 'active' AND h.state = 'delivered'
   AND NOT EXISTS (SELECT FROM review WHERE product_id = p.id AND user_id = $1)
"""


async def write_review(user_id: UUID, slug: str, *, rating: int, title: str, text: str) -> UUID:
    """One for each user and product; it waits for the market. Raises NotFound; Forbidden for who did not get the
    product here; Conflict when there is one already.
    """
    review_id = uuid7()
    async with transaction() as connection:
        product_id = await connection.fetchval("SELECT id FROM product WHERE slug = $1 AND state = 'active'", slug)
        if product_id is None:
            raise NotFound("There is no such product.")
        order_line_id = await connection.fetchval(BOUGHT, user_id, product_id)
        if order_line_id is None:
            raise Forbidden("Only who bought this here, and has it, can review it.", code="not_bought")
        try:
            await connection.execute(
                "INSERT INTO review (id, product_id, user_id, order_line_id, rating, title, text, state)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')",
                review_id, product_id, user_id, order_line_id, rating, title.strip(), text.strip(),
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            raise Conflict("You have reviewed this product already.", code="review") from error
    return review_id


async def demand_photo_room(user_id: UUID, review_id: UUID) -> None:
    """Raises NotFound for another's review, Conflict once it has all its photos or was looked at."""
    row = await pool().fetchrow(
        "SELECT state, (SELECT count(*) FROM review_photo WHERE review_id = r.id) AS photos FROM review r"
        " WHERE id = $1 AND user_id = $2",
        review_id,
        user_id,
    )
    if row is None:
        raise NotFound("You have no such review.")
    if row["state"] != "pending":
        raise Conflict("This review was looked at already: its photos stay as they are.", code="review")
    if row["photos"] >= PHOTOS_MAX:
        raise Conflict(f"A review has at most {PHOTOS_MAX} photos.", code="photos")


async def add_photo(user_id: UUID, review_id: UUID, photo_id: UUID, *, key: str) -> None:
    """A stored picture, last among those of its review. Raises NotFound, Conflict."""
    async with transaction() as connection:
        state = await connection.fetchval(
            "SELECT state FROM review WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE", review_id, user_id
        )
        if state is None:
            raise NotFound("You have no such review.")
        status = await connection.execute(ADD_PHOTO, photo_id, review_id, key, PHOTOS_MAX)
        if state != "pending" or status != "INSERT 0 1":
            raise Conflict(f"Only a new review takes photos, and at most {PHOTOS_MAX}.", code="photos")


async def may_review(user_id: UUID, product_slugs: Sequence[str]) -> set[str]:
    """Which of these products the user has and did not review yet."""
    rows = await pool().fetch(MAY_REVIEW, user_id, product_slugs)
    return {row["slug"] for row in rows}


async def list_reviews(slug: str, *, page: int = 1, per_page: int = 20) -> list[PublicReview]:
    """Newest first; none for an unknown product."""
    rows = await replica.fetch(LIST, slug, per_page, (page - 1) * per_page)
    return [PublicReview(**row) for row in rows]
