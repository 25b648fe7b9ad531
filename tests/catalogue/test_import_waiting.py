"""An import of products on sale of a seller who is not trusted: what shoppers read waits, the file is the last word."""

from pathlib import Path
from uuid import UUID

import pytest

from models.base import uuid7
from models.change_queue import decide_change, list_changes
from models.database import Pool
from models.errors import Conflict
from models.listing import Listing, get_listing
from models.pictures import add_picture, find_linked
from models.product_change import NewPicture, Wanted, find_change
from models.product_input import NewSpecification, ProductChange
from models.product_write import change_product
from tests.catalogue.test_import_products import Shop
from tests.factories import insert, make_category, make_product, make_seller
from tests.search.rows import make_specification

A, B, C = (f"https://shop.example/{name}.jpg" for name in "abc")
HEAD = "sku,name,price,stock,brand,description,category,image,Fabric\n"
ROW = f"K-1,Linen Kurta,999,7,Okra,Soft,Kurtas,{A}|{C},Linen\n"


class Stall:
    def __init__(self, shop: Shop, product_id: UUID) -> None:
        self.shop, self.product_id = shop, product_id

    async def live(self) -> Listing:
        return await get_listing(self.shop.seller_id, self.product_id)

    async def wanted(self) -> Wanted:
        found = await find_change(self.shop.seller_id, self.product_id)
        return found.wanted if found and found.state == "pending" else Wanted()

    async def change(self, change: ProductChange) -> None:
        await change_product(self.shop.seller_id, self.product_id, change, actor_id=self.shop.seller_id)


@pytest.fixture
async def stall(database: Pool, tmp_path: Path) -> Stall:
    """A kurta with two pictures that were imported."""
    seller_id = await make_seller(trusted=False)
    await make_category("Kurtas")
    product_id = await make_product(seller_id, sku="K-1", name="Cotton Kurta", brand="Asha", price_minor=129_900)
    await make_specification(product_id, "Fabric", "Cotton")
    for place, address in enumerate((A, B)):
        await insert("product_image", product_id=product_id, key=address, source=address, position=place)
    return Stall(Shop(database, tmp_path, seller_id), product_id)


async def test_what_shoppers_read_waits_and_price_and_stock_hold(stall: Stall, database: Pool) -> None:
    before = await stall.live()
    tally = await stall.shop.load(HEAD + ROW, copy_pictures=True)
    assert (tally.updated, tally.refused) == (1, 0)
    assert tally.notices["changes of products on sale wait for approval; their prices and stock hold"] == 1
    live = await stall.live()
    assert (live.price_minor, live.stock) == (99_900, 7)
    for name in ("name", "brand", "description", "category", "specifications", "images"):
        assert getattr(live, name) == getattr(before, name), name
    wanted = await stall.wanted()
    assert (wanted.name, wanted.brand, wanted.description, wanted.category) == ("Linen Kurta", "Okra", "Soft", "kurtas")
    assert wanted.specifications
    assert [entry.text for entry in wanted.specifications] == ["Linen"]
    assert wanted.removed == (live.images[1].id,)
    assert wanted.added == (NewPicture(wanted.added[0].id, C, source=C, copy=True),)
    entry = await database.fetchrow("SELECT actor_id, subject_id FROM audit_entry WHERE action LIKE '%proposed'")
    assert tuple(entry) == (stall.shop.seller_id, stall.product_id)
    assert (await stall.shop.load(HEAD + ROW)).unchanged == 1
    assert await stall.wanted() == wanted
    ((seen,), _) = await list_changes()
    await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    after = await stall.live()
    assert (after.name, after.brand, after.description, after.category) == ("Linen Kurta", "Okra", "Soft", "kurtas")
    assert [image.key for image in after.images] == [A, C]
    jobs = await database.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'media.upload'")
    assert [str(after.images[1].id) in row["payload"].decode() for row in jobs] == [True]
    assert await find_linked(after.images[1].id) == C, "what the job asks for"
    assert (await stall.shop.load(HEAD + ROW)).unchanged == 1, "an approved picture is known by its address"


async def test_the_file_is_the_last_word_on_what_waits(stall: Stall) -> None:
    silk = [NewSpecification(name="Fabric", value="Silk")]
    await stall.change(ProductChange(name="Silk Kurta", brand="Silk & Sons", slug="silk", specifications=silk))
    await add_picture(stall.shop.seller_id, stall.product_id, uuid7(), key="x.webp", actor_id=stall.shop.seller_id)
    ((seen,), _) = await list_changes()
    tally = await stall.shop.load(f"sku,name,price,image\nK-1,Cotton Kurta,1299,{A}|{B}\n")
    assert (tally.updated, tally.unchanged) == (1, 0)
    assert await stall.wanted() == (
        left := Wanted(brand="Silk & Sons", slug="silk", specifications=seen.wanted.specifications)
    )
    with pytest.raises(Conflict):
        await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    tally = await stall.shop.load("sku,name,price\nK-1,Cotton Kurta,1299\n")
    assert (tally.unchanged, await stall.wanted()) == (1, left)
    await stall.shop.load("sku,name,price,brand,Fabric\nK-1,Cotton Kurta,1299,Asha,Cotton\n")
    assert await stall.wanted() == Wanted(slug="silk")


async def test_a_dry_run_says_what_would_wait_and_writes_nothing(stall: Stall) -> None:
    await stall.change(ProductChange(name="Silk Kurta"))
    tally = await stall.shop.load(HEAD + ROW, dry_run=True)
    assert (tally.updated, sum(tally.notices.values())) == (1, 1)
    assert await stall.wanted() == Wanted(name="Silk Kurta")


async def test_the_file_of_a_seller_who_is_trusted_by_now_holds_and_ends_his_earlier_wishes(
    stall: Stall, database: Pool
) -> None:
    await stall.change(ProductChange(name="Silk Kurta", brand="Silk & Sons", slug="silk"))
    await add_picture(stall.shop.seller_id, stall.product_id, uuid7(), key="x.webp", actor_id=stall.shop.seller_id)
    await database.execute("UPDATE seller SET trusted = true")
    assert (await stall.shop.load(HEAD + ROW)).updated == 1
    live = await stall.live()
    assert (live.name, live.brand, [image.key for image in live.images]) == ("Linen Kurta", "Okra", [A, C])
    assert await stall.wanted() == Wanted(slug="silk")


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
async def test_what_is_off_sale_does_not_wait(stall: Stall, database: Pool, state: str) -> None:
    await database.execute("UPDATE product SET state = $1", state)
    await stall.shop.load(HEAD + ROW)
    assert ((await stall.live()).name, await stall.wanted()) == ("Linen Kurta", Wanted())
