"""What the domain asks of a payment gateway, in its own words; `server/integrations/razorpay.py` speaks it."""

from datetime import datetime
from typing import Protocol

import msgspec


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """One payment as the gateway tells it. `fee_minor` includes `fee_tax_minor`; `status` is the gateway's word."""

    payment_id: str
    order_id: str
    status: str
    amount_minor: int
    currency: str
    fee_minor: int = 0
    fee_tax_minor: int = 0
    error: str = ""


class GatewayRefund(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is ours, as we gave it when we asked for the refund."""

    refund_id: str
    payment_id: str
    status: str
    amount_minor: int
    key: str = ""


class GatewayDispute(msgspec.Struct, frozen=True, kw_only=True):
    """A chargeback as the gateway tells it; `deducted_minor` is what it has taken from the shop.

    `status` is one of `models/states.py`. `told_at`: when the gateway said so, by its clock.
    """

    dispute_id: str
    payment_id: str
    status: str
    phase: str
    reason: str
    amount_minor: int
    deducted_minor: int
    currency: str
    respond_by: datetime | None
    told_at: datetime


class GatewayPayout(msgspec.Struct, frozen=True, kw_only=True):
    """`reason`: why the bank did not pay it, or gave it back."""

    payout_id: str
    status: str
    amount_minor: int
    reference: str
    reason: str = ""


class GatewayEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook whose signature held. `id` is the gateway's, unsigned; `body` the bytes that were signed."""

    id: str
    kind: str
    body: bytes
    charge: Charge | None = None
    refund: GatewayRefund | None = None
    dispute: GatewayDispute | None = None
    payout: GatewayPayout | None = None

    @property
    def about(self) -> list[str]:
        """The gateway's ids of what it speaks of, by which its body is found again when a person is erased."""
        charge = [self.charge.order_id, self.charge.payment_id] if self.charge else []
        others = [part.payment_id for part in (self.refund, self.dispute) if part]
        payout = [self.payout.payout_id] if self.payout else []
        return sorted({*charge, *others, *payout} - {""})


class Gateway(Protocol):
    """Every call raises Unavailable when the outcome is unknown, Declined when the gateway said no."""

    async def create_order(self, receipt: str, *, amount_minor: int, currency: str) -> str:
        """A payable order; returns its id."""

    async def find_order(self, receipt: str) -> str | None:
        """The id of the order that was made for this receipt."""

    async def charges_of(self, order_id: str) -> list[Charge]: ...

    async def get_charge(self, payment_id: str) -> Charge: ...

    async def create_refund(self, payment_id: str, *, amount_minor: int, key: str) -> GatewayRefund: ...

    async def find_refund(self, payment_id: str, key: str) -> GatewayRefund | None: ...

    async def get_refund(self, refund_id: str) -> GatewayRefund: ...

    async def capture(self, payment_id: str, *, amount_minor: int, currency: str) -> Charge:
        """Take the money of an authorised payment."""

    async def charges_between(self, first: datetime, last: datetime) -> list[Charge]:
        """Every payment that was made in that time, whoever it is for."""

    async def refunds_between(self, first: datetime, last: datetime) -> list[GatewayRefund]: ...

    async def disputes_between(self, first: datetime, last: datetime) -> list[GatewayDispute]:
        """Those that began in that time, as they are now."""

    async def get_dispute(self, dispute_id: str) -> GatewayDispute: ...

    async def create_payout(
        self, account: str, *, amount_minor: int, currency: str, reference: str
    ) -> GatewayPayout: ...

    async def find_payout(self, reference: str) -> GatewayPayout | None:
        """What was made for this reference of ours."""

    async def payouts_between(self, first: datetime, last: datetime) -> list[GatewayPayout]:
        """Those that were made in that time, as they are now; others than ours may be among them."""
