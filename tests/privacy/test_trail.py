"""What the trail and the history of orders keep of a person lies under the person's key alone, and goes with it."""

from models.audit import Origin, came_from
from models.basket import Shopper
from models.cancellation import cancel_shipment
from models.database import Pool, transaction
from models.fulfilment import pack, send
from models.moderation import answer_review, decide_review
from models.onboarding import ShopProfile, change_profile, open_shop
from models.people import read_standing, suspend_user
from models.person_keys import forget_person_key
from models.search_log import hide_query
from models.seller import set_payout_account
from models.trail import TrailQuery, search_trail
from tests.factories import insert, make_user
from tests.fulfilling import actor_of, buy
from tests.ordering import KEYRING
from tests.privacy.traces import columns_with

WORD = "zqcanary"
APPEND_ONLY = ("audit_entry", "order_event")
PROFILE = ShopProfile(
    name=f"{WORD} Stores", legal_name=f"{WORD} Menon", gstin="29ABCDE1234F1Z5", description=f"By {WORD}",
    address_line=f"14 {WORD} Street",
)  # fmt: skip


async def lies_in(database: Pool, *words: str) -> set[str]:
    found = await columns_with(words, KEYRING)
    return {column for column in found if column.startswith(APPEND_ONLY)}


async def test_what_is_kept_for_ever_names_a_buyer_only_under_their_key(database: Pool) -> None:
    came_from(Origin(KEYRING, lambda: {"address": "203.0.113.9", "agent": "curl"}))
    asha, operator = await make_user(), await make_user(role="admin")
    one = await buy(shopper=Shopper(user_id=asha))
    seller_id, actor_id = one.sellers[0], await actor_of(one.sellers[0])
    await pack(seller_id, one.shipments[0], actor_id=actor_id)
    await send(seller_id, one.shipments[0], carrier="India Post", tracking_number=WORD, actor_id=actor_id)
    other = await buy(shopper=Shopper(user_id=asha))
    await cancel_shipment(None, other.shipments[0], reason=f"{WORD} moved away", actor_id=operator)
    product_id = await database.fetchval("SELECT product_id FROM order_line WHERE seller_id = $1", seller_id)
    review_id = await insert("review", product_id=product_id, user_id=asha, rating=4, state="published")
    await answer_review(seller_id, review_id, f"Dear {WORD}", actor_id=actor_id)
    await answer_review(seller_id, review_id, f"Dear Ms {WORD}", actor_id=actor_id)
    await decide_review(review_id, "rejected", actor_id=operator, reason=f"{WORD} gives a phone number")
    await suspend_user(asha, reason=f"{WORD} threatened us", actor_id=operator, keyring=KEYRING)
    await hide_query(f"{WORD} rao", actor_id=operator)

    assert await lies_in(database, WORD) == {"audit_entry.personal_sealed"}
    entries, _ = await search_trail(TrailQuery(), keyring=KEYRING)
    told = {entry.action: entry.personal for entry in reversed(entries)}
    assert told["shipment.shipped"]["after"] == {"tracking_number": WORD}
    assert told["shipment.cancelled"]["after"] == {"reason": f"{WORD} moved away"}
    assert told["review.answered"] == {"before": {"answer": f"Dear {WORD}"}, "after": {"answer": f"Dear Ms {WORD}"}}
    assert told["review.rejected"]["after"] == {"reason": f"{WORD} gives a phone number"}
    standing = await read_standing(asha, "suspended", keyring=KEYRING)
    assert standing is not None
    assert standing.reason == f"{WORD} threatened us"
    async with transaction() as connection:
        await forget_person_key(connection, asha)
    assert await lies_in(database, WORD) == set()


async def test_what_is_kept_for_ever_names_a_trader_only_under_their_key(database: Pool) -> None:
    came_from(Origin(KEYRING, lambda: {"address": "203.0.113.9", "agent": "curl"}))
    ravi = await make_user()
    seller_id = await open_shop(ravi, f"{WORD} Shop")
    await change_profile(seller_id, PROFILE, actor_id=ravi)
    await set_payout_account(seller_id, f"fa_{WORD}", actor_id=ravi)
    assert await lies_in(database, WORD, "29ABCDE1234F1Z5") == {"audit_entry.personal_sealed"}
    (account, profile, _), _ = await search_trail(TrailQuery(), keyring=KEYRING)
    assert account.personal["after"] == {"payout_account": f"fa_{WORD}"}
    assert profile.personal["before"]["name"] == f"{WORD} Shop"
    assert profile.personal["after"]["gstin"] == "29ABCDE1234F1Z5"
    async with transaction() as connection:
        await forget_person_key(connection, ravi)
    assert await lies_in(database, WORD, "29ABCDE1234F1Z5") == set()
