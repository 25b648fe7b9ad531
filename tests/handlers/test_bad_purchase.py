"""What cannot be bought as asked is refused with the field and what would be right, and nothing at all is written."""

import asyncpg
import pytest

from models.closing import expire_order
from tests.offering import make_coupon
from tests.ordering import count, end_hold
from tests.shop import bank, buyer, sound, variant

__all__ = ["bank", "buyer", "sound", "variant"]
pytestmark = pytest.mark.usefixtures("sound")

TABLES = ("cart", "cart_item", "cart_coupon", "orders", "order_line", "payment", "reservation", "idempotency_key",
          "coupon_use", "order_event", "stock_movement", "pgqueuer")  # fmt: skip
UNKNOWN = "00000000-0000-7000-8000-000000000000"
SUSPEND = "UPDATE seller SET state = 'suspended'"
DRAFT = "UPDATE product SET state = 'draft'"
DOLLARS = "UPDATE product SET currency = 'USD' WHERE id = (SELECT product_id FROM variant WHERE id = $1)"
DEARER = "UPDATE variant SET price_minor = price_minor + 1"
NO_COUPON = "UPDATE coupon SET active = false"
ADDING = {
    "variant of nobody": None,
    "draft": DRAFT,
    "archived": "UPDATE product SET state = 'archived'",
    "variant off sale": "UPDATE variant SET state = 'archived'",
    "suspended seller": SUSPEND,
    "seller not yet approved": "UPDATE seller SET state = 'pending'",
}
QUANTITIES = ("-1", "0", "1.5", "11", "2147483648", "NaN", "-Infinity", "1e9", "1e999", '"1"', '"1e9"', "true", "null",
              "[1]", "99999999999999999999")  # fmt: skip
ORDERING = {
    "draft by now": (DRAFT, {}, 409, "items."),
    "seller suspended by now": (SUSPEND, {}, 409, "items."),
    "price changed by now": (DEARER, {}, 409, "items."),
    "price changed since the total was shown": (DEARER, {"total_minor": 100_000}, 409, "total_minor"),
    "total of one paisa": ("", {"total_minor": 1}, 409, "total_minor"),
    "total below zero": ("", {"total_minor": -100_000}, 422, "total_minor"),
    "total in rupees and paise": ("", {"total_minor": 1000.5}, 422, "total_minor"),
    "total that is no number": ("", {"total_minor": "1e9"}, 422, "total_minor"),
    "total beyond counting": ("", {"total_minor": 10**400}, 422, "total_minor"),
    "less to pay than is left": ("", {"total_minor": 100_000, "payable_minor": 1}, 409, "payable_minor"),
    "less than nothing to pay": ("", {"payable_minor": -1}, 422, "payable_minor"),
    "price of one's own": ("", {"price_minor": 1}, 422, "price_minor"),
    "currency of one's own": ("", {"currency": "USD"}, 422, "currency"),
    "coupon that ended": (NO_COUPON, {}, 409, "coupons.DIWALI"),
}


async def written(database) -> dict[str, int]:
    held = await database.fetchval("SELECT sum(reserved) FROM stock")
    return {"held": held, **{table: await count(table) for table in TABLES}}


@pytest.mark.parametrize("before", ADDING.values(), ids=list(ADDING))
async def test_what_is_not_for_sale_does_not_get_into_a_cart(buyer, variant, database, before):
    chair = str(await variant()) if before else UNKNOWN
    if before:
        await database.execute(before)
    seen = await written(database)
    status, problem = await buyer.ask("POST", "/api/v1/cart/items", json={"variant_id": chair})
    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["variant_id"]), problem
    assert await written(database) == seen


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_quantity_is_a_whole_number_in_range(buyer, variant, database, method):
    path, rest = "/api/v1/cart/items", f'"variant_id": "{await variant()}", '
    if method == "PATCH":
        path, rest = f"{path}/{(await buyer.add(await variant()))['items'][0]['id']}", ""
    seen = await written(database)
    for quantity in QUANTITIES:
        status, problem = await buyer.ask(method, path, data=f'{{{rest}"quantity": {quantity}}}')
        assert (status, [error["field"] for error in problem["errors"]]) == (422, ["quantity"]), quantity
        assert problem["errors"][0]["detail"], quantity
        assert await written(database) == seen, quantity
        assert await database.fetchval("SELECT coalesce(sum(quantity), 0) FROM cart_item") == (method == "PATCH")


async def test_goods_in_another_currency_are_neither_on_sale_nor_ordered(buyer, variant, database):
    """Nothing would carry, tax or pay them out."""
    abroad = await variant()
    with pytest.raises(asyncpg.CheckViolationError, match="product_currency"):
        await database.execute(DOLLARS, abroad)
    await buyer.add(abroad)
    assert (await buyer.check_out())[0] == 201
    with pytest.raises(asyncpg.CheckViolationError, match="orders_currency"):
        await database.execute("UPDATE orders SET currency = 'USD'")


@pytest.mark.parametrize(("before", "sent", "wanted", "field"), ORDERING.values(), ids=list(ORDERING))
async def test_what_is_not_as_it_was_shown_is_not_ordered(buyer, variant, database, before, sent, wanted, field):
    await buyer.add(await variant(price_minor=100_000))
    if before == NO_COUPON:
        await make_coupon()
        assert (await buyer.ask("POST", "/api/v1/cart/coupons", json={"code": "DIWALI"}))[0] == 200
    if before:
        await database.execute(before)
    seen = await written(database)
    status, problem = await buyer.check_out(**sent)
    assert status == wanted, problem
    assert problem["errors"][0]["field"].startswith(field)
    assert problem["errors"][0]["detail"]
    assert await written(database) == seen


async def test_a_key_whose_order_has_expired_orders_nothing_again(buyer, variant, database):
    chair = await variant(price_minor=100_000)
    await buyer.add(chair)
    _, placed = await buyer.check_out(key="a-key")
    order_id = await database.fetchval("SELECT id FROM orders")
    await end_hold(order_id)
    assert await expire_order(order_id)
    seen = await written(database)
    status, again = await buyer.check_out(key="a-key")
    assert (status, again["number"], again["state"]) == (200, placed["number"], "expired")
    await database.execute("UPDATE idempotency_key SET created_at = now() - interval '25 hours'")
    for key, code in (("a-key", "key_expired"), ("x" * 65, "invalid"), ("", "invalid")):
        status, problem = await buyer.check_out(key)
        assert (status, problem["code"], problem["errors"][0]["field"]) == (422, code, "Idempotency-Key")
    assert await written(database) == seen
