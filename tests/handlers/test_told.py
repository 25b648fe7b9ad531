"""What the market decides of people and products is told to them by mail, with the reason, once for each decision."""

from collections.abc import Mapping
from uuid import UUID

import aiohttp

from models.approval import decide_product, get_pending
from models.database import Pool
from models.people import restore_user, suspend_user
from server.context import Context
from tests.buying import run_jobs
from tests.factories import make_product, make_seller, make_user

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
