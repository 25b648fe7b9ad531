"""Money between shop, gateway and sellers: payouts every day, and every night the books against the gateway's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from jobs.registry import job, scheduled
from models.disputes import ask_of_disputes
from models.gateway_check import compare
from models.paid_out import ask_of_payouts
from models.paying_out import prepare_payouts, send_payout
from models.refund import ask_of_refunds
from server.context import Context

COMPARED = timedelta(days=2)
FOLLOWED = timedelta(days=14)
"""So long after it was made a payout is asked about: a bank may give it back days later."""


@job("payouts.send")
async def pay_out(context: Context, ids: dict[str, str]) -> None:
    await send_payout(context.gateway, UUID(ids["payout_id"]))


@scheduled("30 4 * * *")
async def owe_sellers(context: Context) -> None:
    """Ten in the morning in India."""
    await prepare_payouts(hold=context.payout_hold, currency=context.settings.site.currency)


@scheduled("0 21 * * *")
async def follow_refunds(context: Context) -> None:
    """Before the books are compared."""
    await ask_of_refunds(context.gateway)


@scheduled("30 21 * * *")
async def compare_with_gateway(context: Context) -> None:
    """Three at night in India: two days, so that what one run missed the next one sees."""
    now = datetime.now(UTC)
    await compare(context.gateway, now - COMPARED, now)
    await ask_of_disputes(context.gateway, now - COMPARED, now)


@scheduled("15 21 * * *")
async def follow_payouts(context: Context) -> None:
    """What the bank gave back, in case a webhook was lost."""
    now = datetime.now(UTC)
    await ask_of_payouts(context.gateway, now - FOLLOWED, now)
