"""Payouts through RazorpayX, of which the SDK has no resource: its own session and error handling, our path."""

from typing import Any

import msgspec

from models.gateway import GatewayPayout

PATH = "/v1/payouts"
IMPS_MAX_MINOR = 20_000_000
"""Two lakh rupees: IMPS carries no more than five, not every bank takes that, and NEFT knows no limit but is slower."""


class StatusDetails(msgspec.Struct, frozen=True):
    description: str | None = None


class RazorpayPayout(msgspec.Struct, frozen=True):
    id: str
    amount: int
    status: str
    reference_id: str | None = None
    status_details: StatusDetails | None = None


def mode_for(amount_minor: int) -> str:
    """The same for the same amount: the gateway refuses a key that comes again with another request."""
    return "IMPS" if amount_minor <= IMPS_MAX_MINOR else "NEFT"


def make_payout(client: Any, data: dict[str, Any], **how: Any) -> GatewayPayout:
    """Once for each reference, which is the key too."""
    reference = str(data["reference_id"])
    return _own(client.post(PATH, data, headers={"X-Payout-Idempotency": reference}, **how), reference)


def find_payout(client: Any, query: dict[str, Any], **how: Any) -> GatewayPayout | None:
    found = client.get(PATH, query, **how)["items"]
    return _own(found[0], str(query["reference_id"])) if found else None


def list_payouts(client: Any, page: dict[str, int], account: str, **how: Any) -> list[GatewayPayout]:
    items = client.get(PATH, {**page, "account_number": account}, **how)["items"]
    return [payout_of(item) for item in msgspec.convert(items, list[RazorpayPayout])]


def payout_of(told: RazorpayPayout) -> GatewayPayout:
    reason = (told.status_details.description if told.status_details else None) or ""
    return GatewayPayout(
        payout_id=told.id,
        status=told.status,
        amount_minor=told.amount,
        reference=told.reference_id or "",
        reason=reason.strip().rstrip("."),
    )


def _own(answer: Any, reference: str) -> GatewayPayout:
    """Raises a msgspec error, or ValueError, for what is no payout of ours."""
    told = payout_of(msgspec.convert(answer, RazorpayPayout))
    if told.reference != reference:
        raise ValueError(f"Asked for payout {reference}, told of {told.reference}")
    return told
