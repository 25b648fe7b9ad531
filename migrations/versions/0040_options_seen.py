"""A cart's item knows the options that it was added with, as it knows its price: a seller who alters them meanwhile
changes nothing under a shopper's hands. Items of before do not know, and are what they are now.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = "ALTER TABLE cart_item ADD COLUMN options_seen jsonb"
DROP = "ALTER TABLE cart_item DROP COLUMN options_seen"


class Migration(migrations.Migration):
    dependencies = [("models", "0039_variant_skus")]
    operations = [ops.RunSQL(ADD, DROP)]
