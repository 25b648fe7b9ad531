"""Who bears what a bank keeps of a dispute: its sellers, or the platform for them."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE dispute ADD COLUMN borne_by varchar(8) NOT NULL DEFAULT 'seller'
    CONSTRAINT dispute_borne_by CHECK (borne_by IN ('seller', 'platform'));
"""
DROP = "ALTER TABLE dispute DROP COLUMN borne_by"


class Migration(migrations.Migration):
    dependencies = [("models", "0029_refunds_of_nothing")]
    operations = [ops.RunSQL(ADD, DROP)]
