"""The pages after the payment: packing, returning, refunding, reviewing, each by its own people, by forms alone."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from handlers.pages.order_view import order_view
from models.basket import Shopper
from models.cash import confirm_cash
from models.database import Pool
from models.gateway import GatewayDispute, GatewayEvent
from models.order_view import read_order
from models.settlement import receive_event, settle
from server.context import Context
from tests.buying import variant_of
from tests.factories import make_product
from tests.fulfilling import bought, bring, seal_with
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Visitor
from tests.ordering import charge, new_order
from tests.shop import sound

__all__ = ["sound"]
pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
async def sale(seller: UUID, person, database: Pool, context: Context):
    """The visitor is a seller who sold two lamps to a shopper with an account."""
    email, user_id = await person("meera@example.in")
    variant = await variant_of(await make_product(seller, name="Brass Lamp", slug="lamp", price_minor=33_333))
    order = await new_order(variant, quantity=2, shopper=Shopper(user_id=user_id))
    assert await settle(charge(order)) == "paid"
    await seal_with(context.keyring)
    return await bought(order, [seller], [variant]), order.claim.receipt, email


async def test_a_parcel_is_packed_split_sent_and_printed(visitor: Visitor, sale, database: Pool) -> None:
    one, number, _ = sale
    path = f"/seller/orders/{one.shipments[0]}"
    assert number in (await visitor.get("/seller/orders")).text
    shown = await visitor.get(path)
    assert (shown.status, "It is packed" in shown.text, "560038" in shown.text) == (200, True, True)
    assert (await visitor.post(f"{path}/split", **{f"units-{one.lines[0]}": 2})).status == 422
    assert (await visitor.post(f"{path}/split", **{f"units-{one.lines[0]}": 1})).location == path
    assert (await visitor.post(f"{path}/pack")).location == path
    slip = await visitor.get(f"{path}/slip")
    assert (slip.status, "Paid. Collect nothing." in slip.text) == (200, True)
    refused = await visitor.post(f"{path}/ship", carrier="India Post", tracking_number=" ")
    assert (refused.status, 'value="India Post"' in refused.html) == (422, True)
    await visitor.post(f"{path}/ship", carrier="India Post", tracking_number="EM1")
    await visitor.post(f"{path}/deliver")
    assert await database.fetchval("SELECT state FROM shipment WHERE id = $1", one.shipments[0]) == "delivered"
    for page in ("/seller/returns", "/seller/stock", "/seller/reviews"):
        assert (await visitor.get(page)).status == 200
    assert (await visitor.get("/seller/cash")).location == "/seller/shipping#cash"
    assert "checked" not in (await visitor.get("/seller/shipping")).html
    assert (await visitor.post("/seller/cash", allowed="1")).location == "/seller/shipping"
    assert "checked" in (await visitor.get("/seller/shipping")).html


async def test_a_shopper_sends_it_back_and_reviews_it(visitor: Visitor, sale, seller: UUID, database: Pool) -> None:
    one, number, email = sale
    await bring(seller, one.shipments[0])
    await visitor.post("/logout")
    await visitor.sign_in(email, PASSWORD)
    shown = await visitor.get(f"/orders/{number}")
    assert (shown.status, "Send something back" in shown.text, "Review it" in shown.text) == (200, True, True)
    assert shown.html.count("(done)</span></span><time") == len(("ordered", "paid", "packed", "sent", "delivered"))
    path = f"/orders/{number}/return"
    assert (await visitor.get(path)).status == 200
    assert (await visitor.post(path, reason="damaged")).status == 422
    units = {f"units-{one.lines[0]}": 1}
    assert (await visitor.post(path, **units, reason="damaged", comment="Bent")).location == f"/orders/{number}"
    assert "Waiting for the seller's answer" in (await visitor.get(f"/orders/{number}")).text
    assert (await visitor.post(path, **units, reason="damaged")).location == f"/orders/{number}"
    assert "Send something back" not in (await visitor.get(f"/orders/{number}")).text
    assert (await visitor.get("/p/lamp/review")).status == 200
    assert (await visitor.post("/p/lamp/review", rating="7")).status == 422
    assert (await visitor.post("/p/lamp/review", rating="4", text="Bright")).location == "/account/orders"
    assert await database.fetchval("SELECT state FROM review") == "pending"
    assert (await visitor.get("/returns-policy")).status == 200


async def test_seller_and_operator_see_what_a_bank_disputes(
    visitor: Visitor, sale, seller: UUID, person, context: Context
) -> None:
    one, number, _ = sale
    told = GatewayDispute(
        dispute_id="disp_1", payment_id=f"pay_{number}", status="open", phase="chargeback", reason="goods_not_received",
        amount_minor=50_000, deducted_minor=0, currency="INR", respond_by=datetime(2026, 3, 5, 10, tzinfo=UTC),
        told_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    kind = "payment.dispute.created"
    said = GatewayEvent(id="evt_1", kind=kind, body=b"{}", dispute=told)
    assert await receive_event(said, keyring=context.keyring) == "disputed"
    own = f"/seller/orders/{one.shipments[0]}"
    for path in (own, "/seller/payouts"):
        shown = await visitor.get(path)
        assert (shown.status, "₹500" in shown.text) == (200, True), path
    assert "have the proof of delivery ready until 5 Mar 2026, 3:30 pm IST" in (await visitor.get(own)).text
    listed = json.loads((await visitor.get(f"/api/v1/seller/disputes?number={number}")).html)["items"]
    assert [(row["state"], row["amount_minor"], row["shipment_id"]) for row in listed] == [
        ("open", 50_000, str(one.shipments[0]))
    ]
    email, _ = await person("admin@example.in", role="admin")
    await visitor.post("/logout")
    await visitor.sign_in(email, PASSWORD)
    for path in (f"/admin/orders/{number}", "/admin/money"):
        shown = await visitor.get(path)
        assert (shown.status, "₹500" in shown.text) == (200, True), path
    listed = json.loads((await visitor.get("/api/v1/admin/disputes")).html)["items"]
    assert [row["number"] for row in listed] == [number]
    bearing = f"/admin/orders/{number}/disputes/{listed[0]['id']}"
    assert (await visitor.post(bearing, borne_by="platform")).location == f"/admin/orders/{number}"
    shown = await visitor.get(f"/admin/orders/{number}")
    for words in ("this order is paid out all the same", "Let its sellers bear it"):
        assert words in shown.text


async def test_the_operator_searches_and_refunds(
    visitor: Visitor, sale, person, database: Pool, context: Context
) -> None:
    one, number, _ = sale
    email, _ = await person("admin@example.in", role="admin")
    await visitor.post("/logout")
    await visitor.sign_in(email, PASSWORD)
    for page in ("/admin/orders", "/admin/orders?state=paid&first_day=2026-01-01", "/admin/reviews"):
        assert (await visitor.get(page)).status == 200
    assert number in (await visitor.get(f"/admin/orders?number={number[:5]}")).text
    assert (await visitor.get("/admin/orders/H00000000")).status == 404
    path, units = f"/admin/orders/{number}", {f"units-{one.lines[0]}": 1}
    assert (await visitor.get(path)).status == 200
    assert (await visitor.post(f"{path}/refund", **units, reason="", key="a")).status == 422
    for _ in range(2):
        assert (await visitor.post(f"{path}/refund", **units, reason="Goodwill", key="a")).location == path
    assert await database.fetchval("SELECT count(*) FROM refund") == 1
    assert await database.fetchval("SELECT state FROM orders") == "partly_refunded"
    told = order_view(await read_order(one.id, keyring=context.keyring))
    assert (told["headline"], told["detail"]) == ("A part was refunded", "The rest is being packed.")
    shipment = f"{path}/shipments/{one.shipments[0]}"
    assert (await visitor.post(shipment, reason="Sold out")).location == path
    assert await database.fetchval("SELECT state FROM orders") == "refunded"
    assert "Why it was cancelled: Sold out" in (await visitor.get(path)).text


async def test_cash_is_paid_back_by_the_number_of_its_transfer(
    visitor: Visitor, seller: UUID, person, database: Pool, context: Context
) -> None:
    variant = await variant_of(await make_product(seller))
    await database.execute("UPDATE seller SET cash_allowed = true")
    order = await new_order(variant)
    await confirm_cash(order.order_id, limit_minor=10_000_000)
    await seal_with(context.keyring)
    one = await bought(order, [seller], [variant])
    await bring(seller, one.shipments[0])
    email, _ = await person("admin@example.in", role="admin")
    await visitor.post("/logout")
    await visitor.sign_in(email, PASSWORD)
    path = f"/admin/orders/{order.claim.receipt}"
    await visitor.post(f"{path}/refund", **{f"units-{one.lines[0]}": 1}, reason="Goodwill", key="a")
    refund = f"{path}/refunds/{await database.fetchval('SELECT id FROM refund')}"
    asked = await visitor.post(refund, act="paid", reference="")
    assert (asked.status, "Give the number of the bank's" in asked.text) == (422, True)
    assert (await visitor.post(refund, act="paid", reference="UPI 12345")).location == path
    assert await database.fetchval("SELECT state FROM refund") == "processed"
