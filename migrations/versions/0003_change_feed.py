"""The search change feed: statement-level triggers that append to `search_change` in the writer's own transaction.

PostgreSQL refuses transition tables for several events and for UPDATE OF, hence one trigger for each event; OLD and
NEW are joined by the key, so that only real differences count. Kind `part` is a change of price, stock or counts
alone; a statement that touches more than BULK_ROWS products goes to the bulk lane, so that it never delays an edit.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

BULK_ROWS = 100

# Columns of each table that the search document reads: those that need a full rewrite, those that need a partial one.
FULL = {
    "product": (
        "seller_id", "category_id", "slug", "name", "brand", "description", "state", "currency", "created_at", "sku",
    ),
    "variant": ("product_id", "sku", "options", "position", "state"),
    "specification": ("product_id", "name", "kind", "text", "number", "unit", "position"),
    "product_image": ("product_id", "key", "alt", "position"),
    "seller": ("slug", "name", "state"),
    "category": ("slug", "name", "path"),
}  # fmt: skip
PART = {
    "product": ("rating_sum", "rating_count", "sales_count"),
    "variant": ("price_minor", "list_price_minor"),
}


def differs(columns: tuple[str, ...]) -> str:
    """SQL that is true where any of the columns differs between `o` (old) and `n` (new)."""
    row = ", ".join
    return f"ROW({row(f'o.{c}' for c in columns)}) IS DISTINCT FROM ROW({row(f'n.{c}' for c in columns)})"


def append(rows: str) -> str:
    """SQL that appends the (product_id, kind) of `rows`, a full rewrite winning over a partial one."""
    return f"""
        INSERT INTO search_change (product_id, kind, bulk)
        SELECT product_id, min(kind), count(*) OVER () > {BULK_ROWS} FROM ({rows}) AS touched
         WHERE product_id IS NOT NULL GROUP BY product_id ORDER BY product_id;"""


def trigger(table: str, event: str, rows: str) -> str:
    """A statement-level trigger and its function, named after table and event."""
    name = f"{table}_search_{event.lower()}"
    tables = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}.get(
        event, "OLD TABLE AS old_rows NEW TABLE AS new_rows"
    )
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {append(rows)}
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""


def changed(table: str, product_id: str) -> str:
    """Rows of an UPDATE: kind by which columns differ."""
    full, part = FULL[table], PART.get(table, ())
    return f"""
        SELECT {product_id} AS product_id, CASE WHEN {differs(full)} THEN 'full' ELSE 'part' END AS kind
          FROM old_rows o JOIN new_rows n USING (id) WHERE {differs(full + part)}"""


def child_update(table: str) -> str:
    """A child row may move to another product: both documents change."""
    return f"{changed(table, 'o.product_id')} UNION ALL {changed(table, 'n.product_id')}"


IN_STOCK = "(on_hand - reserved > 0)"
STOCK_UPDATE = """
        SELECT v.product_id, 'part' AS kind
          FROM old_rows o JOIN new_rows n USING (variant_id) JOIN variant v ON v.id = n.variant_id
         WHERE (o.on_hand - o.reserved > 0) IS DISTINCT FROM (n.on_hand - n.reserved > 0)"""
SELLER_UPDATE = f"""
        SELECT p.id AS product_id, 'full' AS kind
          FROM old_rows o JOIN new_rows n USING (id) JOIN product p ON p.seller_id = n.id
         WHERE {differs(FULL["seller"])} AND p.state = 'active'"""
CATEGORY_UPDATE = f"""
        SELECT p.id AS product_id, 'full' AS kind
          FROM old_rows o JOIN new_rows n USING (id)
          JOIN category c ON c.id = n.id OR c.path LIKE n.path || '/%'
          JOIN product p ON p.category_id = c.id
         WHERE {differs(FULL["category"])} AND p.state = 'active'"""

TRIGGERS = {
    ("product", "INSERT"): "SELECT id AS product_id, 'full' AS kind FROM new_rows WHERE state = 'active'",
    ("product", "UPDATE"): changed("product", "n.id"),
    ("product", "DELETE"): "SELECT id AS product_id, 'full' AS kind FROM old_rows WHERE state = 'active'",
    ("seller", "UPDATE"): SELLER_UPDATE,
    ("category", "UPDATE"): CATEGORY_UPDATE,
    ("stock", "INSERT"): f"""
        SELECT v.product_id, 'part' AS kind FROM new_rows n JOIN variant v ON v.id = n.variant_id WHERE {IN_STOCK}""",
    ("stock", "UPDATE"): STOCK_UPDATE,
    ("stock", "DELETE"): f"""
        SELECT v.product_id, 'part' AS kind FROM old_rows o JOIN variant v ON v.id = o.variant_id WHERE {IN_STOCK}""",
}
for child in ("variant", "specification", "product_image"):
    TRIGGERS[child, "INSERT"] = "SELECT product_id, 'full' AS kind FROM new_rows"
    TRIGGERS[child, "UPDATE"] = child_update(child)
    TRIGGERS[child, "DELETE"] = "SELECT product_id, 'full' AS kind FROM old_rows"

UNDO = "\n".join(
    f"DROP TRIGGER {table}_search_{event.lower()} ON {table}; DROP FUNCTION {table}_search_{event.lower()}();"
    for table, event in TRIGGERS
)


class Migration(migrations.Migration):
    dependencies = [("models", "0002_rules")]
    operations = [ops.RunSQL("\n".join(trigger(t, e, rows) for (t, e), rows in TRIGGERS.items()), UNDO)]
