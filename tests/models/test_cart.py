"""Carts: what goes in, what comes out, whose it is, and what many tabs do at once."""

import asyncio

import pytest

from models.basket import Shopper
from models.cart import ITEMS_MAX, change_item, forget_guest_carts, merge_guest_cart, remove_item
from models.cart_view import read_cart
from models.cash import confirm_cash
from models.errors import Invalid, NotFound
from models.settlement import settle
from tests.factories import make_product, make_seller, make_user
from tests.offering import make_coupon, put_on_cart
from tests.ordering import TERMS, charge, count, fill, guest, new_order, place, wish
from tests.shop import variant_of


async def items(shopper: Shopper) -> dict[str, int]:
    return {item.variant_id: item.quantity for item in (await read_cart(shopper, TERMS)).items}


async def test_adding_again_adds_up_to_the_limit_and_no_further(variant):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair, quantity=6)
    await fill(shopper, chair, quantity=4)
    with pytest.raises(Invalid, match="quantity: would make 11"):
        await fill(shopper, chair)
    assert await items(shopper) == {chair: 10}


async def test_many_tabs_adding_at_once_lose_nothing_and_make_one_cart(variant, database):
    chair, shopper = await variant(), guest()
    await asyncio.gather(*(fill(shopper, chair) for _ in range(10)))
    assert await items(shopper) == {chair: 10}
    assert await count("cart") == 1


async def test_carts_of_guests_who_stayed_away_are_forgotten_and_nobody_elses(variant, database):
    """Not one that was changed since, not one whose order waits for its payment, and never a user's."""
    chair, gone, back, buyer, user = await variant(stock=20), guest(), guest(), guest(), Shopper(await make_user())
    for shopper in (gone, back, buyer, user):
        await fill(shopper, chair)
    await place(buyer)
    await database.execute("UPDATE cart SET updated_at = now() - interval '59 days'")
    await forget_guest_carts()
    assert await count("cart") == 4
    await database.execute("UPDATE cart SET updated_at = now() - interval '61 days'")
    (item,) = (await read_cart(back, TERMS)).items
    await change_item(back, item.id, quantity=2)
    await forget_guest_carts()
    assert await items(gone) == {}
    assert await items(back) == {chair: 2}
    assert await items(user) == {chair: 1}
    assert await count("cart") == 3


@pytest.mark.parametrize(("table", "state"), [("product", "draft"), ("variant", "archived"), ("seller", "suspended")])
async def test_what_is_not_for_sale_is_refused_and_writes_nothing(variant, database, table, state):
    chair = await variant()
    await database.execute(f"UPDATE {table} SET state = $1", state)
    with pytest.raises(Invalid) as refused:
        await fill(guest(), chair)
    assert refused.value.code == "not_for_sale"
    assert await count("cart") == 0


async def test_a_cart_has_an_end(database):
    seller, shopper = await make_seller(), guest()
    many = [await variant_of(await make_product(seller)) for _ in range(ITEMS_MAX + 1)]
    await fill(shopper, *many[:ITEMS_MAX])
    with pytest.raises(Invalid) as refused:
        await fill(shopper, many[-1])
    assert refused.value.code == "cart_full"
    await fill(shopper, many[0])


async def test_changing_and_removing(variant):
    chair, lamp, shopper = await variant(), await variant(), guest()
    await fill(shopper, chair, lamp)
    first, second = (await read_cart(shopper, TERMS)).items
    await change_item(shopper, first.id, quantity=7)
    await remove_item(shopper, second.id)
    assert await items(shopper) == {chair: 7}


async def test_an_item_of_another_cart_is_absent(variant):
    chair, owner, thief = await variant(), guest(), guest()
    await fill(owner, chair)
    await fill(thief, chair)
    item = (await read_cart(owner, TERMS)).items[0]
    with pytest.raises(NotFound):
        await change_item(thief, item.id, quantity=9)
    with pytest.raises(NotFound):
        await remove_item(thief, item.id)
    assert await items(owner) == {chair: 1}


async def test_the_view_tells_what_stands_in_the_way(variant, database):
    dearer, scarce, gone, withdrawn = [await variant(price_minor=10_000, stock=5) for _ in range(4)]
    shopper = guest()
    await fill(shopper, dearer, scarce, gone, withdrawn, quantity=3)
    await database.execute("UPDATE variant SET price_minor = 20000 WHERE id = $1", dearer)
    await database.execute("UPDATE stock SET on_hand = 2 WHERE variant_id = $1", scarce)
    await database.execute("UPDATE stock SET on_hand = 0 WHERE variant_id = $1", gone)
    await database.execute("UPDATE variant SET state = 'archived' WHERE id = $1", withdrawn)
    cart = await read_cart(shopper, TERMS)
    assert [item.problem for item in cart.items] == ["price_changed", "not_enough", "out_of_stock", "unavailable"]
    assert [item.available for item in cart.items] == [5, 2, 0, 0]
    assert (cart.items[0].unit_price_minor, cart.items[0].price_seen_minor) == (20_000, 10_000)
    assert cart.subtotal_minor == 3 * 20_000 + 3 * 10_000
    assert not cart.ready


async def test_options_that_a_seller_alters_are_told_beside_those_that_were_chosen(variant, database):
    shirt, user, visitor = await variant(), Shopper(await make_user()), guest()
    await database.execute("""UPDATE variant SET options = '{"Size": "M"}'""")
    await fill(visitor, shirt)
    before = await read_cart(visitor, TERMS)
    assert (before.items[0].problem, before.items[0].options_seen) == ("", {"Size": "M"})
    await database.execute("""UPDATE variant SET options = '{"Size": "L"}', price_minor = price_minor + 1""")
    await change_item(visitor, before.items[0].id, quantity=1)
    await merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
    cart = await read_cart(user, TERMS)
    assert [(one.problem, one.options, one.options_seen) for one in cart.items] == [
        ("options_changed", {"Size": "L"}, {"Size": "M"})
    ]
    assert cart.ready, "by ordering the shopper agrees"
    assert cart.goods_mark != before.goods_mark
    await fill(user, shirt)
    again = (await read_cart(user, TERMS)).items[0]
    assert (again.quantity, again.problem, again.options_seen) == (2, "", {"Size": "L"}), "as it was seen the last time"


async def test_a_name_that_a_seller_alters_is_told_beside_the_one_that_was_chosen(variant, database):
    phone, user, visitor = await variant(), Shopper(await make_user()), guest()
    await database.execute("UPDATE product SET name = 'Phone 15'")
    await fill(visitor, phone)
    before = await read_cart(visitor, TERMS)
    assert (before.items[0].problem, before.items[0].name_seen) == ("", "Phone 15")
    await database.execute("UPDATE product SET name = 'PHONE 15'")
    louder = await read_cart(visitor, TERMS)
    assert (louder.items[0].problem, louder.goods_mark) == ("", before.goods_mark), "says the same"
    await database.execute("UPDATE product SET name = 'Phone 15 case'")
    await change_item(visitor, before.items[0].id, quantity=2)
    await merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
    cart = await read_cart(user, TERMS)
    assert [(one.problem, one.name, one.name_seen) for one in cart.items] == [
        ("name_changed", "Phone 15 case", "Phone 15")
    ]
    assert cart.ready, "by ordering the shopper agrees"
    assert cart.goods_mark != before.goods_mark
    await fill(user, phone)
    again = (await read_cart(user, TERMS)).items[0]
    assert (again.problem, again.name_seen) == ("", "Phone 15 case"), "as it was seen the last time"
    await database.execute("UPDATE cart_item SET name_seen = NULL")
    assert (await read_cart(user, TERMS)).items[0].problem == "", "what was added before carts knew"


async def test_nobody_has_an_empty_cart_and_no_row(database):
    cart = await read_cart(Shopper(), TERMS)
    assert (cart.items, cart.total_minor, cart.currency) == ([], 0, "INR")
    assert await count("cart") == 0


async def test_a_guest_who_logs_in_keeps_everything_up_to_the_limit(variant):
    chair, lamp = await variant(), await variant()
    user, visitor = Shopper(await make_user()), guest()
    await fill(user, chair, quantity=7)
    await fill(visitor, chair, lamp, quantity=5)
    await asyncio.gather(*(merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10) for _ in range(3)))
    assert await items(user) == {chair: 10, lamp: 5}
    assert await items(visitor) == {}


async def test_logging_in_without_a_guest_cart_changes_nothing(database):
    await merge_guest_cart("0" * 64, await make_user(), quantity_max=10)
    assert await count("cart") == 0


@pytest.mark.parametrize("first", [0, 1])
async def test_what_is_bought_leaves_the_cart_though_guest_and_user_both_waited_to_pay_at_the_log_in(variant, first):
    chair, lamp, rug, coupon = await variant(), await variant(), await variant(), await make_coupon()
    user, visitor = Shopper(await make_user()), guest()
    await fill(visitor, chair, lamp)
    await put_on_cart(visitor, coupon=coupon)
    orders = [await new_order(shopper=visitor), await new_order(chair, shopper=user, asked=wish())]
    await merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
    await fill(user, rug)
    assert await items(user) == {chair: 2, lamp: 1, rug: 1}
    await settle(charge(orders[first]))
    assert await items(user) == ({chair: 1, rug: 1} if first == 0 else {chair: 1, lamp: 1, rug: 1})
    await settle(charge(orders[1 - first]))
    assert (await items(user), await count("cart_coupon")) == ({rug: 1}, 0)


async def test_a_log_in_while_both_orders_are_being_paid_leaves_nothing_that_was_bought(variant):
    chair, lamp = await variant(stock=30), await variant(stock=30)
    for _ in range(10):
        user, visitor = Shopper(await make_user()), guest()
        orders = [await new_order(chair, lamp, shopper=visitor), await new_order(chair, shopper=user)]
        merging = merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
        await asyncio.gather(settle(charge(orders[0])), merging, settle(charge(orders[1])))
        assert (await items(user), await items(visitor)) == ({}, {})


async def test_cash_at_the_door_empties_the_cart_of_who_has_logged_in_since(variant, database):
    chair, lamp = await variant(), await variant()
    await database.execute("UPDATE seller SET cash_allowed = true")
    user, visitor = Shopper(await make_user()), guest()
    orders = [await new_order(chair, shopper=visitor), await new_order(lamp, shopper=user)]
    await merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
    await confirm_cash(orders[0].order_id, limit_minor=10**9)
    assert await items(user) == {lamp: 1}
