"""Payments: one row is one attempt to collect an order's total through the gateway.

created -> open (the gateway has an order) -> captured | failed; captured -> refunded. The gateway order is made by
whoever claims the row, so there is never a second payable one.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.base import Row, now_column
from models.order import Order


class Payment(Row):
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="payments"
    )
    order_id: UUID
    gateway = fields.CharField(max_length=16, db_default="razorpay")
    state = fields.CharField(max_length=16, db_default="created")
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    gateway_order_id = fields.CharField(max_length=64, null=True, unique=True)
    gateway_payment_id = fields.CharField(max_length=64, null=True, unique=True)
    fee_minor = fields.BigIntField(db_default=0)
    fee_tax_minor = fields.BigIntField(db_default=0)
    claimed_until = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    captured_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payment"


class WebhookEvent(Row):
    """An event of the gateway, once each: the unique (gateway, event_id) is the dedupe. The body is ciphertext."""

    gateway = fields.CharField(max_length=16)
    event_id = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=64)
    body_encrypted = fields.BinaryField()
    outcome = fields.CharField(max_length=32, db_default="received")
    created_at: datetime = now_column()

    class Meta:
        table = "webhook_event"


TABLES: tuple[Any, ...] = (Payment, WebhookEvent)
