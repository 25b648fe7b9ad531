"""Which paid orders the products' sales counts contain already: each is counted once, whatever crashes."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0006_rebuild")]
    operations = [
        ops.AddField(model_name="Order", name="counted_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(
            "CREATE INDEX orders_uncounted ON orders (paid_at) WHERE counted_at IS NULL AND paid_at IS NOT NULL",
            "DROP INDEX orders_uncounted",
        ),
    ]
