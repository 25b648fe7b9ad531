"""Pages of people for support and the operator, and of the audit trail."""

from datetime import date
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.desk import read_page
from handlers.pages.shell import Form, go, page
from handlers.staff import log_out
from models.errors import Conflict, Invalid
from models.people import find_people, restore_user, set_role, suspend_user
from models.trail import TrailEntry, TrailQuery, search_trail
from server.auth import Access, may
from server.http import context

blueprint = Blueprint("people_pages")
PER_PAGE = 25
STATES = [("", "Any state"), ("active", "Active"), ("suspended", "Suspended")]
ROLES = [("", "Any role"), ("shopper", "Shopper"), ("seller", "Seller"), ("support", "Support"), ("admin", "Admin")]
FIELDS = ("actor", "action", "subject", "first_day", "last_day")


@page(blueprint, "GET", "/admin/users", access=Access.SUPPORT, limit="seller")
async def people(request: Request) -> HTTPResponse:
    return await _people(request)


@page(blueprint, "POST", "/admin/users/<user_id:uuid>", access=Access.ADMIN, limit="seller")
async def change(request: Request, user_id: UUID, *, form: Form) -> HTTPResponse:
    """Suspend, restore, or give a role, as the pressed button says."""
    actor_id, do = request.ctx.caller.user_id, form.get("do", "")
    try:
        if do == "suspend":
            reason, keyring = form.get("reason", ""), context(request).keyring
            await log_out(request, await suspend_user(user_id, reason=reason, actor_id=actor_id, keyring=keyring))
        elif do == "restore":
            await restore_user(user_id, actor_id=actor_id)
        elif do == "role" and form.get("role") in ("shopper", "support", "admin"):
            await log_out(request, await set_role(user_id, form["role"], actor_id=actor_id))
        else:
            raise Invalid.field("do", "press one of the buttons")
    except (Invalid, Conflict) as error:
        return await _people(request, error=error.detail, words=str(user_id))
    return flash.leave(request, go(request, f"/admin/users?q={user_id}"), "profile-saved")


@page(blueprint, "GET", "/admin/audit", access=Access.ADMIN, limit="seller")
async def trail(request: Request) -> HTTPResponse:
    asked = {name: (request.args.get(name) or "").strip()[:254] for name in FIELDS}
    older = request.args.get("older_than", "")
    query = TrailQuery(
        actor=asked["actor"],
        action=asked["action"],
        subject=asked["subject"],
        first_day=_day(asked["first_day"]),
        last_day=_day(asked["last_day"]),
        older_than=int(older) if older.isascii() and older.isdecimal() and len(older) < 18 else None,
    )
    entries, more = await search_trail(query, keyring=context(request).keyring)
    return await admin_page(
        request,
        "admin/audit.html",
        await numbers_of(request),
        entries=[{"row": entry, "changes": _changes(entry)} for entry in entries],
        form=asked,
        params=list(asked.items()),
        older_than=entries[-1].id if more else None,
    )


async def _people(request: Request, *, error: str = "", words: str = "") -> HTTPResponse:
    number = read_page(request)
    asked = {name: (request.args.get(name) or "").strip()[:254] for name in ("q", "state", "role")}
    asked["q"] = words or asked["q"]
    state = asked["state"] if asked["state"] in dict(STATES) else ""
    role = asked["role"] if asked["role"] in dict(ROLES) else ""
    found, more = await find_people(
        asked["q"], state=state or None, role=role or None, keyring=context(request).keyring, page=number,
        per_page=PER_PAGE,
    )  # fmt: skip
    return await admin_page(
        request,
        "admin/users.html",
        await numbers_of(request),
        422 if error else 200,
        people=found,
        form=asked,
        states=STATES,
        roles=ROLES,
        decides=may(request.ctx.caller, Access.ADMIN),
        error=error,
        params=list(asked.items()),
        page=number,
        pages=number + 1 if more else number,
    )


def _changes(entry: TrailEntry) -> list[tuple[str, str, str]]:
    """Name, before, after: of what is worth a line, what is kept under a person's key included."""
    before = entry.before | entry.personal.get("before", {})
    after = entry.after | entry.personal.get("after", {})
    return [(name, _text(before.get(name)), _text(after.get(name))) for name in dict.fromkeys([*before, *after])]


def _text(value: object) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"{text[:300]}…" if len(text) > 300 else text or "–"


def _day(text: str) -> date | None:
    """Nonsense is no day at all."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
