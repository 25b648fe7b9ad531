"""Payouts and what they settle, disputes, differences with the gateway, and the accounts that they are booked on."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

from models.base import uuid7

ACCOUNTS = (
    "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee', 'gateway_tax', 'tcs',"
    " 'bank', 'dispute', 'cash', 'promotion', 'gift_card')"
)
OLD_ACCOUNTS = (
    "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee', 'promotion',"
    " 'gift_card', 'cash')"
)
UP = f"""
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_account CHECK ({ACCOUNTS});
ALTER TABLE dispute ADD CONSTRAINT dispute_amounts CHECK (amount_minor > 0 AND deducted_minor >= 0);
ALTER TABLE gateway_difference ADD CONSTRAINT gateway_difference_kind CHECK (kind IN ('payment', 'refund', 'fee'));
CREATE UNIQUE INDEX payout_entry_once ON payout_entry (entry_id);
CREATE INDEX payout_entry_payout ON payout_entry (payout_id);
CREATE UNIQUE INDEX payout_one_under_way ON payout (seller_id) WHERE state IN ('pending', 'unknown');
CREATE INDEX dispute_payment ON dispute (payment_id);
CREATE UNIQUE INDEX invoice_one_per_parcel ON invoice (shipment_id) WHERE kind = 'invoice';
CREATE INDEX invoice_refers_to ON invoice (refers_to_id);
CREATE INDEX invoice_refund ON invoice (refund_id);
CREATE INDEX invoice_line_invoice ON invoice_line (invoice_id);
CREATE INDEX invoice_line_order_line ON invoice_line (order_line_id);
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_quantity CHECK (quantity > 0);
CREATE UNIQUE INDEX gateway_difference_once ON gateway_difference (kind, gateway_id);
"""
DOWN = f"""
ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_quantity;
DROP INDEX invoice_line_order_line, invoice_line_invoice, invoice_refers_to, invoice_refund, invoice_one_per_parcel;
DROP INDEX gateway_difference_once, dispute_payment, payout_one_under_way, payout_entry_payout, payout_entry_once;
ALTER TABLE gateway_difference DROP CONSTRAINT gateway_difference_kind;
ALTER TABLE dispute DROP CONSTRAINT dispute_amounts;
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_account CHECK ({OLD_ACCOUNTS});
"""


def _id() -> fields.UUIDField:
    return fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)


def _at() -> fields.DatetimeField:
    return fields.DatetimeField(db_default=SqlDefault("now()"), auto_now=False, auto_now_add=False)


def _of(model: str, column: str, **rest: object) -> fields.ForeignKeyField:
    return fields.ForeignKeyField(
        model, source_field=column, db_constraint=True, to_field="id", on_delete=OnDelete.RESTRICT, **rest
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0015_search_log")]
    operations = [
        ops.AddField(model_name="Seller", name="payout_account", field=fields.CharField(max_length=64, db_default="")),
        ops.AddField(model_name="Payout", name="tcs_minor", field=fields.BigIntField(db_default=0)),
        ops.AddField(model_name="Payout", name="account", field=fields.CharField(max_length=64, db_default="")),
        ops.AddField(model_name="Payout", name="gateway_payout_id", field=fields.CharField(max_length=64, null=True)),
        ops.AddField(model_name="Payout", name="error", field=fields.CharField(max_length=300, db_default="")),
        ops.CreateModel(
            name="PayoutEntry",
            fields=[
                ("id", _id()),
                ("payout", _of("models.Payout", "payout_id", related_name="entries")),
                ("entry", _of("models.LedgerEntry", "entry_id")),
            ],
            options={"table": "payout_entry", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Dispute",
            fields=[
                ("id", _id()),
                ("payment", _of("models.Payment", "payment_id")),
                ("gateway_dispute_id", fields.CharField(max_length=64, unique=True)),
                ("state", fields.CharField(max_length=16)),
                ("phase", fields.CharField(max_length=32, db_default="")),
                ("reason", fields.CharField(max_length=64, db_default="")),
                ("amount_minor", fields.BigIntField()),
                ("deducted_minor", fields.BigIntField(db_default=0)),
                ("currency", fields.CharField(max_length=3)),
                ("created_at", _at()),
            ],
            options={"table": "dispute", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.CreateModel(
            name="GatewayDifference",
            fields=[
                ("id", _id()),
                ("kind", fields.CharField(max_length=32)),
                ("gateway_id", fields.CharField(max_length=64)),
                ("ours_minor", fields.BigIntField(null=True)),
                ("theirs_minor", fields.BigIntField(null=True)),
                ("found_at", _at()),
                ("resolved_at", fields.DatetimeField(null=True)),
            ],
            options={"table": "gateway_difference", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.AddField(model_name="Invoice", name="supplier", field=fields.JSONField(db_default="{}")),
        ops.AddField(
            model_name="Invoice",
            name="refers_to",
            field=fields.ForeignKeyField(
                "models.Invoice",
                source_field="refers_to_id",
                null=True,
                db_constraint=True,
                to_field="id",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Invoice",
            name="refund",
            field=fields.ForeignKeyField(
                "models.Refund",
                source_field="refund_id",
                null=True,
                db_constraint=True,
                to_field="id",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", _id()),
                ("invoice", _of("models.Invoice", "invoice_id", related_name="lines")),
                ("order_line", _of("models.OrderLine", "order_line_id")),
                ("quantity", fields.IntField()),
                ("taxable_minor", fields.BigIntField()),
                ("cgst_minor", fields.BigIntField()),
                ("sgst_minor", fields.BigIntField()),
                ("igst_minor", fields.BigIntField()),
            ],
            options={"table": "invoice_line", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.RunSQL(UP, DOWN),
    ]
