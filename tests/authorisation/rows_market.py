"""Rows of what support and the operator do. What they name belongs to nobody in particular."""

from hashlib import sha256
from typing import Any

from models.approval import get_pending
from models.change_queue import get_change
from models.database import pool, transaction
from models.product_change import Wanted, propose
from models.repayment import refund_by_operator
from tests.authorisation.rows import PLAIN, Given, Row, sends
from tests.authorisation.rows_seller import RATE, RATE_FORM, a_new_coupon, a_new_coupon_form
from tests.authorisation.world import World, number_of, word
from tests.factories import insert, make_product, make_seller, make_user
from tests.offering import make_coupon, make_gift_card, make_rate

NO_PHOTOS = sha256(b"").hexdigest()

APPROVE = {"action": "approve"}


async def a_seller(_: World) -> Given:
    return {"seller_id": await make_seller(name=word(), state="pending"), "send": APPROVE}


async def a_seller_form(_: World) -> Given:
    return {"seller_id": await make_seller(name=word(), state="pending"), "send": {"decision": "approve"}}


async def a_shop_of_nobody(_: World) -> Given:
    return {"seller_id": await make_seller(name=word()), "send": {"payout_account": "fa_ABCDEFGHIJ1234"}}


async def a_pending_product(w: World) -> Given:
    product_id = await make_product(w.seller_id, state="pending")
    return {"product_id": product_id, "send": APPROVE | {"version": (await get_pending(product_id)).version}}


async def a_pending_product_form(w: World) -> Given:
    given = await a_pending_product(w)
    return {**given, "send": {"decision": "approve", "version": given["send"]["version"]}}


async def a_change(w: World) -> Given:
    product_id = await make_product(w.seller_id)
    async with transaction() as connection:
        await propose(connection, product_id, Wanted(name="Linen Kurta"), actor_id=w.user_id("owner"))
    found = await pool().fetchval("SELECT id FROM product_change WHERE product_id = $1", product_id)
    return {"change_id": found, "send": APPROVE | {"version": (await get_change(found)).version}}


async def a_change_form(w: World) -> Given:
    given = await a_change(w)
    return {**given, "send": {"decision": "approve", "version": given["send"]["version"]}}


async def a_person(w: World) -> Given:
    return {"user_id": await make_user(w.context.settings), "send": {"reason": "Fraud"}}


async def a_person_to_restore(w: World) -> Given:
    given = await a_person(w)
    await pool().execute("UPDATE users SET state = 'suspended' WHERE id = $1", given["user_id"])
    return {"user_id": given["user_id"]}


async def a_person_to_promote(w: World) -> Given:
    return {"user_id": await make_user(w.context.settings), "send": {"role": "support"}}


async def a_person_form(w: World) -> Given:
    return {"user_id": await make_user(w.context.settings), "send": {"do": "suspend", "reason": "Fraud"}}


async def a_zone(_: World) -> Given:
    await pool().execute("INSERT INTO shipping_zone (prefix, zone) VALUES ('99', 'remote') ON CONFLICT DO NOTHING")
    return {"prefix": "99"}


async def a_mail(_: World) -> Given:
    return {"name": "seller_state"}


async def a_review(w: World) -> Given:
    return {"review_id": await w.review(), "send": {"action": "publish", "version": NO_PHOTOS}}


async def a_review_form(w: World) -> Given:
    return {"review_id": await w.review(), "send": {"decision": "approve", "version": NO_PHOTOS}}


async def an_order(w: World) -> Given:
    one = await w.paid()
    return {"number": await number_of(one.id), "shipment_id": one.shipments[0], "send": {"reason": "Broken"}}


async def an_order_to_refund(w: World) -> Given:
    one = await w.paid()
    lines = [{"line_id": str(one.lines[0]), "quantity": 1}]
    return {
        "number": await number_of(one.id),
        "send": {"lines": lines, "with_shipping": False, "reason": "Late"},
        "headers": {"Idempotency-Key": word()},
    }


async def an_order_to_refund_form(w: World) -> Given:
    one = await w.paid()
    return {"number": await number_of(one.id), "send": {f"units-{one.lines[0]}": "1", "reason": "Late"}}


async def _refund(w: World, state: str, gateway: str) -> Given:
    one = await w.paid()
    refund_id = await refund_by_operator(
        one.id, {one.lines[0]: 1}, with_shipping=False, reason="Late", key=word(), actor_id=w.user_id("admin")
    )
    await pool().execute("UPDATE payment SET gateway = $2 WHERE order_id = $1", one.id, gateway)
    await pool().execute("UPDATE refund SET state = $2 WHERE id = $1", refund_id, state)
    return {"number": await number_of(one.id), "refund_id": refund_id, "send": {}}


async def a_failed_refund(w: World) -> Given:
    return await _refund(w, "failed", "razorpay")


async def a_cash_refund(w: World) -> Given:
    return {**await _refund(w, "requested", "cash"), "send": {"reference": "UPI123"}}


async def a_dispute(w: World) -> Given:
    one = await w.paid()
    payment_id = await pool().fetchval("SELECT id FROM payment WHERE order_id = $1", one.id)
    words = {"payment_id": payment_id, "gateway_dispute_id": word(), "state": "open", "currency": "INR"}
    dispute_id = await insert("dispute", amount_minor=100, **words)
    return {"number": await number_of(one.id), "dispute_id": dispute_id, "send": {"borne_by": "platform"}}


async def a_job(w: World) -> Given:
    return {"job_id": await w.parked_job()}


async def a_coupon(_: World) -> Given:
    return {"coupon_id": await make_coupon(word().upper()), "send": {"active": False}}


async def a_coupon_form(_: World) -> Given:
    return {"coupon_id": await make_coupon(word().upper()), "send": {"active": "0"}}


async def a_card(_: World) -> Given:
    return {"card_id": await make_gift_card(f"CARD-{word().upper()}"), "send": {"active": False}}


async def a_card_form(w: World) -> Given:
    return {**await a_card(w), "send": {"active": "0"}}


async def a_rate(_: World) -> Given:
    await pool().execute("DELETE FROM shipping_rate WHERE seller_id IS NULL")
    await make_rate("remote", 4_900)
    return {"zone": "remote"}


async def _rule(state: str = "draft", **send: Any) -> Given:
    columns = {"published_at": await pool().fetchval("SELECT now()")} if state == "published" else {}
    rule_id = await insert("merchandising_rule", name="Lamps", query=word(), state=state, **columns)
    await pool().execute(
        "INSERT INTO merchandising_item (rule_id, place, action, brand) VALUES ($1, 0, 'boost', 'Diya')", rule_id
    )
    return {"rule_id": rule_id, "send": {"version": 1, **send}, "query": {}}


async def a_draft(_: World) -> Given:
    return await _rule()


async def a_rule_to_change(_: World) -> Given:
    return await _rule(name="New", query=word())


async def a_rule_to_remove(_: World) -> Given:
    return {**await _rule(), "query": {"version": 1}}


async def a_rule_form(_: World) -> Given:
    return await _rule(do="remove")


async def a_published_rule(_: World) -> Given:
    return await _rule("published")


async def a_new_rule(_: World) -> Given:
    return {"send": {"name": "Lamps", "query": word()}}


async def _synonym(**send: Any) -> Given:
    word_ = word()
    found = await insert("synonym", kind="mutual", term="", words=[word_, f"{word_}s"])
    return {"synonym_id": found, "send": {"version": 1, **send}}


async def a_synonym(_: World) -> Given:
    return await _synonym(kind="mutual", words=[word(), word()])


async def a_synonym_to_remove(_: World) -> Given:
    return {**await _synonym(), "query": {"version": 1}}


async def a_synonym_form(_: World) -> Given:
    return await _synonym(do="remove")


async def a_new_synonym(_: World) -> Given:
    return {"send": {"kind": "mutual", "words": [word(), word()]}}


async def a_new_synonym_form(_: World) -> Given:
    return {"send": {"kind": "mutual", "words": f"{word()}, {word()}"}}


async def a_stop_word(_: World) -> Given:
    return {"stop_word_id": await insert("stop_word", word=word())}


async def a_new_stop_word(_: World) -> Given:
    return {"send": {"word": word()}}


async def a_query(_: World) -> Given:
    return {"send": {"query": word()}}


async def a_hidden_query(_: World) -> Given:
    query = word()
    await insert("hidden_query", query=query)
    return {"query": {"query": query}, "send": {"query": query, "do": "show"}}


API, RULES, WORDS = "/api/v1/admin", "/api/v1/admin/search/rules", "/api/v1/admin/search"
RULE = f"{RULES}/<rule_id:uuid>"
ROWS = {
    f"POST {API}/sellers/<seller_id:uuid>/decision": Row(a_seller),
    "POST /admin/sellers/<seller_id:uuid>": Row(a_seller_form),
    "GET /admin/sellers/<seller_id:uuid>": Row(a_seller),
    "POST /admin/sellers/<seller_id:uuid>/payout-account": Row(a_shop_of_nobody),
    f"GET {API}/sellers/<seller_id:uuid>": Row(a_seller),
    f"POST {API}/products/<product_id:uuid>/decision": Row(a_pending_product),
    "POST /admin/products/<product_id:uuid>": Row(a_pending_product_form),
    f"POST {API}/product-changes/<change_id:uuid>/decision": Row(a_change),
    "POST /admin/products/changes/<change_id:uuid>": Row(a_change_form),
    f"POST {API}/users/<user_id:uuid>/suspend": Row(a_person),
    f"POST {API}/users/<user_id:uuid>/restore": Row(a_person_to_restore),
    f"PUT {API}/users/<user_id:uuid>/role": Row(a_person_to_promote),
    "POST /admin/users/<user_id:uuid>": Row(a_person_form),
    f"POST {API}/reviews/<review_id:uuid>/decision": Row(a_review),
    "POST /admin/reviews/<review_id:uuid>": Row(a_review_form),
    f"GET {API}/orders/<number:str>": Row(an_order),
    "GET /admin/orders/<number:str>": Row(an_order),
    f"POST {API}/orders/<number:str>/refunds": Row(an_order_to_refund),
    "POST /admin/orders/<number:str>/refund": Row(an_order_to_refund_form),
    f"POST {API}/refunds/<refund_id:uuid>/retry": Row(a_failed_refund),
    f"POST {API}/refunds/<refund_id:uuid>/paid": Row(a_cash_refund),
    "POST /admin/orders/<number:str>/refunds/<refund_id:uuid>": Row(a_failed_refund),
    f"POST {API}/shipments/<shipment_id:uuid>/cancel": Row(an_order),
    "POST /admin/orders/<number:str>/shipments/<shipment_id:uuid>": Row(an_order),
    f"POST {API}/jobs/<job_id:int>/retry": Row(a_job),
    f"DELETE {API}/jobs/<job_id:int>": Row(a_job),
    f"PUT {API}/disputes/<dispute_id:uuid>/bearer": Row(a_dispute),
    "POST /admin/orders/<number:str>/disputes/<dispute_id:uuid>": Row(a_dispute),
    "POST /admin/jobs/<job_id:int>/retry": Row(a_job),
    "POST /admin/jobs/<job_id:int>/drop": Row(a_job),
    "POST /admin/money/payouts": PLAIN,
    "GET /admin/mails/<name:str>": Row(a_mail),
    "POST /admin/taxes": Row(sends(hsn_prefix="94", rate="18", valid_from="2099-01-01")),
    f"PUT {API}/tax-rates": Row(sends(hsn_prefix="9403", rate_bps=1800, valid_from="2099-01-01")),
    "POST /admin/zones": Row(sends(prefix="98", zone="remote")),
    f"PUT {API}/zones": Row(sends(prefix="98", zone="metro")),
    "POST /admin/zones/<prefix:str>/remove": Row(a_zone),
    f"DELETE {API}/zones/<prefix:str>": Row(a_zone),
    f"POST {API}/coupons": Row(a_new_coupon),
    "POST /admin/coupons": Row(a_new_coupon_form),
    f"PATCH {API}/coupons/<coupon_id:uuid>": Row(a_coupon),
    "POST /admin/coupons/<coupon_id:uuid>": Row(a_coupon_form),
    f"POST {API}/gift-cards": Row(sends(amount_minor=50_000)),
    "POST /admin/gift-cards": Row(sends(amount="500")),
    f"PATCH {API}/gift-cards/<card_id:uuid>": Row(a_card),
    "POST /admin/gift-cards/<card_id:uuid>": Row(a_card_form),
    f"PUT {API}/shipping-rates": Row(sends(**RATE)),
    "POST /admin/shipping": Row(sends(**RATE_FORM)),
    f"DELETE {API}/shipping-rates/<zone:str>": Row(a_rate),
    "POST /admin/shipping/<zone:str>/remove": Row(a_rate),
    f"POST {RULES}": Row(a_new_rule),
    "POST /admin/search/rules": Row(a_new_rule),
    f"GET {RULE}": Row(a_draft),
    "GET /admin/search/rules/<rule_id:uuid>": Row(a_draft),
    f"GET {RULE}/preview": Row(a_draft),
    f"PUT {RULE}": Row(a_rule_to_change),
    f"DELETE {RULE}": Row(a_rule_to_remove),
    "POST /admin/search/rules/<rule_id:uuid>": Row(a_rule_form),
    f"POST {RULE}/publish": Row(a_draft),
    f"POST {RULE}/unpublish": Row(a_published_rule),
    f"POST {WORDS}/synonyms": Row(a_new_synonym),
    "POST /admin/search/words/synonyms": Row(a_new_synonym_form),
    f"PUT {WORDS}/synonyms/<synonym_id:uuid>": Row(a_synonym),
    f"DELETE {WORDS}/synonyms/<synonym_id:uuid>": Row(a_synonym_to_remove),
    "POST /admin/search/words/synonyms/<synonym_id:uuid>": Row(a_synonym_form),
    f"POST {WORDS}/stop-words": Row(a_new_stop_word),
    "POST /admin/search/words/stop-words": Row(a_new_stop_word),
    f"DELETE {WORDS}/stop-words/<stop_word_id:uuid>": Row(a_stop_word),
    "POST /admin/search/words/stop-words/<stop_word_id:uuid>/remove": Row(a_stop_word),
    f"POST {WORDS}/hidden-queries": Row(a_query),
    f"DELETE {WORDS}/hidden-queries": Row(a_hidden_query),
    "POST /admin/search/statistics": Row(a_query),
}
