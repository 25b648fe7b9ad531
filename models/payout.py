"""The tables of money: the zero-sum ledger, the payouts made from it, disputes, and what gateway and books disagree on.

Entries of one `transaction_id` add up to zero, by a trigger. One payout at a time settles an entry, by a unique index.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.base import Entry, Row, now_column
from models.order import Order
from models.payment import Payment
from models.seller import Seller


class LedgerEntry(Entry):
    """A credit is positive. The accounts are listed in `docs/money.md` and by a CHECK."""

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
    """pending -> unknown -> sent | failed; sent -> reversed where the bank gives it back; pending -> failed where a
    return or dispute began before the bank was told.

    `reference` is ours; the gateway is asked for it before it is told again.
    """

    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    state = fields.CharField(max_length=16, db_default="pending")
    amount_minor = fields.BigIntField()
    tcs_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    reference = fields.CharField(max_length=64, null=True, unique=True)
    account = fields.CharField(max_length=64, db_default="")
    gateway_payout_id = fields.CharField(max_length=64, null=True)
    error = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    sent_at = fields.DatetimeField(null=True)
    reversed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payout"


class PayoutEntry(Row):
    """A ledger entry that a payout settles. A failed payout has none; those of a reversed one are `freed_at`."""

    payout: fields.ForeignKeyRelation[Payout] = fields.ForeignKeyField(
        "models.Payout", on_delete=fields.RESTRICT, related_name="entries"
    )
    payout_id: UUID
    entry: fields.ForeignKeyRelation[LedgerEntry] = fields.ForeignKeyField(
        "models.LedgerEntry", on_delete=fields.RESTRICT
    )
    entry_id: int
    freed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payout_entry"


class Dispute(Row):
    """open <-> under_review -> won | lost | closed; won -> open, under_review or lost in a later phase.

    As the gateway told it last, at `told_at`; `deducted_minor` is what its bank keeps, `made_up_minor` what of that has
    stood for a refund since. The shares of sellers are in `dispute_share`; `borne_by` says whether it is they who lose
    it, or the platform.
    """

    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField("models.Payment", on_delete=fields.RESTRICT)
    payment_id: UUID
    gateway_dispute_id = fields.CharField(max_length=64, unique=True)
    state = fields.CharField(max_length=16)
    phase = fields.CharField(max_length=32, db_default="")
    reason = fields.CharField(max_length=64, db_default="")
    amount_minor = fields.BigIntField()
    deducted_minor = fields.BigIntField(db_default=0)
    made_up_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    borne_by = fields.CharField(max_length=8, db_default="seller")
    respond_by = fields.DatetimeField(null=True)
    told_at = fields.DatetimeField()
    created_at: datetime = now_column()

    class Meta:
        table = "dispute"


class GatewayDifference(Row):
    """Something that the gateway and the books do not agree on; `resolved_at` once they do."""

    kind = fields.CharField(max_length=32)
    gateway_id = fields.CharField(max_length=64)
    ours_minor = fields.BigIntField(null=True)
    theirs_minor = fields.BigIntField(null=True)
    found_at: datetime = now_column()
    resolved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "gateway_difference"


TABLES: tuple[Any, ...] = (LedgerEntry, Payout, PayoutEntry, Dispute, GatewayDifference)
