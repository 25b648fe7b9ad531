"""Refunds and what a buyer's bank took together never exceed a payment: what the bank gave back stands for a refund.

`refund.bank_minor` is what of the goods' price it was; `dispute.made_up_minor` what of its loss.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE refund ADD COLUMN bank_minor bigint NOT NULL DEFAULT 0
    CONSTRAINT refund_bank CHECK (bank_minor >= 0);
ALTER TABLE dispute ADD COLUMN made_up_minor bigint NOT NULL DEFAULT 0
    CONSTRAINT dispute_made_up CHECK (made_up_minor >= 0);
CREATE OR REPLACE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
BEGIN
    SELECT amount_minor INTO paid FROM payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    IF NEW.amount_minor > 0 AND (SELECT sum(amount_minor) FROM refund WHERE payment_id = NEW.payment_id)
            + (SELECT coalesce(sum(deducted_minor), 0) FROM dispute WHERE payment_id = NEW.payment_id) > paid THEN
        RAISE EXCEPTION 'refunds and disputes of payment % exceed it', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
    END IF;
    RETURN NULL;
END $$;
"""
DROP = """
ALTER TABLE dispute DROP COLUMN made_up_minor;
ALTER TABLE refund DROP COLUMN bank_minor;
CREATE OR REPLACE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0031_least_payable")]
    operations = [ops.RunSQL(ADD, DROP)]
