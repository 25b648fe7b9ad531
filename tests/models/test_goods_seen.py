"""What a seller alters while it lies in a cart: nobody gets another thing than was shown, by its name or options."""

import pytest

from models.cart_view import read_cart
from models.errors import Conflict
from tests.ordering import TERMS, count, fill, guest, outcome, place, wish

pytestmark = pytest.mark.usefixtures("sound")


async def test_options_that_changed_are_not_ordered_silently(variant, database):
    shirt, shopper, other = await variant(), guest(), guest()
    await database.execute("""UPDATE variant SET options = '{"Size": "M"}'""")
    for one in (shopper, other):
        await fill(one, shirt)
    shown = await read_cart(shopper, TERMS)
    await database.execute("""UPDATE variant SET options = '{"Size": "L"}'""")
    told = await read_cart(shopper, TERMS)
    with pytest.raises(Conflict, match="has changed") as refused:
        await place(other, wish(total_seen_minor=shown.total_minor))
    assert refused.value.code == "goods_changed"
    assert [field.detail.split(" is ")[1] for field in refused.value.fields] == ["Size: L now, not Size: M"]
    assert refused.value.facts["cart"].items[0].options_seen == {"Size": "M"}
    assert await outcome(place(shopper, wish(goods_seen=shown.goods_mark))) == "goods_changed"
    assert await count("orders") == 0
    asked = wish(goods_seen=told.goods_mark)
    assert await outcome(place(shopper, asked)) == "placed"
    assert await database.fetchval("SELECT options FROM order_line") == '{"Size": "L"}'
    await database.execute("""UPDATE variant SET options = '{"Size": "M"}'""")
    assert await outcome(place(shopper, asked)) == "replayed"
    assert await outcome(place(shopper, wish(goods_seen=shown.goods_mark))) == "pending_order"


async def test_a_name_that_changed_is_not_ordered_silently(variant, database):
    phone, shopper = await variant(), guest()
    await database.execute("UPDATE product SET name = 'Phone 15'")
    await fill(shopper, phone)
    shown = await read_cart(shopper, TERMS)
    await database.execute("UPDATE product SET name = 'Phone 15 case'")
    with pytest.raises(Conflict, match="has changed") as refused:
        await place(shopper, wish(total_seen_minor=shown.total_minor))
    assert refused.value.code == "goods_changed"
    assert [field.detail for field in refused.value.fields] == ["Phone 15 case is called so now, and was Phone 15"]
    told = refused.value.facts["cart"]
    assert told.items[0].name_seen == "Phone 15"
    assert await outcome(place(shopper, wish(goods_seen=shown.goods_mark))) == "goods_changed"
    assert await count("orders") == 0
    assert await outcome(place(shopper, wish(goods_seen=told.goods_mark))) == "placed"
    assert await database.fetchval("SELECT name FROM order_line") == "Phone 15 case"
