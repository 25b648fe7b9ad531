"""What PostgreSQL needs to answer a search itself: `product_search` gets columns and indexes made from the document.

Without the right to create pg_trgm or unaccent the shop runs on: the fallback then knows no typos, or no accents.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

EXTENSIONS = ("unaccent", "pg_trgm")

ADD_EXTENSION = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS {name};
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'extension {name} is not available: %', SQLERRM;
END $$;
"""

# A generated column wants an immutable function; unaccent is only stable because its dictionary could be edited.
UNACCENT = """
DO $$
DECLARE home text := (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                       WHERE e.extname = 'unaccent');
BEGIN
    EXECUTE 'CREATE FUNCTION haat_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE '
        || 'AS $f$ SELECT '
        || CASE WHEN home IS NULL THEN '$1' ELSE format('%1$s.unaccent(''%1$s.unaccent'', $1)', home) END
        || ' $f$';
END $$;
"""

FUNCTIONS = """
CREATE FUNCTION haat_texts(jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
    $f$ SELECT ARRAY(SELECT jsonb_array_elements_text($1)) $f$;
CREATE FUNCTION haat_search_vector(d jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $f$
    SELECT setweight(to_tsvector('english', haat_unaccent(d->>'name')), 'A')
        || setweight(to_tsvector('simple', haat_unaccent((d->>'brand') || ' ' || (d->>'skus'))), 'A')
        || setweight(to_tsvector('english', haat_unaccent(d->>'category_names')), 'B')
        || setweight(to_tsvector('english', haat_unaccent((d->>'spec_text') || ' ' || (d->>'seller_name'))), 'C')
        || setweight(to_tsvector('english', haat_unaccent(d->>'description')), 'D') $f$;
"""

COLUMNS = {
    "words": ("tsvector", "haat_search_vector(document)"),
    "name": ("text", "haat_unaccent(lower(document->>'name'))"),
    "brand": ("text", "document->>'brand'"),
    "seller": ("text", "document->>'seller'"),
    "categories": ("text[]", "haat_texts(document->'categories')"),
    "spec": ("jsonb", "document->'spec'"),
    "spec_fields": ("text[]", "haat_texts(document->'spec_fields')"),
    "price_minor": ("bigint", "(document->>'price_minor')::bigint"),
    "discount": ("int", "(document->>'discount')::int"),
    "rating": ("float8", "(document->>'rating')::float8"),
    "rating_count": ("int", "(document->>'rating_count')::int"),
    "sales_count": ("int", "(document->>'sales_count')::int"),
    "popularity": ("float8", "(document->>'popularity')::float8"),
    "in_stock": ("boolean", "(document->>'in_stock')::boolean"),
    "created_at": ("bigint", "(document->>'created_at')::bigint"),
    "version": ("text", "document->>'version'"),
}

NARROW = ("name", "brand", "seller", "categories", "spec", "spec_fields", "version")

INDEXES = {
    "product_search_words": "USING gin (words)",
    "product_search_categories": "USING gin (categories)",
    "product_search_popularity": "(popularity DESC, product_id)",
}

# Wide documents live beside the table, so that filters and counts read narrow rows.
TABLE = """
ALTER TABLE product_search SET (toast_tuple_target = 256);
CREATE INDEX search_change_lane ON search_change (bulk, id);
"""

TRIGRAM = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX product_search_trigrams ON product_search USING gin (name gin_trgm_ops);
    END IF;
END $$;
"""

ADD = "\n".join(
    (
        *(ADD_EXTENSION.format(name=name) for name in EXTENSIONS),
        UNACCENT,
        FUNCTIONS,
        TABLE,
        *(
            f"ALTER TABLE product_search ADD COLUMN {name} {kind} GENERATED ALWAYS AS ({rule}) STORED;"
            for name, (kind, rule) in COLUMNS.items()
        ),
        *(f"ALTER TABLE product_search ALTER COLUMN {name} SET STORAGE MAIN;" for name in NARROW),
        *(f"CREATE INDEX {name} ON product_search {rule};" for name, rule in INDEXES.items()),
        TRIGRAM,
    )
)
DROP = "\n".join(
    (
        "DROP INDEX search_change_lane;",
        *(f"ALTER TABLE product_search DROP COLUMN {name};" for name in COLUMNS),
        "ALTER TABLE product_search RESET (toast_tuple_target);",
        "DROP FUNCTION haat_search_vector(jsonb); DROP FUNCTION haat_texts(jsonb); DROP FUNCTION haat_unaccent(text);",
    )
)


class Migration(migrations.Migration):
    dependencies = [("models", "0004_jobs")]
    operations = [ops.RunSQL(ADD, DROP)]
