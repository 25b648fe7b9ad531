"""What is paid at the door is paid days after it was ordered: sales by day find it by the day of its payment."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = "CREATE INDEX orders_cash_paid ON orders (paid_at) WHERE payment_kind = 'cash'"
DROP = "DROP INDEX orders_cash_paid"


class Migration(migrations.Migration):
    dependencies = [("models", "0042_approved_returns")]
    operations = [ops.RunSQL(ADD, DROP)]
