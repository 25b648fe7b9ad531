"""When the next job of later is due is asked after each look into the queue: it went through all that wait."""

from tortoise import migrations
from tortoise.migrations import operations as ops

MAKE = "CREATE INDEX pgqueuer_next ON pgqueuer (execute_after) WHERE status = 'queued'"
DROP = "DROP INDEX pgqueuer_next"


class Migration(migrations.Migration):
    dependencies = [("models", "0027_reserve_units")]
    operations = [ops.RunSQL(MAKE, DROP)]
