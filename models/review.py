"""Reviews of products, one for each user and product; verified when written from an order line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.account import User
from models.base import Row, now_column
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
    answer = fields.TextField(db_default="")
    created_at: datetime = now_column()

    class Meta:
        table = "review"


TABLES: tuple[Any, ...] = (Review,)
