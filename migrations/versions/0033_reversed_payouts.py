"""A bank can give a payout back after it was paid: what it settled is due again, and its statement stays."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE payout ADD COLUMN reversed_at timestamptz, DROP CONSTRAINT payout_state,
    ADD CONSTRAINT payout_state CHECK (state IN ('pending', 'sent', 'failed', 'unknown', 'reversed')),
    ADD CONSTRAINT payout_reversed CHECK ((state = 'reversed') = (reversed_at IS NOT NULL));
ALTER TABLE payout_entry ADD COLUMN freed_at timestamptz;
DROP INDEX payout_entry_once;
CREATE UNIQUE INDEX payout_entry_once ON payout_entry (entry_id) WHERE freed_at IS NULL;
CREATE INDEX payout_entry_entry ON payout_entry (entry_id);
"""
DROP = """
DELETE FROM payout_entry WHERE freed_at IS NOT NULL;
DROP INDEX payout_entry_entry, payout_entry_once;
CREATE UNIQUE INDEX payout_entry_once ON payout_entry (entry_id);
ALTER TABLE payout_entry DROP COLUMN freed_at;
ALTER TABLE payout DROP CONSTRAINT payout_reversed, DROP CONSTRAINT payout_state, DROP COLUMN reversed_at;
UPDATE payout SET state = 'failed' WHERE state = 'reversed';
ALTER TABLE payout ADD CONSTRAINT payout_state CHECK (state IN ('pending', 'sent', 'failed', 'unknown'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0032_refunded_by_bank")]
    operations = [ops.RunSQL(ADD, DROP)]
