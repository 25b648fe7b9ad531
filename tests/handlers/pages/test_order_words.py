"""What an order's page says where things went another way than they mostly do, and that it is true."""

from models.closing import expire_order
from models.database import Pool
from models.settlement import settle
from server.context import Context
from tests.buying import variant_of
from tests.factories import make_product, make_seller
from tests.fulfilling import seal_with
from tests.handlers.pages.test_buying import check_out, lamp
from tests.handlers.pages.visitor import Visitor
from tests.ordering import ASHA, charge, end_hold, new_order


async def test_money_that_came_after_the_order_had_ended_is_spoken_of(
    visitor: Visitor, context: Context, database: Pool
) -> None:
    for end, said in (("cancel", "You pay nothing for it."), ("hold", "This order has lapsed")):
        order = await new_order(await lamp())
        await seal_with(context.keyring)
        path = f"/orders/{order.claim.receipt}"
        await visitor.post("/orders/look-up", number=order.claim.receipt, email=ASHA.email)
        if end == "hold":
            await end_hold(order.order_id)
            await expire_order(order.order_id)
            await database.execute("UPDATE stock SET on_hand = 0")
        else:
            await visitor.post(f"{path}/cancel")
            assert "The order is cancelled." in (shown := (await visitor.get("/fragments/header")).text)
            assert "your cart" not in shown, "who looked the order up has another cart"
        shown = (await visitor.get(path)).text
        assert (said in shown, "If money was taken after all" in " ".join(shown.split())) == (True, True)
        await settle(charge(order))
        shown = (await visitor.get(path)).text
        assert "A payment came after that: it is on its way back to you in full." in shown
        assert "You pay nothing" not in shown


async def test_who_cancels_what_they_would_have_paid_at_the_door_gets_nothing_back(
    visitor: Visitor, database: Pool
) -> None:
    variant_id = await lamp()
    await database.execute("UPDATE seller SET cash_allowed = true")
    await visitor.post("/cart/items", variant_id=variant_id)
    order = await check_out(visitor, pay="cash")
    await visitor.post(f"{order.location}/cancel")
    assert "Cancelled. You pay nothing for it." in (await visitor.get("/fragments/header")).text


async def test_two_sellers_of_one_name_have_their_own_parcels_before_the_payment_too(
    visitor: Visitor, database: Pool
) -> None:
    for number in range(2):
        seller_id = await make_seller(name="Kala Kendra")
        await database.execute("UPDATE seller SET city = $2 WHERE id = $1", seller_id, f"Town {number}")
        await visitor.post("/cart/items", variant_id=await variant_of(await make_product(seller_id, name=f"L{number}")))
    order = await check_out(visitor)
    shown = await visitor.get(order.location.removesuffix("/pay"))
    assert shown.text.count("Sold by Kala Kendra") == 2
    assert [shown.text.count(f"L{number}</a>") for number in range(2)] == [1, 1]
