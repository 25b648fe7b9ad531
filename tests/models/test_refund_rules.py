"""The database itself refuses to take more units back than were sold; and gift cards to which money goes back."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from models.base import uuid7
from models.gift_card import list_gift_cards
from models.repayment import refund_by_operator
from tests.factories import make_user
from tests.fulfilling import buy
from tests.offering import make_gift_card, put_on_cart
from tests.oracle import broken_promises
from tests.ordering import fill, guest, place
from tests.wait import until

REFUND = """
INSERT INTO refund (id, key, amount_minor, currency, reason, payment_id)
SELECT $1::uuid, $1::uuid::text, 1, 'INR', 'operator', id FROM payment RETURNING id
"""
UNITS = """
INSERT INTO refund_line (id, refund_id, order_line_id, quantity, goods_minor, shipping_minor, tax_minor)
VALUES ($1, $2, $3, $4, 0, 0, 0)
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
TWICE = "what is refunded for goods is the sum of its lines, and no unit is refunded twice"


async def give_back(connection, line: UUID, units: int) -> None:
    """By statements alone, without the code that looks first."""
    refund = await connection.fetchval(REFUND, uuid7())
    await connection.execute(UNITS, uuid7(), refund, line, units)


async def test_no_more_units_are_refunded_than_were_sold(database, owner):
    """By one after the other and by two at once; without the trigger the oracle sees what it let through."""
    [line] = (await buy(quantity=2)).lines
    await give_back(database, line, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="more of order line"):
        await give_back(database, line, 2)
    async with database.acquire() as one, database.acquire() as other:
        first = one.transaction()
        await first.start()
        await give_back(one, line, 1)
        second = asyncio.create_task(give_back(other, line, 1))
        await until(lambda: database.fetchval(WAITING))
        await first.commit()
        with pytest.raises(asyncpg.CheckViolationError, match="more of order line"):
            await second
    assert await database.fetchval("SELECT sum(quantity) FROM refund_line") == 2
    await owner.execute("DROP TRIGGER refund_line_within_order ON refund_line")
    await give_back(database, line, 1)
    assert TWICE in await broken_promises(database)


@pytest.mark.parametrize(("ends_in_days", "usable_for_days"), [(-5, 90), (30, 90), (200, 200), (None, None)])
async def test_what_goes_back_onto_a_gift_card_can_be_used_even_where_the_card_has_ended(
    variant, database, ends_in_days, usable_for_days
):
    actor, card = await make_user(role="admin"), await make_gift_card(balance_minor=50_000)
    shopper = guest()
    await fill(shopper, await variant(price_minor=50_000))
    await put_on_cart(shopper, card=card)
    await place(shopper)
    days = None if ends_in_days is None else timedelta(days=ends_in_days)
    await database.execute("UPDATE gift_card SET expires_at = now() + $1::interval", days)
    order_id, line = await database.fetchrow("SELECT order_id, id FROM order_line")
    await refund_by_operator(order_id, {line: 1}, with_shipping=True, reason="x", key="1", actor_id=actor)
    [seen] = await list_gift_cards()
    assert seen.balance_minor == 50_000
    left = seen.expires_at and round((seen.expires_at - datetime.now(UTC)) / timedelta(days=1))
    assert left == usable_for_days
