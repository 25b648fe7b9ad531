"""What waits to be paid is nothing or at least one rupee: the gateway collects no less.

Orders of before are not looked at: one that could never be paid must still be able to expire.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE orders ADD CONSTRAINT orders_collectable CHECK (
    state <> 'pending' OR total_minor = gift_card_minor OR total_minor - gift_card_minor >= 100) NOT VALID
"""
DROP = "ALTER TABLE orders DROP CONSTRAINT orders_collectable"


class Migration(migrations.Migration):
    dependencies = [("models", "0030_dispute_bearer")]
    operations = [ops.RunSQL(ADD, DROP)]
