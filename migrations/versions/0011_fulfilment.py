"""What happens after the payment: packed, split, refunded by the line, returned, paid in cash, reviewed with pictures.

The database itself refuses refunds beyond what was paid, also of two transactions that know nothing of each other.
"""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.base import uuid7

OLD_STATES = "state IN ('pending', 'paid', 'expired', 'cancelled', 'refunded', 'partly_refunded')"
STATES = "state IN ('pending', 'confirmed', 'paid', 'expired', 'cancelled', 'refunded', 'partly_refunded')"
OLD_ACCOUNTS = (
    "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee', 'promotion',"
    " 'gift_card')"
)
ACCOUNTS = OLD_ACCOUNTS.removesuffix(")") + ", 'cash')"
UP = f"""
ALTER TABLE orders DROP CONSTRAINT orders_state;
ALTER TABLE orders ADD CONSTRAINT orders_state CHECK ({STATES});
ALTER TABLE orders ADD CONSTRAINT orders_payment_kind CHECK (payment_kind IN ('online', 'cash'));
ALTER TABLE orders ADD CONSTRAINT orders_confirmed CHECK (state <> 'confirmed' OR payment_kind = 'cash');
ALTER TABLE shipment ADD CONSTRAINT shipment_value CHECK (value_minor >= 0);
ALTER TABLE refund DROP CONSTRAINT refund_amount;
ALTER TABLE refund ADD CONSTRAINT refund_amount CHECK (
    LEAST(amount_minor, gift_card_minor) >= 0 AND amount_minor + gift_card_minor > 0);
ALTER TABLE refund_line ADD CONSTRAINT refund_line_quantity CHECK (quantity > 0);
ALTER TABLE refund_line ADD CONSTRAINT refund_line_amounts CHECK (LEAST(goods_minor, shipping_minor, tax_minor) >= 0);
CREATE UNIQUE INDEX refund_line_pair ON refund_line (refund_id, order_line_id);
CREATE INDEX refund_line_order_line ON refund_line (order_line_id);
CREATE INDEX return_line_refund ON return_line (refund_id);
CREATE INDEX return_line_open ON return_line (created_at) WHERE state IN ('requested', 'approved', 'received');
CREATE INDEX review_photo_review ON review_photo (review_id, position);
CREATE INDEX review_waiting ON review (created_at) WHERE state = 'pending';
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_account CHECK ({ACCOUNTS});
UPDATE shipment h SET value_minor = v.value_minor FROM (
       SELECT x.shipment_id, sum(l.total_minor * x.quantity / l.quantity) AS value_minor
         FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id GROUP BY 1) v WHERE v.shipment_id = h.id;
"""
DOWN = f"""
DROP INDEX review_waiting, review_photo_review, return_line_open, return_line_refund, refund_line_order_line,
    refund_line_pair;
ALTER TABLE refund DROP CONSTRAINT refund_amount;
ALTER TABLE refund ADD CONSTRAINT refund_amount CHECK (amount_minor > 0);
ALTER TABLE refund_line DROP CONSTRAINT refund_line_amounts, DROP CONSTRAINT refund_line_quantity;
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_account CHECK ({OLD_ACCOUNTS});
ALTER TABLE shipment DROP CONSTRAINT shipment_value;
ALTER TABLE orders DROP CONSTRAINT orders_confirmed, DROP CONSTRAINT orders_payment_kind, DROP CONSTRAINT orders_state;
ALTER TABLE orders ADD CONSTRAINT orders_state CHECK ({OLD_STATES});
"""
WITHIN = """
CREATE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
BEGIN
    SELECT amount_minor INTO paid FROM payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount_minor) FROM refund WHERE payment_id = NEW.payment_id) > paid THEN
        RAISE EXCEPTION 'refunds of payment % exceed it', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refund_within_payment AFTER INSERT ON refund FOR EACH ROW EXECUTE FUNCTION refund_within_payment();
"""
UNITS = """
CREATE FUNCTION refund_line_within_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sold int;
BEGIN
    SELECT quantity INTO sold FROM order_line WHERE id = NEW.order_line_id FOR NO KEY UPDATE;
    IF (SELECT sum(quantity) FROM refund_line WHERE order_line_id = NEW.order_line_id) > sold THEN
        RAISE EXCEPTION 'more of order line % is refunded than was sold', NEW.order_line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_line_within_order';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refund_line_within_order AFTER INSERT ON refund_line
    FOR EACH ROW EXECUTE FUNCTION refund_line_within_order();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0010_prices"), ("models", "0010_vocabulary")]
    operations = [
        ops.AddField(
            model_name="Order", name="payment_kind", field=fields.CharField(max_length=8, db_default="online")
        ),
        ops.AddField(model_name="Refund", name="gift_card_minor", field=fields.BigIntField(db_default=0)),
        ops.AddField(model_name="Seller", name="cash_allowed", field=fields.BooleanField(db_default=False)),
        ops.AddField(model_name="Shipment", name="packed_at", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="Shipment", name="value_minor", field=fields.BigIntField(db_default=0)),
        ops.AddField(model_name="ReturnLine", name="comment", field=fields.CharField(max_length=500, db_default="")),
        ops.AddField(model_name="ReturnLine", name="answer", field=fields.CharField(max_length=300, db_default="")),
        ops.AddField(
            model_name="ReturnLine",
            name="refund",
            field=fields.ForeignKeyField(
                "models.Refund", source_field="refund_id", null=True, db_constraint=True, to_field="id",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(model_name="Review", name="rejection", field=fields.CharField(max_length=300, db_default="")),
        ops.CreateModel(
            name="RefundLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "models.Refund", source_field="refund_id", db_constraint=True, to_field="id",
                        related_name="lines", on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine", source_field="order_line_id", db_constraint=True, to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", fields.IntField()),
                ("goods_minor", fields.BigIntField()),
                ("shipping_minor", fields.BigIntField()),
                ("tax_minor", fields.BigIntField()),
            ],
            options={"table": "refund_line", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ReviewPhoto",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "review",
                    fields.ForeignKeyField(
                        "models.Review", source_field="review_id", db_constraint=True, to_field="id",
                        related_name="photos", on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=600)),
                ("position", fields.SmallIntField(db_default=0)),
            ],
            options={"table": "review_photo", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.RunSQL(UP, DOWN),
        ops.RunSQL(WITHIN, "DROP TRIGGER refund_within_payment ON refund; DROP FUNCTION refund_within_payment();"),
        ops.RunSQL(
            UNITS, "DROP TRIGGER refund_line_within_order ON refund_line; DROP FUNCTION refund_line_within_order();"
        ),
    ]  # fmt: skip
