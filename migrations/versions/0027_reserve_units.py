"""Units of several variants are reserved by one call, which raises HT001 and names those of which there are too few.

So that it can travel in one message with the COMMIT behind it: see `models.stock.reserve_and_commit`.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

MAKE = """
CREATE FUNCTION reserve_units(variants uuid[], quantities integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    missing uuid[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(variants) LOOP
        UPDATE stock SET reserved = reserved + quantities[place]
         WHERE variant_id = variants[place] AND on_hand - reserved >= quantities[place];
        IF NOT FOUND THEN
            missing := missing || variants[place];
        END IF;
    END LOOP;
    IF cardinality(missing) > 0 THEN
        RAISE EXCEPTION 'too few units' USING ERRCODE = 'HT001', DETAIL = array_to_string(missing, ' ');
    END IF;
END
$$;
"""
DROP = "DROP FUNCTION reserve_units(uuid[], integer[]);"


class Migration(migrations.Migration):
    dependencies = [("models", "0026_disputes")]
    operations = [ops.RunSQL(MAKE, DROP)]
