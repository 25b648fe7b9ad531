"""Invoices: numbers without gaps whatever happens at once, parts that add up, and all that the law wants."""

import asyncio
from datetime import date, datetime

import msgspec
import pytest

from models.cancellation import cancel_shipment
from models.database import transaction
from models.errors import NotFound
from models.fulfilment import lose, pack, send, split
from models.invoice import INDIA, financial_year, get_invoice, issue_invoice, list_invoices
from models.repayment import refund_by_operator
from models.settlement import receive_event, settle
from server.invoice_pdf import amount, invoice_pdf
from tests.factories import make_product, make_seller, make_user
from tests.fulfilling import SENT, bought, buy
from tests.offering import make_coupon, put_on_cart
from tests.ordering import KEYRING, charge, event, fill, guest, new_order
from tests.shop import variant_of


@pytest.fixture
async def seller(database):
    seller_id = await make_seller(name="Anil & Sons")
    await database.execute(
        "UPDATE seller SET gstin = '29ABCDE1234F1Z5', address_line = '7, Market Road', city = 'Mysuru',"
        " region = 'Karnataka', pin_code = '570001' WHERE id = $1",
        seller_id,
    )
    return seller_id


@pytest.fixture
def parcel(seller, database):
    """A paid order of so many chairs; returns the order and the ids of its parcels."""

    async def made(quantity: int = 1, **columns: object):
        chair = await variant_of(await make_product(seller, name="Chair <b>", hsn_code="9401", **columns))
        order = await new_order(chair, quantity=quantity)
        await receive_event(event(charge(order)), keyring=KEYRING)
        rows = await database.fetch("SELECT id FROM shipment WHERE order_id = $1", order.order_id)
        return order, [row["id"] for row in rows]

    return made


async def issue(shipment_id, *, fail: bool = False) -> str | None:
    try:
        async with transaction() as connection:
            number = await issue_invoice(connection, shipment_id)
            if fail:
                raise RuntimeError("the dispatch did not happen")
            return number
    except RuntimeError:
        return None


async def test_numbers_are_consecutive_though_dispatches_run_at_once_and_some_fail(parcel, database):
    parcels = [(await parcel())[1][0] for _ in range(12)]
    numbers = await asyncio.gather(*(issue(one, fail=i % 3 == 0) for i, one in enumerate(parcels)))
    year = financial_year(datetime.now(INDIA).date())
    assert sorted(filter(None, numbers)) == [f"I{year}-{n:06}" for n in range(1, 9)]
    assert max(len(number) for number in numbers if number) <= 16


async def test_each_seller_counts_for_itself_and_a_parcel_has_one_invoice(parcel, database):
    _, [own] = await parcel()
    first = await asyncio.gather(*(issue(own) for _ in range(3)), return_exceptions=True)
    assert len({number for number in first if isinstance(number, str)}) == 1
    other = await new_order(await variant_of(await make_product(await make_seller(name="Bina"))))
    await receive_event(event(charge(other)), keyring=KEYRING)
    theirs = await database.fetchval("SELECT id FROM shipment WHERE order_id = $1", other.order_id)
    assert await issue(theirs) == await issue(own)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), "2526"), (date(2026, 4, 1), "2627"), (date(2099, 12, 1), "9900")]
)
def test_the_financial_year_begins_in_april(day, year):
    assert financial_year(day) == year


async def test_parcels_of_a_split_order_add_up_to_it(parcel, database):
    order, [first] = await parcel(3, price_minor=33_333)
    line = await database.fetchrow("SELECT * FROM order_line WHERE order_id = $1", order.order_id)
    second = await database.fetchval(
        "INSERT INTO shipment (id, order_id, seller_id) VALUES (gen_random_uuid(), $1, $2) RETURNING id",
        order.order_id,
        line["seller_id"],
    )
    await database.execute("UPDATE shipment_line SET quantity = 2")
    await database.execute(
        "INSERT INTO shipment_line (id, shipment_id, order_line_id, quantity) VALUES (gen_random_uuid(), $1, $2, 1)",
        second,
        line["id"],
    )
    for one in (second, first):
        await issue(one)
    sums = await database.fetchrow(
        "SELECT sum(taxable_minor), sum(cgst_minor), sum(sgst_minor), sum(igst_minor), sum(quantity) FROM invoice_line"
    )
    assert tuple(sums) == (
        line["taxable_minor"], line["cgst_minor"], line["sgst_minor"], line["igst_minor"], 3,
    )  # fmt: skip


async def test_a_dispatch_issues_the_invoice_and_a_refund_of_what_was_sent_the_credit_note(database):
    one = await buy(quantity=3)
    [parcel_id], [seller_id] = one.shipments, one.sellers
    actor = await make_user(role="seller")
    await pack(seller_id, parcel_id, actor_id=actor)
    await send(seller_id, parcel_id, actor_id=actor, **SENT)
    await lose(seller_id, parcel_id, came_back=True, actor_id=actor)
    invoice, note = [
        await get_invoice(row.id, keyring=KEYRING, seller_id=seller_id) for row in await list_invoices(one.id)
    ]
    assert (invoice.kind, note.kind, note.refers_to) == ("invoice", "credit_note", invoice.number)
    assert note.number.startswith("C")
    assert note.total_minor == invoice.total_minor == one.order.price.total_minor
    assert b"Corrects invoice" in invoice_pdf(note, site="Haat")


async def test_what_is_refunded_before_its_dispatch_was_never_invoiced(database):
    one, actor = await buy(), await make_user(role="seller")
    await cancel_shipment(one.sellers[0], one.shipments[0], reason="gone", actor_id=actor)
    assert await list_invoices(one.id) == []


async def test_the_paper_says_what_rule_46_wants_and_what_the_seller_was_called_then(parcel, database):
    order, [own] = await parcel(2)
    number = await issue(own)
    await database.execute("UPDATE seller SET legal_name = 'Renamed', gstin = NULL")
    [row] = await list_invoices(order.order_id)
    invoice = await get_invoice(row.id, keyring=KEYRING, order_number=order.claim.receipt)
    assert invoice.total_minor == order.price.total_minor
    assert invoice.lines[0].cgst_minor == invoice.lines[0].sgst_minor > 0
    pdf = invoice_pdf(invoice, site="Haat")
    assert pdf.startswith(b"%PDF-")
    assert pdf == invoice_pdf(invoice, site="Haat")
    for words in (
        number, order.claim.receipt, "Anil & Sons Private Limited", "29ABCDE1234F1Z5", "570001", "Asha Rao", "9401",
        "Place of supply: Karnataka", "CGST", "SGST", amount(order.price.total_minor), "Chair <b>",
    ):  # fmt: skip
        assert words.split()[0].encode() in pdf, words


async def test_a_name_in_hindi_is_written_in_latin_letters(parcel):
    order, [own] = await parcel()
    await issue(own)
    [row] = await list_invoices(order.order_id)
    invoice = await get_invoice(row.id, keyring=KEYRING, order_number=order.claim.receipt)
    hindi = msgspec.structs.replace(invoice.delivery, name="आशा शर्मा", city="बेंगलुरु")
    pdf = invoice_pdf(msgspec.structs.replace(invoice, delivery=hindi), site="Haat")
    assert (b"Sharma" in pdf, b"Bengaluru" in pdf, b"?" in pdf.partition(b"Recipient")[2][:80]) == (True, True, False)


async def test_a_stranger_gets_no_invoice(parcel):
    order, [own] = await parcel()
    await issue(own)
    [row] = await list_invoices(order.order_id)
    with pytest.raises(NotFound):
        await get_invoice(row.id, keyring=KEYRING, order_number="H00000000")
    with pytest.raises(NotFound):
        await get_invoice(row.id, keyring=KEYRING, seller_id=await make_seller())


@pytest.mark.parametrize(
    ("minor", "written"),
    [(0, "0.00"), (5, "0.05"), (129_900, "1,299.00"), (123_456_789, "12,34,567.89"), (-100, "-1.00")],
)
def test_amounts_are_grouped_as_in_india(minor, written):
    assert amount(minor) == written


async def test_a_credit_note_takes_back_what_its_own_invoice_said_however_the_line_was_split(database, seller):
    """Three units in three parcels, of which the platform paid a part: one is never sent, one is lost, one returned."""
    chair, shopper = await variant_of(await make_product(seller, price_minor=33_333, hsn_code="9401")), guest()
    await fill(shopper, chair, quantity=3)
    await put_on_cart(shopper, coupon=await make_coupon(value=1_000))
    order = await new_order(shopper=shopper)
    assert await receive_event(event(charge(order)), keyring=KEYRING) == "paid"
    [line_id] = [row["id"] for row in await database.fetch("SELECT id FROM order_line")]
    actor, whole = await make_user(role="seller"), await database.fetchval("SELECT id FROM shipment")
    parcels = [whole] + [await split(seller, whole, {line_id: 1}, actor_id=actor) for _ in range(2)]
    for parcel_id in parcels[1:]:
        await pack(seller, parcel_id, actor_id=actor)
        await send(seller, parcel_id, actor_id=actor, **SENT)
    await cancel_shipment(seller, whole, reason="gone", actor_id=actor)
    await lose(seller, parcels[2], came_back=True, actor_id=actor)
    await refund_by_operator(order.order_id, {line_id: 1}, with_shipping=True, reason="so", key="1", actor_id=actor)
    papers = {row.number: await paper(row, seller) for row in await list_invoices(order.order_id)}
    first, second, *notes = papers.values()
    assert [note.refers_to for note in notes] == [second.number, first.number]
    line = await database.fetchrow("SELECT * FROM order_line")
    assert line["platform_discount_minor"] == 1_000
    sold = sum(paper.total_minor for paper in (first, second))
    back = sum(note.total_minor for note in notes)
    assert abs(sold - back) <= 4, "value and taxes are shared out to the paisa by themselves"
    assert abs(sold - (line["total_minor"] + 1_000) * 2 // 3) <= 3
    repaid = "SELECT sum(amount_minor)::bigint FROM refund WHERE reason IN ('lost', 'operator')"
    assert sum(note.total_minor - note.promotion_minor for note in notes) == await database.fetchval(repaid)
    assert first.promotion_minor + second.promotion_minor == 1_000 * 2 // 3
    assert b"Of it Haat pays INR 3.33 by coupon." in invoice_pdf(first, site="Haat")
    assert all(note.lines[0].quantity == 1 and note.lines[0].cgst_minor > 0 for note in notes)


async def test_what_was_refunded_and_is_sent_all_the_same_is_credited_with_its_dispatch(database):
    """Three units, of which one is sent; then two are refunded, and then the others are sent, one by one."""
    one, actor = await buy(quantity=3), await make_user(role="admin")
    [seller], [whole], [line] = one.sellers, one.shipments, one.lines
    parcels = [whole] + [await split(seller, whole, {line: 1}, actor_id=actor) for _ in range(2)]

    async def dispatch(parcel_id) -> list[int]:
        await pack(seller, parcel_id, actor_id=actor)
        await send(seller, parcel_id, actor_id=actor, **SENT)
        rows = await list_invoices(one.id)
        papers = [await paper(row, seller) for row in rows if row.kind == "credit_note"]
        return [sum(line.quantity for line in note.lines) for note in papers]

    assert await dispatch(parcels[0]) == []
    await refund_by_operator(one.id, {line: 2}, with_shipping=True, reason="so", key="1", actor_id=actor)
    assert await dispatch(parcels[1]) == [1, 1]
    assert await dispatch(parcels[2]) == [1, 1]
    sums = await database.fetchrow(
        "SELECT (SELECT tax_minor FROM refund_line) AS given, sum(l.cgst_minor + l.sgst_minor + l.igst_minor)::bigint"
        " AS credited FROM invoice v JOIN invoice_line l ON l.invoice_id = v.id WHERE v.kind = 'credit_note'"
    )
    assert sums["given"] == sums["credited"] > 0


@pytest.mark.parametrize("other_sent", ["before", "after"])
async def test_a_parcel_that_is_lost_after_a_unit_was_given_back_leaves_no_invoice_standing(database, other_sent):
    """The unit was credited to the parcel that is lost then; the loss is one of the other, which was refunded too."""
    one, actor = await buy(quantity=2), await make_user(role="admin")
    [seller], [whole], [line] = one.sellers, one.shipments, one.lines
    other = await split(seller, whole, {line: 1}, actor_id=actor)

    async def dispatch(parcel_id) -> None:
        await pack(seller, parcel_id, actor_id=actor)
        await send(seller, parcel_id, actor_id=actor, **SENT)

    await dispatch(whole)
    await refund_by_operator(one.id, {line: 1}, with_shipping=True, reason="so", key="1", actor_id=actor)
    if other_sent == "before":
        await dispatch(other)
    await lose(seller, whole, came_back=True, actor_id=actor)
    if other_sent == "after":
        await dispatch(other)
    papers = [await paper(row, seller) for row in await list_invoices(one.id)]
    notes, invoices = ([each for each in papers if each.kind == kind] for kind in ("credit_note", "invoice"))
    assert [note.refers_to for note in notes] == [invoice.number for invoice in invoices]
    assert sum(note.total_minor for note in notes) == one.order.price.total_minor


async def test_two_refunds_of_the_same_two_sellers_do_not_wait_for_one_another(database):
    """Whose parcels were sent in opposite order, and so have their invoices in opposite order."""
    actor, one = await make_user(role="admin"), await buy(sellers=2, quantity=5)
    order = await new_order(*one.variants, quantity=5)
    await settle(charge(order))
    two = await bought(order, one.sellers, one.variants)
    for sold, turn in ((one, (0, 1)), (two, (1, 0))):
        for i in turn:
            await pack(sold.sellers[i], sold.shipments[i], actor_id=actor)
            await send(sold.sellers[i], sold.shipments[i], actor_id=actor, **SENT)

    async def give_back(sold, key: str) -> None:
        units = dict.fromkeys(sold.lines, 1)
        await refund_by_operator(sold.id, units, with_shipping=True, reason="so", key=key, actor_id=actor)

    for key in "abcd":
        await asyncio.gather(give_back(one, key), give_back(two, key))
    numbers = await database.fetch("SELECT number FROM invoice WHERE kind = 'credit_note' ORDER BY number")
    assert [int(row["number"][-6:]) for row in numbers] == [n for n in range(1, 9) for _ in "12"]


async def paper(row, seller_id):
    return await get_invoice(row.id, keyring=KEYRING, seller_id=seller_id)
