"""Imports into a real database: no doubles, no needless write, nothing lost by a bad row or a crash."""

import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalogue.importing import command
from catalogue.importing.report import Tally
from catalogue.importing.run import Importer, RefusedError, Wishes
from catalogue.importing.source import Source
from models.database import Pool
from tests.factories import make_product, make_seller, make_variant

HEAD = "sku,name,price,brand,category,stock,description\n"
KURTA = "K-1,Cotton Kurta,1299,Anokhi,Clothes > Kurtas,5,Handwoven cotton\n"
LAMP = 'L-1,Brass Lamp,"₹2,499.50",Diya,Home|Lamps,,A lamp\n'


class Shop:
    """Imports text as a file, for one seller."""

    def __init__(self, database: Pool, folder: Path, seller_id: UUID) -> None:
        self.database, self.folder, self.seller_id = database, folder, seller_id

    async def load(self, text: str | bytes, name: str = "products.csv", **wishes: Any) -> Tally:
        file = self.folder / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        slug = await self.database.fetchval("SELECT slug FROM seller WHERE id = $1", self.seller_id)
        wanted = Wishes(**{"path": file, "seller": slug, "errors_path": self.errors_path, **wishes})
        source, read = Source(file), list[int]()
        try:
            async with self.database.acquire() as connection:
                importer = Importer(connection, wanted, shop_currency="INR")
                tally = await importer.run(source, read.append)
        finally:
            source.close()
        assert sum(read) <= file.stat().st_size
        assert tally.rows == tally.created + tally.updated + tally.unchanged + tally.refused + tally.doubled
        return tally

    @property
    def errors_path(self) -> Path:
        return self.folder / "errors.csv"

    def errors(self) -> list[list[str]]:
        with self.errors_path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    async def column(self, name: str, table: str = "product") -> list[Any]:
        return [row[name] for row in await self.database.fetch(f"SELECT {name} FROM {table} ORDER BY {name}")]


@pytest.fixture
async def shop(database: Pool, tmp_path: Path) -> Shop:
    return Shop(database, tmp_path, await make_seller())


async def count(database: Pool, table: str) -> int:
    number: int = await database.fetchval(f"SELECT count(*) FROM {table}")
    return number


async def test_products_come_in_with_everything_that_hangs_on_them(shop: Shop, database: Pool) -> None:
    text = (
        "Uniq Id,Product Name,Selling Price,List Price,Category,Image,Stock,Color,Weight,Product Url\n"
        'a1,Teak Stool,"$23.50","$30.00",Home | Stools,https://p.example/1.jpg|https://p.example/2.jpg,4,Honey,2.5 kg,https://x.example/1\n'
    )
    tally = await shop.load(text, mapping={"spec:Colour": "Color"})
    assert (tally.created, tally.categories) == (1, 2)
    product = await database.fetchrow("SELECT * FROM product")
    assert (product["sku"], product["slug"], product["state"]) == ("a1", "teak-stool", "active")
    assert tuple(await database.fetchrow("SELECT price_minor, list_price_minor FROM variant")) == (2350, 3000)
    assert tuple(await database.fetchrow("SELECT on_hand, reserved FROM stock")) == (4, 0)
    assert await shop.column("path", "category") == ["home", "home/stools"]
    assert await shop.column("key", "product_image") == ["https://p.example/1.jpg", "https://p.example/2.jpg"]
    specifications = await database.fetch("SELECT name, kind, text, number, unit FROM specification ORDER BY position")
    assert [tuple(row) for row in specifications] == [
        ("Colour", "text", "Honey", None, ""),
        ("Weight", "number", "2.5 kg", 2.5, "kg"),
    ]
    assert "prices in USD were taken as INR" in next(iter(tally.notices))


async def test_importing_again_changes_what_differs_and_nothing_else(shop: Shop, database: Pool) -> None:
    await shop.load(HEAD + KURTA + LAMP)
    await database.execute("DELETE FROM search_change")
    before = await database.fetch("SELECT xmin, * FROM product ORDER BY id")
    tally = await shop.load(HEAD + KURTA + LAMP)
    assert (tally.unchanged, tally.created, tally.updated) == (2, 0, 0)
    assert await database.fetch("SELECT xmin, * FROM product ORDER BY id") == before
    assert await count(database, "search_change") == 0
    tally = await shop.load(HEAD + KURTA.replace("1299", "999") + LAMP)
    assert (tally.unchanged, tally.updated) == (1, 1)
    changed = await database.fetch("SELECT DISTINCT p.sku FROM search_change c JOIN product p ON p.id = c.product_id")
    assert [row["sku"] for row in changed] == ["K-1"]
    assert await shop.column("price_minor", "variant") == [99_900, 249_950]
    assert await count(database, "product") == 2


async def test_what_the_file_does_not_say_stays(shop: Shop, database: Pool) -> None:
    await shop.load(HEAD + KURTA + LAMP)
    await database.execute("UPDATE stock SET reserved = 2, on_hand = on_hand - 1")
    tally = await shop.load("sku,name,price\nK-1,Cotton Kurta,1299\nL-1,Brass Lamp,2499.50\n")
    assert tally.unchanged == 2
    product = await database.fetchrow("SELECT brand, description, category_id FROM product WHERE sku = 'K-1'")
    assert product["brand"] == "Anokhi"
    assert product["category_id"] is not None


async def test_stock_is_the_free_quantity_and_defaults_for_new_products_only(shop: Shop, database: Pool) -> None:
    await shop.load(HEAD + KURTA + LAMP, stock_default=7)
    assert await shop.column("on_hand", "stock") == [5, 7]
    await database.execute("UPDATE stock SET on_hand = 6, reserved = 4")
    await shop.load(HEAD + KURTA + LAMP, stock_default=7)
    stocks = await database.fetch("SELECT on_hand, reserved FROM stock ORDER BY on_hand")
    assert [tuple(row) for row in stocks] == [(6, 4), (9, 4)]
    moved = await database.fetchval("SELECT sum(on_hand_change) FROM stock_movement")
    assert moved == 5 + 7 + 3


async def test_bad_rows_are_reported_with_line_column_and_reason(shop: Shop, database: Pool) -> None:
    bad = (
        "X-1,,1299,,,,\nX-2,Chair,call us,,,,\nX-3,Stool,-5,,,many,\nX-4,Bench,5,,,,,more\n"
        + "y" * 65
        + ",Desk,5,,,,\n"
    )
    tally = await shop.load(HEAD + KURTA + bad + LAMP)
    assert (tally.created, tally.refused) == (2, 5)
    header, *errors = shop.errors()
    assert header == ["line", "column", "value", "reason"]
    assert [(line, column, reason) for line, column, _, reason in errors] == [
        ("3", "name", "no name"),
        ("4", "price", "not a price"),
        ("5", "price", "a price is above zero"),
        ("5", "stock", "not a whole number of units"),
        ("6", "", "8 values for 7 columns"),
        ("7", "sku", "longer than 64 characters"),
    ]
    assert errors[1][2] == "call us"
    assert sum(tally.reasons.values()) == 5


async def test_the_later_of_two_rows_with_one_sku_wins(shop: Shop, database: Pool) -> None:
    lines = [f"S-{i},Stool {i},{100 + i},,,,\n" for i in range(600)]
    tally = await shop.load(HEAD + "".join(lines) + "S-599,Stool 599,77,,,,\nS-0,Stool 0,55,,,,\n")
    assert (tally.rows, tally.created, tally.doubled) == (602, 600, 2)
    prices = await database.fetch(
        "SELECT p.sku, v.price_minor FROM product p JOIN variant v ON v.product_id = p.id"
        " WHERE p.sku IN ('S-0', 'S-599') ORDER BY p.sku"
    )
    assert [tuple(row) for row in prices] == [("S-0", 5500), ("S-599", 7700)]


async def test_without_a_sku_name_brand_and_picture_tell_products_apart(shop: Shop, database: Pool) -> None:
    rows = [
        {"name": "Wall Charger", "brand": "Volt", "price": 10, "image": "https://p.example/1.jpg"},
        {"name": "Wall Charger", "brand": "Volt", "price": 12, "image": "https://p.example/2.jpg"},
        {"name": "Wall Charger", "brand": "Watt", "price": 14},
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    assert (await shop.load(text, "p.jsonl")).created == 3
    assert (await shop.load(text.replace("14", "15"), "p.jsonl")).updated == 1
    assert await shop.column("price_minor", "variant") == [1000, 1200, 1500]
    slugs = await shop.column("slug")
    assert len(set(slugs)) == 3
    assert "wall-charger" in slugs


async def test_a_dry_run_reads_everything_and_writes_nothing(shop: Shop, database: Pool) -> None:
    await shop.load(HEAD + KURTA)
    before = [await count(database, table) for table in ("product", "category", "audit_entry", "stock_movement")]
    tally = await shop.load(HEAD + KURTA.replace("1299", "1") + LAMP + "B,,,,,,\n", dry_run=True)
    assert (tally.created, tally.updated, tally.refused, tally.categories) == (1, 1, 1, 2)
    after = [await count(database, table) for table in ("product", "category", "audit_entry", "stock_movement")]
    assert after == before
    assert await shop.column("price_minor", "variant") == [129_900]


async def test_a_rate_converts_prices_of_another_currency(shop: Shop, database: Pool) -> None:
    await shop.load("sku,name,price\nA,Cable,$10.01\nB,Plug,10.01\n", rates={"USD": Decimal("83.5")})
    assert await shop.column("price_minor", "variant") == [1001, 83_584]
    await shop.load("sku,name,price\nB,Plug,10.01\n", rates={"USD": Decimal("83.5")}, currency="USD")
    assert await shop.column("price_minor", "variant") == [83_584, 83_584]


async def test_products_of_a_seller_who_is_not_trusted_wait(database: Pool, tmp_path: Path) -> None:
    shop = Shop(database, tmp_path, await make_seller(trusted=False))
    await shop.load(HEAD + KURTA)
    assert await shop.column("state") == ["pending"]
    assert (
        await count(database, "search_change WHERE kind = 'full' AND product_id NOT IN (SELECT id FROM product)") == 0
    )


async def test_an_import_that_cannot_start_says_why(shop: Shop, database: Pool) -> None:
    with pytest.raises(RefusedError, match="no seller"):
        await shop.load(HEAD + KURTA, seller="nobody")
    await database.execute("UPDATE seller SET state = 'suspended'")
    with pytest.raises(RefusedError, match="suspended"):
        await shop.load(HEAD + KURTA)


async def test_two_imports_for_one_seller_do_not_mix(shop: Shop, database: Pool) -> None:
    async with database.acquire() as other:
        await other.execute("SELECT pg_advisory_lock($1, hashtext($2))", 0x494D504F, str(shop.seller_id))
        with pytest.raises(RefusedError, match="Another import"):
            await shop.load(HEAD + KURTA)


async def test_a_product_with_variants_is_left_to_the_seller(shop: Shop, database: Pool) -> None:
    product_id = await make_product(shop.seller_id, sku="K-1")
    await make_variant(product_id, position=1)
    tally = await shop.load(HEAD + KURTA + LAMP)
    assert (tally.created, tally.refused) == (1, 1)
    assert "2 variants" in shop.errors()[1][3]


async def test_a_cut_file_is_read_up_to_the_cut_and_a_second_run_goes_on(shop: Shop, database: Pool) -> None:
    text = HEAD + "".join(f"S-{i},Stool {i},{100 + i},,,,\n" for i in range(3000))
    packed = gzip.compress(text.encode())
    tally = await shop.load(packed[: len(packed) // 2], "p.csv.gz")
    assert "damaged or cut" in tally.cut_short
    assert 0 < await count(database, "product") < 3000
    tally = await shop.load(packed, "p.csv.gz")
    assert tally.rows == 3000
    assert await count(database, "product") == 3000


async def test_a_repeated_category_name_is_its_parent_and_categories_are_reused(shop: Shop) -> None:
    rows = "A,Film,1,,Phones|Screen Protectors|Screen Protectors,,\nB,Glass,1,,phones > screen protectors,,\n"
    tally = await shop.load(HEAD + rows)
    assert tally.categories == 2
    assert await shop.column("path", "category") == ["phones", "phones/screen-protectors"]


async def test_the_real_catalogue_comes_in_whole_and_twice_is_once(
    shop: Shop, database: Pool, data_folder: Path
) -> None:
    file = (data_folder / "bestbuy_products.jsonl.gz").read_bytes()
    tally = await shop.load(file, "bestbuy.jsonl.gz", mapping={"sold": "popularity"})
    assert (tally.rows, tally.created, tally.refused) == (3291, 3291, 0)
    assert (await shop.load(file, "bestbuy.jsonl.gz", mapping={"sold": "popularity"})).unchanged == 3291
    assert await database.fetchval("SELECT count(DISTINCT brand) FROM product") == 262, "Insignia™ has one spelling"
    texts = [*await shop.column("name"), *await shop.column("description")]
    assert not [text for text in texts if "&#" in text or "\x99" in text]
    best = await database.fetchrow("SELECT name, sales_count FROM product ORDER BY sales_count DESC LIMIT 1")
    assert tuple(best) == ("AT&T GoPhone - Samsung Galaxy Express 3 4G LTE with 8GB Memory Prepaid Cell Phone", 21_449)


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.errors_path(tmp_path / "a.csv.gz") == tmp_path / "a.csv.gz.errors.csv"
    for text in ("name", "=x", "name="):
        with pytest.raises(Exception, match="FIELD=COLUMN"):
            command._mapping(text)


async def test_no_name_comes_in_that_nobody_can_read_and_such_a_brand_is_left_out(shop: Shop) -> None:
    text = "sku,name,price,brand\nA,\u3164,5,Anokhi\nB,Lamp,5,\u2800\nC,Stool,5,Diya\n"
    tally = await shop.load(text)
    assert (tally.created, tally.refused) == (2, 1)
    assert shop.errors()[1][1] == "name"
    assert await shop.column("brand") == ["", "Diya"]
    assert tally.notices["brands in which nothing can be read were left out"] == 1
