"""Rows of what sellers' owners and their staff do."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from handlers.pages.product_form import filled, filled_quickly
from models.base import uuid7
from models.database import pool, transaction
from models.fulfilment import deliver, pack, send
from models.listing import get_listing
from models.product_change import Wanted, propose
from models.returns import approve_return, receive_return, request_return
from models.seller_documents import KINDS, keep_document
from models.staff import invite
from server.integrations.cloudinary_media import read_account
from server.links import signed
from tests.authorisation.rows import SELF, SELLERS, SHOPPERS, Given, Row, sends
from tests.authorisation.rows_shopper import picture
from tests.authorisation.world import CLOUD, OWNER, World, word
from tests.factories import insert, make_user
from tests.offering import make_coupon, make_rate

SENT = {"carrier": "India Post", "tracking_number": "EM123456789IN"}
RATE = {"zone": "metro", "flat_minor": 4_900, "days_min": 1, "days_max": 3}
RATE_FORM = {"zone": "metro", "flat_minor": "49", "base_grams": "500", "step_grams": "500", "days_min": "1",
             "days_max": "3"}  # fmt: skip


async def a_product(w: World) -> Given:
    return {"product_id": await w.product(), "send": {"price_minor": 99_900}}


async def a_product_form(w: World) -> Given:
    product_id = await w.product()
    fields = filled(await get_listing(w.seller_id, product_id), None)
    return {"product_id": product_id, "send": {**fields, "name": "Linen Kurta"}}


async def a_quick_edit(w: World) -> Given:
    product_id = await w.product()
    (variant,) = (await get_listing(w.seller_id, product_id)).variants
    row = filled_quickly(variant.price_minor, variant.stock)
    return {"product_id": product_id, "send": {**row, "variant": str(variant.id), "price": "999"}}


async def a_product_to_show(w: World) -> Given:
    return {"product_id": await w.product(), "send": picture()}


async def a_picture(w: World) -> Given:
    product_id = await w.product()
    return {"product_id": product_id, "image_id": await insert("product_image", product_id=product_id, key="x.webp")}


async def a_sent_picture(w: World) -> Given:
    """With what Cloudinary would have answered."""
    product_id, image_id = await w.product(), uuid7()
    proof = f"public_id=products/{product_id}/{image_id}&version=1{read_account(CLOUD).secret}"
    signature = hashlib.sha1(proof.encode()).hexdigest()
    return {"product_id": product_id, "send": {"id": str(image_id), "version": 1, "signature": signature}}


async def a_picture_form(w: World) -> Given:
    return {"product_id": await w.product(), "file": ("picture", picture())}


def parcel(state: str, act: str = "", *, quantity: int = 1, **body: object) -> Callable[[World], Awaitable[Given]]:
    async def make(w: World) -> Given:
        one = await w.paid(quantity=quantity)
        seller_id, shipment_id, who = w.seller_id, one.shipments[0], {"actor_id": w.user_id(OWNER)}
        if state in ("packed", "shipped", "delivered"):
            await pack(seller_id, shipment_id, **who)
        if state in ("shipped", "delivered"):
            await send(seller_id, shipment_id, **SENT, **who)
        if state == "delivered":
            await deliver(seller_id, shipment_id, **who)
        sent = {"lines": [{"line_id": str(one.lines[0]), "quantity": 1}]} if body.get("split") else dict(body)
        return {"shipment_id": shipment_id, "act": act, "send": sent}

    return make


def a_return(state: str, act: str = "", **body: object) -> Callable[[World], Awaitable[Given]]:
    async def make(w: World) -> Given:
        one, who = await w.delivered(), {"actor_id": w.user_id(OWNER)}
        (return_id,) = await request_return(
            one.id, {one.lines[0]: 1}, reason="damaged", comment="", window=timedelta(days=10)
        )
        if state in ("approved", "received"):
            await approve_return(w.seller_id, return_id, **who)
        if state == "received":
            await receive_return(w.seller_id, return_id, restock=True, **who)
        return {"return_id": return_id, "act": act, "send": dict(body)}

    return make


async def an_invoice(w: World) -> Given:
    one = await w.delivered()
    return {"invoice_id": await pool().fetchval("SELECT id FROM invoice WHERE shipment_id = $1", one.shipments[0])}


async def a_review(w: World) -> Given:
    return {"review_id": await w.review(state="published"), "send": {"answer": "Thank you"}}


async def somebody_new(_: World) -> Given:
    """Invitations to one address are few."""
    return {"send": {"email": f"{word()}@example.in"}}


async def somebody_new_for_money(_: World) -> Given:
    return {"send": {"email": f"{word()}@example.in", "grants": ["money"]}}


async def a_new_coupon(_: World) -> Given:
    return {"send": {"code": word().upper(), "kind": "amount", "value": 1_000}}


async def a_new_coupon_form(_: World) -> Given:
    return {"send": {"code": word().upper(), "kind": "amount", "value": "10"}}


async def a_coupon(w: World) -> Given:
    coupon_id = await make_coupon(word().upper(), seller_id=w.seller_id, borne_by="seller")
    return {"coupon_id": coupon_id, "send": {"active": False}}


async def a_coupon_form(w: World) -> Given:
    return {**await a_coupon(w), "send": {"active": "0"}}


async def a_rate(w: World) -> Given:
    await pool().execute("DELETE FROM shipping_rate WHERE seller_id = $1", w.seller_id)
    await make_rate("remote", 4_900, w.seller_id)
    return {"zone": "remote"}


async def a_payout(w: World) -> Given:
    payout_id: UUID = await insert(
        "payout", seller_id=w.seller_id, amount_minor=1_000, currency="INR", reference=word(), state="sent"
    )
    return {"payout_id": payout_id}


def in_state(state: str, make: Callable[[World], Awaitable[Given]]) -> Callable[[World], Awaitable[Given]]:
    """While the shop is in this state: what the market has checked can no longer be changed."""

    async def made(w: World) -> Given:
        given = await make(w)
        for seller_id in (w.seller_id, w.rival_id):
            await pool().execute("UPDATE seller SET state = $2 WHERE id = $1", seller_id, state)
        return given

    return made


async def a_profile(_: World) -> Given:
    return {"send": {"city": word()}}


async def a_paper(w: World) -> Given:
    await pool().execute("UPDATE seller SET state = 'draft' WHERE id = ANY($1)", [w.seller_id, w.rival_id])
    document_id = await keep_document(
        w.seller_id, "bank", "cheque.pdf", b"%PDF-1.4", actor_id=w.user_id(OWNER), keyring=w.context.keyring
    )
    link = signed(w.context.settings, f"/api/v1/documents/{document_id}", until=4_000_000_000)
    return {"document_id": document_id, "query": dict(parse_qsl(urlsplit(link).query))}


async def a_paper_to_hand_in(_: World) -> Given:
    return {"kind": "identity", "send": picture()}


async def a_file_to_hand_in(_: World) -> Given:
    return {"send": {"kind": "identity"}, "file": ("document", picture())}


async def a_ready_shop(w: World) -> Given:
    for seller_id, user_id in ((w.seller_id, w.user_id(OWNER)), (w.rival_id, w.user_id("other owner"))):
        await pool().execute(
            "UPDATE seller SET state = 'draft', gstin = '29ABCDE1234F1Z5', description = 'x', address_line = 'x',"
            " city = 'x', region = 'Goa', pin_code = '403001' WHERE id = $1",
            seller_id,
        )
        for kind in KINDS:
            await keep_document(seller_id, kind, kind, b"%PDF-", actor_id=user_id, keyring=w.context.keyring)
    return {}


async def a_change(w: World) -> Given:
    product_id = await w.product()
    async with transaction() as connection:
        await propose(connection, product_id, Wanted(name="Linen Kurta"), actor_id=w.user_id(OWNER))
    return {"product_id": product_id}


async def an_invitation(w: World) -> Given:
    found = await invite(
        w.seller_id, f"{word()}@example.in", ["orders"], actor_id=w.user_id(OWNER), keyring=w.context.keyring
    )
    return {"invitation_id": found}


async def a_colleague(w: World) -> Given:
    user_id = await make_user(w.context.settings)
    await pool().execute("INSERT INTO seller_staff VALUES ($1, $2, '{}')", user_id, w.seller_id)
    return {"user_id": user_id, "send": {"grants": ["orders"]}}


async def a_colleague_form(w: World) -> Given:
    return {**await a_colleague(w), "send": {"grant-orders": "1"}}


async def an_own_invitation(w: World) -> Given:
    """Of the shopper, to Asha Stores."""
    sealed = await pool().fetchval("SELECT email_encrypted FROM users WHERE id = $1", w.user_id("shopper"))
    email = w.context.keyring.decrypt(sealed)
    found = await invite(w.seller_id, email, ["orders"], actor_id=w.user_id(OWNER), keyring=w.context.keyring)
    link = signed(w.context.settings, f"/invitations/{found}", until=4_000_000_000)
    query = dict(parse_qsl(urlsplit(link).query))
    return {"invitation_id": found, "query": query, "send": query}


OWN = SELLERS
STAFF = "/api/v1/seller/staff"
PARCEL, RETURN = "/api/v1/seller/shipments/<shipment_id:uuid>", "/api/v1/seller/returns/<return_id:uuid>"
ROWS = {
    "POST /api/v1/seller/products": Row(sends(name="Linen Kurta", price_minor=99_900)),
    "GET /api/v1/seller/products/<product_id:uuid>": Row(a_product, OWN),
    "PATCH /api/v1/seller/products/<product_id:uuid>": Row(a_product, OWN),
    "POST /seller/products/new": Row(sends(name="Linen Kurta", price="999", country_of_origin="IN")),
    "GET /seller/products/<product_id:uuid>": Row(a_product, OWN),
    "POST /seller/products/<product_id:uuid>": Row(a_product_form, OWN),
    "POST /seller/products/<product_id:uuid>/quick": Row(a_quick_edit, OWN),
    "POST /api/v1/seller/products/<product_id:uuid>/images": Row(a_product_to_show, OWN),
    "GET /api/v1/seller/products/<product_id:uuid>/images/ticket": Row(a_picture, OWN),
    "POST /api/v1/seller/products/<product_id:uuid>/images/uploaded": Row(a_sent_picture, OWN),
    "POST /seller/products/<product_id:uuid>/pictures": Row(a_picture_form, OWN),
    "POST /seller/products/<product_id:uuid>/pictures/<image_id:uuid>/remove": Row(a_picture, OWN),
    "DELETE /api/v1/seller/products/<product_id:uuid>/images/<image_id:uuid>": Row(a_picture, OWN),
    f"GET {PARCEL}": Row(parcel("waiting"), OWN),
    f"POST {PARCEL}/pack": Row(parcel("waiting"), OWN),
    f"POST {PARCEL}/ship": Row(parcel("packed", **SENT), OWN),
    f"POST {PARCEL}/deliver": Row(parcel("shipped"), OWN),
    f"POST {PARCEL}/lose": Row(parcel("shipped", came_back=False), OWN),
    f"POST {PARCEL}/cancel": Row(parcel("waiting", reason="Broken"), OWN),
    f"POST {PARCEL}/split": Row(parcel("waiting", quantity=2, split=True), OWN),
    "GET /seller/orders/<shipment_id:uuid>": Row(parcel("waiting"), OWN),
    "GET /seller/orders/<shipment_id:uuid>/slip": Row(parcel("packed"), OWN),
    "POST /seller/orders/<shipment_id:uuid>/<act:str>": Row(parcel("waiting", "pack"), OWN),
    f"POST {RETURN}/approve": Row(a_return("requested"), OWN),
    f"POST {RETURN}/refuse": Row(a_return("requested", reason="Worn"), OWN),
    f"POST {RETURN}/receive": Row(a_return("approved", restock=True), OWN),
    f"POST {RETURN}/refund": Row(a_return("received"), OWN),
    "POST /seller/returns/<return_id:uuid>/<act:str>": Row(a_return("requested", "approve"), OWN),
    "GET /seller/invoices/<invoice_id:uuid>": Row(an_invoice, OWN),
    "POST /seller/reviews/<review_id:uuid>": Row(a_review, OWN),
    "PUT /api/v1/seller/reviews/<review_id:uuid>/answer": Row(a_review, OWN),
    "POST /sell": Row(sends(name="Ravi Stores"), SELF),
    "POST /api/v1/seller": Row(sends(name="Ravi Stores"), SELF),
    "PATCH /api/v1/seller": Row(a_profile),
    "POST /seller/shop": Row(a_profile),
    "POST /api/v1/seller/submit": Row(a_ready_shop),
    "POST /seller/shop/submit": Row(a_ready_shop),
    "PUT /api/v1/seller/documents/<kind:str>": Row(in_state("draft", a_paper_to_hand_in)),
    "POST /seller/shop/documents": Row(in_state("draft", a_file_to_hand_in)),
    "DELETE /api/v1/seller/documents/<document_id:uuid>": Row(a_paper, OWN),
    "POST /seller/shop/documents/<document_id:uuid>/remove": Row(a_paper, OWN),
    "GET /api/v1/documents/<document_id:uuid>": Row(a_paper, "papers"),
    "GET /api/v1/seller/products/<product_id:uuid>/change": Row(a_change, OWN),
    "DELETE /api/v1/seller/products/<product_id:uuid>/change": Row(a_change, OWN),
    "POST /seller/products/<product_id:uuid>/change/withdraw": Row(a_change, OWN),
    "POST /seller/staff": Row(somebody_new),
    f"POST {STAFF}/invitations": Row(somebody_new_for_money),
    f"DELETE {STAFF}/invitations/<invitation_id:uuid>": Row(an_invitation, OWN),
    "POST /seller/staff/invitations/<invitation_id:uuid>/remove": Row(an_invitation, OWN),
    f"PATCH {STAFF}/<user_id:uuid>": Row(a_colleague, OWN),
    f"DELETE {STAFF}/<user_id:uuid>": Row(a_colleague, OWN),
    "POST /seller/staff/<user_id:uuid>": Row(a_colleague_form, OWN),
    "GET /invitations/<invitation_id:uuid>": Row(an_own_invitation),
    "POST /invitations/<invitation_id:uuid>": Row(an_own_invitation, SHOPPERS),
    "POST /api/v1/invitations/<invitation_id:uuid>/accept": Row(an_own_invitation, SHOPPERS),
    "POST /seller/cash": Row(sends(allowed="1")),
    "PUT /api/v1/seller/cash": Row(sends(allowed=True)),
    "POST /seller/payouts": Row(sends(payout_account="fa_ABCDEFGHIJ1234")),
    "GET /seller/payouts/<payout_id:uuid>": Row(a_payout, OWN),
    "POST /api/v1/seller/coupons": Row(a_new_coupon),
    "POST /seller/coupons": Row(a_new_coupon_form),
    "PATCH /api/v1/seller/coupons/<coupon_id:uuid>": Row(a_coupon, OWN),
    "POST /seller/coupons/<coupon_id:uuid>": Row(a_coupon_form, OWN),
    "PUT /api/v1/seller/shipping-rates": Row(sends(**RATE)),
    "POST /seller/shipping": Row(sends(**RATE_FORM)),
    "DELETE /api/v1/seller/shipping-rates/<zone:str>": Row(a_rate, OWN),
    "POST /seller/shipping/<zone:str>/remove": Row(a_rate, OWN),
}
