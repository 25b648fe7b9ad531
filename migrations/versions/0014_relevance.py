"""PostgreSQL ranks as Meilisearch does, what a thing is first, and knows the words that products have, for typos.

Documents have new fields: the drainer writes every one of them anew, in the bulk lane.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

VECTOR = """
CREATE OR REPLACE FUNCTION haat_search_vector(d jsonb) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $f$
    SELECT {weights} $f$;
"""
NEW = VECTOR.format(
    weights="""setweight(to_tsvector('simple', haat_unaccent(d->>'kind')), 'A')
        || setweight(to_tsvector('simple', haat_unaccent((d->>'brand') || ' ' || (d->>'skus'))), 'A')
        || setweight(to_tsvector('english', haat_unaccent(d->>'name')), 'B')
        || setweight(to_tsvector('simple', haat_unaccent((d->>'subject') || ' ' || (d->>'measures'))), 'B')
        || setweight(to_tsvector('english',
               haat_unaccent((d->>'category_names') || ' ' || (d->>'spec_text') || ' ' || (d->>'seller_name'))), 'C')
        || setweight(to_tsvector('english', haat_unaccent(d->>'description')), 'D')"""
)
OLD = VECTOR.format(
    weights="""setweight(to_tsvector('english', haat_unaccent(d->>'name')), 'A')
        || setweight(to_tsvector('simple', haat_unaccent((d->>'brand') || ' ' || (d->>'skus'))), 'A')
        || setweight(to_tsvector('english', haat_unaccent(d->>'category_names')), 'B')
        || setweight(to_tsvector('english', haat_unaccent((d->>'spec_text') || ' ' || (d->>'seller_name'))), 'C')
        || setweight(to_tsvector('english', haat_unaccent(d->>'description')), 'D')"""
)
WORDS = """
CREATE TABLE search_word (word text PRIMARY KEY);
INSERT INTO search_word
SELECT DISTINCT word FROM product_search CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('simple',
       haat_unaccent(concat_ws(' ', name, brand, document->>'category_names'))))) AS word;
DROP INDEX IF EXISTS product_search_trigrams;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX search_word_trigrams ON search_word USING gin (word gin_trgm_ops);
    END IF;
END $$;
"""
NO_WORDS = """
DROP TABLE search_word;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX product_search_trigrams ON product_search USING gin (name gin_trgm_ops);
    END IF;
END $$;
"""
ADD = f"""
{NEW}
{WORDS}
INSERT INTO search_change (product_id, kind, bulk) SELECT product_id, 'full', true FROM product_search;
"""
DROP = f"{OLD}\n{NO_WORDS}"


class Migration(migrations.Migration):
    dependencies = [("models", "0013_merchandising")]
    operations = [ops.RunSQL(ADD, DROP)]
