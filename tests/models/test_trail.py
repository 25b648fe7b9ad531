"""The audit trail: from where, about whom, readable until a person is forgotten, and never rewritten."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from models.audit import Origin, Personal, came_from, record
from models.base import uuid7
from models.carriage import RateInput, drop_rate, set_rate
from models.coupon import CouponInput, create_coupon, switch_coupon
from models.database import transaction
from models.errors import Conflict, Invalid
from models.gift_card import switch_gift_card
from models.merchandising import Item, RuleInput, change_rule, create_rule, remove_rule
from models.people import find_people, restore_user, set_role, suspend_user
from models.person_keys import forget_person_key
from models.seller import take_cash
from models.sessions import find_session, start_session
from models.tax_rates import TaxRateInput, set_tax_rate
from models.trail import TrailQuery, search_trail
from server.auth import new_secret
from tests.factories import make_seller, make_user
from tests.offering import make_gift_card
from tests.ordering import KEYRING


async def test_personal_values_are_readable_until_their_key_is_destroyed(database):
    operator, ravi, subject = await make_user(name="Meera"), await make_user(), uuid7()
    came_from(Origin(KEYRING, lambda: {"address": "203.0.113.9", "agent": "curl"}))
    async with transaction() as connection:
        await record(
            connection, actor_id=operator, action="user.told", subject_id=subject, before={}, after={"x": 1},
            personal=Personal(KEYRING, ravi, {"email": "ravi@example.in"}),
        )  # fmt: skip
    ((entry,), more) = await search_trail(TrailQuery(subject=str(subject)), keyring=KEYRING)
    assert (entry.actor, entry.origin["address"], more) == ("Meera", "203.0.113.9", False)
    assert entry.personal == {"email": "ravi@example.in"}
    row = await database.fetchrow("SELECT * FROM audit_entry")
    assert b"ravi" not in row["personal_sealed"]
    assert b"203" not in row["origin_sealed"]
    async with transaction() as connection:
        await forget_person_key(connection, ravi)
    ((entry,), _) = await search_trail(TrailQuery(action="user"), keyring=KEYRING)
    assert (entry.personal, entry.origin["address"], entry.after) == ({}, "203.0.113.9", {"x": 1})
    async with transaction() as connection:
        await record(
            connection, actor_id=operator, action="user.told", subject_id=subject, before={}, after={},
            personal=Personal(KEYRING, ravi, {"email": "new@example.in"}),
        )  # fmt: skip
    entries, _ = await search_trail(TrailQuery(), keyring=KEYRING)
    assert [entry.personal for entry in entries] == [{"email": "new@example.in"}, {}]
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET after = '{}'", "TRUNCATE audit_entry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.execute(statement)


async def test_the_trail_is_searched_by_who_what_which_and_when_in_pages(database):
    one, two = await make_user(), await make_user()
    subjects = [uuid7() for _ in range(3)]
    async with transaction() as connection:
        for actor, action, subject in ((one, "a.x", 0), (two, "a_y", 1), (one, "b", 2)):
            await record(connection, actor_id=actor, action=action, subject_id=subjects[subject], before={}, after={})
    email = KEYRING.decrypt(await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", one))
    for query, found in (
        (TrailQuery(actor=email), ["b", "a.x"]),
        (TrailQuery(actor=str(two)), ["a_y"]),
        (TrailQuery(actor="nobody@example.in"), []),
        (TrailQuery(action="a_"), ["a_y"]),
        (TrailQuery(subject=str(subjects[2])), ["b"]),
        (TrailQuery(subject="nonsense"), []),
    ):
        assert [entry.action for entry in (await search_trail(query, keyring=KEYRING))[0]] == found
    first, more = await search_trail(TrailQuery(), keyring=KEYRING, per_page=2)
    rest, none = await search_trail(TrailQuery(older_than=first[-1].id), keyring=KEYRING, per_page=2)
    assert (more, none, [entry.action for entry in rest]) == (True, False, ["a.x"])


async def test_a_day_of_the_trail_is_one_of_india(database, owner):
    """Three at night on 1 April there, which is still 31 March by the database's clock."""
    actor = await make_user()
    async with transaction() as connection:
        await record(connection, actor_id=actor, action="a", subject_id=uuid7(), before={}, after={})
    await owner.execute("UPDATE audit_entry SET created_at = '2026-03-31 21:30+00'")
    for first, last, found in (((2026, 4, 1), None, 1), (None, (2026, 3, 31), 0), ((2026, 4, 1), (2026, 4, 1), 1)):
        days = {name: date(*day) for name, day in (("first_day", first), ("last_day", last)) if day}
        assert len((await search_trail(TrailQuery(**days), keyring=KEYRING))[0]) == found


async def test_a_suspended_person_is_out_at_once_and_comes_back(database):
    operator, ravi = await make_user(role="admin"), await make_user(name="Ravi Menon")
    session_id = await start_session(database, ravi, refresh_token=new_secret(), user_agent="x", ttl_s=60)
    found, _ = await find_people("menon", state=None, role=None, keyring=KEYRING)
    assert [person.id for person in found] == [ravi]
    found, _ = await find_people(found[0].email.upper(), state="active", role="shopper", keyring=KEYRING)
    assert [person.id for person in found] == [ravi]
    with pytest.raises(Invalid):
        await suspend_user(ravi, reason=" ", actor_id=operator, keyring=KEYRING)
    with pytest.raises(Conflict):
        await suspend_user(operator, reason="Tired", actor_id=operator, keyring=KEYRING)
    assert await suspend_user(ravi, reason="Fraud", actor_id=operator, keyring=KEYRING) == [session_id]
    assert await find_session(session_id) is None
    await restore_user(ravi, actor_id=operator)
    with pytest.raises(Conflict):
        await restore_user(ravi, actor_id=operator)
    assert await find_session(session_id) is None
    await set_role(ravi, "support", actor_id=operator)
    assert [p.role for p in (await find_people(str(ravi), state=None, role=None, keyring=KEYRING))[0]] == ["support"]
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE subject_id = $1", ravi) == 3


async def test_every_change_says_what_was_there_before(database):
    operator = await make_user(role="admin")
    seller_id, who = await make_seller(), {"actor_id": operator}
    coupon_id = await create_coupon(CouponInput(code="DIWALI", kind="amount", value=100), **who)
    rule = await create_rule(RuleInput(name="Lamps", query="lamp", items=[Item(action="boost", brand="A")]), **who)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    for number in (1, 2):
        rate = RateInput(zone="local", flat_minor=number, days_min=1, days_max=2)
        await set_rate(seller_id, rate, **who)
        await set_tax_rate(TaxRateInput(hsn_prefix="9999", rate_bps=number, valid_from=tomorrow), **who)
    await drop_rate(seller_id, "local", **who)
    await take_cash(seller_id, allowed=True, **who)
    await switch_coupon(coupon_id, active=False, **who)
    await switch_gift_card(await make_gift_card("CARD"), active=True, **who)
    rule = await change_rule(rule.id, RuleInput(name="Lights", query="lamp"), version=rule.version, **who)
    await remove_rule(rule.id, version=rule.version, **who)
    entries, _ = await search_trail(TrailQuery(), keyring=KEYRING)
    told = {entry.action: (entry.before, entry.after) for entry in reversed(entries)}
    assert [told["rate.set"][at]["flat_minor"] for at in (0, 1)] == [1, 2]
    assert [told["tax_rate.set"][at]["rate_bps"] for at in (0, 1)] == [1, 2]
    assert told["rate.dropped"][0]["flat_minor"] == 2
    assert told["seller.cash"] == ({"cash_allowed": False}, {"cash_allowed": True})
    assert told["coupon.switched"] == ({"active": True}, {"active": False})
    assert told["gift_card.switched"] == ({"active": True}, {"active": True}), "nothing was blocked"
    assert [told["rule.changed"][at]["name"] for at in (0, 1)] == ["Lamps", "Lights"]
    assert told["rule.changed"][0]["items"][0]["brand"] == "A"
    assert told["rule.removed"][0]["name"] == "Lights"
