"""Money on pages: books, differences, disputes and payouts for the operator, payouts and statements for sellers."""

import csv
import io
import re
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.desk import Stat, read_page
from handlers.pages.seller import seller_desk, seller_of
from handlers.pages.shell import Form, go, page
from models.dispute_view import list_disputes
from models.errors import Invalid
from models.gateway_check import list_differences
from models.paying_out import prepare_payouts
from models.plain_text import plain_cell
from models.seller import find_payout_account, set_payout_account
from models.statement import StatementLine, get_statement, list_balances, list_payouts, owed_minor
from server.auth import Access
from server.http import context
from web.filters import grouped, money

blueprint = Blueprint("money_pages")
PER_PAGE = 20
NAMES = {
    "bank": "Bank: paid out to sellers",
    "buyer": "Buyers: owed to them",
    "cash": "Cash: with the carriers",
    "dispute": "Disputes: lost by the market, or not yet taken off payouts",
    "gateway": "Gateway: owed to us",
    "gateway_fee": "Fees of the gateway",
    "gateway_tax": "GST on fees of the gateway",
    "gift_card": "Gift cards: owed to their holders",
    "promotion": "Promotion: paid by the platform",
    "seller": "Sellers: owed to them",
    "shipping": "Carriage",
    "tax": "GST: goes out with payouts",
    "tcs": "TCS: owed to the government",
}
"""What the books call their accounts, for people; others by their own name."""
STATES = {"pending": "On its way", "unknown": "Being asked at the bank", "sent": "Paid", "failed": "Failed",
          "reversed": "Given back by the bank"}  # fmt: skip
"""How far a payout is, for people."""
ACCOUNT = re.compile(r"fa_[A-Za-z0-9]{14}")
HOW = "is written as the gateway gives it: fa_ and 14 letters or digits"
COLUMNS = ("number", "reason", "at", "value_minor", "tax_minor", "commission_minor", "shipping_minor", "net_minor")


@page(blueprint, "GET", "/admin/money", access=Access.ADMIN, limit="seller")
async def books(request: Request) -> HTTPResponse:
    number, currency = read_page(request), context(request).settings.site.currency
    balances, differences = await list_balances(currency), await list_differences()
    payouts, total = await list_payouts(None, page=number, per_page=PER_PAGE)
    rest = sum(balances.values())
    stats = [
        Stat("The gateway owes us", money(-balances.get("gateway", 0), currency)),
        Stat("We owe sellers", money(balances.get("seller", 0) + balances.get("tax", 0), currency)),
        Stat("Commission", money(balances.get("commission", 0), currency)),
        Stat("Differences", grouped(len(differences)), tone="bad" if differences else "good"),
        Stat("The books add up to", money(rest, currency), tone="bad" if rest else "good"),
    ]
    return await admin_page(
        request,
        "admin/money.html",
        await numbers_of(request),
        stats=stats,
        currency=currency,
        balances=balances,
        names=NAMES,
        words=STATES,
        differences=differences,
        disputes=await list_disputes(),
        payouts=payouts,
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "POST", "/admin/money/payouts", access=Access.ADMIN, limit="seller")
async def pay_now(request: Request, **_: Form) -> HTTPResponse:
    """What the daily timer does, now."""
    await prepare_payouts(
        hold=context(request).payout_hold,
        currency=context(request).settings.site.currency,
        actor_id=request.ctx.caller.user_id,
    )
    return flash.leave(request, go(request, "/admin/money"), "payouts-made")


@page(blueprint, "POST", "/admin/sellers/<seller_id:uuid>/payout-account", access=Access.ADMIN, limit="seller")
async def name_account(request: Request, seller_id: UUID, *, form: Form) -> HTTPResponse:
    """For a shop that nobody owns any more, to which a bank gave something back."""
    account = form.get("payout_account", "").strip()
    if not ACCOUNT.fullmatch(account):
        raise Invalid.field("payout_account", HOW)
    await set_payout_account(seller_id, account, actor_id=request.ctx.caller.user_id, ownerless=True)
    return flash.leave(request, go(request, f"/admin/sellers/{seller_id}"), "profile-saved")


@page(blueprint, "GET", "/seller/payouts", access=Access.MONEY, limit="seller")
async def payouts(request: Request) -> HTTPResponse:
    return await _payouts(request)


@page(blueprint, "POST", "/seller/payouts", access=Access.MONEY, limit="seller")
async def change_account(request: Request, *, form: Form) -> HTTPResponse:
    account = form.get("payout_account", "").strip()
    if not ACCOUNT.fullmatch(account):
        return await _payouts(request, wrong=f"It {HOW}.")
    await set_payout_account(seller_of(request), account, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, "/seller/payouts"), "profile-saved")


@page(blueprint, "GET", "/seller/payouts/<payout_id:uuid>", access=Access.MONEY, limit="seller")
async def statement(request: Request, payout_id: UUID) -> HTTPResponse:
    """The page, or with ?format=csv the same as a table for a spreadsheet, in paise."""
    payout, lines = await get_statement(payout_id, seller_of(request))
    wanted = request.args.get("format", "")
    if wanted == "csv":
        headers = {"Content-Disposition": f'attachment; filename="payout-{payout_id}.csv"', "Cache-Control": "no-store"}
        return raw(_csv(lines).encode(), content_type="text/csv; charset=utf-8", headers=headers)
    if wanted:
        raise Invalid.field("format", "is csv, or left out")
    return await seller_desk(request, "seller/statement.html", payout=payout, words=STATES, lines=lines)


async def _payouts(request: Request, wrong: str = "") -> HTTPResponse:
    seller_id, number, currency = seller_of(request), read_page(request), context(request).settings.site.currency
    rows, total = await list_payouts(seller_id, page=number, per_page=PER_PAGE)
    owed = await owed_minor(seller_id, hold=context(request).payout_hold, currency=currency)
    return await seller_desk(
        request,
        "seller/payouts.html",
        422 if wrong else 200,
        stats=[Stat("Next payout", money(owed, currency), "what has arrived and can no longer be returned")],
        payouts=rows,
        disputes=await list_disputes(seller_id=seller_id),
        words=STATES,
        account=await find_payout_account(seller_id),
        wrong=wrong,
        page=number,
        pages=-(-total // PER_PAGE),
    )


def _csv(lines: list[StatementLine]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([plain_cell(getattr(line, name)) for name in COLUMNS] for line in lines)
    return text.getvalue()
