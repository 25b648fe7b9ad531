"""A shop whose owner was erased stays closed: nobody could answer for it. One that was imported never had an owner.

Such shops are known by the trail of their opening; those that the operator restored meanwhile are closed again.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE seller ADD COLUMN left_at timestamptz;
UPDATE seller SET left_at = now(), state = CASE WHEN state IN ('approved', 'pending') THEN 'suspended' ELSE state END
 WHERE user_id IS NULL
   AND EXISTS (SELECT FROM audit_entry a WHERE a.subject_id = seller.id AND a.action = 'seller.opened');
ALTER TABLE seller ADD CONSTRAINT seller_left
    CHECK (left_at IS NULL OR (user_id IS NULL AND state IN ('draft', 'rejected', 'suspended')));
"""
DROP = "ALTER TABLE seller DROP COLUMN left_at"


class Migration(migrations.Migration):
    dependencies = [("models", "0036_narrowed_searches")]
    operations = [ops.RunSQL(ADD, DROP)]
