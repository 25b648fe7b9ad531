"""What the domain asks of a payment gateway, in its own words; `server/integrations/razorpay.py` speaks it."""

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


class GatewayEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook whose signature held. `id` is the gateway's, unsigned; `body` the bytes that were signed."""

    id: str
    kind: str
    body: bytes
    charge: Charge | None = None
    refund: GatewayRefund | None = None


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
