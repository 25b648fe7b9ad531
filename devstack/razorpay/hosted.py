"""The hosted payment page: the shop's form leads here; the buyer pays, fails or cancels and is posted back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import jinja2
import msgspec
from aiohttp import web

from devstack.razorpay.control import Control, convert
from devstack.razorpay.entities import Method
from devstack.razorpay.errors import ApiError
from devstack.razorpay.ledger import Attempt, Ledger

TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
METHODS = {"upi": "UPI", "card": "Card", "netbanking": "Net banking", "wallet": "Wallet"}
SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)


class Hosted:
    def __init__(self, ledger: Ledger, control: Control, *, key_id: str) -> None:
        self._ledger = ledger
        self._control = control
        self._key_id = key_id

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/checkout/embedded", self.show), web.post("/sim/checkout/{id}", self.submit)]

    async def show(self, request: web.Request) -> web.Response:
        """The page, from the fields of Razorpay's redirect flow (key_id, order_id, callback_url, ...)."""
        form = text_fields(await request.post())
        if form.get("key_id") != self._key_id:
            raise ApiError("The api key provided is invalid", status=401)
        order = self._ledger.get_order(form.get("order_id", ""))
        callback_url = demand_address(form, "callback_url")
        cancel_url = demand_address(form, "cancel_url") if form.get("cancel_url") else callback_url
        if order.status == "paid":
            raise ApiError("This order has already been paid", field="order_id")
        return page(
            "checkout.html",
            order=order,
            amount=f"{order.amount_due // 100:,}.{order.amount_due % 100:02}",
            name=form.get("name") or "Haat",
            description=form.get("description") or "",
            email=form.get("prefill[email]", ""),
            contact=form.get("prefill[contact]", ""),
            callback_url=callback_url,
            cancel_url=cancel_url,
            methods=METHODS,
        )

    async def submit(self, request: web.Request) -> web.Response:
        """One attempt to pay; the answer is a page that posts the result to the shop by itself."""
        form = text_fields(await request.post())
        callback_url, cancel_url = demand_address(form, "callback_url"), demand_address(form, "cancel_url")
        if form.get("action") == "cancel":
            raise web.HTTPSeeOther(cancel_url)
        method = form.get("method", "upi")
        wanted = {"method": method if method in get_args(Method) else "upi", "outcome": form.get("action", "captured")}
        contact = {key: form[key] for key in ("email", "contact") if form.get(key)}
        payment = self._ledger.pay(request.match_info["id"], convert({**wanted, **contact}, Attempt))
        fields = flat(self._control.callback_fields(payment))
        return page("callback.html", callback_url=callback_url, fields=fields, paid=payment.status != "failed")


def flat(fields: Mapping[str, Any]) -> dict[str, str]:
    """Form fields as Razorpay posts them: error[code]=..., error[metadata]={"order_id": ...}."""
    error = fields.get("error")
    if error is None:
        return dict(fields)
    return {
        f"error[{name}]": msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)
        for name, value in error.items()
        if value is not None
    }


def text_fields(form: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}


def demand_address(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if urlsplit(value).scheme not in ("http", "https"):
        raise ApiError(f"The {name} must be a valid URL", field=name)
    return value


def page(template: str, **values: Any) -> web.Response:
    html = TEMPLATES.get_template(template).render(values)
    return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": SECURITY})
