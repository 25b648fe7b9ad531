"""A cart's item knows the name that it was added under, as it knows its options: a phone that is renamed to a case for
one is told. Items of before do not know, and are what they are called now.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = "ALTER TABLE cart_item ADD COLUMN name_seen text"
DROP = "ALTER TABLE cart_item DROP COLUMN name_seen"


class Migration(migrations.Migration):
    dependencies = [("models", "0040_options_seen")]
    operations = [ops.RunSQL(ADD, DROP)]
