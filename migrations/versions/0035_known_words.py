"""Whether any product has a word, asked of the index alone.

Where a row is thought to come soon PostgreSQL reads the table for it, and reads all of it for a word that nobody has.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
CREATE FUNCTION haat_is_word(form text) RETURNS boolean LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM product_search WHERE words @@ to_tsquery('english', haat_unaccent(form)))
        OR EXISTS (SELECT FROM product_search WHERE words @@ to_tsquery('simple', haat_unaccent(form)));
END $$;
"""
DROP = "DROP FUNCTION haat_is_word(text)"


class Migration(migrations.Migration):
    dependencies = [("models", "0034_one_currency")]
    operations = [ops.RunSQL(ADD, DROP)]
