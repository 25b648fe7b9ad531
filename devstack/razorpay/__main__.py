"""Runs the simulator: `python -m devstack.razorpay --port N --folder DIR --webhook-url URL`, keys from the settings."""

import argparse
import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import uvloop
from aiohttp import web

from devstack.ports import LOOPBACK
from devstack.razorpay.api import Api
from devstack.razorpay.control import Control
from devstack.razorpay.hosted import Hosted
from devstack.razorpay.journal import Journal
from devstack.razorpay.ledger import Ledger
from devstack.razorpay.webhooks import Courier
from server.settings import Payments, load_settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devstack.razorpay", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the ledger is kept")
    parser.add_argument("--webhook-url", required=True, help="where webhooks are delivered")
    options = parser.parse_args()
    keys = load_settings(os.environ, options.folder).payments
    address = (options.host, options.port)
    uvloop.run(serve(address, options.folder / "journal.jsonl", webhook_url=options.webhook_url, keys=keys))


async def serve(address: tuple[str, int], journal_path: Path, *, webhook_url: str, keys: Payments) -> None:
    """Until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = web.AppRunner(make_app(Journal(journal_path), keys, webhook_url=webhook_url), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, *address).start()
    await stopped.wait()
    await runner.cleanup()


def make_app(journal: Journal, keys: Payments, *, webhook_url: str) -> web.Application:
    courier = Courier(journal, url=webhook_url, secret=keys.webhook_secrets[0])
    ledger = Ledger(journal, courier.emit)
    api = Api(ledger, key_id=keys.key_id, key_secret=keys.key_secret)
    control = Control(api, ledger, courier=courier, key_secret=keys.key_secret)
    hosted = Hosted(ledger, control, key_id=keys.key_id)

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        with journal:
            records = journal.open()
            ledger.restore(records)
            await courier.open(records)
            yield
            await courier.close()

    app = web.Application(middlewares=[api.guard()])
    app.cleanup_ctx.append(lifetime)
    app.add_routes([*api.routes(), *control.routes(), *hosted.routes(), web.get("/healthz", alive)])
    return app


async def alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


if __name__ == "__main__":
    main()
