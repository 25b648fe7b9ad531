"""What happens after the payment: packed, split, refunded by the line, returned, paid in cash, reviewed with pictures.

The database itself refuses refunds beyond what was paid, also of two transactions that know nothing of each other.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

OLD_STATES = "state IN ('pending', 'paid', 'expired', 'cancelled', 'refunded', 'partly_refunded')"
STATES = "state IN ('pending', 'confirmed', 'paid', 'expired', 'cancelled', 'refunded', 'partly_refunded')"
OLD_ACCOUNTS = (
    "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee', 'promotion',"
    " 'gift_card')"
)
ACCOUNTS = OLD_ACCOUNTS.removesuffix(")") + ", 'cash')"
COLUMNS = """
ALTER TABLE orders ADD COLUMN payment_kind varchar(8) NOT NULL DEFAULT 'online';
ALTER TABLE refund ADD COLUMN gift_card_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE seller ADD COLUMN cash_allowed boolean NOT NULL DEFAULT false;
ALTER TABLE shipment ADD COLUMN packed_at timestamptz, ADD COLUMN value_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE return_line ADD COLUMN comment varchar(500) NOT NULL DEFAULT '',
    ADD COLUMN answer varchar(300) NOT NULL DEFAULT '',
    ADD COLUMN refund_id uuid REFERENCES refund (id) ON DELETE RESTRICT;
ALTER TABLE review ADD COLUMN rejection varchar(300) NOT NULL DEFAULT '';
CREATE TABLE refund_line (
    id uuid PRIMARY KEY,
    refund_id uuid NOT NULL REFERENCES refund (id) ON DELETE RESTRICT,
    order_line_id uuid NOT NULL REFERENCES order_line (id) ON DELETE RESTRICT,
    quantity int NOT NULL,
    goods_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    tax_minor bigint NOT NULL);
CREATE TABLE review_photo (
    id uuid PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    key varchar(600) NOT NULL,
    position smallint NOT NULL DEFAULT 0);
"""
NO_COLUMNS = """
DROP TABLE review_photo, refund_line;
ALTER TABLE review DROP COLUMN rejection;
ALTER TABLE return_line DROP COLUMN refund_id, DROP COLUMN answer, DROP COLUMN comment;
ALTER TABLE shipment DROP COLUMN value_minor, DROP COLUMN packed_at;
ALTER TABLE seller DROP COLUMN cash_allowed;
ALTER TABLE refund DROP COLUMN gift_card_minor;
ALTER TABLE orders DROP COLUMN payment_kind;
"""
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
    dependencies = [("models", "0011_vocabulary")]
    operations = [
        ops.RunSQL(COLUMNS, NO_COLUMNS),
        ops.RunSQL(UP, DOWN),
        ops.RunSQL(WITHIN, "DROP TRIGGER refund_within_payment ON refund; DROP FUNCTION refund_within_payment();"),
        ops.RunSQL(
            UNITS, "DROP TRIGGER refund_line_within_order ON refund_line; DROP FUNCTION refund_line_within_order();"
        ),
    ]
