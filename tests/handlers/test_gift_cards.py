"""What is on a gift card: told to whoever knows its code, few times over, and to the buyer who has used it."""

from tests.buying import Buyer
from tests.factories import log_in_as, make_user
from tests.offering import make_gift_card
from tests.shop import bank, buyer, sound, variant

__all__ = ["bank", "buyer", "sound", "variant"]
BALANCE = "/api/v1/gift-cards/balance"


async def test_a_code_tells_amounts_and_days_and_only_its_buyer_which_order_it_paid(
    http, settings, buyer, variant, database
):
    await make_gift_card("ABCD-EFGH", 200_000)
    asha = Buyer(http, await log_in_as(settings, await make_user(settings)))
    await asha.add(await variant(price_minor=100_000))
    await asha.ask("POST", "/api/v1/cart/gift-cards", json={"code": "abcd efgh"})
    [waiting] = (await asha.ask("GET", "/api/v1/gift-cards"))[1]["items"]
    assert (waiting["balance_minor"], [move["kind"] for move in waiting["movements"]]) == (200_000, ["issued"])
    _, placed = await asha.check_out()
    assert (placed["state"], placed["payment"]["state"]) == ("paid", "captured")
    [own] = (await asha.ask("GET", "/api/v1/gift-cards"))[1]["items"]
    status, seen = await buyer.ask("POST", BALANCE, json={"code": " abcdefgh"})
    assert (status, seen["last4"], seen["balance_minor"], seen["standing"]) == (200, "EFGH", 100_000, "usable")
    moved = [(move["kind"], move["amount_minor"], move["order_number"]) for move in own["movements"]]
    assert moved == [("redeemed", -100_000, placed["number"]), ("issued", 200_000, None)]
    told = [(move["kind"], move["amount_minor"], move["order_number"]) for move in seen["movements"]]
    assert told == [("redeemed", -100_000, None), ("issued", 200_000, None)]
    ravi = Buyer(http, await log_in_as(settings, await make_user(settings)))
    assert (await ravi.ask("GET", "/api/v1/gift-cards"))[1]["items"] == []
    assert (await buyer.ask("GET", "/api/v1/gift-cards"))[0] == 401
    for change, standing in (
        ("balance_minor = balance_minor", "usable"),
        ("expires_at = now() - interval '1 day'", "expired"),
        ("active = false", "blocked"),
    ):
        await database.execute(f"UPDATE gift_card SET {change}")
        assert (await buyer.ask("POST", BALANCE, json={"code": "ABCD-EFGH"}))[1]["standing"] == standing


async def test_a_code_is_tried_ten_times_on_cart_and_balance_together(http, buyer, variant, redis, database):
    """Right or wrong: who tries has an address, and the bucket is that of the address."""
    await make_gift_card("ABCD-EFGH")
    await buyer.add(await variant())
    for _ in range(5):
        status, problem = await buyer.ask("POST", BALANCE, json={"code": "WRONG"})
        assert (status, problem["errors"][0]["field"]) == (422, "code")
        assert (await buyer.ask("POST", "/api/v1/cart/gift-cards", json={"code": "WRONG"}))[0] == 422
    for path in (BALANCE, "/api/v1/cart/gift-cards"):
        status, problem = await buyer.ask("POST", path, json={"code": "ABCD-EFGH"})
        assert (status, problem["code"]) == (429, "too_many_requests")
    assert (await Buyer(http).ask("POST", BALANCE, json={"code": "ABCD-EFGH"}))[0] == 200
    for wrong in ({}, {"code": ""}, {"code": 7}, {"code": "x" * 41}):
        assert (await Buyer(http).ask("POST", BALANCE, json=wrong))[0] == 422
