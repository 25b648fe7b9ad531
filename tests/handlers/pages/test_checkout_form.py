"""What the check-out says while it is filled in: of coupons, addresses, taxes, and of being sent twice at once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

from models.database import Pool
from tests.buying import ADDRESS, variant_of
from tests.factories import make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.test_buying import FORM, check_out, lamp
from tests.handlers.pages.visitor import Visitor, slug_of
from tests.offering import make_coupon, make_rate

NOTICE = re.compile(r'<div class="notice notice-bad".*?</div>', re.DOTALL)
KEEPS = re.compile(r'name="save_address" value="1"( checked)?')
ENTER = "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || 'one-key', 0))"


async def test_a_coupon_that_wants_more_goods_by_now_says_how_much_in_rupees(visitor: Visitor, database: Pool) -> None:
    await make_coupon("HAAT100", minimum_minor=150_000)
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=2)
    await visitor.post("/cart/coupons", code="HAAT100")
    await database.execute("UPDATE cart_item SET quantity = 1")
    refused = await visitor.post("/checkout", **FORM, idempotency_key="a-key")
    [notice] = NOTICE.findall(refused.text)
    assert refused.status == 422
    assert "Coupon HAAT100 wants more in goods than are in the cart. Nothing was ordered." in notice
    assert "Wants ₹201 more in goods." in refused.text
    assert "20100" not in refused.text


async def test_a_coupon_that_ends_during_the_checkout_is_named_there(visitor: Visitor, database: Pool) -> None:
    await make_coupon("DIWALI")
    await visitor.post("/cart/items", variant_id=await lamp())
    await visitor.post("/cart/coupons", code="DIWALI")
    await database.execute("UPDATE coupon SET starts_at = now() - interval '2 days', ends_at = now()")
    refused = await visitor.post("/checkout", **FORM, idempotency_key="a-key")
    assert "Coupon DIWALI has ended. Nothing was ordered." in refused.text
    assert "Coupon <strong>DIWALI</strong>: Has ended." in refused.html


async def test_who_wants_no_address_kept_is_not_asked_anew_by_a_mistake(
    visitor: Visitor, person: Callable[..., Awaitable[tuple[str, UUID]]], database: Pool
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    await visitor.post("/cart/items", variant_id=await lamp())
    assert KEEPS.findall((await visitor.get("/checkout")).html) == [" checked"]
    assert KEEPS.findall((await check_out(visitor, phone="12")).html) == [""]
    assert KEEPS.findall((await check_out(visitor, phone="12", save_address="1")).html) == [" checked"]
    await check_out(visitor)
    assert await database.fetchval("SELECT count(*) FROM address") == 0


async def test_goods_from_another_state_show_their_tax_as_igst(visitor: Visitor, database: Pool) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    await database.execute("UPDATE seller SET region = 'Karnataka'")
    for region, tax in (("Karnataka", "CGST and SGST contained in it"), ("Kerala", "IGST contained in it")):
        shown = await visitor.get(f"/checkout/summary?pin_code={ADDRESS['pin_code']}&region={region}")
        assert f">{tax}<" in shown.text, region


async def test_a_form_that_comes_twice_at_once_tells_its_shopper_what_to_do(visitor: Visitor, database: Pool) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    token = await database.fetchval("SELECT 'cart:' || token_hash FROM cart")
    async with database.acquire() as connection, connection.transaction():
        await connection.execute(ENTER, token)
        second = await asyncio.wait_for(check_out(visitor, idempotency_key="one-key"), 20)
    assert second.status == 422
    assert "Your order is being placed this very moment." in second.text
    assert "Idempotency-Key" not in second.text
    assert (await check_out(visitor, idempotency_key="one-key")).location.endswith("/pay")


async def test_a_products_page_says_what_delivery_costs_by_the_rates_that_hold(visitor: Visitor) -> None:
    seller_id = await make_seller()
    path = f"/p/{await slug_of(await make_product(seller_id, name='Brass Lamp'))}"
    assert "Delivery ₹49, free from ₹499 with this seller." in (await visitor.get(path)).text
    other = f"/p/{await slug_of(await make_product(seller_id, name='Iron Lamp'))}"
    await make_rate("national", 9_900)
    await make_rate("national", 15_900, seller_id, free_over_minor=250_000)
    shown = (await visitor.get(other)).text
    assert "Delivery ₹159 and more for heavy goods, free from ₹2,500 with this seller, to most PIN codes." in shown
    assert "₹49" not in shown
    await visitor.post("/cart/items", variant_id=await variant_of(await make_product(seller_id, name="Tin Lamp")))
    assert "₹159" in (await visitor.get("/cart")).text
    assert "₹49" not in (await visitor.get("/help")).text
