"""What the market decides of people and products is told to them by mail, with the reason, once for each decision."""

from collections.abc import Mapping
from uuid import UUID

import aiohttp

from models.approval import decide_product, get_pending
from models.credentials import ask_to_change_mail, change_mail, read_old_mail
from models.database import Pool
from models.erasure import erase_person
from models.people import restore_user, suspend_user
from server.context import Context
from tests.buying import run_jobs
from tests.factories import make_product, make_seller, make_user
from tests.privacy.traces import columns_with

REASON = "Sold <b>fakes</b>"


async def subjects_to(stack: Mapping[str, str], user_id: UUID) -> list[tuple[str, bool, bool]]:
    """Of each mail: the subject, whether the reason stands in the text, whether its mark-up is inert in the page."""
    params = {"to": f"{user_id.hex}@example.com", "limit": "100"}
    async with (
        aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client,
        client.get("/api/messages", params=params) as response,
    ):
        mails = await response.json()
    return sorted((mail["subject"], REASON in mail["text"], "<b>fakes" not in mail["html"]) for mail in mails)


async def test_whoever_is_suspended_and_restored_is_told(
    context: Context, database: Pool, stack: Mapping[str, str]
) -> None:
    operator, ravi = await make_user(context.settings, role="admin"), await make_user(context.settings)
    for _ in range(2):
        await suspend_user(ravi, reason=REASON, actor_id=operator, keyring=context.keyring)
        assert await run_jobs(context, "mail.account_state") == 1
        await restore_user(ravi, actor_id=operator)
        assert await run_jobs(context, "mail.account_state") == 1
    told = [("Your account is open again", False, True), ("Your account is suspended", True, True)]
    assert await subjects_to(stack, ravi) == [told[0], told[0], told[1], told[1]]


async def test_a_seller_is_told_what_became_of_a_product(
    context: Context, database: Pool, stack: Mapping[str, str]
) -> None:
    operator, owner = await make_user(context.settings, role="admin"), await make_user(context.settings, role="seller")
    seller_id = await make_seller(user_id=owner)
    good, bad = [await make_product(seller_id, state="pending", name=name) for name in ("Lamp", "Fake Lamp")]
    nobodys = await make_product(await make_seller(), state="pending")
    for product_id, new, reason in ((good, "active", ""), (bad, "rejected", REASON), (nobodys, "active", "")):
        version = (await get_pending(product_id)).version
        await decide_product(product_id, version=version, new=new, actor_id=operator, reason=reason)
    assert await run_jobs(context, "mail.product_decided") == 3
    assert await subjects_to(stack, owner) == [
        ("Your product is on sale: Lamp", False, True),
        ("Your product was not approved: Fake Lamp", True, True),
    ]


async def test_the_old_address_is_told_of_a_new_one_however_soon_the_link_was_followed(
    context: Context, database: Pool, stack: Mapping[str, str]
) -> None:
    """Else who holds a session and the password would move the account before its notice is sent."""
    asha = await make_user(context.settings)
    for number in range(2):
        await ask_to_change_mail(context.keyring, asha, email=f"{number}.{asha.hex}@example.in")
        link = await database.fetchval("SELECT id FROM mail_link ORDER BY created_at DESC LIMIT 1")
        await change_mail(context.keyring, context.keyring.link_token(link), user_id=asha)
    assert await run_jobs(context, "mail.change_mail_notice") == 2
    assert await run_jobs(context, "mail.mail_changed") == 2
    assert await subjects_to(stack, asha) == [("Your address was changed", False, True)]
    jobs = str(await database.fetch("SELECT payload FROM pgqueuer"))
    await erase_person(asha, keyring=context.keyring)
    assert await columns_with([asha.hex], context.keyring) == {}
    assert asha.hex not in jobs


async def test_nobody_is_told_of_a_new_address_once_they_are_erased(context: Context, database: Pool) -> None:
    asha = await make_user(context.settings)
    await ask_to_change_mail(context.keyring, asha, email=f"new.{asha.hex}@example.in")
    link = await database.fetchval("SELECT id FROM mail_link")
    await change_mail(context.keyring, context.keyring.link_token(link), user_id=asha)
    entry_id = await database.fetchval("SELECT id FROM audit_entry WHERE action = 'user.mail'")
    assert await read_old_mail(context.keyring, entry_id) == f"{asha.hex}@example.com"
    await erase_person(asha, keyring=context.keyring)
    assert await read_old_mail(context.keyring, entry_id) is None
    assert await run_jobs(context, "mail.mail_changed") == 0
