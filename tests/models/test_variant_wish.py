"""What shoppers read of variants of a live product waits for the market; prices, stock and retiring never do."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from models.base import uuid7
from models.change_queue import ChangeRow, decide_change, list_changes, withdraw_change
from models.database import Pool
from models.errors import Conflict, Invalid
from models.listing import Listing, get_listing
from models.product_change import VariantWish, Wanted, find_change
from models.product_input import NewVariant, ProductChange, VariantChange
from models.product_write import change_product
from models.variant_set import AddedVariant
from tests.factories import make_product, make_seller
from tests.oracle import BROKEN

RUDE = {"Size": "Call 98450 12345"}


class Stall:
    """A live product of two sizes, 0 and 1, of a seller whom the market does not trust."""

    def __init__(self, seller_id: UUID, product_id: UUID, ids: list[UUID]) -> None:
        self.seller_id, self.product_id, (self.first, self.second) = seller_id, product_id, ids

    async def change(self, *changes: VariantChange, new: tuple[NewVariant, ...] = (), **more: object) -> Listing:
        change = ProductChange(variants=list(changes), new_variants=list(new), **more)  # type: ignore[arg-type]
        return await change_product(self.seller_id, self.product_id, change, actor_id=self.seller_id)

    async def live(self) -> list[tuple[str, str, int, int, str]]:
        found = await get_listing(self.seller_id, self.product_id)
        return [(v.sku, str(v.options["Size"]), v.price_minor, v.stock, v.status) for v in found.variants]

    async def wanted(self) -> Wanted:
        found = await find_change(self.seller_id, self.product_id)
        return found.wanted if found and found.state == "pending" else Wanted()

    async def waiting(self) -> ChangeRow:
        ((seen,), _) = await list_changes()
        return seen

    async def agree(self) -> None:
        seen = await self.waiting()
        await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())


@pytest.fixture
async def stall(database: Pool) -> Stall:
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, sku="KURTA", price_minor=500, variants=2)
    await database.execute(
        "UPDATE variant SET sku = 'K-' || position, options = jsonb_build_object('Size', position::text)"
    )
    rows = await database.fetch("SELECT id FROM variant ORDER BY position")
    return Stall(seller_id, product_id, [row["id"] for row in rows])


def size(text: str, *, price_minor: int = 900, stock: int = 0, sku: str | None = None) -> NewVariant:
    return NewVariant(options={"Size": text}, price_minor=price_minor, stock=stock, sku=sku)


LIVE = [("K-0", "0", 500, 10, "active"), ("K-1", "1", 500, 10, "active")]


async def test_texts_and_new_variants_wait_while_prices_stock_and_retiring_hold_at_once(
    stall: Stall, database: Pool
) -> None:
    answer = await stall.change(
        VariantChange(id=stall.first, options=RUDE, price_minor=700, stock=3),
        VariantChange(id=stall.second, sku="Call 98450", status="archived"),
        new=(size("XL", stock=7), size("XXL", sku="K-XXL")),
    )
    now = [("K-0", "0", 700, 3, "active"), ("K-1", "1", 500, 10, "archived")]
    assert await stall.live() == now
    assert [str(v.options["Size"]) for v in answer.variants] == ["0", "1"]
    wanted = await stall.wanted()
    assert wanted.variants == (
        VariantWish(id=stall.first, options=RUDE), VariantWish(id=stall.second, sku="Call 98450"),
    )  # fmt: skip
    assert [(new.sku, new.options, new.price_minor, new.stock) for new in wanted.new_variants] == [
        ("KURTA-xl", {"Size": "XL"}, 900, 7), ("K-XXL", {"Size": "XXL"}, 900, 0),
    ]  # fmt: skip
    await stall.agree()
    assert await stall.live() == [
        ("K-0", RUDE["Size"], 700, 3, "active"), ("Call 98450", "1", 500, 10, "archived"),
        ("KURTA-xl", "XL", 900, 7, "active"), ("K-XXL", "XXL", 900, 0, "active"),
    ]  # fmt: skip
    made = await get_listing(stall.seller_id, stall.product_id)
    assert [v.id for v in made.variants[2:]] == [new.id for new in wanted.new_variants]
    assert await database.fetch(BROKEN["I1: stock is the sum of its movements"]) == []
    entry = await database.fetchrow("SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert entry["action"] == "product.change_approved"
    assert [line["sku"] for line in msgspec.json.decode(entry["before"])["variants"]] == ["K-0", "K-1"]


async def test_a_variant_that_waits_is_changed_under_its_id_and_given_up_by_retiring_it(
    stall: Stall, database: Pool
) -> None:
    await stall.change(new=(size("XL", stock=7), size("XXL")))
    xl, xxl = (await stall.wanted()).new_variants
    seen = await stall.waiting()
    await stall.change(
        VariantChange(id=xl.id, price_minor=100, stock=2, stock_seen=7, sku="X", options={"Size": "Extra"}),
        VariantChange(id=xxl.id, status="archived"),
    )
    wish = AddedVariant(id=xl.id, sku="X", options={"Size": "Extra"}, price_minor=100, list_price_minor=None, stock=2)
    assert await stall.wanted() == Wanted(new_variants=(wish,))
    with pytest.raises(Conflict) as refused:
        await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert refused.value.code == "product_changed"
    with pytest.raises(Conflict) as refused:
        await stall.change(VariantChange(id=xl.id, stock=5, stock_seen=7))
    assert refused.value.code == "stock_changed"
    await stall.change(price_minor=650)
    assert (await stall.wanted()).new_variants[0].price_minor == 650, "a price of all is its price too"
    await stall.change(VariantChange(id=xl.id, status="archived"))
    assert await database.fetchval("SELECT state FROM product_change") == "withdrawn"
    assert [line[2] for line in await stall.live()] == [650, 650]


async def test_who_asks_for_what_is_live_takes_the_earlier_word_back(stall: Stall, database: Pool) -> None:
    await stall.change(
        VariantChange(id=stall.first, options=RUDE, sku="RUDE"), VariantChange(id=stall.second, options={"Size": "M"})
    )
    await stall.change(VariantChange(id=stall.first, options={"Size": "0"}))
    assert (await stall.wanted()).variants == (
        VariantWish(id=stall.first, sku="RUDE"), VariantWish(id=stall.second, options={"Size": "M"}),
    )  # fmt: skip
    await stall.change(VariantChange(id=stall.first, sku="K-0"), name="Linen Kurta")
    assert await stall.wanted() == Wanted(
        name="Linen Kurta", variants=(VariantWish(id=stall.second, options={"Size": "M"}),)
    )
    await stall.change(VariantChange(id=stall.second, options={"Size": "1"}))
    assert await stall.wanted() == Wanted(name="Linen Kurta")
    await withdraw_change(stall.seller_id, stall.product_id, actor_id=stall.seller_id)
    assert await stall.live() == LIVE


async def test_a_variant_off_sale_is_not_reworded_behind_the_markets_back(stall: Stall) -> None:
    await stall.change(VariantChange(id=stall.second, status="archived"))
    await stall.change(VariantChange(id=stall.second, options=RUDE, sku="RUDE"))
    await stall.change(VariantChange(id=stall.second, status="active"))
    assert await stall.live() == LIVE
    await stall.change(VariantChange(id=stall.second, status="archived"))
    await stall.change(VariantChange(id=stall.second, status="active", options={"Size": "Worse"}))
    assert await stall.live() == LIVE
    assert (await stall.wanted()).variants == (VariantWish(id=stall.second, sku="RUDE", options={"Size": "Worse"}),)


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
async def test_nothing_of_a_product_off_sale_waits(stall: Stall, database: Pool, state: str) -> None:
    await database.execute("UPDATE product SET state = $1", state)
    await stall.change(VariantChange(id=stall.first, options={"Size": "S"}), new=(size("XL"),))
    assert [line[1] for line in await stall.live()] == ["S", "1", "XL"]
    assert await stall.wanted() == Wanted()


async def test_what_waits_ends_with_the_sale(stall: Stall, database: Pool) -> None:
    await stall.change(VariantChange(id=stall.first, options={"Size": "S"}), new=(size("XL"),))
    await stall.change(status="draft", new=(size("XXL"),))
    assert [line[1] for line in await stall.live()] == ["0", "1", "XXL"]
    assert await database.fetchval("SELECT state FROM product_change") == "withdrawn"


async def test_a_change_fits_both_what_is_live_and_what_waits(stall: Stall) -> None:
    await stall.change(VariantChange(id=stall.second, status="archived"))
    await stall.change(VariantChange(id=stall.first, options={"Size": "S"}), new=(size("XL", sku="K-XL"),))
    xl = (await stall.wanted()).new_variants[0].id
    for changes, new, field in (
        ([], (size("s"),), "new_variants[0].options"),
        ([], (size("xl"),), "new_variants[0].options"),
        ([], (size("L", sku="K-XL"),), "new_variants[0].sku"),
        ([VariantChange(id=xl, options={"Size": "S"})], (), "variants[0].options"),
        ([VariantChange(id=stall.second, sku="K-XL")], (), "variants[0].sku"),
        ([VariantChange(id=stall.second, status="active", options={"Size": "xl"})], (), "variants[0].options"),
        ([VariantChange(id=stall.first, status="archived")], (), "variants[0].status"),
        ([VariantChange(id=uuid7(), options={"Size": "M"})], (), "variants[0].id"),
        ([VariantChange(id=xl, list_price_minor=1)], (), "variants[0].list_price_minor"),
    ):
        with pytest.raises(Invalid) as refused:
            await stall.change(*changes, new=new)
        assert field in [wrong.field for wrong in refused.value.fields], (changes, new, refused.value.fields)
    assert await stall.live() == [LIVE[0], ("K-1", "1", 500, 10, "archived")]
    await stall.agree()
    assert [line[1] for line in await stall.live()] == ["S", "1", "XL"]


async def test_a_size_that_only_waits_to_become_free_is_not_free_yet(stall: Stall, database: Pool) -> None:
    await stall.change(VariantChange(id=stall.second, status="archived"))
    await database.execute("""UPDATE variant SET options = '{"Size": "0"}'""")
    back = VariantChange(id=stall.second, status="active")
    await stall.change(VariantChange(id=stall.first, options={"Size": "S"}), new=(size("XL"),))
    for change, field in ((back, "options"), (VariantChange(id=stall.first, status="archived"), "status")):
        with pytest.raises(Invalid) as refused:
            await stall.change(change)
        assert [wrong.field for wrong in refused.value.fields] == [f"variants[0].{field}"]
        assert "What waits for the market does not count yet" in str(refused.value)
    await stall.agree()
    await stall.change(back)
    assert [line[1] for line in await stall.live()] == ["S", "0", "XL"]


async def test_two_sizes_change_places_once_the_market_agrees(stall: Stall) -> None:
    await stall.change(
        VariantChange(id=stall.first, options={"Size": "1"}, sku="K-1"),
        VariantChange(id=stall.second, options={"Size": "0"}, sku="K-0"),
    )
    assert await stall.live() == LIVE
    await stall.agree()
    assert [line[:2] for line in await stall.live()] == [("K-1", "1"), ("K-0", "0")]


async def test_of_changes_at_once_each_joins_what_waits_and_the_same_size_only_once(stall: Stall) -> None:
    sizes = ["S", "M", "L", "XL", "XL", "XL"]
    done = await asyncio.gather(*(stall.change(new=(size(one),)) for one in sizes), return_exceptions=True)
    assert sum(isinstance(one, Invalid) for one in done) == 2
    assert sorted(new.options["Size"] for new in (await stall.wanted()).new_variants) == ["L", "M", "S", "XL"]


async def test_who_is_trusted_by_now_writes_directly_and_the_rest_goes_on_waiting(stall: Stall, database: Pool) -> None:
    await stall.change(
        VariantChange(id=stall.first, options={"Size": "S"}, sku="K-S"),
        VariantChange(id=stall.second, options={"Size": "M"}),
        new=(size("XL", stock=1),),
    )
    (xl,) = (await stall.wanted()).new_variants
    await database.execute("UPDATE seller SET trusted = true")
    await stall.change(
        VariantChange(id=stall.first, options={"Size": "Small"}), VariantChange(id=xl.id, stock=4), new=(size("xl."),)
    )
    assert [line[:2] for line in await stall.live()] == [("K-0", "Small"), ("K-1", "1"), ("KURTA-xl-2", "xl.")]
    wanted = await stall.wanted()
    assert wanted.variants == (
        VariantWish(id=stall.first, sku="K-S"), VariantWish(id=stall.second, options={"Size": "M"}),
    )  # fmt: skip
    assert wanted.new_variants == (msgspec.structs.replace(xl, stock=4),)
    await stall.agree()
    assert [line[:2] for line in await stall.live()] == [
        ("K-S", "Small"), ("K-1", "M"), ("KURTA-xl-2", "xl."), ("KURTA-xl", "XL"),
    ]  # fmt: skip
