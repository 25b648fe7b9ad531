"""The audit trail: from where, about whom, readable until a person is forgotten, and never rewritten."""

import asyncpg
import pytest

from models.audit import Origin, Personal, came_from, record
from models.base import uuid7
from models.database import transaction
from models.errors import Conflict, Invalid
from models.people import find_people, restore_user, set_role, suspend_user
from models.person_keys import forget_person_key
from models.sessions import find_session, start_session
from models.trail import TrailQuery, search_trail
from server.auth import new_secret
from tests.factories import make_user
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


async def test_a_suspended_person_is_out_at_once_and_comes_back(database):
    operator, ravi = await make_user(role="admin"), await make_user(name="Ravi Menon")
    session_id = await start_session(database, ravi, refresh_token=new_secret(), user_agent="x", ttl_s=60)
    found, _ = await find_people("menon", state=None, role=None, keyring=KEYRING)
    assert [person.id for person in found] == [ravi]
    found, _ = await find_people(found[0].email.upper(), state="active", role="shopper", keyring=KEYRING)
    assert [person.id for person in found] == [ravi]
    with pytest.raises(Invalid):
        await suspend_user(ravi, reason=" ", actor_id=operator)
    with pytest.raises(Conflict):
        await suspend_user(operator, reason="Tired", actor_id=operator)
    assert await suspend_user(ravi, reason="Fraud", actor_id=operator) == [session_id]
    assert await find_session(session_id) is None
    await restore_user(ravi, actor_id=operator)
    with pytest.raises(Conflict):
        await restore_user(ravi, actor_id=operator)
    assert await find_session(session_id) is None
    await set_role(ravi, "support", actor_id=operator)
    assert [p.role for p in (await find_people(str(ravi), state=None, role=None, keyring=KEYRING))[0]] == ["support"]
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE subject_id = $1", ravi) == 3
