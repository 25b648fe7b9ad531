"""The document's contract: every column that it reads has a trigger, and a change of it makes another document."""

import json
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest

from models.base import uuid7
from models.database import pool
from search.document import PART_FIELDS, PRESENCE, SOURCES, Document, key_of
from search.source import read_documents
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import forget_changes, link, make_image, make_specification, waiting

COLUMNS = sorted({column for columns in SOURCES.values() for column in columns} | set(PRESENCE))


class Shelf(NamedTuple):
    """A product with a row in every table that its document reads, and other rows to point at instead."""

    product: UUID
    rows: dict[str, UUID]
    elsewhere: dict[str, UUID]


async def stock_shelf() -> Shelf:
    seller, rival = await make_seller(), await make_seller(name="Rival Stores")
    root, other_root = await make_category("Home"), await make_category("Office")
    home = await make_category("Lamps", parent_id=root)
    seasonal = await make_category("Festive")
    product = await make_product(
        seller,
        name="Brass Lamp",
        category_id=home,
        brand="Diya",
        rating_sum=9,
        rating_count=2,
        sales_count=3,
        variants=1,
    )
    sibling = await make_product(seller, name="Clay Lamp", category_id=seasonal)
    variant: UUID = await pool().fetchval("SELECT id FROM variant WHERE product_id = $1", product)
    await pool().execute(
        """UPDATE variant SET options = '{"Colour": "Gold"}', list_price_minor = 200000 WHERE id = $1""", variant
    )
    await make_specification(product, "Height", "30 cm", number=30, unit="cm")
    await make_specification(product, "Base", "round")
    image = await make_image(product, "a.jpg", position=1)
    await make_image(product, "b.jpg", position=2)
    specification = await pool().fetchval(
        "SELECT id FROM specification WHERE product_id = $1 AND name = 'Height'", product
    )
    rows = {
        "product": product,
        "variant": variant,
        "stock": variant,
        "specification": specification,
        "product_image": image,
        "seller": seller,
        "category": home,
        "category_link": await link(seasonal, home),
    }
    return Shelf(
        product, rows, {"seller": rival, "category": other_root, "product": sibling, "link_parent": other_root}
    )


def changed(shelf: Shelf, column: str) -> Any:
    """Another value for a column of the shelf's row."""
    values: dict[str, Any] = {
        "product.category_id": shelf.elsewhere["category"],
        "product.seller_id": shelf.elsewhere["seller"],
        "product.state": "archived",
        "product.currency": "USD",
        "product.rating_sum": 10,
        "product.rating_count": 3,
        "product.sales_count": 40,
        "seller.state": "suspended",
        "seller.slug": "another-slug",
        "category.parent_id": shelf.elsewhere["category"],
        "category_link.parent_id": shelf.elsewhere["link_parent"],
        "category_link.child_id": shelf.elsewhere["category"],
        "variant.product_id": shelf.elsewhere["product"],
        "variant.options": json.dumps({"Colour": "Silver"}),
        "variant.state": "archived",
        "variant.position": -1,
        "variant.price_minor": 99_900,
        "variant.list_price_minor": 300_000,
        "specification.product_id": shelf.elsewhere["product"],
        "specification.kind": "boolean",
        "specification.number": 31.0,
        "specification.unit": "mm",
        "specification.position": -1,
        "product_image.product_id": shelf.elsewhere["product"],
        "product_image.position": 9,
        "stock.on_hand": 0,
        "stock.reserved": 10,
    }
    return values.get(column, f"changed {column}")


class Effect(NamedTuple):
    """What a change of one column did: the kinds in the feed, and the fields of the document; None: it is gone."""

    kinds: set[str]
    fields: set[str] | None


@pytest.fixture
async def effects(database, line, owner) -> dict[str, Effect]:
    """The effect of each column, each tried in a transaction that is rolled back."""
    await owner.execute("ALTER TABLE product DROP CONSTRAINT product_currency")  # nothing on sale changes it
    shelf = await stock_shelf()
    found = {}
    for column in COLUMNS:
        trial = line.transaction()
        await trial.start()
        await add_sibling(line, shelf, column)
        before = await document_of(line, shelf.product)
        await line.execute("DELETE FROM search_change")
        await update(line, shelf, column)
        after = await document_of(line, shelf.product)
        rows = await line.fetch("SELECT kind FROM search_change WHERE product_id = $1", shelf.product)
        fields = None if after is None else {name for name in after if after[name] != before[name]} - {"version"}
        found[column] = Effect({row["kind"] for row in rows}, fields)
        await trial.rollback()
    return found


async def document_of(line, product: UUID) -> dict[str, Any] | None:
    documents = await read_documents(line, [product])
    return msgspec.to_builtins(documents[0]) if documents else None


async def update(line, shelf: Shelf, column: str) -> None:
    table, name = column.split(".")
    key = "variant_id" if table == "stock" else "id"
    if name == "created_at":
        statement = f"UPDATE {table} SET created_at = created_at - interval '1 day' WHERE {key} = $1"
        await line.execute(statement, shelf.rows[table])
    else:
        await line.execute(
            f"UPDATE {table} SET {name} = $2 WHERE {key} = $1", shelf.rows[table], changed(shelf, column)
        )


async def add_sibling(line, shelf: Shelf, column: str) -> None:
    """Order among variants shows with a sibling only, and only with one may a variant go."""
    if column in {"variant.position", "variant.state", "variant.product_id"}:
        await line.execute(
            """INSERT INTO variant (id, product_id, sku, options, price_minor, position)
               VALUES ($1, $2, 'sibling', '{"Colour": "Grey"}', 150000, 5)""",
            uuid7(),
            shelf.product,
        )
    if column == "variant.position":
        await line.execute("UPDATE variant SET position = 9 WHERE id = $1", shelf.rows["variant"])


def test_every_field_of_the_document_says_which_columns_it_reads():
    assert set(SOURCES) | {"version"} == set(Document.__struct_fields__)


async def test_a_trigger_covers_every_column_that_the_document_reads(effects):
    assert [column for column in COLUMNS if not effects[column].kinds] == []


async def test_every_column_that_the_document_reads_changes_it(effects):
    assert [column for column in COLUMNS if effects[column].fields == set()] == []
    assert {column for column in COLUMNS if effects[column].fields is None} == set(PRESENCE)


async def test_a_field_changes_by_the_columns_that_it_declares_and_by_no_other(effects):
    for column, effect in effects.items():
        declared = {name for name, columns in SOURCES.items() if column in columns}
        assert (effect.fields or set()) <= declared, f"{column} is a source that is not declared"
    touched = {name for effect in effects.values() for name in effect.fields or ()}
    assert set(SOURCES) - touched == {"id"}


async def test_a_partial_change_alters_only_what_a_partial_document_carries(effects):
    partial = {column: effect.fields for column, effect in effects.items() if effect.kinds == {"part"}}
    assert {"variant.price_minor", "variant.list_price_minor", "stock.on_hand", "product.sales_count"} <= set(partial)
    for column, fields in partial.items():
        assert fields <= set(PART_FIELDS), column


@pytest.mark.parametrize("table", ["product_image", "specification", "stock", "category_link", "variant"])
async def test_rows_that_come_and_go_are_in_the_feed(database, owner, table):
    shelf = await stock_shelf()
    key = "variant_id" if table == "stock" else "id"
    row = await owner.fetchrow(f"SELECT * FROM {table} WHERE {key} = $1", shelf.rows[table])
    stock = await owner.fetchrow("SELECT * FROM stock WHERE variant_id = $1", shelf.rows["stock"])
    for statement in (
        f"DELETE FROM {table} WHERE {key} = '{shelf.rows[table]}'",
        insertion(table, row),
        *([insertion("stock", stock)] if table == "variant" else []),
    ):
        await forget_changes()
        before = await document_of(owner, shelf.product)
        await owner.execute(statement)
        assert await waiting() == [shelf.product], statement
        assert await document_of(owner, shelf.product) != before, statement


def insertion(table: str, row: Any) -> str:
    """A statement that puts a row back."""
    values = ", ".join("NULL" if value is None else f"'{value}'" for value in row.values())
    return f"INSERT INTO {table} ({', '.join(row.keys())}) VALUES ({values})"


async def test_a_column_that_no_document_reads_is_not_in_the_feed(database):
    shelf = await stock_shelf()
    await forget_changes()
    await pool().execute("UPDATE product SET hsn_code = '9405', updated_at = now() WHERE id = $1", shelf.product)
    await pool().execute("UPDATE stock SET on_hand = on_hand - 1 WHERE variant_id = $1", shelf.rows["stock"])
    await pool().execute("UPDATE seller SET commission_bps = 500, city = 'Pune' WHERE id = $1", shelf.rows["seller"])
    assert await pool().fetchval("SELECT count(*) FROM search_change") == 0


@pytest.mark.parametrize(
    ("name", "key"), [("Screen size", "screen_size"), ("RAM (GB)", "ram_gb"), ("रंग", "रंग"), ("--", "")]
)
def test_a_specification_is_filtered_by_a_plain_key(name, key):
    assert key_of(name) == key
