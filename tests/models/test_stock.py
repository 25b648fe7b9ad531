"""Stock, one movement at a time: each change is conditional, and the database's CHECK is a second wall."""

import asyncio

import asyncpg
import pytest

from models.database import pool, short_transaction, transaction
from models.errors import Conflict
from models.stock import (
    TooFew,
    Units,
    free_units,
    release_held,
    reserve,
    reserve_and_commit,
    sell,
    sell_writes,
    set_free,
)  # fmt: skip
from models.write import write_all
from tests.ordering import new_order, stock_of

pytestmark = pytest.mark.usefixtures("sound")


async def test_a_seller_sets_what_is_free_and_never_touches_what_is_promised(variant):
    chair = await variant(stock=10)
    await new_order(chair, quantity=4)
    async with transaction() as connection:
        await set_free(connection, {chair: 0})
    assert await stock_of(chair) == (4, 4)
    async with transaction() as connection:
        await set_free(connection, {chair: 7})
        assert await free_units(connection, [chair]) == {chair: 7}


async def test_stock_that_was_counted_by_another_quantity_is_refused_and_nothing_of_it_written(variant):
    chair, table = await variant(stock=10), await variant(stock=10)
    await new_order(chair, quantity=4)
    async with transaction() as connection:
        with pytest.raises(Conflict, match="6 are free") as refused:
            await set_free(connection, {chair: 12, table: 5}, seen={chair: 10, table: 10})
    assert refused.value.code == "stock_changed"
    assert (await stock_of(chair), await stock_of(table)) == ((10, 4), (10, 0))
    async with transaction() as connection:
        await set_free(connection, {chair: 12, table: 5}, seen={chair: 6})
    assert (await stock_of(chair), await stock_of(table)) == ((16, 4), (5, 0))


async def test_setting_stock_races_orders_and_every_unit_is_accounted_for(variant):
    chair = await variant(stock=10)

    async def restock(units: int) -> None:
        async with transaction() as connection:
            await set_free(connection, {chair: units})

    await asyncio.gather(*(new_order(chair) for _ in range(8)), *(restock(10 + n) for n in range(8)))
    assert (await stock_of(chair))[1] == 8


async def test_the_check_holds_where_the_guard_is_off(variant, monkeypatch: pytest.MonkeyPatch):
    chair = await variant(stock=1)
    monkeypatch.setenv("HAAT_UNSAFE", "stock")
    with pytest.raises(asyncpg.CheckViolationError, match="stock_reserved"):
        async with transaction() as connection:
            await reserve(connection, [Units(chair, 2)])
    assert await stock_of(chair) == (1, 0)


async def test_what_is_held_is_sold_or_released_once(variant):
    chair = await variant(stock=3)
    order = await new_order(chair, quantity=2)

    async def sell_held(connection, order_id) -> None:
        await write_all(connection, sell_writes(order_id, [Units(chair, 2)]))
        await sell(connection, [Units(chair, 2)])

    for settle in (sell_held, release_held):
        with pytest.raises(Conflict):
            async with transaction() as connection:
                await settle(connection, order.order_id)
                await connection.execute("UPDATE reservation SET state = 'held'")
                await settle(connection, order.order_id)
    assert await stock_of(chair) == (3, 2)


async def test_a_unit_too_many_is_named_and_the_rest_is_left_to_the_caller(variant):
    plenty, scarce = await variant(stock=5), await variant(stock=1)
    for taking in (reserve, reserve_and_commit):
        with pytest.raises(TooFew) as few:
            async with short_transaction() as connection:
                await taking(connection, [Units(plenty, 1), Units(scarce, 2)])
        assert few.value.variant_ids == [scarce]
        assert (await stock_of(plenty), await stock_of(scarce)) == ((5, 0), (1, 0))


async def test_the_commit_that_comes_with_the_stock_ends_the_transaction(variant):
    chair, lamp = await variant(stock=5), await variant(stock=5)
    async with short_transaction() as connection:
        await reserve_and_commit(connection, [Units(lamp, 2), Units(chair, 1)])
        assert not connection.is_in_transaction()
        assert (await stock_of(chair), await stock_of(lamp)) == ((5, 1), (5, 2))
    with pytest.raises(ZeroDivisionError):
        async with short_transaction() as connection:
            await reserve(connection, [Units(chair, 1)])
            raise ZeroDivisionError
    assert await stock_of(chair) == (5, 1)
    await pool().execute("UPDATE stock SET reserved = 0")  # nothing was ordered
