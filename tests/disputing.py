"""A sold order, what its gateway says of a dispute, and what is owed and lost after it."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from models.gateway import GatewayDispute, GatewayEvent
from models.settlement import receive_event
from models.statement import owed_minor
from tests.fulfilling import bring, buy
from tests.ordering import KEYRING, event

HOLD = timedelta(days=7)
BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
_numbers = itertools.count()


@pytest.fixture
async def sold(database):
    """Two sellers' goods of one order, delivered long ago, and what each of them is owed for it."""
    one = await buy(sellers=2)
    for seller_id, shipment_id in zip(one.sellers, one.shipments, strict=True):
        await bring(seller_id, shipment_id)
    await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001'")
    await database.execute("UPDATE shipment SET delivered_at = now() - interval '8 days'")
    return one


def news(one, status: str, *, after: int = 0, deducted_minor: int = 0, **changes) -> GatewayDispute:
    """What the gateway says of the dispute of this order, so many minutes after it began."""
    values = {
        "dispute_id": f"disp_{one.order.claim.receipt}", "payment_id": f"pay_{one.order.claim.receipt}",
        "status": status, "phase": "chargeback", "reason": "goods_not_received", "currency": "INR",
        "amount_minor": one.order.price.total_minor, "deducted_minor": deducted_minor,
        "respond_by": BEGAN + timedelta(days=3), "told_at": BEGAN + timedelta(minutes=after),
    }  # fmt: skip
    return GatewayDispute(**{**values, **changes})


async def tell(*told: GatewayDispute) -> list[str]:
    return [await receive_event(webhook(one), keyring=KEYRING) for one in told]


def webhook(told: GatewayDispute) -> GatewayEvent:
    kind = f"payment.dispute.{told.status}"
    return event(None, kind, id=f"evt_dispute_{next(_numbers)}", dispute=told)


async def dues(one) -> list[int]:
    return [await owed_minor(seller_id, hold=HOLD, currency="INR") for seller_id in one.sellers]


async def lost(database) -> dict:
    rows = await database.fetch(
        "SELECT seller_id, sum(amount_minor)::bigint AS sum FROM ledger_entry WHERE account = 'dispute' GROUP BY 1"
    )
    return {row["seller_id"]: -row["sum"] for row in rows}
