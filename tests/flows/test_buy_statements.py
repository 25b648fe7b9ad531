"""What a checkout costs the database: a count that may only go down."""

import contextlib
from collections.abc import Iterator

import pytest

from models.database import Pool
from tests.buying import Buyer
from tests.wait import until

ONE_LINE_MAX = 8
FURTHER_LINE_MAX = 0
PAID_MAX = 6
EVENTS = 3
"""Authorised, captured, and the order paid: the first and the last change nothing."""
LOOKUPS = ("typeinfo_tree", "current_setting('jit')")
"""What the driver asks where a connection meets a type for the first time."""
POOL_RESET = "SELECT pg_advisory_unlock_all()"


@contextlib.contextmanager
def counted(database: Pool) -> Iterator[list[str]]:
    """Every statement inside the block, BEGIN and COMMIT among them, but for the pool's own tidying-up."""
    seen: list[str] = []

    def note(record: object) -> None:
        if not record.query.startswith(POOL_RESET):
            seen.append(record.query)

    connections = [holder._con for holder in database._holders if holder._con]
    for connection in connections:
        connection.add_query_logger(note)
    yield seen
    for connection in connections:
        connection.remove_query_logger(note)


async def statements_of(http, database, variants) -> list[str]:
    buyer = Buyer(http)
    for chosen in variants:
        await buyer.add(chosen)
    with counted(database) as seen:
        status, answer = await buyer.check_out()
    assert (status, answer["payment"]["state"]) == (201, "open")
    return seen


@pytest.fixture
async def warm(http, bank, variant, database) -> None:
    """Types are looked up once for each connection."""
    for _ in range(2):
        await statements_of(http, database, [await variant()])


async def test_a_checkout_of_one_line_takes_few_statements(http, database, variant, warm):
    seen = await statements_of(http, database, [await variant()])
    assert len(seen) <= ONE_LINE_MAX, "\n".join(seen)


async def test_further_lines_add_next_to_nothing(http, database, variant, warm):
    one = await statements_of(http, database, [await variant()])
    six = await statements_of(http, database, [await variant() for _ in range(6)])
    assert len(six) - len(one) <= 5 * FURTHER_LINE_MAX


async def test_the_stock_is_taken_last_in_one_message_with_the_commit(http, database, variant, warm):
    seen = await statements_of(http, database, [await variant()])
    (stock,) = (i for i, statement in enumerate(seen) if "reserve_units" in statement)
    assert seen[stock].endswith("; COMMIT")
    assert not any("COMMIT" in statement for statement in seen[:stock])


async def test_being_paid_takes_few_statements_and_news_that_is_known_takes_one(http, bank, database, variant, warm):
    buyer = Buyer(http)
    paying = (await buyer.order(await variant()))["payment"]["gateway_order_id"]

    async def delivered() -> bool:
        events = await bank.events(paying)
        return len(events) == EVENTS and all(event["state"] == "delivered" for event in events)

    with counted(database) as seen:
        await bank.pay(paying)
        await until(delivered)
    seen = [statement for statement in seen if not any(words in statement for words in LOOKUPS)]
    assert len([statement for statement in seen if "INSERT INTO webhook_event" in statement]) == EVENTS
    assert len(seen) <= PAID_MAX + EVENTS - 1, "\n".join(seen)
