"""A person with a word of theirs in every field there is exports it all, is erased, and is then nowhere to be found."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest
from PIL import Image
from redis.asyncio import Redis

from models.audit import Personal, record
from models.base import uuid7
from models.basket import Shopper
from models.counts import count_ratings
from models.database import Pool, transaction
from models.erasure import erase_person
from models.errors import Conflict
from models.outbox import enqueue
from models.personal import IMPERSONAL, PERSONAL
from models.settlement import receive_event
from server.cache import Body
from server.context import Context
from server.integrations.media import LocalMedia
from server.passwords import hash_password
from server.pictures import fit
from tests.buying import Buyer, run_jobs
from tests.disputing import news, tell, webhook
from tests.factories import insert, log_in_as, make_product, make_seller, make_user
from tests.fulfilling import bring, buy
from tests.offering import make_coupon
from tests.ordering import KEYRING, charge, event
from tests.privacy.traces import columns_with, dump, index_text, redis_text, words_in
from tests.wait import until

WORD = "zqcanary"
EMAIL = f"{WORD}@example.in"
PHONE = "+919876501234"
PASSWORD = "a long enough pass phrase"
DELIVERY = {
    "name": f"{WORD} Rao",
    "phone": PHONE,
    "line1": f"14 {WORD} Street",
    "line2": f"Behind {WORD}",
    "city": "Jaipur",
    "region": "Karnataka",
    "pin_code": "560099",
}
CANNOT_BE_SEEN = {"audit_entry.before", "audit_entry.after", "pgqueuer.headers", "seller_document.content_encrypted",
                  "seller_document.name"}  # fmt: skip
"""What holds nothing of a shopper's today, and is watched all the same."""
PERSONAL_KINDS = ("uuid", "int2", "int4", "int8", "bool", "timestamptz", "float4", "float8", "numeric")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def kept(context: Context, tmp_path: Path) -> Context:
    context.media = LocalMedia(tmp_path / "media")
    return context


async def make_person(shared: Context) -> UUID:
    keyring = shared.keyring
    return await insert(
        "users", email_hash=keyring.email_hash(EMAIL), email_encrypted=keyring.encrypt(EMAIL), name=f"{WORD} Rao",
        password_hash=hash_password(PASSWORD, 4), phone_encrypted=keyring.encrypt(PHONE),
        phone_hash=keyring.email_hash(PHONE), phone_verified_at=datetime.now(UTC),
    )  # fmt: skip


def a_year() -> datetime:
    return datetime.now(UTC) + timedelta(days=365)


async def fill_in(shared: Context, database: Pool, user_id: UUID, order: dict[str, Any]) -> None:
    """What no short walk through the shop would leave behind."""
    keyring, order_id = shared.keyring, UUID(order["id"])
    email_hash = keyring.email_hash(EMAIL)
    await insert("mail_link", purpose="register", token_hash=f"{WORD}-link", email_hash=email_hash,
                 email_encrypted=keyring.encrypt(EMAIL), name=WORD, password_hash=WORD,
                 expires_at=a_year())  # fmt: skip
    await insert("otp_challenge", user_id=user_id, destination_hash=email_hash, purpose="login", channel="mail",
                 code_hash=f"{WORD}-code", destination_encrypted=keyring.encrypt(EMAIL),
                 expires_at=a_year())  # fmt: skip
    await database.execute(
        "INSERT INTO second_factor (user_id, secret_encrypted) VALUES ($1, $2)", user_id, keyring.encrypt(WORD)
    )
    await database.execute("INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)", user_id, f"{WORD}-r")
    await insert("social_account", user_id=user_id, provider="google", subject=WORD)
    seller_id = await database.fetchval("SELECT id FROM seller LIMIT 1")
    await insert("staff_invitation", seller_id=seller_id, email_hash=email_hash,
                 email_encrypted=keyring.encrypt(EMAIL), expires_at=a_year())  # fmt: skip
    line = await database.fetchrow("SELECT id, product_id, quantity FROM order_line WHERE order_id = $1", order_id)
    await insert("return_line", order_line_id=line["id"], quantity=1, state="refused", reason=f"{WORD} broke",
                 comment=f"{WORD} said", answer=f"no, {WORD}")  # fmt: skip
    shipment_id = await insert(
        "shipment",
        order_id=order_id,
        seller_id=seller_id,
        state="cancelled",
        tracking_number=f"EM{WORD}",
        cancel_reason=f"{WORD} moved",
    )
    await insert("shipment_line", shipment_id=shipment_id, order_line_id=line["id"], quantity=1)
    review_id = await insert(
        "review", product_id=line["product_id"], user_id=user_id, rating=4, title=f"{WORD} liked", text=f"{WORD} wrote",
        state="rejected", answer=f"Dear {WORD}", rejection=f"{WORD} is named",
    )  # fmt: skip
    key = await shared.media.store(f"reviews/{WORD}", await fit(picture()))
    await insert("review_photo", review_id=review_id, key=key)
    await database.execute("UPDATE payment SET gateway_order_id = $2 WHERE order_id = $1", order_id, "order_zq17")
    await database.execute(
        "INSERT INTO webhook_event (id, gateway, event_id, kind, body_encrypted, gateway_ids)"
        " VALUES ($1, 'razorpay', 'e1', 'payment.failed', $2, $3)",
        uuid7(), keyring.encrypt(json.dumps({"email": EMAIL})), ["order_zq17", f"pay_{WORD}"],
    )  # fmt: skip
    coupon = await make_coupon("ZQCOUPON")
    await database.execute(
        "INSERT INTO coupon_use (coupon_id, order_id, buyer, number, amount_minor) VALUES ($1, $2, $3, 1, 10)",
        coupon, order_id, f"user:{user_id}",
    )  # fmt: skip
    await database.execute(
        "INSERT INTO search_query_log (query, results, engine, took_ms) VALUES ($1, 0, 'meilisearch', 1)", EMAIL
    )
    await database.execute(
        "INSERT INTO search_click (query, position, product_id) VALUES ($1, 1, $2)", EMAIL, line["product_id"]
    )
    await database.executemany(
        "INSERT INTO popular_query (query, searches) VALUES ($1, 9)", [[EMAIL], [f"{WORD} rao"], ["jaipur lamps"]]
    )
    await insert("hidden_query", query=EMAIL)
    await database.execute(
        "INSERT INTO limit_bucket VALUES ('auth', $1, now() + interval '1 minute')", f"user:{user_id}"
    )
    await database.execute(
        "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint, traceback)"
        " VALUES (now(), 1, 'exception', 0, 'mail.order_paid', $1)",
        json.dumps({"message": f"{EMAIL} refused"}),
    )
    async with transaction() as connection:
        await enqueue(connection, "mail.order_paid", {"order_id": order_id})
        await enqueue(connection, "sms.order_paid", {"order_id": order_id})
        await record(
            connection, actor_id=user_id, action="review.rejected", subject_id=review_id, before={}, after={},
            personal=Personal(keyring, user_id, {"after": {"reason": f"{WORD} shouted"}}),
        )  # fmt: skip


async def test_an_erased_person_is_nowhere(
    http: aiohttp.ClientSession, kept: Context, database: Pool, redis: "Redis", tmp_path: Path
) -> None:
    user_id = await make_person(kept)
    words = [WORD, str(user_id), kept.keyring.email_hash(EMAIL), kept.keyring.email_hash(PHONE), PHONE[3:], "560099"]
    headers = {**await log_in_as(kept.settings, user_id), "User-Agent": f"Browser {WORD}"}
    await database.execute("UPDATE session SET user_agent = $1, refresh_hash = $2", f"Browser {WORD}", f"{WORD}-s")
    product_id = await make_product(await make_seller())
    variant_id = await database.fetchval("SELECT id FROM variant WHERE product_id = $1", product_id)
    async with http.post("/api/v1/me/addresses", json=DELIVERY, headers=headers) as response:
        assert response.status == 201, await response.text()
    async with http.post("/api/v1/me/avatar", data=picture(), headers=headers) as response:
        assert response.status == 201, await response.text()
    async with http.post("/api/v1/wishlist", json={"product_id": str(product_id)}, headers=headers) as response:
        assert response.status == 200
    buyer = Buyer(http, headers)
    buyer.email = EMAIL
    await buyer.add(variant_id)
    status, placed = await buyer.check_out(f"{WORD}-key", delivery=DELIVERY)
    assert status == 201, placed
    async with http.post("/api/v1/me/erasure", json={"password": PASSWORD}, headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (409, "open")
    status, order = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/cancel")
    assert status == 200, order
    order = await buyer.see(placed["number"])
    await database.execute("UPDATE cart SET pin_code = '560099', region = $1 WHERE user_id = $2", f"{WORD}pur", user_id)
    await fill_in(kept, database, user_id, order)

    await kept.cache.answer("search:typed", typed)

    async def stored() -> bool:
        return WORD in await redis_text(redis)

    await until(stored)

    seen = await columns_with(words, kept.keyring)
    hashes = {"users.password_hash", "users.avatar_key", "address.region", "orders.email_hash"}
    unproved = PERSONAL.keys() - seen.keys() - CANNOT_BE_SEEN - hashes
    assert unproved <= {
        "person_key.key_encrypted", "audit_entry.origin_sealed",
        "idempotency_key.body_hash", "cart.token_hash", "pgqueuer.payload", "review_photo.key",
    }, f"the test puts nothing into {sorted(unproved)}"  # fmt: skip

    async with http.get("/api/v1/me/export", headers=headers) as response:
        assert response.content_type == "application/zip"
        archive = zipfile.ZipFile(io.BytesIO(await response.read()))
    told = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if "json" in name}
    await all_is_told(told, kept)
    assert len([name for name in archive.namelist() if name.startswith("pictures/")]) == 2

    async with http.post("/api/v1/me/erasure", json={"password": "wrong"}, headers=headers) as response:
        assert response.status == 403
    async with http.post("/api/v1/me/erasure", json={"password": PASSWORD}, headers=headers) as response:
        assert response.status == 204, await response.text()
    async with http.get("/api/v1/me", headers=headers) as response:
        assert response.status == 401
    await run_jobs(kept, "media.remove", "search.forget")
    assert await run_jobs(kept, "mail.order_paid", "sms.order_paid") == 0

    assert await left_over(words, kept, database) == {}
    assert await database.fetchval("SELECT query FROM popular_query") == "jaipur lamps", "a town is nobody's name"
    assert await database.fetchval("SELECT count(*) FROM orders WHERE user_id IS NULL AND region = 'Karnataka'") == 1
    dumped = dump(kept.settings.database.owner_url or kept.settings.database.url)
    assert not [word for word in words if word in dumped.replace(str(user_id), "") and word != str(user_id)]
    assert WORD not in await redis_text(redis)
    assert WORD not in await index_text(kept.settings)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


async def all_is_told(told: dict[str, str], shared: Context) -> None:
    """Whatever of theirs lies in a column stands in the document that the register names."""
    for column, place in PERSONAL.items():
        words = await words_in(column, WORD, shared.keyring)
        if place.told:
            missing = {word for word in words if word not in told[f"{place.told}.json"]}
            assert not missing, f"{place.told}.json does not tell {missing} of {column}"


async def test_what_a_bank_has_yet_to_decide_or_to_give_back_is_under_way(database: Pool) -> None:
    asha = await make_user()
    one = await buy(shopper=Shopper(user_id=asha))
    await bring(one.sellers[0], one.shipments[0])
    await tell(news(one, "open"))
    with pytest.raises(Conflict):
        await erase_person(asha, keyring=KEYRING)
    await tell(news(one, "won", after=5))
    payment_id = await database.fetchval("SELECT id FROM payment")
    await insert("refund", payment_id=payment_id, amount_minor=50, currency="INR", state="failed", key="r", reason="r")
    with pytest.raises(Conflict):
        await erase_person(asha, keyring=KEYRING)
    await database.execute("UPDATE refund SET state = 'processed'")
    await erase_person(asha, keyring=KEYRING)
    body = json.dumps({"payment": {"email": EMAIL}}).encode()
    for said in (webhook(news(one, "open", after=9, phase="arbitration")), event(charge(one.order), id="late")):
        await receive_event(msgspec.structs.replace(said, body=body), keyring=KEYRING)
        assert await columns_with([EMAIL], KEYRING) == {}, "nothing is kept of what is told later"
    assert await database.fetchval("SELECT state FROM dispute") == "open"


async def test_stars_of_somebody_who_was_erased_no_longer_count(context: Context, database: Pool) -> None:
    product_id = await make_product(await make_seller())
    for user_id, rating in ((await make_user(), 1), (asha := await make_user(), 5)):
        await insert("review", product_id=product_id, user_id=user_id, rating=rating, state="published")
    await count_ratings(product_id)
    await erase_person(asha, keyring=KEYRING)
    await run_jobs(context, "products.counts")
    assert tuple(await database.fetchrow("SELECT rating_sum, rating_count FROM product")) == (1, 1)


async def typed() -> Body:
    """An answer that says what was asked, as those of the search do."""
    return Body(EMAIL.encode())


async def left_over(words: list[str], shared: Context, database: Pool) -> dict[str, set[str]]:
    """The trail keeps that somebody with this id was erased, and nothing else."""
    found = await columns_with(words, shared.keyring)
    found.pop("audit_entry.actor_id", None)
    found.pop("audit_entry.subject_id", None)
    found.pop("audit_entry.person_id", None)
    return found


async def test_every_column_is_personal_or_said_not_to_be(database: Pool) -> None:
    """A column that can hold text and that nobody thought about fails here."""
    rows = await database.fetch(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND udt_name <> ALL($1)",
        list(PERSONAL_KINDS),
    )
    known = {*PERSONAL, *(f"{table}.{column}" for table, names in IMPERSONAL.items() for column in names.split())}
    columns = {row[0] for row in rows if not row[0].startswith("pg_stat_statements")}
    assert columns - known == set(), "say in models/personal.py what they hold, and what erasure makes of it"
    assert {name for name in known if not name.startswith("pg_stat_statements")} - columns == set()
    assert not PERSONAL.keys() & {f"{t}.{c}" for t, names in IMPERSONAL.items() for c in names.split()}
    unclear = [name for name, place in PERSONAL.items() if bool(place.told) == bool(place.untold)]
    assert not unclear, "say in which document of the export they stand, or why in none"
    assert {name for name in columns if name.endswith("_encrypted")} == {n for n, p in PERSONAL.items() if p.sealed}
