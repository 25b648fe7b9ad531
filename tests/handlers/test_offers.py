"""Coupons, gift cards, places, saved items and wishes over HTTP.

Bad input is refused by its field and writes nothing.
"""

import pytest

from models.basket import Shopper
from models.cart import merge_guest_cart
from models.cart_view import read_cart
from models.wishlist import tell_of_stock
from tests.buying import Buyer
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.offering import make_coupon, make_gift_card, make_rate
from tests.oracle import broken_promises
from tests.ordering import TERMS, count, fill, guest
from tests.shop import bank, buyer, variant

__all__ = ["bank", "buyer", "variant"]


async def test_the_checkout_charges_what_the_cart_shows_line_by_line(buyer, variant, database, bank):
    await make_coupon("TEN", kind="percent", value=1_000)
    await make_rate("national", 6_000, free_over_minor=None)
    await buyer.add(await variant(price_minor=20_000))
    await database.execute("UPDATE seller SET region = 'Karnataka'")
    await buyer.ask("PUT", "/api/v1/cart/place", json={"pin_code": "560038", "region": "Karnataka"})
    status, cart = await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": " ten "})
    assert (status, cart["total_minor"], cart["discount_minor"], cart["shipping_minor"]) == (200, 24_000, 2_000, 6_000)
    assert cart["cgst_minor"] == cart["sgst_minor"] > 0
    assert (cart["igst_minor"], cart["parcels"][0]["days_max"]) == (0, 4)
    status, order = await buyer.check_out(total_minor=cart["total_minor"])
    assert status == 201, order
    line = dict(await database.fetchrow("SELECT * FROM order_line"))
    assert {name: line[name] for name in cart["items"][0]["cost"]} == cart["items"][0]["cost"]


async def test_a_total_that_was_not_shown_is_refused_with_the_new_breakdown(buyer, variant, database):
    cart = await buyer.add(await variant(price_minor=20_000))
    await database.execute("UPDATE variant SET price_minor = 30000")
    status, problem = await buyer.check_out(total_minor=cart["total_minor"])
    assert (status, problem["code"], problem["errors"][0]["field"]) == (409, "price_changed", "total_minor")
    assert problem["facts"]["cart"]["subtotal_minor"] == 30_000
    status, problem = await buyer.check_out(total_minor=1)
    assert status == 409
    assert await count("orders") == 0


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("coupons", {"code": "NOSUCH"}, "code"),
        ("coupons", {"code": "x"}, "code"),
        ("coupons", {"code": "OVER"}, "code"),
        ("gift-cards", {"code": "AAAA-BBBB"}, "code"),
        ("gift-cards", {"code": "SPENT"}, "code"),
    ],
)
async def test_an_offer_that_does_not_hold_is_refused_by_its_field(buyer, variant, path, body, field):
    await make_coupon("OVER", active=False)
    await make_gift_card("SPENT", active=False)
    await buyer.add(await variant())
    status, problem = await buyer.ask("POST", f"/api/v1/cart/{path}", json=body)
    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert await count("cart_coupon") + await count("cart_gift_card") == 0


@pytest.mark.parametrize(
    "place", [{"pin_code": "056001"}, {"pin_code": "5600"}, {"pin_code": "560001", "region": "Texas"}]
)
async def test_a_place_that_is_none_is_refused(buyer, place):
    status, problem = await buyer.ask("PUT", "/api/v1/cart/place", json=place)
    assert (status, problem["errors"][0]["field"]) == (422, "region" if "region" in place else "pin_code")
    assert await count("cart") == 0


async def test_a_coupon_tells_what_it_still_wants_and_stops_the_checkout_meanwhile(buyer, variant):
    await make_coupon("BIG", minimum_minor=50_000)
    await buyer.add(await variant(price_minor=20_000))
    _, cart = await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": "BIG"})
    coupon = cart["coupons"][0]
    assert (coupon["problem"], coupon["missing_minor"], coupon["amount_minor"], cart["ready"]) == (
        "minimum",
        30_000,
        0,
        False,
    )
    status, problem = await buyer.check_out()
    assert (status, problem["code"], problem["errors"][0]["field"]) == (409, "coupon", "coupons.BIG")
    status, cart = await buyer.ask("DELETE", f"/api/v1/cart/coupons/{coupon['id']}")
    assert (status, cart["ready"], cart["coupons"]) == (200, True, [])


async def test_a_coupon_and_a_gift_card_leave_a_rupee_that_can_be_paid_online(buyer, variant, bank):
    await make_coupon("NEARLY", value=20_000)
    await make_gift_card("ABCD-EFGH", 75)
    await buyer.add(await variant(price_minor=20_060))
    await buyer.ask("PUT", "/api/v1/cart/place", json={"pin_code": "560038", "region": "Karnataka"})
    await make_rate("national", 0, free_over_minor=0)
    _, cart = await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": "NEARLY"})
    assert (cart["total_minor"], cart["coupons"][0]["amount_minor"], cart["kept_back_minor"]) == (100, 19_960, 40)
    await buyer.ask("DELETE", f"/api/v1/cart/coupons/{cart['coupons'][0]['id']}")
    await make_coupon("LESS", value=19_900)
    _, cart = await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": "LESS"})
    _, cart = await buyer.ask("POST", "/api/v1/cart/gift-cards", json={"code": "ABCD-EFGH"})
    sums = (cart["total_minor"], cart["gift_card_minor"], cart["payable_minor"], cart["kept_back_minor"])
    assert sums == (160, 60, 100, 15)
    status, order = await buyer.check_out(total_minor=160, payable_minor=100)
    assert (status, order["payment"]["state"]) == (201, "open")
    assert (await bank.pay(order["payment"]["gateway_order_id"]))["razorpay_payment_id"].startswith("pay_")


async def test_goods_for_less_than_a_rupee_are_not_ordered_alone(buyer, variant, bank):
    await make_rate("national", 0, free_over_minor=0)
    await buyer.ask("PUT", "/api/v1/cart/place", json={"pin_code": "560038", "region": "Karnataka"})
    cart = await buyer.add(screw := await variant(price_minor=60))
    assert (cart["too_little"], cart["ready"]) == (True, False)
    status, problem = await buyer.check_out()
    assert (status, problem["code"], await count("orders")) == (409, "too_little", 0)
    cart = await buyer.add(screw)
    assert (cart["too_little"], cart["ready"]) == (False, True)
    assert (await buyer.check_out())[0] == 201


async def test_an_offer_on_another_shoppers_cart_is_absent(http, buyer, variant):
    coupon = await make_coupon("MINE")
    await buyer.add(await variant())
    await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": "MINE"})
    thief = Buyer(http)
    await thief.add(await variant())
    assert (await thief.ask("DELETE", f"/api/v1/cart/coupons/{coupon}"))[0] == 404
    assert await count("cart_coupon") == 1


async def test_an_item_is_saved_for_later_and_comes_back_at_its_present_price(buyer, variant, database):
    cart = await buyer.add(await variant(price_minor=20_000), 2)
    item = cart["items"][0]["id"]
    _, cart = await buyer.ask("POST", f"/api/v1/cart/items/{item}/save")
    assert (cart["items"], cart["total_minor"], cart["saved"][0]["quantity"]) == ([], 0, 2)
    await database.execute("UPDATE variant SET price_minor = 25000")
    _, cart = await buyer.ask("POST", f"/api/v1/cart/items/{item}/restore")
    assert (cart["items"][0]["unit_price_minor"], cart["items"][0]["problem"], cart["saved"]) == (25_000, "", [])


async def test_joined_carts_are_capped_by_stock_and_limits_and_say_so(variant, settings):
    few, limited, plenty = await variant(stock=4), await variant(buyer_limit=3), await variant()
    user, visitor = Shopper(await make_user()), guest()
    await fill(user, few, limited, plenty, quantity=3)
    await fill(visitor, few, limited, plenty, quantity=2)
    await merge_guest_cart(visitor.token_hash, user.user_id, quantity_max=10)
    items = {item.variant_id: (item.quantity, item.wanted) for item in (await read_cart(user, TERMS)).items}
    assert items == {few: (4, 5), limited: (3, 5), plenty: (5, None)}


async def test_a_wish_is_mailed_once_each_time_that_it_is_back(http, settings, database):
    product = await make_product(await make_seller(), stock=0)
    buyer = Buyer(http, await log_in_as(settings, await make_user(settings)))
    status, wishes = await buyer.ask("POST", "/api/v1/wishlist", json={"product_id": str(product)})
    assert (status, wishes["items"][0]["in_stock"]) == (200, False)
    assert await tell_of_stock() == 0
    await database.execute("UPDATE stock SET on_hand = 5")
    assert (await tell_of_stock(), await tell_of_stock()) == (1, 0)
    await database.execute("UPDATE stock SET on_hand = 0")
    await tell_of_stock()
    await database.execute("UPDATE stock SET on_hand = 5")
    assert await tell_of_stock() == 1
    status, wishes = await buyer.ask("DELETE", f"/api/v1/wishlist/{product}")
    assert (status, wishes["items"]) == (200, [])


async def test_delivery_to_a_pin_code_is_by_zone_and_the_sellers_own_rate_wins(http, buyer, database):
    seller = await make_seller()
    await database.execute("UPDATE seller SET pin_code = '560001'")
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", await make_product(seller))
    await database.execute("INSERT INTO shipping_zone VALUES ('79', 'remote'), ('560', 'metro')")
    await make_rate("national", 4_900)
    await make_rate("remote", 9_900)
    await make_rate("local", 1_900)
    await make_rate("remote", 7_700, seller)

    async def charge(pin_code: str) -> int:
        status, found = await buyer.ask("GET", f"/api/v1/products/{slug}/delivery?pin_code={pin_code}")
        assert status == 200, found
        return found["flat_minor"]

    assert [await charge(pin) for pin in ("110001", "795001", "560038")] == [4_900, 7_700, 1_900]
    assert (await buyer.ask("GET", f"/api/v1/products/{slug}/delivery?pin_code=12"))[0] == 422


async def test_a_seller_keeps_own_coupons_and_nobody_elses(http, settings):
    keeper, other = await make_user(settings, role="seller"), await make_user(settings, role="seller")
    await make_seller(user_id=keeper)
    await make_seller(user_id=other)
    mine, theirs = Buyer(http, await log_in_as(settings, keeper)), Buyer(http, await log_in_as(settings, other))
    body = {"code": "mine-5", "kind": "percent", "value": 500}
    status, listed = await mine.ask("POST", "/api/v1/seller/coupons", json=body)
    assert (status, listed["items"][0]["code"], listed["items"][0]["borne_by"]) == (201, "MINE-5", "seller")
    path = f"/api/v1/seller/coupons/{listed['items'][0]['id']}"
    assert (await theirs.ask("PATCH", path, json={"active": False}))[0] == 404
    assert (await theirs.ask("POST", "/api/v1/seller/coupons", json=body))[0] == 409
    bad = {"code": "X", "kind": "amount"}
    status, problem = await theirs.ask("POST", "/api/v1/seller/coupons", json=bad)
    assert (status, {error["field"] for error in problem["errors"]}) == (422, {"code", "value"})
    status, problem = await theirs.ask(
        "POST", "/api/v1/seller/coupons", json={**body, "ends_at": "2030-01-01T00:00:00"}
    )
    assert (status, problem["errors"][0]["field"]) == (422, "ends_at")


async def test_the_operator_issues_a_gift_card_whose_code_is_kept_nowhere(http, settings, database, buyer, variant):
    admin = Buyer(http, await log_in_as(settings, await make_user(settings, role="admin")))
    status, issued = await admin.ask("POST", "/api/v1/admin/gift-cards", json={"amount_minor": 5_000})
    assert status == 201
    assert issued["code"] not in str([dict(row) for row in await database.fetch("SELECT * FROM gift_card")])
    assert await broken_promises(database) == {}, "the books owe what was issued"
    await buyer.add(await variant(price_minor=100_000))
    code = issued["code"].lower().replace("-", " ")
    _, cart = await buyer.ask("POST", "/api/v1/cart/gift-cards", json={"code": code})
    assert (cart["gift_card_minor"], cart["payable_minor"], cart["total_minor"]) == (5_000, 95_000, 100_000)
