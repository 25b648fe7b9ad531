"""Razorpay's disputes as the domain's, whether a webhook told them or they were asked for."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from models.gateway import GatewayDispute
from models.states import DISPUTE

UNSURE = "open"
"""A status that is not known here counts as this one: then nothing is paid out before a person has looked."""


class RazorpayDispute(msgspec.Struct, frozen=True):
    """`respond_by` is in seconds since 1970; `amount_deducted` what the account has been charged so far."""

    id: str
    payment_id: str
    amount: int
    currency: str
    status: str
    amount_deducted: int | None = None
    reason_code: str | None = None
    phase: str | None = None
    respond_by: int | None = None


def list_disputes(client: Any, page: dict[str, int], **how: Any) -> list[GatewayDispute]:
    """As they are now, at the latest: what a webhook says meanwhile is newer."""
    asked_at = datetime.now(UTC)
    items = msgspec.convert(client.dispute.all(page, **how)["items"], list[RazorpayDispute])
    return [dispute_of(item, told_at=asked_at) for item in items]


def fetch_dispute(client: Any, dispute_id: str, **how: Any) -> GatewayDispute:
    asked_at = datetime.now(UTC)
    return dispute_of(msgspec.convert(client.dispute.fetch(dispute_id, **how), RazorpayDispute), told_at=asked_at)


def dispute_of(told: RazorpayDispute, *, told_at: datetime) -> GatewayDispute:
    """Raises ValueError or OverflowError for what is no time."""
    return GatewayDispute(
        dispute_id=told.id,
        payment_id=told.payment_id,
        status=told.status if told.status in DISPUTE.moves else UNSURE,
        phase=told.phase or "",
        reason=told.reason_code or "",
        amount_minor=told.amount,
        deducted_minor=told.amount_deducted or 0,
        currency=told.currency,
        respond_by=datetime.fromtimestamp(told.respond_by, UTC) if told.respond_by else None,
        told_at=told_at,
    )
