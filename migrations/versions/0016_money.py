"""Payouts and what they settle, disputes, differences with the gateway, and the accounts that they are booked on."""

from tortoise import migrations
from tortoise.migrations import operations as ops

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


TABLES = """
ALTER TABLE seller ADD COLUMN payout_account VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE payout ADD COLUMN tcs_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN account VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE payout ADD COLUMN gateway_payout_id VARCHAR(64);
ALTER TABLE payout ADD COLUMN error VARCHAR(300) NOT NULL DEFAULT '';
CREATE TABLE payout_entry (
    id UUID NOT NULL PRIMARY KEY,
    entry_id BIGINT NOT NULL REFERENCES ledger_entry (id) ON DELETE RESTRICT,
    payout_id UUID NOT NULL REFERENCES payout (id) ON DELETE RESTRICT
);
CREATE TABLE dispute (
    id UUID NOT NULL PRIMARY KEY,
    gateway_dispute_id VARCHAR(64) NOT NULL UNIQUE,
    state VARCHAR(16) NOT NULL,
    phase VARCHAR(32) NOT NULL DEFAULT '',
    reason VARCHAR(64) NOT NULL DEFAULT '',
    amount_minor BIGINT NOT NULL,
    deducted_minor BIGINT NOT NULL DEFAULT 0,
    currency VARCHAR(3) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    payment_id UUID NOT NULL REFERENCES payment (id) ON DELETE RESTRICT
);
CREATE TABLE gateway_difference (
    id UUID NOT NULL PRIMARY KEY,
    kind VARCHAR(32) NOT NULL,
    gateway_id VARCHAR(64) NOT NULL,
    ours_minor BIGINT,
    theirs_minor BIGINT,
    found_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    resolved_at TIMESTAMPTZ
);
ALTER TABLE invoice ADD COLUMN supplier JSONB NOT NULL DEFAULT '{}';
ALTER TABLE invoice ADD COLUMN refers_to_id UUID REFERENCES invoice (id) ON DELETE RESTRICT;
ALTER TABLE invoice ADD COLUMN refund_id UUID REFERENCES refund (id) ON DELETE RESTRICT;
CREATE TABLE invoice_line (
    id UUID NOT NULL PRIMARY KEY,
    quantity INT NOT NULL,
    taxable_minor BIGINT NOT NULL,
    cgst_minor BIGINT NOT NULL,
    sgst_minor BIGINT NOT NULL,
    igst_minor BIGINT NOT NULL,
    invoice_id UUID NOT NULL REFERENCES invoice (id) ON DELETE RESTRICT,
    order_line_id UUID NOT NULL REFERENCES order_line (id) ON DELETE RESTRICT
);
"""
NO_TABLES = """
DROP TABLE invoice_line;
ALTER TABLE invoice DROP COLUMN refund_id;
ALTER TABLE invoice DROP COLUMN refers_to_id;
ALTER TABLE invoice DROP COLUMN supplier;
DROP TABLE gateway_difference;
DROP TABLE dispute;
DROP TABLE payout_entry;
ALTER TABLE payout DROP COLUMN error;
ALTER TABLE payout DROP COLUMN gateway_payout_id;
ALTER TABLE payout DROP COLUMN account;
ALTER TABLE payout DROP COLUMN tcs_minor;
ALTER TABLE seller DROP COLUMN payout_account;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0015_search_log")]
    operations = [ops.RunSQL(TABLES, NO_TABLES), ops.RunSQL(UP, DOWN)]
