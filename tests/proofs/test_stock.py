"""Many at once: more buyers than units, carts in opposite order, expiry against payment, cancelling against capture."""

import asyncio
from collections import Counter

import pytest

from models.checkout import NewOrder
from models.closing import cancel_order, expire_order
from models.errors import DomainError
from models.settlement import receive_event
from tests.ordering import KEYRING, charge, count, end_hold, event, fill, guest, new_order, order_state, place, stock_of
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add

UNITS = 10
BUYERS = 200 if ROUNDS > 1 else 40
PAIRS = 24


async def outcome(doing) -> str:
    """done, or the code of the error."""
    try:
        result = await doing
    except DomainError as error:
        return error.code
    return "placed" if isinstance(result, NewOrder) else str(result)


async def promised(variant) -> tuple[int, Counter[str]]:
    """Units that were promised of UNITS, and what the buyers were told."""
    chair, shoppers = await variant(stock=UNITS), [guest() for _ in range(BUYERS)]
    for shopper in shoppers:
        await fill(shopper, chair)
    seen = Counter(await asyncio.gather(*(outcome(place(shopper)) for shopper in shoppers)))
    return (await stock_of(chair))[1], seen


@pytest.mark.usefixtures("sound")
async def test_of_many_buyers_as_many_win_as_there_are_units(variant):
    units, seen = await promised(variant)
    add("stock", "buyers at once", BUYERS)
    add("stock", "units", UNITS)
    add("stock", "oversold", max(0, seen["placed"] - UNITS))
    assert (units, seen) == (UNITS, {"placed": UNITS, "out_of_stock": BUYERS - UNITS})


async def test_without_lock_and_check_the_figure_is_red(variant, owner, monkeypatch: pytest.MonkeyPatch):
    await owner.execute("ALTER TABLE stock DROP CONSTRAINT stock_reserved")
    monkeypatch.setenv("HAAT_UNSAFE", "stock")
    units, seen = await promised(variant)
    assert units == seen["placed"] > UNITS
    add("red without its guard", "conditional write and CHECK")


@pytest.mark.usefixtures("sound")
async def test_carts_in_opposite_order_neither_deadlock_nor_oversell(variant):
    for done in range(1, ROUNDS + 1):
        things = [await variant(stock=PAIRS - 4) for _ in range(6)]
        shoppers = [guest() for _ in range(PAIRS)]
        for i, shopper in enumerate(shoppers):
            await fill(shopper, *(things if i % 2 else reversed(things)))
        seen = Counter(await asyncio.gather(*(outcome(place(shopper)) for shopper in shoppers)))
        add("stock", "opposite-order carts of six lines", PAIRS)
        assert seen == {"placed": PAIRS - 4, "out_of_stock": 4}
        assert await count("orders") == done * (PAIRS - 4)


@pytest.mark.usefixtures("sound")
async def test_expiry_races_payment_and_the_buyer_gets_the_goods(variant):
    for _ in range(ROUNDS * 5):
        chair = await variant(stock=1)
        order = await new_order(chair)
        await end_hold(order.order_id)
        told, _ = await asyncio.gather(
            receive_event(event(charge(order)), keyring=KEYRING), expire_order(order.order_id)
        )
        add("stock", "expiries against payments")
        assert (told, await order_state(order), await stock_of(chair)) == ("paid", "paid", (0, 0))


@pytest.mark.usefixtures("sound")
async def test_a_cancellation_races_the_capture_and_one_wins(variant):
    for _ in range(ROUNDS * 5):
        order = await new_order(await variant(stock=1))
        told, cancelled = await asyncio.gather(
            receive_event(event(charge(order)), keyring=KEYRING), outcome(cancel_order(order.order_id))
        )
        add("stock", "cancellations against captures")
        add("stock", "cancellations that won", told == "refunded")
        assert (told, cancelled, await order_state(order)) in (
            ("paid", "orders_state", "paid"),
            ("refunded", "None", "cancelled"),
        )
