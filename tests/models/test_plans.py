"""The statements that shoppers wait for find their rows by an index, whatever the tables grow to."""

import re

from models import basket, cart, checkout, demands, order_view, outbox, payment, settlement, shipment, stock
from models.database import pool
from models.product_page import MOVED, PAGE

HOT = {
    "a product's page": PAGE,
    "where a product moved to": MOVED,
    "the cart, locked": cart.LOCK_OWN.format(column="token_hash"),
    "what is put into a cart": cart.ADD,
    "the cart": basket.CART.format(column="token_hash"),
    "what is to be bought of it": basket.LINES,
    "the cart and the key of a checkout": checkout.CART.format(column="token_hash"),
    "the order of the cart that waits to be paid": checkout.PENDING,
    "what a buyer has had of a product": demands.BOUGHT,
    "units reserved": stock.RESERVE_UNGUARDED,
    "units sold": stock.SELL,
    "an order and its payment, locked": settlement.LOCK_BOTH,
    "a payment that is known": settlement.REMEMBER_KNOWN,
    **{f"what was bought leaves the cart, {place}": statement for place, statement in enumerate(cart.SUBTRACT)},
    "a payment claimed": payment.CLAIM,
    "a payment to be opened": payment.NEEDS_OPENING,
    "jobs taken back": outbox.DROP,
    "an order by its number": f"{order_view.VIEW} WHERE o.number = $1 AND {order_view.OWNED}",
    "an order by its id": f"{order_view.VIEW} WHERE o.id = $1",
    "whom to tell of an order": order_view.CONTACT,
    "what a seller is told": shipment.FACTS,
    "the orders of a user": order_view.LIST.format(mine="o.user_id = $1"),
    "the orders of a guest": order_view.LIST.format(mine="c.token_hash = $1"),
}
SMALL = {"shipping_zone"}
"""Tables that do not grow with the shop, and are read from end to end."""


async def test_a_hot_statement_reads_no_table_from_end_to_end(database):
    """As the application's connections plan it: once for all arguments."""
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # tables of a test are too small for an index to pay
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for name, statement in HOT.items():
            plan = await plan_of(connection, statement)
            assert "Index" in plan, name
            assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= SMALL, f"{name}\n{plan}"


async def test_the_rule_of_the_books_reads_what_is_added_and_nothing_else(database):
    body = await database.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'ledger_entry_zero_sum'")
    assert re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", body) == ["added"]


async def plan_of(connection, statement: str) -> str:
    await connection.execute(f"PREPARE hot AS {statement}")
    count = max(int(number) for number in re.findall(r"\$(\d+)", statement))
    rows = await connection.fetch(f"EXPLAIN EXECUTE hot({', '.join(['NULL'] * count)})")
    await connection.execute("DEALLOCATE hot")
    return "\n".join(row[0] for row in rows)
