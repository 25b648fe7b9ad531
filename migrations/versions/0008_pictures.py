"""Where an imported picture came from, which outlives its being copied: importing again must know it."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0007_counts")]
    operations = [
        ops.RunSQL(
            "ALTER TABLE product_image ADD COLUMN source varchar(600) NOT NULL DEFAULT ''",
            "ALTER TABLE product_image DROP COLUMN source",
        ),
    ]
