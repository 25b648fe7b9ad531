"""Rows of what shoppers and guests do."""

import io

from msgspec.structs import replace
from PIL import Image

from models.database import pool
from models.profile import keep_address
from tests.authorisation.rows import PLAIN, PROOF, SELF, SHOPPERS, Given, Row, sends
from tests.authorisation.world import PASSWORD, World, number_of, word
from tests.buying import ADDRESS
from tests.factories import insert
from tests.offering import make_coupon, make_gift_card, put_on_cart
from tests.ordering import ASHA


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


async def an_address(w: World) -> Given:
    """Not the usual one: that is the first."""
    user_id, keyring = w.user_id("shopper"), w.context.keyring
    await keep_address(user_id, replace(ASHA.delivery, city="Mysuru"), keyring=keyring)
    return {"address_id": await keep_address(user_id, ASHA.delivery, keyring=keyring)}


async def a_wish(w: World) -> Given:
    product_id = await w.product()
    await insert("wishlist_item", user_id=w.user_id("shopper"), product_id=product_id)
    variant_id = await pool().fetchval("SELECT id FROM variant WHERE product_id = $1", product_id)
    return {"product_id": product_id, "send": {"variant_id": str(variant_id)}}


async def to_wish(w: World) -> Given:
    return {"send": {"product_id": str(await w.product())}}


async def to_buy(w: World) -> Given:
    return {"send": {"variant_id": str(await w.variant()), "quantity": 1}}


async def an_item(w: World) -> Given:
    return {"item_id": await w.item(), "send": {"quantity": 2}}


async def a_saved_item(w: World) -> Given:
    item_id = await w.item()
    await pool().execute("UPDATE cart_item SET saved_for_later = true WHERE id = $1", item_id)
    return {"item_id": item_id}


async def a_coupon_code(w: World) -> Given:
    await w.item()
    code = word().upper()
    await make_coupon(code)
    return {"send": {"code": code}}


async def a_cart_coupon(w: World) -> Given:
    await w.item()
    coupon_id = await make_coupon(word().upper())
    await put_on_cart(w.shopper, coupon=coupon_id)
    return {"coupon_id": coupon_id}


async def a_card_code(w: World) -> Given:
    await w.item()
    code = f"CARD-{word().upper()}"
    await make_gift_card(code)
    return {"send": {"code": code}}


async def a_cart_card(w: World) -> Given:
    await w.item()
    card_id = await make_gift_card(f"CARD-{word().upper()}")
    await put_on_cart(w.shopper, card=card_id)
    return {"card_id": card_id}


async def a_full_cart(w: World) -> Given:
    await w.item()
    return {
        "send": {"email": "asha@example.in", "delivery": ADDRESS},
        "headers": {"Idempotency-Key": word()},
    }


async def a_full_cart_form(w: World) -> Given:
    await w.item()
    return {"send": {**ADDRESS, "email": "asha@example.in", "idempotency_key": word()}}


async def a_pending_order(w: World) -> Given:
    return {"number": await w.pending()}


async def a_cash_order(w: World) -> Given:
    number = await w.pending()
    await pool().execute("UPDATE seller SET cash_allowed = true WHERE id = $1", w.seller_id)
    return {"number": number}


async def a_paid_parcel(w: World) -> Given:
    one = await w.paid()
    return {"number": await number_of(one.id), "shipment_id": one.shipments[0]}


async def an_invoice(w: World) -> Given:
    one = await w.delivered()
    invoice_id = await pool().fetchval("SELECT id FROM invoice WHERE shipment_id = $1", one.shipments[0])
    return {"number": await number_of(one.id), "invoice_id": invoice_id}


async def a_return(w: World) -> Given:
    one = await w.delivered()
    lines = [{"line_id": str(one.lines[0]), "quantity": 1}]
    return {"number": await number_of(one.id), "send": {"lines": lines, "reason": "damaged"}}


async def a_return_form(w: World) -> Given:
    one = await w.delivered()
    return {"number": await number_of(one.id), "send": {f"units-{one.lines[0]}": "1", "reason": "damaged"}}


async def a_product(w: World) -> Given:
    found = await pool().fetchval("SELECT slug FROM product WHERE id = $1", await w.product())
    return {"slug": found}


async def a_delivery(w: World) -> Given:
    await pool().execute(
        "INSERT INTO shipping_rate (id, zone, flat_minor, days_min, days_max) SELECT gen_random_uuid(), zone, 1, 1, 2"
        " FROM unnest(ARRAY['local', 'metro', 'national', 'remote']) AS zone ON CONFLICT DO NOTHING"
    )
    return {**await a_product(w), "query": {"pin_code": "560001"}}


async def a_bought_product(w: World) -> Given:
    one = await w.delivered()
    slug = await pool().fetchval(
        "SELECT p.slug FROM product p JOIN order_line l ON l.product_id = p.id WHERE l.id = $1", one.lines[0]
    )
    return {"slug": slug, "send": {"rating": 5, "text": "Good"}}


async def a_bought_form(w: World) -> Given:
    return {**await a_bought_product(w), "send": {"rating": "5", "text": "Good"}}


async def a_review(w: World) -> Given:
    return {"review_id": await w.review(), "send": picture()}


async def an_account(w: World) -> Given:
    return {"send": {"email": f"{word()}@example.in", "password": PASSWORD, "name": "Ravi"}}


async def a_category(w: World) -> Given:
    return {"slug": w.category}


async def an_address_to_change(w: World) -> Given:
    return {**await an_address(w), "send": {**ADDRESS, "city": "Mysuru"}}


async def my_picture(_: World) -> Given:
    return {"send": picture()}


OWN = SHOPPERS
KEPT_ADDRESS = "SELECT count(*) FROM address WHERE id = $1 AND NOT is_default"
ROWS = {
    "POST /api/v1/me/addresses": Row(sends(**ADDRESS)),
    "PUT /api/v1/me/addresses/<address_id:uuid>": Row(an_address_to_change, SELF, kept=KEPT_ADDRESS),
    "PUT /api/v1/me/addresses/<address_id:uuid>/default": Row(an_address, SELF, kept=KEPT_ADDRESS),
    "DELETE /api/v1/me/addresses/<address_id:uuid>": Row(an_address, SELF, kept=KEPT_ADDRESS),
    "POST /api/v1/me/avatar": Row(my_picture),
    "DELETE /api/v1/me/avatar": PLAIN,
    "POST /api/v1/me/erasure": Row(sends(password="wrong"), PROOF),
    "GET /account/addresses/<address_id:uuid>": Row(an_address, SELF),
    "POST /account/addresses/<address_id:uuid>": Row(an_address_to_change, SELF, kept=KEPT_ADDRESS),
    "POST /account/addresses/<address_id:uuid>/default": Row(an_address, SELF, kept=KEPT_ADDRESS),
    "POST /account/avatar": Row(sends(remove="1")),
    "POST /account/erase": Row(sends(password="wrong"), PROOF),
    "POST /account/addresses": Row(sends(**ADDRESS)),
    "POST /account/addresses/<address_id:uuid>/remove": Row(
        an_address, SELF, kept="SELECT count(*) FROM address WHERE id = $1"
    ),
    "POST /account/profile": Row(sends(name="Asha")),
    "POST /account/wishlist": Row(to_wish),
    "POST /account/wishlist/<product_id:uuid>/move": Row(a_wish, SELF),
    "POST /account/wishlist/<product_id:uuid>/remove": Row(
        a_wish, SELF, kept="SELECT count(*) FROM wishlist_item WHERE product_id = $1"
    ),
    "POST /api/v1/wishlist": Row(to_wish),
    "DELETE /api/v1/wishlist/<product_id:uuid>": Row(
        a_wish, SELF, kept="SELECT count(*) FROM wishlist_item WHERE product_id = $1"
    ),
    "POST /api/v1/auth/logout": PLAIN,
    "POST /logout": PLAIN,
    "POST /api/v1/auth/register": Row(an_account),
    "POST /register": Row(an_account),
    "POST /cart/items": Row(to_buy),
    "POST /api/v1/cart/items": Row(to_buy),
    "PATCH /api/v1/cart/items/<item_id:uuid>": Row(an_item, OWN),
    "POST /cart/items/<item_id:uuid>": Row(an_item, OWN),
    "DELETE /api/v1/cart/items/<item_id:uuid>": Row(an_item, OWN),
    "POST /cart/items/<item_id:uuid>/remove": Row(an_item, OWN),
    "POST /api/v1/cart/items/<item_id:uuid>/save": Row(an_item, OWN),
    "POST /cart/items/<item_id:uuid>/save": Row(an_item, OWN),
    "POST /api/v1/cart/items/<item_id:uuid>/restore": Row(a_saved_item, OWN),
    "POST /cart/items/<item_id:uuid>/restore": Row(a_saved_item, OWN),
    "POST /cart/coupons": Row(a_coupon_code, SELF),
    "POST /api/v1/cart/coupons": Row(a_coupon_code, SELF),
    "POST /cart/coupons/<coupon_id:uuid>/remove": Row(a_cart_coupon, OWN),
    "DELETE /api/v1/cart/coupons/<coupon_id:uuid>": Row(a_cart_coupon, OWN),
    "POST /cart/gift-cards": Row(a_card_code, SELF),
    "POST /api/v1/gift-cards/balance": Row(a_card_code),
    "POST /gift-cards": Row(a_card_code),
    "POST /api/v1/cart/gift-cards": Row(a_card_code, SELF),
    "POST /cart/gift-cards/<card_id:uuid>/remove": Row(a_cart_card, OWN),
    "DELETE /api/v1/cart/gift-cards/<card_id:uuid>": Row(a_cart_card, OWN),
    "GET /checkout": Row(an_item, SELF),
    "POST /api/v1/checkout": Row(a_full_cart, SELF),
    "POST /checkout": Row(a_full_cart_form, SELF),
    "GET /orders/<number:str>": Row(a_pending_order, OWN),
    "GET /api/v1/orders/<number:str>": Row(a_pending_order, OWN),
    "GET /api/v1/orders/<number:str>/payment": Row(a_pending_order, OWN),
    "GET /orders/<number:str>/pay": Row(a_pending_order, OWN),
    "POST /orders/<number:str>/pay": Row(a_pending_order, OWN),
    "POST /api/v1/orders/<number:str>/pay": Row(a_pending_order, OWN),
    "POST /orders/<number:str>/cancel": Row(a_pending_order, OWN),
    "POST /api/v1/orders/<number:str>/cancel": Row(a_pending_order, OWN),
    "POST /orders/<number:str>/cash": Row(a_cash_order, OWN),
    "POST /api/v1/orders/<number:str>/cash-on-delivery": Row(a_cash_order, OWN),
    "POST /orders/<number:str>/shipments/<shipment_id:uuid>/cancel": Row(a_paid_parcel, OWN),
    "POST /api/v1/orders/<number:str>/shipments/<shipment_id:uuid>/cancel": Row(a_paid_parcel, OWN),
    "GET /orders/<number:str>/invoices": Row(an_invoice, OWN),
    "GET /orders/<number:str>/invoices/<invoice_id:uuid>": Row(an_invoice, OWN),
    "GET /orders/<number:str>/return": Row(a_return_form, OWN),
    "POST /orders/<number:str>/return": Row(a_return_form, OWN),
    "POST /api/v1/orders/<number:str>/returns": Row(a_return, OWN),
    "GET /p/<slug:str>": Row(a_product),
    "GET /api/v1/products/<slug:str>": Row(a_product),
    "GET /p/<slug:str>/delivery": Row(a_delivery),
    "GET /api/v1/products/<slug:str>/delivery": Row(a_delivery),
    "GET /api/v1/products/<slug:str>/reviews": Row(a_product),
    "GET /p/<slug:str>/review": Row(a_bought_product),
    "POST /p/<slug:str>/review": Row(a_bought_form, SELF),
    "POST /api/v1/products/<slug:str>/reviews": Row(a_bought_product, SELF),
    "GET /c/<slug:str>": Row(a_category),
    "POST /api/v1/reviews/<review_id:uuid>/photos": Row(a_review, OWN),
}
