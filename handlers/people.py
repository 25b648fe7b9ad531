"""Support's and the operator's API over people, and the audit trail. Who is suspended is logged out at once."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from handlers.staff import log_out
from models.errors import Conflict, Invalid, NotFound
from models.people import Person, Role, find_people, restore_user, set_role, suspend_user
from models.trail import TrailEntry, TrailQuery, search_trail
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("people_api")
PATH = "/api/v1/admin/users"


class PeopleQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`q`: a part of the name, the whole mail address, or the id."""

    q: Annotated[str, Meta(max_length=254)] = ""
    state: Literal["active", "suspended"] | None = None
    role: Literal["shopper", "seller", "support", "admin"] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=100)] = 25


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Person]
    more: bool
    page: int
    per_page: int


class Suspension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class RoleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Role


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`actor`: an id or a mail address; `action`: one, or its first part; `older_than`: from the last page."""

    actor: Annotated[str, Meta(max_length=254)] = ""
    action: Annotated[str, Meta(max_length=48)] = ""
    subject: Annotated[str, Meta(max_length=36)] = ""
    first_day: date | None = None
    last_day: date | None = None
    older_than: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[TrailEntry]
    more: bool


@endpoint(
    blueprint, "GET", PATH, summary="Search people, newest first", access=Access.SUPPORT, limit="seller",
    query=PeopleQuery, answer=PeoplePage,
)  # fmt: skip
async def search_people(request: Request, *, query: PeopleQuery) -> PeoplePage:
    items, more = await find_people(
        query.q, state=query.state, role=query.role, keyring=context(request).keyring, page=query.page,
        per_page=query.per_page,
    )  # fmt: skip
    return PeoplePage(items=items, more=more, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint, "POST", f"{PATH}/<user_id:uuid>/suspend", summary="Suspend somebody: every log-in ends at once",
    access=Access.ADMIN, limit="seller", body=Suspension, status=204, errors=(NotFound, Conflict, Invalid),
)  # fmt: skip
async def suspend(request: Request, user_id: UUID, *, body: Suspension) -> None:
    actor_id, keyring = request.ctx.caller.user_id, context(request).keyring
    await log_out(request, await suspend_user(user_id, reason=body.reason, actor_id=actor_id, keyring=keyring))


@endpoint(
    blueprint, "POST", f"{PATH}/<user_id:uuid>/restore", summary="Let somebody log in again", access=Access.ADMIN,
    limit="seller", status=204, errors=(NotFound, Conflict),
)  # fmt: skip
async def restore(request: Request, user_id: UUID) -> None:
    await restore_user(user_id, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "PUT", f"{PATH}/<user_id:uuid>/role", summary="Make somebody shopper, support or admin",
    access=Access.ADMIN, limit="seller", body=RoleChange, status=204, errors=(NotFound, Conflict),
)  # fmt: skip
async def change_role(request: Request, user_id: UUID, *, body: RoleChange) -> None:
    await log_out(request, await set_role(user_id, body.role, actor_id=request.ctx.caller.user_id))


@endpoint(
    blueprint, "GET", "/api/v1/admin/audit", summary="Who changed what, newest first", access=Access.ADMIN,
    limit="seller", query=AuditQuery, answer=AuditPage,
)  # fmt: skip
async def audit(request: Request, *, query: AuditQuery) -> AuditPage:
    asked = TrailQuery(**{name: getattr(query, name) for name in TrailQuery.__struct_fields__})
    items, more = await search_trail(asked, keyring=context(request).keyring, per_page=query.per_page)
    return AuditPage(items=items, more=more)
