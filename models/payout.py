"""The zero-sum ledger and the payouts made from it. Entries of one `transaction_id` add up to zero, by a trigger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.base import Entry, Row, now_column
from models.order import Order
from models.seller import Seller


class LedgerEntry(Entry):
    """`account` is buyer, seller, commission, tax, shipping, gateway or gateway_fee; a credit is positive."""

    transaction_id = fields.UUIDField()
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, null=True
    )
    order_id: UUID | None
    seller: fields.ForeignKeyNullableRelation[Seller] = fields.ForeignKeyField(
        "models.Seller", on_delete=fields.RESTRICT, null=True
    )
    seller_id: UUID | None
    account = fields.CharField(max_length=16)
    reason = fields.CharField(max_length=32)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    created_at: datetime = now_column()

    class Meta:
        table = "ledger_entry"


class Payout(Row):
    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    state = fields.CharField(max_length=16, db_default="pending")
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    reference = fields.CharField(max_length=64, null=True, unique=True)
    created_at: datetime = now_column()
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payout"


TABLES: tuple[Any, ...] = (LedgerEntry, Payout)
