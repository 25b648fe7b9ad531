"""From a first shop to an approved one, and back: checklist, papers, refusal, suspension, each with its mail."""

import pytest

from jobs.sellers import tell_seller
from models.errors import Conflict, Invalid, NotFound
from models.onboarding import ShopProfile, change_profile, get_shop, open_shop, submit
from models.seller import decide_seller
from models.seller_documents import KINDS, drop_document, keep_document, list_documents, read_document, type_of
from tests.factories import make_seller, make_user
from tests.ordering import KEYRING, jobs_named

PNG, PDF = b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"%PDF-1.7\n%..."
PROFILE = ShopProfile(
    legal_name="Ravi Stores LLP", gstin="29abcde1234f1z5", description="Lamps", address_line="14, 2nd Cross",
    city="Bengaluru", region="Karnataka", pin_code="560 038",
)  # fmt: skip


async def test_a_shop_goes_from_draft_through_refusal_to_approval_and_suspension(database, context):
    user_id, operator = await make_user(context.settings), await make_user(role="admin")
    seller_id = await open_shop(user_id, "  Ravi   Stores ")
    who, keyring = {"actor_id": user_id}, context.keyring
    shop = await get_shop(seller_id)
    assert (shop.state, shop.name, shop.slug, shop.ready) == ("draft", "Ravi Stores", "ravi-stores", False)
    with pytest.raises(Conflict):
        await open_shop(user_id, "Another")
    for role in ("support", "admin"):
        with pytest.raises(Conflict, match="market"):
            await open_shop(await make_user(role=role), "Own Shop")
    with pytest.raises(Invalid, match=r"; the GSTIN; .*; GST certificate; "):
        await submit(seller_id, **who)
    assert (await change_profile(seller_id, PROFILE, **who)).gstin == "29ABCDE1234F1Z5"
    for kind in KINDS:
        await keep_document(seller_id, kind, f"{kind}.pdf", PDF, keyring=keyring, **who)
    assert (await submit(seller_id, **who)).state == "pending"
    with pytest.raises(Conflict):
        await submit(seller_id, **who)
    await decide_seller(seller_id, "reject", actor_id=operator, reason="The cheque cannot be read")
    assert (await get_shop(seller_id)).reason == "The cheque cannot be read"
    await submit(seller_id, **who)
    await decide_seller(seller_id, "approve", actor_id=operator)
    assert {row.state for row in await list_documents(seller_id)} == {"accepted"}
    with pytest.raises(Conflict):
        await change_profile(seller_id, ShopProfile(legal_name="Other LLP"), **who)
    with pytest.raises(Conflict):
        await keep_document(seller_id, "bank", "x.png", PNG, keyring=keyring, **who)
    await change_profile(seller_id, ShopProfile(city="Mysuru"), **who)
    await decide_seller(seller_id, "suspend", actor_id=operator, reason="Fakes")
    await tell_seller(context, {"seller_id": str(seller_id), "action": "suspend"})
    await decide_seller(seller_id, "restore", actor_id=operator)
    assert (await get_shop(seller_id)).reason == ""
    assert await jobs_named("mail.seller_state") == 6


async def test_papers_are_told_by_their_first_bytes_kept_sealed_and_shown_to_their_owner(database):
    user_id = await make_user(role="seller")
    seller_id, other = await make_seller(user_id=user_id, state="draft"), await make_seller(state="draft")
    who = {"actor_id": user_id, "keyring": KEYRING}
    for bad in (b"", b"GIF89a", b"<svg/>", b"PK\x03\x04", b"MZ" + PDF, PDF + b"x" * 1_000_000):
        with pytest.raises(Invalid):
            type_of(bad)
    assert type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    with pytest.raises(NotFound):
        await keep_document(seller_id, "passport", "x", PNG, **who)
    await keep_document(seller_id, "tax", "old.pdf", PDF, **who)
    document_id = await keep_document(seller_id, "tax", '../"pan".png', PNG, **who)
    (row,) = await list_documents(seller_id)
    assert (row.id, row.name, row.content_type) == (document_id, "..pan.png", "image/png")
    assert PNG not in await database.fetchval("SELECT content_encrypted FROM seller_document")
    assert (await read_document(document_id, seller_id=seller_id, keyring=KEYRING)).content == PNG
    assert (await read_document(document_id, seller_id=None, keyring=KEYRING)).content == PNG
    with pytest.raises(NotFound):
        await read_document(document_id, seller_id=other, keyring=KEYRING)
    with pytest.raises(NotFound):
        await drop_document(other, document_id, actor_id=user_id)
    await drop_document(seller_id, document_id, actor_id=user_id)
    assert await list_documents(seller_id) == []
