"""Which paid orders the products' sales counts contain already: each is counted once, whatever crashes."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0006_rebuild")]
    operations = [
        ops.RunSQL("ALTER TABLE orders ADD COLUMN counted_at timestamptz", "ALTER TABLE orders DROP COLUMN counted_at"),
        ops.RunSQL(
            "CREATE INDEX orders_uncounted ON orders (paid_at) WHERE counted_at IS NULL AND paid_at IS NOT NULL",
            "DROP INDEX orders_uncounted",
        ),
    ]
