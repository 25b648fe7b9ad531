"""The SKUs of a product's variants are compared after each statement, as their options are, and no longer row by row:
one statement may let two change places, or move all along.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

DEFER = """
ALTER TABLE variant ADD CONSTRAINT variant_product_sku UNIQUE USING INDEX variant_product_sku
    DEFERRABLE INITIALLY IMMEDIATE
"""
AGAIN = """
ALTER TABLE variant DROP CONSTRAINT variant_product_sku;
CREATE UNIQUE INDEX variant_product_sku ON variant (product_id, sku);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0038_variant_options")]
    operations = [ops.RunSQL(DEFER, AGAIN)]
