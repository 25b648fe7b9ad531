"""Runs the inbox: `python -m devstack.inbox --smtp-port N --web-port N --folder DIR`."""

import argparse
import asyncio
import signal
from pathlib import Path

import uvloop
from aiohttp import web

from devstack.inbox.mailbox import Mailbox
from devstack.inbox.pages import Pages
from devstack.inbox.sms import Outbox
from devstack.inbox.smtp import Session
from devstack.ports import LOOPBACK


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devstack.inbox", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on (default: %(default)s)")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--web-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the mails are kept")
    options = parser.parse_args()
    uvloop.run(serve(options.folder, host=options.host, smtp_port=options.smtp_port, web_port=options.web_port))


async def serve(folder: Path, *, host: str, smtp_port: int, web_port: int) -> None:
    """Until SIGTERM or SIGINT; the web page answers only when mail is taken too."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    mailbox = Mailbox(folder)
    mailbox.open()
    outbox = Outbox(folder)
    outbox.open()
    smtp = await loop.create_server(lambda: Session(mailbox), host, smtp_port)
    app = web.Application()
    app.add_routes([*Pages(mailbox).routes(), *outbox.routes(), web.get("/healthz", alive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, web_port).start()
    await stopped.wait()
    smtp.close()
    await runner.cleanup()
    mailbox.close()


async def alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


if __name__ == "__main__":
    main()
