"""Refunds of captured payments: requested -> sent -> processed | failed. `key` makes each one happen once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.base import Row, now_column
from models.payment import Payment


class Refund(Row):
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", on_delete=fields.RESTRICT, related_name="refunds"
    )
    payment_id: UUID
    key = fields.CharField(max_length=80, unique=True)
    state = fields.CharField(max_length=16, db_default="requested")
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    reason = fields.CharField(max_length=64)
    gateway_refund_id = fields.CharField(max_length=64, null=True, unique=True)
    error = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    processed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refund"


TABLES: tuple[Any, ...] = (Refund,)
