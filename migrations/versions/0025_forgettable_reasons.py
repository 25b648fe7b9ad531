"""Why a parcel was cancelled stands on the parcel, where erasure empties it: no history of an order is rewritten."""

from tortoise import migrations
from tortoise.migrations import operations as ops

MAKE = """
ALTER TABLE shipment ADD COLUMN cancel_reason varchar(300) NOT NULL DEFAULT '';
UPDATE shipment h SET cancel_reason = left(e.detail->>'reason', 300) FROM order_event e
 WHERE e.order_id = h.order_id AND e.kind = 'shipment_cancelled' AND e.detail->>'shipment_id' = h.id::text
   AND e.detail->>'reason' IS NOT NULL;
"""
DROP = "ALTER TABLE shipment DROP COLUMN cancel_reason;"


class Migration(migrations.Migration):
    dependencies = [("models", "0024_gst_rates")]
    operations = [ops.RunSQL(MAKE, DROP)]
