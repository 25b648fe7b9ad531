"""A change of price or stock rewrites a row of `product_search` in place: its words, the costly part, are left alone.

So `words` is written with the texts and not generated with every change, and pages keep room for the new version of a
row: no index is touched (HOT).
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE product_search ALTER COLUMN words DROP EXPRESSION;
ALTER TABLE product_search SET (fillfactor = 75);
"""
DROP = """
ALTER TABLE product_search RESET (fillfactor);
ALTER TABLE product_search DROP COLUMN words;
ALTER TABLE product_search ADD COLUMN words tsvector GENERATED ALWAYS AS (haat_search_vector(document)) STORED;
CREATE INDEX product_search_words ON product_search USING gin (words);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0008_pictures")]
    operations = [ops.RunSQL(ADD, DROP)]
