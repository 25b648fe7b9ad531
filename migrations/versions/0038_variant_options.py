"""Variants on sale of one product differ in their options: a shopper could not tell two that have the same ones.

Where there are such, all but the first get their SKU as one more option. The rule is checked after each statement, so
that one statement may let two variants change places.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
UPDATE variant v SET options = CASE jsonb_typeof(options) WHEN 'object' THEN options ELSE '{}' END
                               || jsonb_build_object('SKU', sku)
 WHERE state = 'active' AND EXISTS (
       SELECT FROM variant o
        WHERE o.product_id = v.product_id AND o.state = 'active' AND o.options = v.options AND o.id < v.id);
ALTER TABLE variant ADD CONSTRAINT variant_product_options
    EXCLUDE (product_id WITH =, md5(options::text) WITH =) WHERE (state = 'active') DEFERRABLE INITIALLY IMMEDIATE;
"""
DROP = "ALTER TABLE variant DROP CONSTRAINT variant_product_options"


class Migration(migrations.Migration):
    dependencies = [("models", "0037_left_shops")]
    operations = [ops.RunSQL(ADD, DROP)]
