"""The part of Twilio's Messages API that Haat uses, and a page of what was sent: nothing leaves this machine."""

import base64
import time
from collections import defaultdict
from email.utils import formatdate
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from aiohttp import web

from devstack.inbox.pages import PAGE_SECURITY

MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json"
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
BODY_MAX = 1_600


class Sms(msgspec.Struct, frozen=True, kw_only=True):
    sid: str
    to: str
    sender: str
    body: str
    sent_at: float

    def public(self) -> dict[str, Any]:
        return {
            "sid": self.sid, "to": self.to, "from": self.sender, "body": self.body, "status": "delivered",
            "date_sent": formatdate(self.sent_at), "direction": "outbound-api", "error_code": None,
        }  # fmt: skip


class Outbox:
    """All messages in memory and in a file, oldest first; a restart keeps them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "sms.jsonl"
        self._sent: list[Sms] = []
        self._by_number: defaultdict[str, list[Sms]] = defaultdict(list)

    def open(self) -> None:
        if self._path.is_file():
            for line in self._path.read_bytes().splitlines():
                self._keep(msgspec.json.decode(line, type=Sms))

    def routes(self) -> list[web.RouteDef]:
        return [web.post(MESSAGES, self.send), web.get(MESSAGES, self.list), web.get("/sms", self.page)]

    async def send(self, request: web.Request) -> web.Response:
        """Answers as Twilio does; each call is a message, also a repeated one."""
        self._authenticate(request)
        form = await request.post()
        to, sender, body = (str(form.get(name, "")) for name in ("To", "From", "Body"))
        if not to.startswith("+") or not to[1:].isdecimal():
            return _refusal(21211, f"The 'To' number {to} is not a valid phone number.")
        if not 0 < len(body) <= BODY_MAX:
            return _refusal(21602 if not body else 21617, "Message body is required, of at most 1600 characters.")
        sent = Sms(sid=f"SM{len(self._sent):032x}", to=to, sender=sender, body=body, sent_at=time.time())
        self._keep(sent)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(sent) + b"\n")
        return web.json_response({**sent.public(), "status": "queued"}, status=201)

    async def list(self, request: web.Request) -> web.Response:
        """Newest first; ?To= narrows it."""
        self._authenticate(request)
        to, size = request.query.get("To"), int(request.query.get("PageSize", 50))
        found = self._sent if to is None else self._by_number.get(to, [])
        page = [sent.public() for sent in reversed(found[-size:])] if size > 0 else []
        return web.json_response({"messages": page, "page": 0, "page_size": size})

    async def page(self, _: web.Request) -> web.Response:
        html = TEMPLATES.get_template("sms.html").render(messages=self._sent[::-1][:200], when=formatdate)
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": PAGE_SECURITY})

    def _keep(self, sent: Sms) -> None:
        self._sent.append(sent)
        self._by_number[sent.to].append(sent)

    def _authenticate(self, request: web.Request) -> None:
        """Twilio's basic authentication: the account of the address, and some token."""
        encoded = request.headers.get("Authorization", "").removeprefix("Basic ")
        try:
            account, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            account, token = "", ""
        if not token or account != request.match_info["account"]:
            raise web.HTTPUnauthorized(text='{"code": 20003, "message": "Authenticate", "status": 401}')


def _refusal(code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message, "status": 400}, status=400)
