"""A client of the gateway that counts what it told to pay: a key that the gateway repeats would hide a second time."""

from typing import Any

from models.gateway import GatewayPayout, GatewayRefund
from server.integrations.razorpay import Gateway


class Teller(Gateway):
    told = 0

    async def create_refund(self, *payment: Any, **columns: Any) -> GatewayRefund:
        self.told += 1
        return await super().create_refund(*payment, **columns)

    async def create_payout(self, *account: Any, **columns: Any) -> GatewayPayout:
        self.told += 1
        return await super().create_payout(*account, **columns)
