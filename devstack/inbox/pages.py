"""The inbox in a browser and as JSON. Mails are shown in a sandbox: their scripts never run."""

import datetime as dt
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from devstack.inbox.mailbox import Entry, Mailbox, attachments_of, body_of

TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
PAGE_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
MAIL_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; "
MAIL_SECURITY = MAIL_SANDBOX + "default-src 'none'; img-src * data:; style-src 'unsafe-inline'"
LIMIT_MAX, WAIT_MAX_S = 1000, 60.0


class Pages:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.post("/clear", self.clear_page),
            web.get("/messages/{id}", self.show),
            web.get("/messages/{id}/html", self.show_html),
            web.get("/api/messages", self.list_json),
            web.get("/api/messages/{id}", self.show_json),
            web.delete("/api/messages", self.clear_json),
        ]

    async def index(self, request: web.Request) -> web.Response:
        entries = self._mailbox.list_entries(to=request.query.get("to"))
        return page("list.html", entries=entries, to=request.query.get("to", ""), when=when)

    async def show(self, request: web.Request) -> web.Response:
        entry = self._entry(request)
        message = self._mailbox.message(entry)
        html, text = body_of(message, "html"), body_of(message, "plain")
        return page("mail.html", entry=entry, html=html, text=text, attachments=attachments_of(message), when=when)

    async def show_html(self, request: web.Request) -> web.Response:
        """The mail's own HTML; its links open in a tab of their own."""
        html = body_of(self._mailbox.message(self._entry(request)), "html") or ""
        headers = {"Content-Security-Policy": MAIL_SECURITY}
        return web.Response(text=f'<base target="_blank">{html}', content_type="text/html", headers=headers)

    async def clear_page(self, _: web.Request) -> web.Response:
        self._mailbox.clear()
        raise web.HTTPSeeOther("/")

    async def list_json(self, request: web.Request) -> web.Response:
        """Newest first; `to` and `subject` narrow, `wait_s` waits until `count` (1) such mails are there."""
        query = request.query
        to, subject = query.get("to"), query.get("subject")
        try:
            limit, count = min(int(query.get("limit", 100)), LIMIT_MAX), int(query.get("count", 1))
            wait_s = min(float(query.get("wait_s", 0)), WAIT_MAX_S)
        except ValueError:
            raise web.HTTPBadRequest(text="limit, count and wait_s are numbers") from None
        if wait_s > 0:
            await self._mailbox.wait(to=to, subject=subject, count=count, timeout_s=wait_s)
        entries = self._mailbox.list_entries(to=to, subject=subject, limit=limit)
        return web.json_response([self._json(entry) for entry in entries])

    async def show_json(self, request: web.Request) -> web.Response:
        return web.json_response(self._json(self._entry(request)))

    async def clear_json(self, _: web.Request) -> web.Response:
        return web.json_response({"deleted": self._mailbox.clear()})

    def _entry(self, request: web.Request) -> Entry:
        entry = self._mailbox.find(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="This mail is not here (any more).")
        return entry

    def _json(self, entry: Entry) -> dict[str, Any]:
        message = self._mailbox.message(entry)
        return {
            "id": entry.id,
            "from": entry.sender,
            "to": entry.to,
            "subject": entry.subject,
            "received_at": when(entry),
            "headers": dict(message.items()),
            "text": body_of(message, "plain"),
            "html": body_of(message, "html"),
            "attachments": attachments_of(message),
        }


def when(entry: Entry) -> str:
    return dt.datetime.fromtimestamp(entry.received_at, dt.UTC).isoformat(timespec="seconds")


def page(template: str, **values: Any) -> web.Response:
    html = TEMPLATES.get_template(template).render(values)
    return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": PAGE_SECURITY})
