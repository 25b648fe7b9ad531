"""What owners of shops, staff and guests who came back read about themselves, and what stays others' own."""

import json

import msgspec

from models.audit import Origin, came_from
from models.basket import Shopper
from models.database import Pool
from models.erasure import erase_person
from models.export import export_person
from models.onboarding import ShopProfile, change_profile, open_shop
from models.personal import PERSONAL
from models.seller_documents import keep_document
from models.staff import invite
from tests.factories import insert, make_user
from tests.fulfilling import buy, seal_with
from tests.ordering import KEYRING, wish
from tests.privacy.traces import columns_with


async def test_an_owner_gets_shop_papers_and_what_they_did_from_where(database: Pool) -> None:
    came_from(Origin(KEYRING, lambda: {"address": "203.0.113.9", "agent": "curl"}))
    ravi, other = await make_user(), await make_user()
    seller_id = await open_shop(ravi, "Ravi Stores")
    await change_profile(seller_id, ShopProfile(gstin="29ABCDE1234F1Z5", city="Hampi"), actor_id=ravi)
    await keep_document(seller_id, "bank", "cheque.pdf", b"%PDF-1.4 ravi", actor_id=ravi, keyring=KEYRING)
    await open_shop(other, "Other Stores")
    found = await export_person(ravi, keyring=KEYRING)
    [shop], [paper] = found.documents["shops"], found.documents["papers"]
    assert (shop["name"], shop["gstin"], shop["city"]) == ("Ravi Stores", "29ABCDE1234F1Z5", "Hampi")
    assert (paper["name"], found.files) == ("cheque.pdf", {"1-cheque.pdf": b"%PDF-1.4 ravi"})
    done = {entry["action"]: entry for entry in found.documents["trail"]}
    assert done.keys() == {"seller.opened", "seller.profile", "seller.document"}
    assert done["seller.document"]["origin"] == {"address": "203.0.113.9", "agent": "curl"}
    assert done["seller.profile"]["personal"]["after"]["city"] == "Hampi"
    json.loads(msgspec.json.encode(found.documents))


async def test_whoever_is_invited_and_works_for_a_shop_is_told_so_and_no_more(database: Pool) -> None:
    owner, asha = await make_user(), await make_user()
    seller_id = await open_shop(owner, "Ravi Stores")
    email = KEYRING.decrypt(await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", asha))
    await invite(seller_id, email, ["orders"], actor_id=owner, keyring=KEYRING)
    await database.execute("INSERT INTO seller_staff VALUES ($1, $2, '{money}')", asha, seller_id)
    told = (await export_person(asha, keyring=KEYRING)).documents
    assert [(row["shop"], row["email"], row["grants"]) for row in told["invitations"]] == [
        ("Ravi Stores", email, ["orders"])
    ]
    assert [(row["name"], row["grants"], row["payout_account"]) for row in told["shops"]] == [
        ("Ravi Stores", ["money"], None)
    ]
    assert told["papers"] == []


async def test_what_a_guest_bought_and_sent_back_under_their_address_is_theirs(database: Pool) -> None:
    one = await buy()
    await seal_with(KEYRING)
    asha = await make_user()
    email_hash = await database.fetchval("SELECT email_hash FROM orders")
    await database.execute(
        "UPDATE users SET email_hash = $2, email_encrypted = $3 WHERE id = $1",
        asha, email_hash, KEYRING.encrypt(wish().contact.email),
    )  # fmt: skip
    await insert("return_line", order_line_id=one.lines[0], quantity=1, state="refused", reason="torn")
    told = (await export_person(asha, keyring=KEYRING)).documents
    assert [order.number for order in told["orders"]] == [row["order_number"] for row in told["returns"]]
    assert len(told["orders"]) == 1


async def test_what_another_account_ordered_under_ones_address_stays_theirs(database: Pool) -> None:
    """As when a couple names one mailbox: whoever reads it is neither told where the other lives nor erases it."""
    asha, ravi = await make_user(), await make_user()
    one = await buy(shopper=Shopper(user_id=ravi))
    await seal_with(KEYRING)
    await database.execute(
        "UPDATE users SET email_hash = o.email_hash, email_encrypted = o.email_encrypted FROM orders o"
        " WHERE users.id = $1", asha,
    )  # fmt: skip
    await insert("return_line", order_line_id=one.lines[0], quantity=1, state="refused", reason="torn")
    told = (await export_person(asha, keyring=KEYRING)).documents
    assert (told["orders"], told["returns"]) == ([], [])
    await erase_person(asha, keyring=KEYRING)
    [order] = (await export_person(ravi, keyring=KEYRING)).documents["orders"]
    own = await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", ravi)
    assert (order.delivery, order.email) == (wish().contact.delivery, KEYRING.decrypt(own))
    assert await columns_with([wish().contact.email], KEYRING) == {}


async def test_every_document_that_the_register_names_is_in_an_export(database: Pool) -> None:
    told = (await export_person(await make_user(), keyring=KEYRING)).documents
    assert {place.told for place in PERSONAL.values()} - {""} <= told.keys()
