"""When a return was approved: one that does not come is ended some time later, for it holds the payout of its order."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE return_line ADD COLUMN approved_at timestamptz;
UPDATE return_line r SET approved_at = coalesce((
       SELECT max(e.created_at) FROM order_event e JOIN order_line l ON l.order_id = e.order_id
        WHERE l.id = r.order_line_id AND e.kind = 'return_approved' AND e.detail->>'return_id' = r.id::text), now())
 WHERE state = 'approved';
ALTER TABLE return_line ADD CONSTRAINT return_line_approved CHECK (state <> 'approved' OR approved_at IS NOT NULL);
"""
DROP = "ALTER TABLE return_line DROP CONSTRAINT return_line_approved, DROP COLUMN approved_at"


class Migration(migrations.Migration):
    dependencies = [("models", "0041_name_seen")]
    operations = [ops.RunSQL(ADD, DROP)]
