"""What comes back: asked for once, answered by its seller, refunded once, and on the shelf only where it is fit."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from models.base import uuid7
from models.database import transaction
from models.errors import Conflict, Invalid, NotFound
from models.fulfilment import split
from models.parcel import list_returns
from models.proration import part_of
from models.refund import request_refund
from models.refunding import lock_order, refund_units
from models.returns import approve_return, receive_return, refund_return, refuse_return, request_return
from tests.factories import make_seller
from tests.fulfilling import actor_of, bring, buy, value
from tests.ordering import jobs_named, order_state, stock_of

pytestmark = pytest.mark.usefixtures("sound")
WINDOW = timedelta(days=10)


async def delivered(**columns):
    one = await buy(**columns)
    for seller_id, shipment_id in zip(one.sellers, one.shipments, strict=True):
        await bring(seller_id, shipment_id)
    return one


async def ask(one, quantity=1, reason="damaged", comment=" Its leg is broken. "):
    (return_id,) = await request_return(one.id, {one.lines[0]: quantity}, reason=reason, comment=comment, window=WINDOW)
    return return_id


async def give_back(one, return_id, *, restock=True):
    """From the request to the refund."""
    who = {"actor_id": await actor_of(one.sellers[0])}
    await approve_return(one.sellers[0], return_id, **who)
    await receive_return(one.sellers[0], return_id, restock=restock, **who)
    await refund_return(one.sellers[0], return_id, **who)


async def owed():
    return await value("SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund")


async def refund(order_id, units, *, cause_id=None, with_shipping=True):
    async with transaction() as connection:
        order = await lock_order(connection, order_id)
        return await refund_units(
            connection, order, units, cause="operator", cause_id=cause_id or uuid7(), with_shipping=with_shipping
        )


async def test_a_return_goes_from_request_to_refund_with_history_and_mail(database):
    one = await delivered(quantity=3)
    return_id = await ask(one, 2)
    await give_back(one, return_id)
    row = await database.fetchrow("SELECT * FROM return_line")
    assert (row["state"], row["comment"], row["restock"]) == ("refunded", "Its leg is broken.", True)
    line = await database.fetchrow("SELECT * FROM refund_line")
    assert (line["refund_id"], line["quantity"]) == (row["refund_id"], 2)
    assert await owed() == line["goods_minor"] + line["shipping_minor"] == one.order.price.total_minor * 2 // 3
    assert (await order_state(one.order), await stock_of(one.variants[0])) == ("partly_refunded", (9, 0))
    kinds = [r["kind"] for r in await database.fetch("SELECT kind FROM order_event ORDER BY id")]
    assert kinds[-5:] == [
        "return_requested", "return_approved", "return_received", "refund_requested", "return_refunded",
    ]  # fmt: skip
    names = ("mail.return_requested", "mail.return_decided", "refunds.send", "mail.order_refunded")
    assert [await jobs_named(name) for name in names] == [1, 1, 1, 1]


async def test_all_of_it_can_come_back_bit_by_bit_to_the_last_paisa(database):
    one = await delivered(quantity=3)
    for _ in range(3):
        await give_back(one, await ask(one), restock=False)
    assert await owed() == one.order.price.total_minor
    assert (await order_state(one.order), await stock_of(one.variants[0])) == ("refunded", (7, 0))


async def test_who_changed_their_mind_pays_the_carriage(database):
    one = await delivered()
    await give_back(one, await ask(one, reason="changed_mind"))
    assert one.order.price.shipping_minor > 0
    assert await owed() == one.order.price.total_minor - one.order.price.shipping_minor
    assert await order_state(one.order) == "partly_refunded"


async def test_a_refused_return_says_why_and_can_be_asked_for_again(database):
    one = await delivered()
    return_id, who = await ask(one), {"actor_id": await actor_of(one.sellers[0])}
    with pytest.raises(Invalid, match="why"):
        await refuse_return(one.sellers[0], return_id, answer=" ", **who)
    await refuse_return(one.sellers[0], return_id, answer="It was used.", **who)
    for late in (
        approve_return(one.sellers[0], return_id, **who),
        receive_return(one.sellers[0], return_id, restock=True, **who),
        refund_return(one.sellers[0], return_id, **who),
    ):
        with pytest.raises(Conflict):
            await late
    await ask(one)


async def test_what_was_to_come_back_and_does_not_holds_its_order_for_two_weeks_and_no_longer(database):
    one = await delivered()
    (seller,), who = one.sellers, {"actor_id": await actor_of(one.sellers[0])}
    return_id = await ask(one)
    await approve_return(seller, return_id, **who)
    await database.execute("UPDATE return_line SET created_at = now() - interval '30 days'")
    with pytest.raises(Conflict, match="14 days"):
        await refuse_return(seller, return_id, answer="It did not come.", **who)
    assert [row.overdue for row in (await list_returns(seller))[0]] == [False]
    await database.execute("UPDATE return_line SET approved_at = now() - interval '15 days'")
    assert [row.overdue for row in (await list_returns(seller))[0]] == [True]
    with pytest.raises(Invalid, match="why"):
        await refuse_return(seller, return_id, answer=" ", **who)
    await refuse_return(seller, return_id, answer="It did not come.", **who)
    with pytest.raises(Conflict):
        await receive_return(seller, return_id, restock=True, **who)
    assert (await value("SELECT state FROM return_line"), await value("SELECT count(*) FROM refund")) == ("refused", 0)
    assert [row.overdue for row in (await list_returns(seller))[0]] == [False]


async def test_only_what_was_delivered_lately_can_be_asked_back(database):
    one = await buy(quantity=2)
    with pytest.raises(Conflict, match="0 can be sent back"):
        await ask(one)
    await bring(one.sellers[0], one.shipments[0])
    for units in (0, -1):
        with pytest.raises(Invalid):
            await ask(one, units)
    with pytest.raises(Conflict, match="2 can be sent back"):
        await ask(one, 3)
    with pytest.raises(Invalid):
        await request_return(one.id, {uuid7(): 1}, reason="damaged", comment="", window=WINDOW)
    await database.execute("UPDATE shipment SET delivered_at = now() - interval '11 days'")
    with pytest.raises(Conflict):
        await ask(one)


async def test_what_came_back_of_an_earlier_parcel_is_not_taken_off_a_later_one(database):
    one = await buy(quantity=2)
    (seller,), (line,), (late,) = one.sellers, one.lines, one.shipments
    early = await split(seller, late, {line: 1}, actor_id=await actor_of(seller))
    await bring(seller, early)
    await give_back(one, await ask(one))
    for change in ("shipment SET delivered_at = now() - interval '12 days' WHERE state = 'delivered'",
                   "return_line SET created_at = now() - interval '11 days'"):  # fmt: skip
        await database.execute(f"UPDATE {change}")
    with pytest.raises(Conflict, match="0 can be sent back"):
        await ask(one)
    await bring(seller, late)
    await give_back(one, await ask(one))
    with pytest.raises(Conflict, match="0 can be sent back"):
        await ask(one)
    assert await owed() == one.order.price.total_minor


async def test_a_return_that_is_asked_for_twice_at_once_is_asked_for_once(database):
    one = await delivered(quantity=2)
    done = await asyncio.gather(*(ask(one, 2) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in done) == 5, done
    assert await value("SELECT sum(quantity) FROM return_line") == 2


async def test_a_return_is_refunded_once_by_however_many_at_once(database):
    one = await delivered(quantity=2)
    return_id, who = await ask(one), {"actor_id": await actor_of(one.sellers[0])}
    await approve_return(one.sellers[0], return_id, **who)
    received = await asyncio.gather(
        *(receive_return(one.sellers[0], return_id, restock=True, **who) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(result, Conflict) for result in received) == 3
    done = await asyncio.gather(
        *(refund_return(one.sellers[0], return_id, **who) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(result, Conflict) for result in done) == 3
    assert await value("SELECT count(*) FROM refund") == 1
    assert await stock_of(one.variants[0]) == (9, 0)


async def test_another_sellers_return_is_one_that_never_was(database):
    one, stranger = await delivered(), await make_seller()
    return_id, who = await ask(one), {"actor_id": await actor_of(one.sellers[0])}
    for act in (
        approve_return(stranger, return_id, **who),
        refuse_return(stranger, return_id, answer="no", **who),
        receive_return(stranger, return_id, restock=False, **who),
        refund_return(stranger, return_id, **who),
    ):
        with pytest.raises(NotFound):
            await act
    assert await value("SELECT state FROM return_line") == "requested"


async def test_refunds_at_once_never_give_back_more_than_was_paid(database):
    one = await buy(quantity=3)
    done = await asyncio.gather(*(refund(one.id, {one.lines[0]: 2}) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in done) == 4, done
    assert await owed() < one.order.price.total_minor
    assert await refund(one.id, {one.lines[0]: 1})
    assert (await owed(), await order_state(one.order)) == (one.order.price.total_minor, "refunded")


async def test_the_same_cause_is_paid_once(database):
    one, cause_id = await buy(quantity=3), uuid7()
    assert await refund(one.id, {one.lines[0]: 1}, cause_id=cause_id)
    assert await refund(one.id, {one.lines[0]: 1}, cause_id=cause_id) is None
    assert await value("SELECT count(*) FROM refund_line") == 1


async def test_the_database_itself_refuses_to_refund_more_than_was_paid(database):
    """Two transactions that know nothing of each other, and no lock of ours."""
    one = await buy()
    payment = await database.fetchrow("SELECT id, amount_minor FROM payment")

    async def half_and_a_bit(key):
        async with transaction() as connection:
            await request_refund(
                connection, payment["id"], order_id=one.id, amount_minor=payment["amount_minor"] // 2 + 1,
                currency="INR", reason="operator", key=key,
            )  # fmt: skip

    done = await asyncio.gather(half_and_a_bit("a"), half_and_a_bit("b"), return_exceptions=True)
    assert sum(isinstance(result, asyncpg.CheckViolationError) for result in done) == 1, done
    await database.execute("DELETE FROM refund")


async def test_units_add_up_to_their_line_whatever_order_they_go_back_in(database):
    one = await buy(quantity=7)
    (priced,) = one.order.price.lines
    for cuts in ([7], [1] * 7, [3, 1, 2, 1]):
        parts, before = [], 0
        for units in cuts:
            parts.append(part_of(priced, before=before, units=units))
            before += units
        assert sum(part.total_minor for part in parts) == priced.total_minor
        assert sum(part.tax_minor for part in parts) == priced.tax_minor
        for part in parts:
            split = part.split
            booked = split.seller_minor + split.commission_minor + split.shipping_minor + split.tax_minor
            assert booked == part.total_minor
    for before, units in ((0, 8), (7, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="of 7"):
            part_of(priced, before=before, units=units)
