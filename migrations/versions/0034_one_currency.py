"""The shop sells in rupees alone: GST, carriage, coupons and payouts know no other currency.

Goods in another one are taken off sale; orders that were placed in one can still end.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
UPDATE product SET state = 'archived' WHERE currency <> 'INR';
ALTER TABLE product DROP CONSTRAINT product_currency,
    ADD CONSTRAINT product_currency CHECK (currency = 'INR' OR state = 'archived');
ALTER TABLE orders ADD CONSTRAINT orders_currency CHECK (currency = 'INR' OR state <> 'pending') NOT VALID;
"""
DROP = """
ALTER TABLE orders DROP CONSTRAINT orders_currency;
ALTER TABLE product DROP CONSTRAINT product_currency, ADD CONSTRAINT product_currency CHECK (currency ~ '^[A-Z]{3}$');
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0033_reversed_payouts")]
    operations = [ops.RunSQL(ADD, DROP)]
