"""Two who want one address, phone or place at the same moment: one has it, the other is told so, and nothing breaks."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest

from models.credentials import ask_to_change_mail, change_mail
from models.database import Pool
from models.errors import Conflict, Forbidden, Invalid
from models.otp import challenge, prove_phone
from models.people import set_role, suspend_user
from models.staff import accept, invite
from tests.factories import make_seller, make_user
from tests.ordering import KEYRING
from tests.wait import until

WAITING = "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def both(database: Pool, *works: Awaitable[Any]) -> list[object]:
    """What came of two that had both begun before either could end."""

    async def two_have_begun() -> bool:
        return bool(await database.fetchval(WAITING))

    async with database.acquire() as other, other.transaction():
        await other.execute("SELECT FROM users FOR UPDATE")
        tasks = [asyncio.ensure_future(work) for work in works]
        await until(two_have_begun)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_of_two_gets_an_address_that_both_move_to(database: Pool) -> None:
    people = [await make_user(), await make_user()]
    for user_id in people:
        await ask_to_change_mail(KEYRING, user_id, email="both@example.in")
    links = {row["user_id"]: row["id"] for row in await database.fetch("SELECT id, user_id FROM mail_link")}
    found = await both(
        database, *(change_mail(KEYRING, KEYRING.link_token(links[user_id]), user_id=user_id) for user_id in people)
    )
    assert [type(one) for one in found if one != "both@example.in"] == [Invalid], "whose link the other has closed"


async def test_a_phone_that_two_prove_is_the_last_ones(database: Pool) -> None:
    people = [await make_user(), await make_user()]
    asked = [
        await challenge(KEYRING, purpose="phone", channel="sms", destination="+919876543210", user_id=user_id)
        for user_id in people
    ]
    works = (
        prove_phone(KEYRING, user_id, asked_id, KEYRING.code(asked_id))
        for user_id, asked_id in zip(people, asked, strict=True)
    )
    assert await both(database, *works) == [None, None]
    assert await database.fetchval("SELECT count(*) FROM users WHERE phone_hash IS NOT NULL") == 1


@pytest.mark.parametrize("way", ["role", "suspend"])
async def test_of_two_admins_who_put_each_other_out_one_is_left(database: Pool, way: str) -> None:
    one, two = await make_user(role="admin"), await make_user(role="admin")

    def put_out(whom: UUID, by: UUID) -> Awaitable[Any]:
        if way == "role":
            return set_role(whom, "shopper", actor_id=by)
        return suspend_user(whom, reason="Fraud", actor_id=by, keyring=KEYRING)

    found = await both(database, put_out(two, one), put_out(one, two))
    assert {type(one) for one in found} == {Forbidden, list}
    assert await database.fetchval("SELECT count(*) FROM users WHERE role = 'admin' AND state = 'active'") == 1


async def test_nobody_joins_two_shops_at_once(database: Pool) -> None:
    ravi = await make_user()
    email = KEYRING.decrypt(await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", ravi))
    invitations: list[UUID] = []
    for _ in range(2):
        owner = await make_user(role="seller")
        seller_id = await make_seller(user_id=owner)
        invitations.append(await invite(seller_id, email, ["orders"], actor_id=owner, keyring=KEYRING))
    found = await both(database, *(accept(one, ravi, keyring=KEYRING) for one in invitations))
    assert [type(one) for one in found if one is not None] == [Conflict]
