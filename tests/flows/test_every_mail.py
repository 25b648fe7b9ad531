"""Every mail about an order, a parcel, a return, a review and a wish, each really sent once: as text and as HTML."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiohttp
import msgspec
import pytest

from jobs.registry import HANDLERS
from models.basket import Shopper
from models.cancellation import cancel_for_buyer
from models.cash import confirm_cash
from models.fulfilment import deliver, lose, pack, send, split
from models.gateway import GatewayDispute, GatewayEvent
from models.moderation import decide_review
from models.outbox import JOBS
from models.paying_out import prepare_payout, send_payout
from models.returns import approve_return, refuse_return, request_return
from models.review import write_review
from models.settlement import receive_event, settle
from models.wishlist import add_wish, tell_of_stock
from server.settings import Keys
from tests.buying import run_jobs, variant_of
from tests.factories import make_product, make_seller, make_user
from tests.fulfilling import SENT, bought, bring
from tests.ordering import ASHA, charge, new_order, wish
from web.filters import money

pytestmark = pytest.mark.usefixtures("sound")
BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
NAME = 'Chair <b>"Bold"</b>'
TO_BUYER = {
    "payment-declined": "still has to be paid",
    "order-paid": "is confirmed",
    "order-refunded": "Money back for order",
    "shipment-sent": "is on its way",
    "shipment-delivered": "has arrived",
    "shipment-lost": "did not arrive",
    "shipments-cancelled": "Cancelled: order",
    "return-requested": "Your return for order",
    "return-decided": "order",
}
TO_SHOPPER = {"review-decided": "Your review of", "back-in-stock": "is back"}
TO_SELLER = {"seller-order": "to pack", "seller-cancelled": "Do not pack", "seller-return": "A return for order"}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """With the keys that `tests.ordering` seals with."""
    return {**environment, "HAAT_KEYS__RING": ",".join(Keys().ring), "HAAT_KEYS__LOOKUP": Keys().lookup}


@pytest.fixture
async def inbox(stack: Mapping[str, str]):
    """All mails to an address, by the first word of their Message-ID."""
    async with aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client:

        async def mails_to(address: str) -> dict[str, list[dict]]:
            async with client.get("/api/messages", params={"to": address, "limit": "1000"}) as response:
                found: dict[str, list[dict]] = {}
                for mail in await response.json():
                    key = mail["headers"]["Message-ID"].strip().lstrip("<").partition(".")[0]
                    found.setdefault(key, []).append(mail)
                return found

        yield mails_to


async def run_mails(context) -> None:
    await run_jobs(context, *(name for name in JOBS if name.startswith("mail.")))


def judge(mail: dict, words: str) -> None:
    """One subject, both parts, a link, the grievance officer, no hole in a template, and no mark-up of others."""
    text, page = mail["text"], mail["html"]
    assert words in mail["subject"]
    assert "\n" not in mail["subject"]
    for part in (text, page):
        assert "http://127.0.0.1" in part, mail["subject"]
        assert "None" not in part, mail["subject"]
        assert "{{" not in part, mail["subject"]
        assert "Grievances: " in part or words in TO_SELLER.values(), mail["subject"]
    assert "<b>" not in page, mail["subject"]
    assert "&lt;" not in text, mail["subject"]
    assert NAME in text or NAME in html.unescape(page) or "order" in mail["subject"].lower()


@pytest.fixture
async def life(context, database):
    """A shopper's order of five of a seller's chairs, through everything that can happen to it."""
    owner, user = await make_user(role="seller"), await make_user()
    seller = await make_seller(name="Anil & Sons", user_id=owner)
    product = await make_product(seller, name=NAME, price_minor=29_900)
    buyer = f"{uuid4().hex[:12]}@example.in"
    asked = wish(contact=msgspec.structs.replace(ASHA, email=buyer))
    order = await new_order(await variant_of(product), quantity=5, shopper=Shopper(user_id=user), asked=asked)
    assert await settle(charge(order, status="failed", payment_id="pay_0", error="Your bank <declined>.")) == "failed"
    await run_jobs(context, "mail.payment_declined")
    assert await settle(charge(order)) == "paid"
    return await bought(order, [seller], []), owner, user, product, buyer


async def test_each_mail_is_sent_once_in_both_forms(life, context, inbox, database):
    one, owner, user, product, buyer = life
    [seller], [line], [whole] = one.sellers, one.lines, one.shipments
    first, second, third = [await split(seller, whole, {line: 1}, actor_id=owner) for _ in range(3)]
    for parcel in (first, second, third):
        await pack(seller, parcel, actor_id=owner)
        await send(seller, parcel, actor_id=owner, **SENT)
    await run_mails(context)
    await deliver(seller, first, actor_id=owner)
    await deliver(seller, second, actor_id=owner)
    await lose(seller, third, came_back=False, actor_id=owner)
    await cancel_for_buyer(one.id, whole)
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product)
    review = await write_review(user, slug, rating=4, title="Good", text="Sturdy <i>enough</i>.")
    await decide_review(review, "published", actor_id=owner)
    asked = [await ask(one.id, line) for _ in range(2)]
    await run_mails(context)
    await approve_return(seller, asked[0], actor_id=owner)
    await refuse_return(seller, asked[1], answer="It was <used>.", actor_id=owner)
    await sell_out_and_restock(database, user, seller)
    await run_mails(context)
    mails = await inbox(buyer)
    assert {key: len(found) for key, found in mails.items()} == {
        **dict.fromkeys(TO_BUYER, 1), "shipment-sent": 3, "shipment-delivered": 2, "order-refunded": 2,
        "return-requested": 2, "return-decided": 2,
    }  # fmt: skip
    check(mails, TO_BUYER)
    assert any("It was <used>." in mail["text"] for mail in mails["return-decided"])
    told = await inbox(f"{owner.hex}@example.com")
    assert {key: len(found) for key, found in told.items()} == {**dict.fromkeys(TO_SELLER, 1), "seller-return": 2}
    check(told, TO_SELLER)
    own = await inbox(f"{user.hex}@example.com")
    assert {key: len(found) for key, found in own.items()} == dict.fromkeys(TO_SHOPPER, 1)
    check(own, TO_SHOPPER)


async def test_a_dispute_is_told_to_its_seller_and_to_the_operator_as_it_begins_and_ends(
    life, context, inbox, database
):
    one, owner, *_ = life
    operator = await make_user(role="admin")
    await run_mails(context)
    payment_id, total = f"pay_{one.order.claim.receipt}", one.order.price.total_minor
    for number, (state, lost) in enumerate((("open", 0), ("lost", total))):
        told = GatewayDispute(
            dispute_id="disp_1", payment_id=payment_id, status=state, phase="chargeback", reason="goods_not_received",
            amount_minor=total, deducted_minor=lost, currency="INR", respond_by=BEGAN + timedelta(days=3),
            told_at=BEGAN + timedelta(days=number),
        )  # fmt: skip
        said = GatewayEvent(id=f"evt_{uuid4().hex}", kind=f"payment.dispute.{state}", body=b"{}", dispute=told)
        assert await receive_event(said, keyring=context.keyring) == "disputed"
        if state == "open":
            stale = await database.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'mail.dispute'")
        await run_mails(context)
    for payload in stale:
        await HANDLERS["mail.dispute"](context, msgspec.json.decode(payload["payload"]))
    for who, path in ((owner, "/seller/orders/"), (operator, "/admin/orders/")):
        mails = (await inbox(f"{who.hex}@example.com"))["dispute"]
        by_stage = {"disputes order" in mail["subject"]: mail for mail in mails}
        began, ended = by_stage[True], by_stage[False]
        assert (len(mails), "is lost" in ended["subject"]) == (2, True), "and none of what is over"
        for mail in mails:
            assert path in mail["text"]
            assert "None" not in mail["text"] + mail["html"]
        assert "5 Mar 2026, 3:30 pm IST" in began["text"]
        assert money(total) in ended["text"]


async def test_a_payout_that_came_back_is_told_to_its_seller_and_to_the_operator(life, context, inbox, database):
    one, owner, *_ = life
    operator = await make_user(role="admin")
    await bring(one.sellers[0], one.shipments[0])
    await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001'")
    payout_id = await prepare_payout(one.sellers[0], hold=timedelta(0), currency="INR")
    await send_payout(context.gateway, payout_id)
    sent = await context.gateway.find_payout(str(payout_id))
    back = msgspec.structs.replace(sent, status="reversed", reason="Account closed")
    said = GatewayEvent(id=f"evt_{uuid4().hex}", kind="payout.reversed", body=b"{}", payout=back)
    assert await receive_event(said, keyring=context.keyring) == "paid_out"
    await run_mails(context)
    for who, path in ((owner, f"/seller/payouts/{payout_id}"), (operator, "/admin/money")):
        [mail] = (await inbox(f"{who.hex}@example.com"))["payout-reversed"]
        assert "came back from the bank" in mail["subject"]
        for text in (mail["text"], mail["html"]):
            assert money(sent.amount_minor) in text
            assert path in text
            assert "Account closed." in text


async def test_of_a_shop_that_nobody_owns_the_operator_is_asked_for_an_account(life, context, inbox, database):
    one, *_ = life
    operator, seller_id = await make_user(role="admin"), one.sellers[0]
    await bring(seller_id, one.shipments[0])
    await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001'")
    payout_id = await prepare_payout(seller_id, hold=timedelta(0), currency="INR")
    await send_payout(context.gateway, payout_id)
    back = msgspec.structs.replace(await context.gateway.find_payout(str(payout_id)), status="reversed")
    await database.execute("UPDATE seller SET user_id = NULL, payout_account = ''")
    said = GatewayEvent(id=f"evt_{uuid4().hex}", kind="payout.reversed", body=b"{}", payout=back)
    assert await receive_event(said, keyring=context.keyring) == "paid_out"
    await run_mails(context)
    [mail] = (await inbox(f"{operator.hex}@example.com"))["payout-reversed"]
    for text in (mail["text"], mail["html"]):
        assert f"/admin/sellers/{seller_id}" in text
        assert "no account is known" in text
        assert "next payout" not in text


def check(mails: dict[str, list[dict]], words: dict[str, str]) -> None:
    for key, found in mails.items():
        for mail in found:
            judge(mail, words[key])


async def ask(order_id, line_id):
    [return_id] = await request_return(
        order_id, {line_id: 1}, reason="damaged", comment="Its <leg> is broken", window=timedelta(days=10)
    )
    return return_id


async def sell_out_and_restock(database, user, seller) -> None:
    lamp = await make_product(seller, name=NAME, stock=0)
    await add_wish(user, lamp)
    assert await tell_of_stock() == 0
    stock = "UPDATE stock SET on_hand = $1 FROM variant v WHERE v.id = variant_id AND v.product_id = $2"
    moved = "INSERT INTO stock_movement (variant_id, kind, on_hand_change) SELECT id, 'stocked', 5 FROM variant"
    await database.execute(stock, 5, lamp)
    await database.execute(f"{moved} WHERE product_id = $1", lamp)
    assert [await tell_of_stock() for _ in range(2)] == [1, 0]


async def test_an_order_that_is_paid_at_the_door_says_so_in_both_mails(context, inbox, database):
    owner = await make_user(role="seller")
    seller = await make_seller(user_id=owner)
    await database.execute("UPDATE seller SET cash_allowed = true")
    buyer = f"{uuid4().hex[:12]}@example.in"
    asked = wish(contact=msgspec.structs.replace(ASHA, email=buyer))
    order = await new_order(await variant_of(await make_product(seller)), asked=asked)
    await confirm_cash(order.order_id, limit_minor=10_000_000)
    await run_mails(context)
    [confirmed], [told] = (await inbox(buyer))["order-paid"], (await inbox(f"{owner.hex}@example.com"))["seller-order"]
    for part in ("text", "html"):
        assert "in cash when it comes" in confirmed[part]
        assert "paid at the door" in told[part]
