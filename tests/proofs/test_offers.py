"""Many at once for one coupon and one gift card: never used beyond its limit, never spent twice; and red unguarded."""

import asyncio
import itertools

import msgspec
import pytest

from models.checkout import NewOrder
from models.errors import Conflict
from tests.offering import balance_of, make_coupon, make_gift_card, put_on_cart, uses_of
from tests.oracle import broken_promises
from tests.ordering import ASHA, fill, guest, place, wish
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add

LIMIT = 10
MANY = 100 if ROUNDS > 1 else 30
_numbers = itertools.count()


async def buy_at_once(variant, **offers) -> list[NewOrder | BaseException]:
    """As many buyers as MANY, each with the offer on their cart."""
    lamp, shoppers = await variant(price_minor=100_000, stock=MANY), [guest() for _ in range(MANY)]
    for shopper in shoppers:
        await fill(shopper, lamp)
        await put_on_cart(shopper, **offers)
    contacts = [msgspec.structs.replace(ASHA, email=f"buyer-{next(_numbers)}@example.in") for _ in shoppers]
    placing = [place(one, wish(contact=contact)) for one, contact in zip(shoppers, contacts, strict=True)]
    return await asyncio.gather(*placing, return_exceptions=True)


@pytest.mark.usefixtures("sound")
async def test_a_coupon_is_used_as_often_as_it_may_be(variant):
    coupon = await make_coupon(total_limit=LIMIT)
    done = await buy_at_once(variant, coupon=coupon)
    won = sum(isinstance(one, NewOrder) for one in done)
    add("offers", "buyers at once for one coupon", MANY)
    add("offers", "used beyond its limit", max(0, won - LIMIT))
    assert (won, await uses_of(coupon)) == (LIMIT, (LIMIT, LIMIT))
    assert {one.code for one in done if isinstance(one, Conflict)} == {"coupon"}


async def test_without_its_conditional_write_and_check_the_figure_is_red(
    variant, owner, database, monkeypatch: pytest.MonkeyPatch
):
    coupon = await make_coupon(total_limit=LIMIT)
    await owner.execute("ALTER TABLE coupon DROP CONSTRAINT coupon_limit")
    monkeypatch.setenv("HAAT_UNSAFE", "coupon")
    await buy_at_once(variant, coupon=coupon)
    assert (await uses_of(coupon))[0] > LIMIT
    assert any(name.startswith("I4: a coupon") for name in await broken_promises(database))
    add("red without its guard", "coupon")


@pytest.mark.usefixtures("sound")
async def test_a_gift_card_is_spent_once(variant):
    card = await make_gift_card(balance_minor=350_000)
    done = await buy_at_once(variant, card=card)
    paid = sum(one.quote.gift_card_minor for one in done if isinstance(one, NewOrder))
    full = sum(not isinstance(one, NewOrder | BaseException) for one in done) * 100_000
    add("offers", "buyers at once with one gift card", MANY)
    assert await balance_of(card) == (350_000 - paid - full, 350_000 - paid - full)
