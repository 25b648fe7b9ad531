"""From an empty cart to a paid order: what the buyer sees, what the seller gets, what the books say."""

import pytest

from tests.buying import state_of
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")


async def test_a_guest_buys(buyer, bank, variant, database):
    chair = await variant(price_minor=129_900, stock=3)
    placed = await buyer.order(chair, 2)
    assert (placed["subtotal_minor"], placed["shipping_minor"], placed["total_minor"]) == (259_800, 0, 259_800)
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def paid():
        return await state_of(placed["number"]) == "paid"

    await until(paid)
    order = await buyer.see(placed["number"])
    assert order["payment"]["state"] == "captured"
    assert [shipment["state"] for shipment in order["shipments"]] == ["waiting"]
    assert [event["kind"] for event in order["events"]] == ["placed", "paid"]
    assert (await buyer.ask("GET", "/api/v1/cart"))[1]["items"] == []
    assert tuple(await database.fetchrow("SELECT on_hand, reserved FROM stock WHERE variant_id = $1", chair)) == (1, 0)
