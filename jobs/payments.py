"""Payments and refunds at the gateway: what a request could not finish, and what no webhook told."""

import contextlib
from uuid import UUID

from jobs.registry import job, scheduled
from models.errors import Declined, Unavailable
from models.payment import claim_payment, needs_opening, open_claimed
from models.reconciliation import enqueue_unfinished, reconcile_payment
from models.refund import send_refund
from server.context import Context


@job("payments.open")
async def open_payment(context: Context, ids: dict[str, str]) -> None:
    payment_id = UUID(ids["payment_id"])
    claim = await claim_payment(payment_id)
    if claim:
        with contextlib.suppress(Declined):
            await open_claimed(context.gateway, claim)
    elif await needs_opening(payment_id):
        raise Unavailable("Somebody else is opening this payment; look again.")


@job("payments.reconcile")
async def reconcile(context: Context, ids: dict[str, str]) -> None:
    await reconcile_payment(context.gateway, UUID(ids["payment_id"]))


@job("refunds.send")
async def refund(context: Context, ids: dict[str, str]) -> None:
    await send_refund(context.gateway, UUID(ids["refund_id"]))


@scheduled("* * * * *")
async def find_unfinished(_: Context) -> None:
    """Every minute: payments that stayed open, payments nobody opened, orders nobody ended."""
    await enqueue_unfinished()
