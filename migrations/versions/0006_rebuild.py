"""Rebuilding the index while it is edited, and the change feed of further parents of a category.

`search_rebuild` names the index being filled; while it has a row, the drainer notes in `search_replay` every product
that it drained, and the rebuild rereads those. A document shows every category above its own, links included.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

BULK_ROWS = 100

TABLES = """
CREATE TABLE search_rebuild (index_uid varchar(120) PRIMARY KEY, started_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE search_replay (product_id uuid PRIMARY KEY);
"""

BELOW = """
CREATE FUNCTION haat_categories_below(roots uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below(id) AS (
        SELECT unnest(roots)
        UNION
        SELECT under.id FROM below CROSS JOIN LATERAL (
            SELECT c.id FROM category c WHERE c.parent_id = below.id
            UNION ALL
            SELECT l.child_id FROM category_link l WHERE l.parent_id = below.id) AS under
    ) SELECT id FROM below
$$;
"""


def append(roots: str) -> str:
    """SQL that appends the active products of the categories `roots` and of all below them."""
    return f"""
        INSERT INTO search_change (product_id, kind, bulk)
        SELECT id, 'full', count(*) OVER () > {BULK_ROWS} FROM product
         WHERE state = 'active' AND category_id IN (SELECT haat_categories_below(ARRAY({roots}))) ORDER BY id;"""


def function(name: str, roots: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {append(roots)}
    RETURN NULL;
END $$;"""


def link_trigger(event: str, rows: str, roots: str) -> str:
    name = f"category_link_search_{event.lower()}"
    return f"""{function(name, roots)}
CREATE TRIGGER {name} AFTER {event} ON category_link REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""


CATEGORY_COLUMNS = ("slug", "name", "path", "parent_id")
DIFFERS = (
    f"ROW({', '.join(f'o.{c}' for c in CATEGORY_COLUMNS)}) IS DISTINCT FROM "
    f"ROW({', '.join(f'n.{c}' for c in CATEGORY_COLUMNS)})"
)
CATEGORY_UPDATE = f"SELECT n.id FROM old_rows o JOIN new_rows n USING (id) WHERE {DIFFERS}"
OLD, NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"

# As 0003 made it: descendants by path, without links.
CATEGORY_UPDATE_BEFORE = f"""
CREATE OR REPLACE FUNCTION category_search_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
        INSERT INTO search_change (product_id, kind, bulk)
        SELECT product_id, min(kind), count(*) OVER () > {BULK_ROWS} FROM (
        SELECT p.id AS product_id, 'full' AS kind
          FROM old_rows o JOIN new_rows n USING (id)
          JOIN category c ON c.id = n.id OR c.path LIKE n.path || '/%'
          JOIN product p ON p.category_id = c.id
         WHERE ROW(o.slug, o.name, o.path) IS DISTINCT FROM ROW(n.slug, n.name, n.path) AND p.state = 'active'
        ) AS touched WHERE product_id IS NOT NULL GROUP BY product_id ORDER BY product_id;
    RETURN NULL;
END $$;"""

EVENTS = ("insert", "update", "delete")
ADD = "\n".join(
    (
        TABLES,
        BELOW,
        function("category_search_update", CATEGORY_UPDATE),
        link_trigger("INSERT", NEW, "SELECT child_id FROM new_rows"),
        link_trigger("UPDATE", f"{OLD} {NEW}", "SELECT child_id FROM old_rows UNION ALL SELECT child_id FROM new_rows"),
        link_trigger("DELETE", OLD, "SELECT child_id FROM old_rows"),
    )
)
DROP = "\n".join(
    (
        *(f"DROP TRIGGER category_link_search_{event} ON category_link;" for event in EVENTS),
        *(f"DROP FUNCTION category_link_search_{event}();" for event in EVENTS),
        CATEGORY_UPDATE_BEFORE,
        "DROP FUNCTION haat_categories_below(uuid[]); DROP TABLE search_rebuild; DROP TABLE search_replay;",
    )
)


class Migration(migrations.Migration):
    dependencies = [("models", "0005_fallback")]
    operations = [ops.RunSQL(ADD, DROP)]
