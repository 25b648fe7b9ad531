"""Runs the inbox: `python -m devstack.inbox --smtp-port N --web-port N --folder DIR`."""

import argparse
import asyncio
import signal
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.inbox.mailbox import Mailbox
from devstack.inbox.pages import Pages
from devstack.inbox.sms import Outbox
from devstack.ports import LOOPBACK

MAIL_MAX_BYTES = 25_000_000


class Delivery:
    """aiosmtpd's handler: a mail is answered 250 once it is on disk."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 This is no mail"
        self._mailbox.add(content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        return "250 Kept for reading"


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
    smtp = await loop.create_server(lambda: session_of(mailbox), host, smtp_port)
    app = web.Application()
    app.add_routes([*Pages(mailbox).routes(), *outbox.routes(), web.get("/healthz", alive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, web_port).start()
    await stopped.wait()
    smtp.close()
    await runner.cleanup()
    mailbox.close()


def session_of(mailbox: Mailbox) -> Any:
    return SMTP(Delivery(mailbox), data_size_limit=MAIL_MAX_BYTES, enable_SMTPUTF8=True, ident="Haat inbox")


async def alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


if __name__ == "__main__":
    main()
