"""Changes of live products wait for the market; price and stock do not; nobody else's change is touched."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from models.base import uuid7
from models.change_queue import decide_change, list_changes, withdraw_change
from models.database import Pool
from models.errors import Conflict, NotFound
from models.listing import get_listing
from models.pictures import add_picture, remove_picture
from models.product_change import PICTURES_MAX, NewPicture, Wanted, find_change, merge
from models.product_input import NewSpecification, ProductChange
from models.product_write import change_product
from tests.factories import insert, make_category, make_product, make_seller, make_user
from tests.search.rows import make_specification


async def test_a_live_product_stays_as_it_is_until_its_change_is_approved(database):
    owner = await make_user(role="seller")
    seller_id = await make_seller(trusted=False, user_id=owner)
    product_id, who = await make_product(seller_id, name="Cotton Kurta"), {"actor_id": owner}
    shown = await insert("product_image", product_id=product_id, key="a.webp", position=0)
    await make_category("Kurtas")
    change = ProductChange(name="Linen Kurta", category="kurtas", price_minor=99_900, stock=3)
    live = await change_product(seller_id, product_id, change, **who)
    assert (live.name, live.category, live.price_minor, live.stock) == ("Cotton Kurta", None, 99_900, 3)
    again = await change_product(seller_id, product_id, ProductChange(brand="Asha", name="Silk Kurta"), **who)
    assert (again.brand, again.status) == ("", "active")
    new, dropped = uuid7(), uuid7()
    await add_picture(seller_id, product_id, new, key="b.webp", **who)
    await add_picture(seller_id, product_id, dropped, key="c.webp", **who)
    await remove_picture(seller_id, product_id, dropped, **who)
    await remove_picture(seller_id, product_id, shown, **who)
    assert [image.key for image in (await get_listing(seller_id, product_id)).images] == ["a.webp"]
    ((waiting,), total) = await list_changes()
    assert total == 1
    assert waiting.wanted == Wanted(
        name="Silk Kurta", brand="Asha", category="kurtas", added=(NewPicture(new, "b.webp"),), removed=(shown,)
    )
    operator = await make_user(role="admin")
    await decide_change(waiting.id, version=waiting.version, approve=True, actor_id=operator)
    after = await get_listing(seller_id, product_id)
    assert (after.name, after.brand, after.category) == ("Silk Kurta", "Asha", "kurtas")
    assert [image.key for image in after.images] == ["b.webp"]
    with pytest.raises(Conflict):
        await decide_change(waiting.id, version=waiting.version, approve=True, actor_id=operator)
    assert await find_change(seller_id, product_id) is None
    entry = await database.fetchrow("SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert (entry["action"], entry["actor_id"]) == ("product.change_approved", operator)
    assert '"Cotton Kurta"' in entry["before"]


async def test_specifications_of_a_live_product_wait_too_and_come_as_they_were_asked_for(database):
    owner = await make_user(role="seller")
    seller_id = await make_seller(trusted=False, user_id=owner)
    product_id, who = await make_product(seller_id), {"actor_id": owner}
    await make_specification(product_id, "Fabric", "Cotton")
    asked = [NewSpecification(name="Length", value=110.0, unit="cm"), NewSpecification(name="Lined", value=True)]
    live = await change_product(seller_id, product_id, ProductChange(specifications=asked), **who)
    assert [entry.text for entry in live.specifications] == ["Cotton"]
    live = await change_product(seller_id, product_id, ProductChange(name="Kurta", price_minor=5), **who)
    assert ([entry.text for entry in live.specifications], live.price_minor) == (["Cotton"], 5)
    ((waiting,), _) = await list_changes()
    assert [entry.text for entry in waiting.wanted.specifications] == ["110 cm", "Yes"]
    await decide_change(waiting.id, version=waiting.version, approve=True, actor_id=await make_user(role="admin"))
    rows = await database.fetch("SELECT name, kind, text, number, unit FROM specification ORDER BY position")
    assert [tuple(row) for row in rows] == [
        ("Length", "number", "110 cm", 110.0, "cm"), ("Lined", "boolean", "Yes", 1.0, ""),
    ]  # fmt: skip
    assert '"Cotton"' in await database.fetchval("SELECT before FROM audit_entry ORDER BY id DESC LIMIT 1")
    change = ProductChange(specifications=asked, name="Kurta")
    await change_product(seller_id, product_id, change, **who)
    assert (await list_changes())[1] == 0, "what is so already waits for nobody"


async def test_a_change_is_refused_with_a_reason_or_taken_back_and_a_trusted_seller_needs_none(database):
    owner, operator = await make_user(role="seller"), await make_user(role="admin")
    seller_id = await make_seller(trusted=False, user_id=owner)
    product_id, who = await make_product(seller_id), {"actor_id": owner}
    await change_product(seller_id, product_id, ProductChange(name="Real Gold"), **who)
    ((waiting,), _) = await list_changes()
    await decide_change(waiting.id, version=waiting.version, approve=False, actor_id=operator, reason="It is brass")
    refused = await find_change(seller_id, product_id)
    assert (refused.state, refused.reason) == ("rejected", "It is brass")
    await change_product(seller_id, product_id, ProductChange(name="Brass"), **who)
    with pytest.raises(NotFound):
        await withdraw_change(await make_seller(), product_id, actor_id=owner)
    await withdraw_change(seller_id, product_id, **who)
    with pytest.raises(NotFound):
        await withdraw_change(seller_id, product_id, **who)
    assert (await list_changes())[1] == 0
    await database.execute("UPDATE seller SET trusted = true")
    assert (await change_product(seller_id, product_id, ProductChange(name="Brass"), **who)).name == "Brass"


def test_the_later_word_wins_and_a_picture_that_came_and_went_was_never_there():
    one, two, live = uuid7(), uuid7(), uuid7()
    old = Wanted(name="A", slug="a", added=(NewPicture(one, "1"), NewPicture(two, "2")), removed=(live,))
    merged = merge(old, Wanted(name="B", removed=(one, live)))
    assert merged == Wanted(name="B", slug="a", added=(NewPicture(two, "2"),), removed=(live,))


async def live_product(database: Pool) -> tuple[UUID, UUID]:
    """Of a seller who is not trusted, with a specification and a category. Returns both ids."""
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, name="Cotton Kurta", brand="Asha")
    await make_specification(product_id, "Fabric", "Cotton")
    await make_category("Kurtas")
    return seller_id, product_id


async def wanted_of(seller_id: UUID, product_id: UUID) -> Wanted | None:
    found = await find_change(seller_id, product_id)
    return found.wanted if found else None


COTTON, SILK = [[NewSpecification(name="Fabric", value=value)] for value in ("Cotton", "Silk")]


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        (ProductChange(name="Linen Kurta"), ProductChange(name="Cotton Kurta")),
        (ProductChange(category="kurtas"), ProductChange(category=None)),
        (ProductChange(specifications=SILK), ProductChange(specifications=COTTON)),
    ],
    ids=["name", "category", "specifications"],
)
async def test_who_asks_for_what_is_live_takes_the_earlier_word_back(
    database: Pool, asked: ProductChange, back: ProductChange
) -> None:
    seller_id, product_id = await live_product(database)
    await change_product(seller_id, product_id, asked, actor_id=seller_id)
    await change_product(seller_id, product_id, back, actor_id=seller_id)
    assert (await list_changes())[1] == 0
    assert await database.fetchval("SELECT state FROM product_change") == "withdrawn"
    both = msgspec.structs.replace(asked, brand="Rolex")
    await change_product(seller_id, product_id, both, actor_id=seller_id)
    await change_product(seller_id, product_id, back, actor_id=seller_id)
    assert await wanted_of(seller_id, product_id) == Wanted(brand="Rolex"), "the rest still waits"
    mixed = msgspec.structs.replace(back, brand="Asha", description="Soft")
    await change_product(seller_id, product_id, mixed, actor_id=seller_id)
    assert await wanted_of(seller_id, product_id) == Wanted(description="Soft")


async def test_a_picture_that_is_added_and_taken_away_again_leaves_no_change(database: Pool) -> None:
    seller_id, product_id = await live_product(database)
    await add_picture(seller_id, product_id, picture := uuid7(), key="b.webp", actor_id=seller_id)
    await remove_picture(seller_id, product_id, picture, actor_id=seller_id)
    assert (await list_changes())[1] == 0


async def test_pictures_too_follow_the_last_word_of_a_seller_who_is_trusted_by_now(database: Pool) -> None:
    seller_id, product_id = await live_product(database)
    who = {"actor_id": seller_id}
    shown = await insert("product_image", product_id=product_id, key="a.webp", position=0)
    await change_product(seller_id, product_id, ProductChange(name="Linen Kurta"), **who)
    await add_picture(seller_id, product_id, one := uuid7(), key="b.webp", **who)
    await add_picture(seller_id, product_id, two := uuid7(), key="c.webp", **who)
    await remove_picture(seller_id, product_id, shown, **who)
    await database.execute("UPDATE seller SET trusted = true")
    with pytest.raises(Conflict):
        await add_picture(seller_id, product_id, one, key="b.webp", **who)
    await remove_picture(seller_id, product_id, one, **who)
    await remove_picture(seller_id, product_id, shown, **who)
    assert await wanted_of(seller_id, product_id) == Wanted(name="Linen Kurta", added=(NewPicture(two, "c.webp"),))
    await add_picture(seller_id, product_id, uuid7(), key="d.webp", **who)
    assert [image.key for image in (await get_listing(seller_id, product_id)).images] == ["d.webp"]
    ((seen,), _) = await list_changes()
    await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert [image.key for image in (await get_listing(seller_id, product_id)).images] == ["d.webp", "c.webp"]


@pytest.mark.parametrize("trusted", [False, True])
async def test_twelve_pictures_are_the_most_also_with_those_that_wait_and_for_two_at_once(
    database: Pool, *, trusted: bool
) -> None:
    seller_id, product_id = await live_product(database)
    for number in range(5):
        await insert("product_image", product_id=product_id, key=f"{number}.webp", position=number)
        await add_picture(seller_id, product_id, uuid7(), key=f"w{number}.webp", actor_id=seller_id)
    await database.execute("UPDATE seller SET trusted = $1", trusted)
    adding = [add_picture(seller_id, product_id, uuid7(), key=f"x{n}.webp", actor_id=seller_id) for n in range(4)]
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Conflict", "NoneType", "NoneType"]
    ((seen,), _) = await list_changes()
    await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert await database.fetchval("SELECT count(*) FROM product_image") == PICTURES_MAX


@pytest.mark.parametrize("status", ["draft", "pending", "archived"])
async def test_a_change_ends_with_the_sale_that_it_was_made_for(database: Pool, status: str) -> None:
    seller_id, product_id = await live_product(database)
    await change_product(seller_id, product_id, ProductChange(name="Old Wish"), actor_id=seller_id)
    await add_picture(seller_id, product_id, uuid7(), key="b.webp", actor_id=seller_id)
    ((seen,), _) = await list_changes()
    await change_product(seller_id, product_id, ProductChange(status=status), actor_id=seller_id)
    assert await database.fetchval("SELECT state FROM product_change") == "withdrawn"
    await change_product(seller_id, product_id, ProductChange(name="New Wish"), actor_id=seller_id)
    with pytest.raises(Conflict):
        await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert (await get_listing(seller_id, product_id)).name == "New Wish"


async def test_what_a_seller_who_is_trusted_by_now_writes_outlives_the_change_that_waited(database: Pool) -> None:
    seller_id, product_id = await live_product(database)
    asked = ProductChange(name="Old Wish", brand="Rolex", specifications=SILK)
    await change_product(seller_id, product_id, asked, actor_id=seller_id)
    await database.execute("UPDATE seller SET trusted = true")
    await change_product(seller_id, product_id, ProductChange(name="New Wish"), actor_id=seller_id)
    await change_product(seller_id, product_id, ProductChange(specifications=COTTON), actor_id=seller_id)
    ((seen,), _) = await list_changes()
    assert seen.wanted == Wanted(brand="Rolex")
    await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    after = await get_listing(seller_id, product_id)
    assert (after.name, after.brand, after.specifications[0].text) == ("New Wish", "Rolex", "Cotton")


async def test_a_change_of_a_product_that_is_off_sale_can_only_be_refused(database: Pool) -> None:
    seller_id, product_id = await live_product(database)
    await change_product(seller_id, product_id, ProductChange(name="Old Wish"), actor_id=seller_id)
    await database.execute("UPDATE product SET state = 'draft'")
    ((seen,), _) = await list_changes()
    with pytest.raises(Conflict) as refused:
        await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert refused.value.code == "product_state"
    await decide_change(
        seen.id, version=seen.version, approve=False, actor_id=uuid7(), reason="It is no longer on sale"
    )
