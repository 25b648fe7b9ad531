"""Where an imported picture came from, which outlives its being copied: importing again must know it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0007_counts")]
    operations = [
        ops.AddField(model_name="ProductImage", name="source", field=fields.CharField(max_length=600, db_default="")),
    ]
