"""The same key gives the same order: later, at the same time, with another body, of somebody else, after the payment.

After a crash: `test_kills.py`. Without its guard the figure is red.
"""

import asyncio
from collections import Counter
from uuid import uuid4

import msgspec
import pytest

from models.basket import Shopper
from models.checkout import NewOrder
from models.errors import DomainError
from models.settlement import receive_event
from tests.factories import make_user
from tests.ordering import ASHA, KEYRING, charge, count, event, fill, guest, new_order, place, wish
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add

TWINS = 20


async def outcome(placing) -> str:
    """placed, replayed, or the code of the error."""
    try:
        return "placed" if isinstance(await placing, NewOrder) else "replayed"
    except DomainError as error:
        return error.code


async def orders_too_many(variant) -> int:
    """A key is sent again once its order is paid and the same thing lies in the cart again, as a stale tab would."""
    chair, shopper, asked, before = await variant(stock=10), guest(), wish(), await count("orders")
    first = await new_order(chair, shopper=shopper, asked=asked)
    assert await receive_event(event(charge(first)), keyring=KEYRING) == "paid"
    await fill(shopper, chair)
    await place(shopper, asked)
    return await count("orders") - before - 1


@pytest.mark.usefixtures("sound")
async def test_a_key_that_comes_back_after_the_payment_makes_no_second_order(variant):
    for _ in range(ROUNDS):
        excess = await orders_too_many(variant)
        add("keys", "sent again after the payment")
        add("keys", "orders too many", excess)
        assert excess == 0


async def test_without_the_key_row_the_figure_is_red(variant, owner, monkeypatch: pytest.MonkeyPatch):
    await owner.execute("DROP INDEX idempotency_key_principal")
    monkeypatch.setenv("HAAT_UNSAFE", "key")
    assert await orders_too_many(variant) == 1
    add("red without its guard", "idempotency key")


@pytest.mark.usefixtures("sound")
async def test_one_key_many_times_at_once_makes_one_order(variant):
    for done in range(ROUNDS):
        chair, shopper, asked = await variant(), guest(), wish()
        await fill(shopper, chair)
        seen = Counter(await asyncio.gather(*(outcome(place(shopper, asked)) for _ in range(TWINS))))
        assert (seen["placed"], seen["replayed"] + seen["in_flight"]) == (1, TWINS - 1)
        add("keys", "sent at the same time", TWINS)
        add("keys", "orders too many", await count("orders") - done - 1)
        assert await count("orders") == done + 1


@pytest.mark.usefixtures("sound")
async def test_a_key_with_another_body_is_refused_and_one_of_another_user_is_another(variant):
    for _ in range(ROUNDS):
        chair, key, before = await variant(), uuid4().hex, await count("orders")
        for shopper in (guest(), Shopper(await make_user())):
            await fill(shopper, chair)
            assert await outcome(place(shopper, wish(key))) == "placed"
            other = msgspec.structs.replace(ASHA, email="other@example.in")
            assert await outcome(place(shopper, wish(key, contact=other))) == "key_reused"
            add("keys", "sent with another body")
        add("keys", "sent by two users", 2)
        assert await count("orders") == before + 2
