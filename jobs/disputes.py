"""Mails about disputes: to each seller who has a share of one, and to each operator, when it begins and ends."""

from uuid import UUID

from jobs.registry import job
from models.dispute_view import DisputeRow, read_dispute
from models.seller import find_seller_email
from models.sign_in import find_person
from server.context import Context

OPEN = ("open", "under_review")


@job("mail.dispute")
async def tell(context: Context, ids: dict[str, str]) -> None:
    """Nothing where it has gone on meanwhile: that has a mail of its own. Nobody where the account is gone."""
    seller_id = UUID(ids["seller_id"]) if "seller_id" in ids else None
    dispute = await read_dispute(UUID(ids["dispute_id"]), seller_id=seller_id)
    if _stage(dispute.state) != _stage(ids["state"]):
        return
    to = await _seller(context, seller_id) if seller_id else await _operator(context, UUID(ids["operator_id"]))
    if to is None:
        return
    key = f"dispute:{dispute.id}:{ids['told']}:{seller_id or ids['operator_id']}"
    template = "seller_dispute" if seller_id else "operator_dispute"
    stage = _stage(dispute.state)
    await context.mail.send(to, template, key=key, dispute=dispute, stage=stage, url=_url(context, dispute, seller_id))


def _stage(state: str) -> str:
    return "open" if state in OPEN else state


def _url(context: Context, dispute: DisputeRow, seller_id: UUID | None) -> str:
    site = context.settings.site.base_url
    if seller_id is None:
        return f"{site}/admin/orders/{dispute.number}"
    return f"{site}/seller/orders/{dispute.shipment_id}" if dispute.shipment_id else f"{site}/seller/payouts"


async def _seller(context: Context, seller_id: UUID) -> str | None:
    return await find_seller_email(seller_id, keyring=context.keyring)


async def _operator(context: Context, user_id: UUID) -> str | None:
    person = await find_person(context.keyring, user_id)
    return person.email if person else None
