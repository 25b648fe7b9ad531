"""The oracle can see: each way to break a promise turns red the promise that it breaks."""

from urllib.parse import urlsplit

import asyncpg
import pytest

from models.closing import cancel_order
from models.settlement import receive_event
from tests.address import on_database
from tests.oracle import broken_promises
from tests.ordering import KEYRING, charge, event, new_order

UNCHECKED = "ALTER TABLE stock DROP CONSTRAINT stock_reserved; SET session_replication_role = replica;"
BREAKS = {
    "UPDATE stock SET reserved = on_hand + 1": "I1: 0 <= reserved",
    "UPDATE stock SET on_hand = on_hand + 1": "I1: stock is the sum",
    "DELETE FROM stock_movement WHERE kind = 'sold'": "I1: stock is the sum",
    "UPDATE reservation SET quantity = quantity + 1 WHERE state = 'held'": "I1: reserved is what",
    "DELETE FROM reservation WHERE state = 'held'": "I1: a pending order holds",
    "UPDATE reservation SET state = 'sold' WHERE state = 'released'": "I1: a pending order holds",
    "DELETE FROM refund": "I2: a captured payment",
    "UPDATE refund SET amount_minor = amount_minor - 1": "I2: a captured payment",
    "UPDATE payment SET state = 'failed' WHERE state = 'captured'": "I2: a paid order",
    """UPDATE order_line SET unit_price_minor = unit_price_minor * 2, total_minor = total_minor * 2,
              taxable_minor = taxable_minor + total_minor""": "I3: the total",
    "UPDATE orders SET subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1": "I3: the total",
    "DELETE FROM ledger_entry WHERE reason = 'sale' AND account = 'buyer'": "the books add up",
    "DELETE FROM ledger_entry WHERE reason = 'sale'": "the books of each order",
    "DELETE FROM shipment_line": "a paid order is shipped",
    "UPDATE shipment_line SET quantity = quantity + 1": "a paid order is shipped",
    "DELETE FROM idempotency_key": "every order has its key",
    "DELETE FROM order_event": "every order has its key",
}


@pytest.fixture
async def busy_shop(variant, database):
    """A paid order, a pending one, and one that was cancelled before its payment came."""
    paid, pending, cancelled = [await new_order(await variant(stock=5), quantity=2) for _ in range(3)]
    await receive_event(event(charge(paid)), keyring=KEYRING)
    await cancel_order(cancelled.order_id)
    await receive_event(event(charge(cancelled)), keyring=KEYRING)
    assert await broken_promises(database) == {}
    return pending


@pytest.mark.parametrize(("statement", "promise"), BREAKS.items(), ids=list(BREAKS))
async def test_a_broken_promise_is_seen(busy_shop, database, stack, settings, statement, promise):
    """As the superuser, past every check and trigger."""
    name = urlsplit(settings.database.url).path.lstrip("/")
    connection = await asyncpg.connect(on_database(stack["HAAT_SUPERUSER_URL"], name))
    await connection.execute(UNCHECKED + statement)
    await connection.close()
    assert any(name.startswith(promise) for name in await broken_promises(database))
