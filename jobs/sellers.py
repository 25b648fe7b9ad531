"""Mails to sellers: what the market decided of their shop, their products, and changes of live ones."""

from uuid import UUID

from jobs.registry import job
from models.approval import read_product_decision
from models.change_queue import read_outcome
from models.seller import find_reason, find_seller_email, get_seller
from server.context import Context

WORDS = {
    "submit": (
        "Your shop is with the market",
        "We have your shop and its papers. Somebody looks at them within two working days and writes to you.",
    ),
    "approve": (
        "Your shop is approved",
        "What you have on sale can be found from now on.",
    ),
    "reject": (
        "Your shop was not approved",
        "Mend what is named below and send it in again.",
    ),
    "suspend": (
        "Your shop is suspended",
        "Its products are not shown meanwhile. Orders that were placed still want to be sent.",
    ),
    "restore": (
        "Your shop is open again",
        "What you have on sale can be found again.",
    ),
    "reopen": (
        "Your shop is looked at again",
        "You need to do nothing; we write to you.",
    ),
}
WITH_REASON = ("reject", "suspend")


@job("mail.seller_state")
async def tell_seller(context: Context, ids: dict[str, str]) -> None:
    """A seller without an account has nobody to tell."""
    seller_id, action = UUID(ids["seller_id"]), ids["action"]
    email = await find_seller_email(seller_id, keyring=context.keyring)
    if email is None:
        return
    entry_id, reason = await find_reason(seller_id, action)
    heading, text = WORDS[action]
    await context.mail.send(
        email,
        "seller_state",
        key=f"seller-state:{entry_id}",
        heading=heading,
        text=text,
        reason=reason if action in WITH_REASON else "",
        seller_name=(await get_seller(seller_id)).name,
        url=f"{context.settings.site.base_url}/seller/shop",
    )


@job("mail.product_decided")
async def tell_of_product(context: Context, ids: dict[str, str]) -> None:
    decided = await read_product_decision(UUID(ids["product_id"]), keyring=context.keyring)
    if decided.email is None:
        return
    await context.mail.send(
        decided.email,
        "product_decided",
        key=f"product-decided:{decided.entry_id}",
        decided=decided,
        url=f"{context.settings.site.base_url}/seller/products/{decided.product_id}",
    )


@job("mail.product_change")
async def tell_of_change(context: Context, ids: dict[str, str]) -> None:
    outcome = await read_outcome(UUID(ids["change_id"]), keyring=context.keyring)
    if outcome.email is None:
        return
    await context.mail.send(
        outcome.email,
        "product_change",
        key=f"product-change:{ids['change_id']}",
        outcome=outcome,
        url=f"{context.settings.site.base_url}/seller/products/{outcome.product_id}",
    )
