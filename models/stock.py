"""Stock: what is on hand, what is reserved for orders, and every movement of both.

The database keeps 0 <= reserved <= on_hand; every change is one conditional UPDATE and one movement row.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.base import Entry, Row, now_column
from models.product import Variant


class Stock(Model):
    variant: fields.OneToOneRelation[Variant] = fields.OneToOneField(
        "models.Variant", on_delete=fields.CASCADE, primary_key=True, related_name="stock"
    )
    variant_id: UUID
    on_hand = fields.IntField(db_default=0)
    reserved = fields.IntField(db_default=0)
    low_at = fields.IntField(db_default=3)

    class Meta:
        table = "stock"


class Reservation(Row):
    """Units promised to an order: held -> sold | released."""

    order: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="reservations"
    )
    order_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.RESTRICT)
    variant_id: UUID
    quantity = fields.IntField()
    state = fields.CharField(max_length=16, db_default="held")
    expires_at = fields.DatetimeField()
    created_at: datetime = now_column()

    class Meta:
        table = "reservation"


class StockMovement(Entry):
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.CASCADE)
    variant_id: UUID
    order: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, null=True
    )
    order_id: UUID | None
    kind = fields.CharField(max_length=16)
    on_hand_change = fields.IntField(db_default=0)
    reserved_change = fields.IntField(db_default=0)
    created_at: datetime = now_column()

    class Meta:
        table = "stock_movement"


TABLES: tuple[Any, ...] = (Stock, Reservation, StockMovement)
