"""A process to be killed at `HAAT_CRASH_AT` while it does one thing: `python -m tests.victim ACTION SUBJECT`."""

import asyncio
import sys
from uuid import UUID

import msgspec

from models.basket import Shopper
from models.checkout import NewOrder
from models.closing import cancel_order, expire_order
from models.database import connected
from models.gateway import Charge
from models.keyring import Keyring
from models.payment import claim_payment, open_claimed
from models.refund import send_refund
from models.settlement import receive_event, settle
from server.integrations.razorpay import Gateway
from server.settings import Settings, load_settings
from tests.ordering import event, place, wish


async def act(settings: Settings, action: str, subject: str) -> None:
    gateway = Gateway(settings.payments)
    match action:
        case "check_out":
            token, key = subject.split()
            placed = await place(Shopper(token_hash=token), wish(key))
            if isinstance(placed, NewOrder):
                await open_claimed(gateway, placed.claim)
        case "open":
            claim = await claim_payment(UUID(subject))
            if claim:
                await open_claimed(gateway, claim)
        case "webhook":
            charge = msgspec.json.decode(subject, type=Charge)
            webhook = msgspec.structs.replace(event(charge), id="evt_1")
            await receive_event(webhook, keyring=Keyring(settings.keys.ring, settings.keys.lookup))
        case "settle":
            await settle(msgspec.json.decode(subject, type=Charge))
        case "expire":
            await expire_order(UUID(subject))
        case "cancel":
            await cancel_order(UUID(subject))
        case "refund":
            await send_refund(gateway, UUID(subject))


async def main() -> None:
    settings = load_settings()
    async with connected(settings.database.url, pool_max=2):
        await act(settings, sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    asyncio.run(main())
