"""The operator looks at every mail that the shop sends, as HTML and as text, filled with an order that never was."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.mail_sample import LINE, ORDER, SAMPLE
from handlers.pages.shell import page
from models.errors import Invalid, NotFound
from server.auth import Access
from server.http import context
from web.mail import mail_names

blueprint = Blueprint("mail_pages")
SECURITY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Mail programs know inline styles alone; nothing else may run or load here."""


@page(blueprint, "GET", "/admin/mails", access=Access.ADMIN, limit="seller")
async def mails(request: Request) -> HTTPResponse:
    shown = [{"name": name, "subject": _compose(request, name)[0]} for name in mail_names()]
    return await admin_page(request, "admin/mails.html", await numbers_of(request), mails=shown)


@page(blueprint, "GET", "/admin/mails/<name:str>", access=Access.ADMIN, limit="seller")
async def mail(request: Request, name: str) -> HTTPResponse:
    if name not in mail_names():
        raise NotFound("The shop sends no such mail.")
    _, text, html = _compose(request, name)
    form = request.args.get("form", "html")
    if form not in ("html", "text"):
        raise Invalid.field("form", "is html or text")
    headers = {"Content-Security-Policy": SECURITY, "Cache-Control": "no-store"}
    kind = "text/html" if form == "html" else "text/plain"
    return raw((html if form == "html" else text).encode(), content_type=f"{kind}; charset=utf-8", headers=headers)


def _compose(request: Request, name: str) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    shared = context(request)
    url = f"{shared.settings.site.base_url}/orders/{ORDER['number']}"
    values = {**SAMPLE, "url": url, "wishlist_url": f"{shared.settings.site.base_url}/account/wishlist"}
    if name == "seller_state":
        values["heading"] = "Your shop is open"
    if name in ("shipments_cancelled", "seller_cancelled"):
        values["reason"] = "A crack was found while packing"
    if name == "account":
        values["lines"] = ["It is 123 456 and holds for ten minutes.", f"You asked for it to buy: {LINE['name']}."]
    mail = shared.mail.compose(ORDER["email"], name, key=f"preview:{name}", **values)
    return mail.subject, mail.text, mail.html
