"""The zero-sum rule looks at the rows that a statement adds, and no longer at the whole ledger.

A statement's additions to each transaction must add up to zero, so every transaction does; the old trigger read the
table from end to end for it, which made each sale dearer than the last.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

RULE = """
CREATE OR REPLACE FUNCTION ledger_entry_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken uuid;
BEGIN
    SELECT l.transaction_id INTO broken FROM {added}
     GROUP BY l.transaction_id, l.currency HAVING sum(l.amount_minor) <> 0 LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'ledger transaction % does not add up to zero', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_zero_sum';
    END IF;
    RETURN NULL;
END $$;
"""
OLD = "ledger_entry l WHERE l.transaction_id IN (SELECT transaction_id FROM added)"


class Migration(migrations.Migration):
    dependencies = [("models", "0020_gift_cards_owed")]
    operations = [ops.RunSQL(RULE.format(added="added l"), RULE.format(added=OLD))]
