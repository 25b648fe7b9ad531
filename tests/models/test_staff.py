"""Who works for a seller: invited, joined, granted, let go; and what the session says of them."""

import pytest

from models.base import uuid7
from models.errors import Conflict, Invalid, NotFound, TooMany
from models.sessions import find_session, start_session
from models.staff import accept, get_invitation, invite, list_staff, remove, set_grants, withdraw
from server.auth import new_secret
from tests.factories import make_seller, make_user
from tests.ordering import KEYRING, jobs_named


async def email_of(database, user_id):
    return KEYRING.decrypt(await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", user_id))


async def log_in(database, user_id):
    return await start_session(database, user_id, refresh_token=new_secret(), user_agent="x", ttl_s=60)


async def test_one_is_invited_joins_is_granted_and_let_go(database):
    owner, ravi = await make_user(role="seller"), await make_user()
    seller_id = await make_seller(user_id=owner)
    who = {"actor_id": owner, "keyring": KEYRING}
    invitation_id = await invite(seller_id, await email_of(database, ravi), ["money", "orders"], **who)
    assert await jobs_named("mail.staff_invited") == 1
    assert (await get_invitation(invitation_id, keyring=KEYRING)).grants == ["orders", "money"]
    await accept(invitation_id, ravi, keyring=KEYRING)
    with pytest.raises(NotFound):
        await get_invitation(invitation_id, keyring=KEYRING)
    session_id = await log_in(database, ravi)
    facts = await find_session(session_id)
    assert (facts.seller_id, facts.grants) == (seller_id, ("orders", "money"))
    assert (await find_session(await log_in(database, owner))).grants == ("owner", "products", "orders", "money")
    with pytest.raises(Conflict):
        await invite(seller_id, await email_of(database, ravi), [], **who)
    assert await set_grants(seller_id, ravi, ["products"], actor_id=owner) == [session_id]
    assert await find_session(session_id) is None
    assert (await find_session(await log_in(database, ravi))).grants == ("products",)
    assert [row.grants for row in (await list_staff(seller_id, keyring=KEYRING))[0]] == [["products"]]
    assert len(await remove(seller_id, ravi, actor_id=owner)) == 1
    assert (await find_session(await log_in(database, ravi))).seller_id is None
    actions = [row["action"] for row in await database.fetch("SELECT action FROM audit_entry ORDER BY id")]
    assert actions == ["staff.invited", "staff.joined", "staff.granted", "staff.removed"]


async def test_an_invitation_is_for_one_mailbox_one_shop_and_a_week(database):
    owner, ravi, sita = await make_user(role="seller"), await make_user(), await make_user()
    seller_id = await make_seller(user_id=owner)
    who = {"actor_id": owner, "keyring": KEYRING}
    invitation_id = await invite(seller_id, await email_of(database, ravi), [], **who)
    with pytest.raises(NotFound):
        await accept(invitation_id, sita, keyring=KEYRING)
    assert await invite(seller_id, await email_of(database, ravi), ["money"], **who) == invitation_id
    with pytest.raises(NotFound):
        await withdraw(await make_seller(), invitation_id, actor_id=owner)
    await database.execute("UPDATE staff_invitation SET created_at = now() - interval '8 days',"
                           " expires_at = now() - interval '1 second'")  # fmt: skip
    with pytest.raises(NotFound):
        await accept(invitation_id, ravi, keyring=KEYRING)
    again = await invite(seller_id, await email_of(database, owner), [], **who)
    with pytest.raises(Conflict):
        await accept(again, owner, keyring=KEYRING)
    support = await make_user(role="support")
    to_support = await invite(seller_id, await email_of(database, support), ["products"], **who)
    with pytest.raises(Conflict, match="market"):
        await accept(to_support, support, keyring=KEYRING)
    with pytest.raises(Invalid):
        await invite(seller_id, "x@example.in", ["settings"], **who)
    with pytest.raises(NotFound):
        await remove(seller_id, uuid7(), actor_id=owner)


async def test_nobody_is_flooded_with_invitations(database):
    """Withdrawn or renewed, each was a mail; and whoever wants to write to strangers has only to open a shop."""
    owner = await make_user(role="seller")
    seller_id, who = await make_seller(user_id=owner), {"actor_id": owner, "keyring": KEYRING}
    for _ in range(3):
        await withdraw(seller_id, await invite(seller_id, "flood@example.in", [], **who), actor_id=owner)
    with pytest.raises(TooMany):
        await invite(seller_id, "Flood@example.in", [], **who)
    with pytest.raises(TooMany):
        await invite(await make_seller(), "flood@example.in", [], **who)
    for number in range(26):
        await withdraw(seller_id, await invite(seller_id, f"{number}@example.in", [], **who), actor_id=owner)
    with pytest.raises(TooMany):
        await invite(seller_id, "one-more@example.in", [], **who)
    assert await jobs_named("mail.staff_invited") == 29
