"""The operator's page of GST rates: what holds, and a form for what will hold."""

from decimal import Decimal, InvalidOperation

from msgspec.json import encode
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.desk import today
from handlers.pages.forms import errors_of, read_money
from handlers.pages.shell import Form, go, page
from models.errors import DomainError, Invalid
from models.tax_rates import TaxRateInput, list_tax_rates, set_tax_rate
from server.auth import Access
from server.decode import decode_json
from server.http import context

blueprint = Blueprint("tax_pages")
CODE_MAX = 8


@page(blueprint, "GET", "/admin/taxes", access=Access.ADMIN, limit="seller")
async def taxes(request: Request) -> HTTPResponse:
    return await _taxes(request, {}, {})


@page(blueprint, "POST", "/admin/taxes", access=Access.ADMIN, limit="seller")
async def set_rate(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await set_tax_rate(_read(form), actor_id=request.ctx.caller.user_id)
    except DomainError as error:
        return await _taxes(request, form, errors_of(error))
    return flash.leave(request, go(request, "/admin/taxes"), "tax-set")


def _read(form: Form) -> TaxRateInput:
    """Percent as basis points, rupees as paise. Raises Invalid."""
    over = form.get("over_minor", "").strip()
    body = {
        "hsn_prefix": form.get("hsn_prefix", "").strip(),
        "over_minor": read_money("over_minor", over) if over not in ("", "0") else 0,
        "rate_bps": _basis_points(form.get("rate", "")),
        "valid_from": form.get("valid_from", "").strip() or today().isoformat(),
    }
    return decode_json(encode(body), TaxRateInput)


def _basis_points(text: str) -> int:
    try:
        points = Decimal(text.strip().removesuffix("%").strip()) * 100
    except InvalidOperation:
        points = Decimal(-1)
    if not 0 <= points <= 10_000 or points != int(points):
        raise Invalid.field("rate", "write percent, such as 5, 18 or 0.25")
    return int(points)


async def _taxes(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    code = "".join(request.args.get("code", "").split())[:CODE_MAX]
    known = not code or (code.isascii() and code.isdigit())
    return await admin_page(
        request,
        "admin/taxes.html",
        await numbers_of(request),
        422 if errors else 200,
        rates=await list_tax_rates(code) if known else [],
        code=code,
        currency=context(request).settings.site.currency,
        form=form,
        errors=errors,
    )
