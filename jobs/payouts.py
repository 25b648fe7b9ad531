"""Mails about payouts that a bank gave back: to the seller, whose account it did not take, and to each operator."""

from uuid import UUID

from jobs.registry import job
from models.seller import find_seller_email
from models.sign_in import find_person
from models.statement import get_statement
from server.context import Context


@job("mail.payout_reversed")
async def tell_of_reversal(context: Context, ids: dict[str, str]) -> None:
    """Nobody where the account is gone."""
    payout, _ = await get_statement(UUID(ids["payout_id"]), None)
    mine = "seller_id" in ids
    to = await (_seller(context, ids["seller_id"]) if mine else _operator(context, ids["operator_id"]))
    if to is None:
        return
    ours = "/admin/money" if payout.account_known else f"/admin/sellers/{payout.seller_id}"
    url = f"{context.settings.site.base_url}{f'/seller/payouts/{payout.id}' if mine else ours}"
    key = f"payout-reversed:{payout.id}:{ids['seller_id' if mine else 'operator_id']}"
    await context.mail.send(to, "payout_reversed", key=key, payout=payout, for_seller=mine, url=url)


async def _seller(context: Context, seller_id: str) -> str | None:
    return await find_seller_email(UUID(seller_id), keyring=context.keyring)


async def _operator(context: Context, user_id: str) -> str | None:
    person = await find_person(context.keyring, UUID(user_id))
    return person.email if person else None
