"""Parcels from the shelf to the door: each step once, by its own seller, and the same units at the end."""

import asyncio

import pytest

from models.cancellation import cancel_for_buyer, cancel_shipment
from models.errors import Conflict, Invalid, NotFound
from models.fulfilment import deliver, lose, pack, send, split
from models.order_view import read_order
from models.selling import list_to_send
from models.settlement import settle
from models.states import RETURN_LINE, SHIPMENT
from tests.factories import make_seller, make_user
from tests.fulfilling import SENT, actor_of, bring, buy, value
from tests.ordering import KEYRING, charge, jobs_named, new_order, order_state, stock_of

pytestmark = pytest.mark.usefixtures("sound")


async def state_of(shipment_id):
    return await value("SELECT state FROM shipment WHERE id = $1", shipment_id)


async def refunded(order_id):
    return await value(
        "SELECT coalesce(sum(r.amount_minor), 0)::bigint FROM refund r JOIN payment p ON p.id = r.payment_id"
        " WHERE p.order_id = $1", order_id,
    )  # fmt: skip


async def test_a_parcel_goes_its_way_step_by_step_with_history_and_mail(database):
    one = await buy()
    await bring(one.sellers[0], one.shipments[0])
    row = await database.fetchrow("SELECT * FROM shipment")
    assert (row["state"], row["carrier"], row["tracking_number"]) == ("delivered", "India Post", "EM123456789IN")
    assert None not in (row["packed_at"], row["shipped_at"], row["delivered_at"])
    kinds = [r["kind"] for r in await database.fetch("SELECT kind FROM order_event ORDER BY id")]
    assert kinds == ["placed", "paid", "packed", "shipped", "delivered"]
    assert await value("SELECT count(*) FROM audit_entry WHERE action LIKE 'shipment.%'") == 3
    assert [await jobs_named(f"mail.shipment_{kind}") for kind in ("sent", "delivered")] == [1, 1]


async def test_no_step_can_be_left_out_or_repeated(database):
    one = await buy()
    seller_id, shipment_id = one.sellers[0], one.shipments[0]
    actor_id = await actor_of(seller_id)
    with pytest.raises(Conflict):
        await send(seller_id, shipment_id, actor_id=actor_id, **SENT)
    with pytest.raises(Conflict):
        await deliver(seller_id, shipment_id, actor_id=actor_id)
    await bring(seller_id, shipment_id)
    for again in (pack, deliver):
        with pytest.raises(Conflict):
            await again(seller_id, shipment_id, actor_id=actor_id)
    with pytest.raises(Conflict):
        await lose(seller_id, shipment_id, came_back=False, actor_id=actor_id)


async def test_a_parcel_cannot_be_sent_without_a_way_to_follow_it(database):
    one = await buy()
    await pack(one.sellers[0], one.shipments[0], actor_id=await actor_of(one.sellers[0]))
    for wrong in ({"carrier": " "}, {"tracking_number": ""}, {"tracking_number": "1" * 65}):
        with pytest.raises(Invalid):
            await send(one.sellers[0], one.shipments[0], actor_id=one.sellers[0], **{**SENT, **wrong})


async def test_another_sellers_parcel_is_one_that_never_was(database):
    one, stranger = await buy(), await make_seller()
    actor_id = await make_user()
    for act in (
        pack(stranger, one.shipments[0], actor_id=actor_id),
        send(stranger, one.shipments[0], actor_id=actor_id, **SENT),
        deliver(stranger, one.shipments[0], actor_id=actor_id),
        lose(stranger, one.shipments[0], came_back=True, actor_id=actor_id),
        split(stranger, one.shipments[0], {one.lines[0]: 1}, actor_id=actor_id),
        cancel_shipment(stranger, one.shipments[0], reason="mine", actor_id=actor_id),
    ):
        with pytest.raises(NotFound):
            await act
    assert await state_of(one.shipments[0]) == "waiting"


async def test_two_people_who_pack_the_same_parcel_pack_it_once(database):
    one = await buy()
    actor_id = await actor_of(one.sellers[0])
    done = await asyncio.gather(
        *(pack(one.sellers[0], one.shipments[0], actor_id=actor_id) for _ in range(6)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in done) == ["Conflict"] * 5 + ["NoneType"]
    assert await value("SELECT count(*) FROM order_event WHERE kind = 'packed'") == 1


async def test_part_of_a_parcel_can_go_first(database):
    one = await buy(quantity=5)
    seller_id, whole = one.sellers[0], one.shipments[0]
    actor_id = await actor_of(seller_id)
    part = await split(seller_id, whole, {one.lines[0]: 2}, actor_id=actor_id)
    rows = await database.fetch("SELECT shipment_id, quantity FROM shipment_line")
    assert {row["shipment_id"]: row["quantity"] for row in rows} == {whole: 3, part: 2}
    assert await value("SELECT sum(value_minor)::bigint FROM shipment") == one.order.price.total_minor
    listed, _ = await list_to_send(seller_id)
    assert sum(parcel.total_minor for parcel in listed) == one.order.price.total_minor
    await bring(seller_id, part)
    assert (await state_of(part), await state_of(whole)) == ("delivered", "waiting")
    with pytest.raises(Conflict):
        await split(seller_id, part, {one.lines[0]: 1}, actor_id=actor_id)


@pytest.mark.parametrize("units", [0, 5, 6, -1])
async def test_a_split_leaves_something_in_both_parcels(database, units):
    one = await buy(quantity=5)
    with pytest.raises(Invalid, match="lines"):
        await split(one.sellers[0], one.shipments[0], {one.lines[0]: units}, actor_id=one.sellers[0])


async def test_the_parcels_of_one_order_go_their_own_ways(database):
    two = await buy(sellers=2, quantity=3)
    await bring(two.sellers[0], two.shipments[0])
    await cancel_for_buyer(two.id)
    assert [await state_of(shipment) for shipment in two.shipments] == ["delivered", "cancelled"]
    assert await order_state(two.order) == "partly_refunded"
    assert [await stock_of(variant) for variant in two.variants] == [(7, 0), (10, 0)]
    assert await refunded(two.id) == two.order.price.lines[1].total_minor


async def test_a_buyer_cancels_what_is_not_packed_and_all_of_it_goes_back(database):
    two = await buy(sellers=2, quantity=2)
    await cancel_for_buyer(two.id)
    await cancel_for_buyer(two.id)
    assert await order_state(two.order) == "refunded"
    assert await refunded(two.id) == two.order.price.total_minor
    assert [await stock_of(variant) for variant in two.variants] == [(10, 0), (10, 0)]
    names = ("refunds.send", "mail.shipments_cancelled", "mail.seller_cancelled")
    assert [await jobs_named(name) for name in names] == [1, 1, 2]
    assert await value("SELECT sum(amount_minor)::bigint FROM ledger_entry WHERE account IN ('seller', 'tax')") == 0


async def test_what_is_packed_is_not_cancelled_by_its_buyer_but_by_its_seller(database):
    one = await buy()
    actor_id = await actor_of(one.sellers[0])
    await pack(one.sellers[0], one.shipments[0], actor_id=actor_id)
    with pytest.raises(Conflict, match="packed"):
        await cancel_for_buyer(one.id)
    with pytest.raises(Invalid, match="why"):
        await cancel_shipment(one.sellers[0], one.shipments[0], reason=" ", actor_id=actor_id)
    await cancel_shipment(one.sellers[0], one.shipments[0], reason="It broke", actor_id=actor_id)
    assert (await state_of(one.shipments[0]), await order_state(one.order)) == ("cancelled", "refunded")
    [parcel] = (await read_order(one.id, keyring=KEYRING)).shipments
    assert (parcel.cancel_reason, await jobs_named("mail.seller_cancelled")) == ("It broke", 0)


async def test_a_seller_is_told_not_to_pack_what_the_market_calls_off(database):
    one = await buy()
    await cancel_shipment(None, one.shipments[0], reason="Forbidden goods", actor_id=await actor_of(one.sellers[0]))
    names = ("mail.shipments_cancelled", "mail.seller_cancelled")
    assert [await jobs_named(name) for name in names] == [1, 1]


async def test_a_parcel_of_another_order_cannot_be_cancelled_through_ones_own(database):
    mine, other = await buy(), await buy()
    with pytest.raises(NotFound):
        await cancel_for_buyer(mine.id, other.shipments[0])
    assert await state_of(other.shipments[0]) == "waiting"


@pytest.mark.parametrize("attempt", range(8))
async def test_cancelling_races_packing_and_one_of_them_wins(database, attempt):
    one = await buy(quantity=3)
    actor_id = await actor_of(one.sellers[0])
    racers = [pack(one.sellers[0], one.shipments[0], actor_id=actor_id), cancel_for_buyer(one.id)]
    done = await asyncio.gather(*(racers if attempt % 2 else racers[::-1]), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in done) == 1, done
    cancelled = await state_of(one.shipments[0]) == "cancelled"
    assert await refunded(one.id) == (one.order.price.total_minor if cancelled else 0)
    assert await stock_of(one.variants[0]) == ((10, 0) if cancelled else (7, 0))


@pytest.mark.parametrize("attempt", range(8))
async def test_cancelling_races_the_capture_and_the_money_follows(database, variant, attempt):
    """Cancelled first, the payment goes back; paid first, the parcels are cancelled and it goes back too."""
    bought = await variant()
    order = await new_order(bought)
    racers = [settle(charge(order)), cancel_for_buyer(order.order_id)]
    await asyncio.gather(*(racers if attempt % 2 else racers[::-1]))
    assert await order_state(order) in ("cancelled", "refunded")
    assert await refunded(order.order_id) == order.price.total_minor
    assert await stock_of(bought) == (10, 0)


async def test_what_is_lost_is_paid_back_and_not_sold_again(database):
    one = await buy(quantity=2)
    actor_id = await actor_of(one.sellers[0])
    await pack(one.sellers[0], one.shipments[0], actor_id=actor_id)
    await send(one.sellers[0], one.shipments[0], actor_id=actor_id, **SENT)
    await lose(one.sellers[0], one.shipments[0], came_back=False, actor_id=actor_id)
    assert (await order_state(one.order), await stock_of(one.variants[0])) == ("refunded", (8, 0))
    assert await jobs_named("mail.shipment_lost") == 1


async def test_what_came_back_undelivered_is_sold_again(database):
    one = await buy(quantity=2)
    actor_id = await actor_of(one.sellers[0])
    await pack(one.sellers[0], one.shipments[0], actor_id=actor_id)
    await send(one.sellers[0], one.shipments[0], actor_id=actor_id, **SENT)
    await lose(one.sellers[0], one.shipments[0], came_back=True, actor_id=actor_id)
    assert await stock_of(one.variants[0]) == (10, 0)


def test_the_machines_are_those_of_the_design():
    assert SHIPMENT.moves == {
        "waiting": {"packed", "cancelled"},
        "packed": {"shipped", "cancelled"},
        "shipped": {"delivered", "lost"},
        "delivered": set(),
        "lost": set(),
        "cancelled": set(),
    }
    assert RETURN_LINE.moves["approved"] == {"received", "refused"}
    assert RETURN_LINE.moves["received"] == {"refunded"}
