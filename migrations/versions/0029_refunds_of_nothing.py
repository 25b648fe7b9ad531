"""Goods that a coupon paid for in full go back too: their refund is one of units, and of no money."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ALLOW = """
ALTER TABLE refund DROP CONSTRAINT refund_amount,
    ADD CONSTRAINT refund_amount CHECK (LEAST(amount_minor, gift_card_minor) >= 0);
"""
FORBID = """
ALTER TABLE refund DROP CONSTRAINT refund_amount, ADD CONSTRAINT refund_amount CHECK (
    LEAST(amount_minor, gift_card_minor) >= 0 AND amount_minor + gift_card_minor > 0);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0028_next_job")]
    operations = [ops.RunSQL(ALLOW, FORBID)]
