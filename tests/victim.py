"""Processes to be killed: `python -m tests.victim` forks one for each line {env, action, subject} and tells its exit.

Forked after the imports, so that a kill costs a twentieth of a second and many can be done.
"""

import asyncio
import os
import sys
import traceback
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
from pgqueuer import PgQueuer

from jobs.registry import declare_all, install
from loadtests.fresh import free_port
from models.basket import Shopper
from models.checkout import NewOrder
from models.closing import cancel_order, expire_order
from models.database import connected, pool
from models.gateway import Charge
from models.keyring import Keyring
from models.payment import claim_payment, open_claimed
from models.refund import send_refund
from models.settlement import receive_event, settle
from server.app import close_context, create_app, open_context
from server.context import Context
from server.deadlines import Deadlines
from server.integrations.razorpay import Gateway
from server.settings import Settings, load_settings
from tests.ordering import event, place, wish
from tests.wait import until

declare_all()
DUE = "SELECT count(*) FROM pgqueuer WHERE execute_after <= now() AND status <> 'failed'"


class Errand(msgspec.Struct):
    env: dict[str, str]
    action: str
    subject: str


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
            webhook_id, charge = msgspec.json.decode(subject, type=tuple[str, Charge])
            webhook = msgspec.structs.replace(event(charge), id=webhook_id)
            await receive_event(webhook, keyring=Keyring(settings.keys.ring, settings.keys.lookup))
        case "deliver":
            await deliver(settings, *msgspec.json.decode(subject, type=tuple[str, str, str]))
        case "settle":
            await settle(msgspec.json.decode(subject, type=Charge))
        case "expire":
            await expire_order(UUID(subject))
        case "cancel":
            await cancel_order(UUID(subject))
        case "refund":
            await send_refund(gateway, UUID(subject))
        case "work":
            context = await open_context(settings)
            await work_off(context)
            await close_context(context)


async def deliver(settings: Settings, body: str, signature: str, event_id: str) -> None:
    """A web process that is told one thing by the gateway, over HTTP."""
    context = await open_context(settings)
    app, port = create_app(settings, "haat-victim", context), free_port()
    app.config.TOUCHUP = False
    server = await app.create_server("127.0.0.1", port, protocol=Deadlines, return_asyncio_server=True)
    await server.startup()
    headers = {"X-Razorpay-Signature": signature, "X-Razorpay-Event-Id": event_id}
    async with aiohttp.ClientSession() as client:
        await client.post(f"http://127.0.0.1:{port}/webhooks/razorpay", data=body.encode(), headers=headers)


async def work_off(context: Context) -> None:
    """A worker that runs every job that is due, and stops. What a dead one picked as it died it takes after 5 s."""
    queue = PgQueuer.from_asyncpg_pool(pool())
    install(queue, context)
    running = asyncio.create_task(
        queue.run(dequeue_timeout=timedelta(milliseconds=50), batch_size=10, heartbeat_timeout=timedelta(seconds=5))
    )

    async def idle() -> bool:
        return running.done() or await pool().fetchval(DUE) == 0

    try:
        await until(idle, timeout_s=30)
    finally:
        queue.shutdown.set()
        await running


async def live(errand: Errand) -> None:
    settings = load_settings(errand.env)
    async with connected(settings.database.url, pool_max=6):
        await act(settings, errand.action, errand.subject)


def main() -> None:
    for line in sys.stdin.buffer:
        errand = msgspec.json.decode(line, type=Errand)
        child = os.fork()
        if not child:
            _die_of(errand)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, flush=True)


def _die_of(errand: Errand) -> Any:
    os.dup2(2, 1)  # what it logs is no answer
    os.environ.update(errand.env)
    try:
        asyncio.run(live(errand))
    except BaseException:  # noqa: BLE001 - the parent's loop must not go on in the child
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
