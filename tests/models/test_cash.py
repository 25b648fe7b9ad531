"""Cash on delivery: sold at once, paid parcel by parcel at the door, and in the books only once it is there."""

import asyncio
from datetime import datetime, timedelta

import pytest

from models.cancellation import cancel_for_buyer
from models.cash import cash_allowed, cash_allowed_for_cart, confirm_cash
from models.closing import expire_order
from models.errors import Conflict
from models.fulfilment import lose, pack, send, split
from models.invoice import INDIA, get_invoice, list_invoices
from models.overview import get_overview
from models.refund import send_refund
from models.repayment import pay_back_by_hand, refund_by_operator
from models.returns import approve_return, receive_return, refund_return, request_return
from models.selling import sales_by_day
from models.settlement import settle
from server.invoice_pdf import invoice_pdf
from tests.buying import variant_of
from tests.factories import make_product, make_seller, make_user
from tests.fulfilling import SENT, actor_of, bought, bring, value
from tests.ordering import KEYRING, charge, count, end_hold, fill, guest, jobs_named, new_order, order_state, stock_of

pytestmark = pytest.mark.usefixtures("sound")
LIMIT = 2_000_000


async def pending(database, *, sellers=1, quantity=1, allowed=True, price_minor=33_333):
    owners, variants = [], []
    for number in range(sellers):
        owners.append(await make_seller(name=f"Stall {number}", user_id=await make_user(role="seller")))
        variants.append(await variant_of(await make_product(owners[-1], price_minor=price_minor)))
    if allowed:
        await database.execute("UPDATE seller SET cash_allowed = true")
    return await new_order(*variants, quantity=quantity), owners, variants


async def confirmed(database, **columns):
    order, owners, variants = await pending(database, **columns)
    await confirm_cash(order.order_id, limit_minor=LIMIT)
    return await bought(order, owners, variants)


async def balance(account):
    return await value("SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entry WHERE account = $1", account)


async def undelivered(one, number=0, *, came_back=True):
    who = {"actor_id": await actor_of(one.sellers[number])}
    await pack(one.sellers[number], one.shipments[number], **who)
    await send(one.sellers[number], one.shipments[number], **SENT, **who)
    await lose(one.sellers[number], one.shipments[number], came_back=came_back, **who)


async def test_a_confirmed_order_is_sold_and_owes_its_money(database):
    one = await confirmed(database, sellers=2, quantity=2)
    await confirm_cash(one.id, limit_minor=LIMIT)
    assert await order_state(one.order) == "confirmed"
    assert [await stock_of(variant) for variant in one.variants] == [(8, 0), (8, 0)]
    rows = await database.fetch("SELECT gateway, state, amount_minor FROM payment ORDER BY id")
    total = one.order.price.total_minor
    assert [tuple(row) for row in rows] == [("razorpay", "failed", total), ("cash", "created", total)]
    assert (await count("ledger_entry"), await count("cart_item"), await count("shipment")) == (0, 0, 2)
    assert [await jobs_named(name) for name in ("mail.order_paid", "mail.seller_order")] == [1, 2]


async def test_each_parcel_is_paid_at_the_door_and_the_last_one_ends_it(database):
    one = await confirmed(database, sellers=2, quantity=2)
    first, second = (line.total_minor for line in one.order.price.lines)
    await bring(one.sellers[0], one.shipments[0])
    assert (await balance("cash"), await order_state(one.order)) == (-first, "confirmed")
    await bring(one.sellers[1], one.shipments[1])
    assert (await balance("cash"), await order_state(one.order)) == (-first - second, "paid")
    row = await database.fetchrow("SELECT state, amount_minor FROM payment WHERE gateway = 'cash'")
    assert tuple(row) == ("captured", one.order.price.total_minor)
    assert await value("SELECT paid_at IS NOT NULL FROM orders")


async def test_it_counts_among_the_sales_of_the_day_on_which_it_was_paid_though_ordered_long_ago(database):
    one = await confirmed(database)
    await database.execute("UPDATE orders SET created_at = now() - interval '60 days'")
    await bring(one.sellers[0], one.shipments[0])
    total, midnight = one.order.price.total_minor, datetime.now(INDIA).replace(hour=0, minute=0, second=0)
    seen = await get_overview(since=midnight, currency="INR")
    assert (seen.orders, seen.paid, seen.revenue_minor) == (0, 1, total)
    for seller in (None, one.sellers[0]):
        days = await sales_by_day(today=midnight.date(), currency="INR", seller_id=seller)
        assert [(day.paid_minor, day.orders) for day in days] == [(0, 0)] * 27 + [(total, 1)]


@pytest.mark.parametrize("turn", [(0, 1), (1, 0)])
async def test_a_parcel_in_parts_is_paid_in_parts_to_the_last_paisa_as_its_slip_says(database, turn):
    one = await confirmed(database, quantity=3, price_minor=10_001)
    seller, line, actor_id = one.sellers[0], one.lines[0], await actor_of(one.sellers[0])
    parcels = [await split(seller, one.shipments[0], {line: 1}, actor_id=actor_id), one.shipments[0]]
    slips = [await value("SELECT value_minor FROM shipment WHERE id = $1", parcel) for parcel in parcels]
    assert (sum(slips), slips[0] * 2 == slips[1]) == (one.order.price.total_minor, False)
    await bring(seller, parcels[turn[0]])
    assert await balance("cash") == -slips[turn[0]]
    await bring(seller, parcels[turn[1]])
    assert (await balance("cash"), await order_state(one.order)) == (-one.order.price.total_minor, "paid")
    await refund_by_operator(one.id, {line: 3}, with_shipping=True, reason="so", key="1", actor_id=actor_id)
    assert await value("SELECT sum(amount_minor)::bigint FROM ledger_entry WHERE seller_id IS NOT NULL") == 0


async def test_all_that_was_paid_for_two_of_three_parcels_goes_back_when_both_come_back(database):
    """Each slip is rounded down by itself, so both together are a paisa less than their two units of the line."""
    one = await confirmed(database, quantity=6, price_minor=5_000)
    seller, line, actor_id = one.sellers[0], one.lines[0], await actor_of(one.sellers[0])
    parcels = [await split(seller, one.shipments[0], {line: 1}, actor_id=actor_id) for _ in range(2)]
    for parcel in parcels:
        await bring(seller, parcel)
    await undelivered(one)
    paid = -await balance("cash")
    assert paid == one.order.price.total_minor * 2 // 6 - 1
    for key in "12":
        await refund_by_operator(one.id, {line: 1}, with_shipping=True, reason="so", key=key, actor_id=actor_id)
    assert await value("SELECT sum(amount_minor)::bigint FROM refund") == paid
    assert await order_state(one.order) == "refunded"
    assert await value("SELECT sum(amount_minor)::bigint FROM ledger_entry WHERE seller_id IS NOT NULL") == 0


async def test_nobody_pays_for_what_is_refused_at_the_door(database):
    one = await confirmed(database, sellers=2)
    await bring(one.sellers[0], one.shipments[0])
    await undelivered(one, 1)
    assert await order_state(one.order) == "paid"
    assert (
        await value("SELECT amount_minor FROM payment WHERE gateway = 'cash'") == one.order.price.lines[0].total_minor
    )
    assert await stock_of(one.variants[1]) == (10, 0)
    assert await count("refund") == 0


@pytest.mark.parametrize("came_back", [True, False])
async def test_the_invoice_of_what_nobody_took_at_the_door_is_credited_in_full(database, came_back):
    """One of three units is refused, two are taken; a later return corrects the invoice of those that were taken."""
    one = await confirmed(database, quantity=3)
    [seller], [whole], [line], actor_id = one.sellers, one.shipments, one.lines, await actor_of(one.sellers[0])
    refused = await split(seller, whole, {line: 1}, actor_id=actor_id)
    await undelivered(one._replace(shipments=[refused]), came_back=came_back)
    await bring(seller, whole)
    await refund_by_operator(one.id, {line: 1}, with_shipping=True, reason="so", key="1", actor_id=actor_id)
    papers = [await get_invoice(row.id, keyring=KEYRING, seller_id=seller) for row in await list_invoices(one.id)]
    first, credit, second, later = papers
    assert [paper.kind for paper in papers] == ["invoice", "credit_note", "invoice", "credit_note"]
    assert (credit.refers_to, credit.lines) == (first.number, first.lines)
    assert (later.refers_to, later.lines[0].quantity) == (second.number, 1)
    assert (first.unpaid, credit.unpaid, later.unpaid) == (False, True, False)
    assert [b"nothing had been paid" in invoice_pdf(paper, site="Haat") for paper in (credit, later)] == [True, False]


async def test_an_order_of_which_nothing_was_taken_is_cancelled(database):
    one = await confirmed(database)
    await undelivered(one)
    assert (await order_state(one.order), await balance("cash"), await count("refund")) == ("cancelled", 0, 0)


async def test_it_is_cancelled_before_packing_and_nothing_is_owed(database):
    one = await confirmed(database, sellers=2)
    await cancel_for_buyer(one.id)
    assert (await order_state(one.order), await count("refund"), await count("ledger_entry")) == ("cancelled", 0, 0)
    assert [await stock_of(variant) for variant in one.variants] == [(10, 0), (10, 0)]


async def test_what_was_paid_in_cash_comes_back_by_hand_and_not_through_the_gateway(database, context):
    one = await confirmed(database, sellers=2)
    await bring(one.sellers[0], one.shipments[0])
    who = {"actor_id": await actor_of(one.sellers[0])}
    (return_id,) = await request_return(
        one.id, {one.lines[0]: 1}, reason="damaged", comment="", window=timedelta(days=10)
    )
    await approve_return(one.sellers[0], return_id, **who)
    await receive_return(one.sellers[0], return_id, restock=False, **who)
    await refund_return(one.sellers[0], return_id, **who)
    await send_refund(context.gateway, await value("SELECT id FROM refund"))
    assert await value("SELECT state FROM refund") == "requested"
    assert await order_state(one.order) == "confirmed"
    await bring(one.sellers[1], one.shipments[1])
    assert await order_state(one.order) == "partly_refunded"
    assert await value("SELECT amount_minor FROM refund") == one.order.price.lines[0].total_minor


async def test_what_nobody_has_paid_at_the_door_yet_is_not_given_back_and_a_transfer_pays_one_refund_back(
    database, context
):
    one, actor = await confirmed(database, sellers=2), await make_user(role="admin")

    async def give_back(line: int) -> None:
        units, key = {one.lines[line]: 1}, str(line)
        await refund_by_operator(one.id, units, with_shipping=True, reason="so", key=key, actor_id=actor)

    await bring(one.sellers[0], one.shipments[0])
    with pytest.raises(Conflict, match="0 of 0 can still be refunded"):
        await give_back(1)
    await bring(one.sellers[1], one.shipments[1])
    await give_back(0)
    await give_back(1)
    first, second = [row["id"] for row in await database.fetch("SELECT id FROM refund ORDER BY id")]
    await pay_back_by_hand(context.gateway, first, reference="UTR 1", actor_id=actor)
    with pytest.raises(Conflict) as refused:
        await pay_back_by_hand(context.gateway, second, reference="UTR1", actor_id=actor)
    assert [field.field for field in refused.value.fields] == ["reference"]
    await pay_back_by_hand(context.gateway, second, reference="UTR2", actor_id=actor)
    assert (await order_state(one.order), await balance("buyer")) == ("refunded", 0)


async def test_it_is_for_sellers_who_take_it_and_sums_that_can_be_carried(database):
    order, _, _ = await pending(database, allowed=False)
    with pytest.raises(Conflict, match="takes no cash"):
        await confirm_cash(order.order_id, limit_minor=LIMIT)
    assert not await cash_allowed(order.order_id, limit_minor=LIMIT)
    await database.execute("UPDATE seller SET cash_allowed = true")
    with pytest.raises(Conflict, match="At most"):
        await confirm_cash(order.order_id, limit_minor=order.price.total_minor - 1)
    assert await cash_allowed(order.order_id, limit_minor=order.price.total_minor)
    assert await order_state(order) == "pending"


async def test_a_cart_says_beforehand_whether_it_can_be_paid_in_cash(database, variant):
    shopper = guest()
    assert not await cash_allowed_for_cart(shopper.owner, 0, limit_minor=LIMIT)
    await fill(shopper, await variant(), await variant())
    await database.execute("UPDATE seller SET cash_allowed = true")
    assert await cash_allowed_for_cart(shopper.owner, LIMIT, limit_minor=LIMIT)
    assert not await cash_allowed_for_cart(shopper.owner, LIMIT + 1, limit_minor=LIMIT)
    await database.execute("UPDATE seller SET cash_allowed = false WHERE id = (SELECT id FROM seller LIMIT 1)")
    assert not await cash_allowed_for_cart(shopper.owner, 1, limit_minor=LIMIT)


async def test_an_order_whose_hold_ran_out_is_not_confirmed(database):
    order, _, _ = await pending(database)
    await end_hold(order.order_id)
    with pytest.raises(Conflict, match="expired"):
        await confirm_cash(order.order_id, limit_minor=LIMIT)
    await expire_order(order.order_id)
    with pytest.raises(Conflict, match="expired"):
        await confirm_cash(order.order_id, limit_minor=LIMIT)


async def test_money_that_comes_online_after_all_goes_back(database):
    one = await confirmed(database)
    assert await settle(charge(one.order)) == "refunded"
    assert await order_state(one.order) == "confirmed"
    assert await value("SELECT amount_minor FROM refund") == one.order.price.total_minor
    await bring(one.sellers[0], one.shipments[0])
    assert await order_state(one.order) == "paid"


@pytest.mark.parametrize("attempt", range(6))
async def test_confirming_races_the_payment_and_the_buyer_pays_once(database, attempt):
    order, _, (variant,) = await pending(database)
    racers = [confirm_cash(order.order_id, limit_minor=LIMIT), settle(charge(order))]
    await asyncio.gather(*(racers if attempt % 2 else racers[::-1]), return_exceptions=True)
    state, kept = (
        await order_state(order),
        await value(
            "SELECT coalesce(sum(p.amount_minor), 0)::bigint FROM payment p WHERE state = 'captured'"
            " AND NOT EXISTS (SELECT FROM refund WHERE payment_id = p.id)"
        ),
    )
    assert (state, kept) in (("paid", order.price.total_minor), ("confirmed", 0))
    assert await stock_of(variant) == (9, 0)


async def test_what_is_bought_for_cash_counts_towards_what_one_buyer_may_have(database):
    one = await confirmed(database)
    await database.execute("UPDATE product SET buyer_limit = 1")
    with pytest.raises(Conflict) as refused:
        await new_order(*one.variants)
    assert refused.value.code == "buyer_limit"
