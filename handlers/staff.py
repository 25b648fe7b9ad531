"""The owner's API over staff and invitations; whom it takes away from is logged out at once, on every device."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from handlers.account import Email
from models.errors import Conflict, Invalid, NotFound
from models.staff import Grants, InvitationRow, StaffRow, accept, invite, list_staff, remove, set_grants, withdraw
from server.auth import Access, forget_session, reread_session
from server.http import context, endpoint
from server.links import demand_signed

blueprint = Blueprint("staff_api")
PATH = "/api/v1/seller/staff"


class NewInvitation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: Email
    grants: Grants = []


class GrantChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    grants: Grants


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both are in the link that came by mail."""

    until: Annotated[str, Meta(max_length=12, pattern=r"^[0-9]+(?!\n)$")]
    key: Annotated[str, Meta(max_length=64)]


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    items: list[StaffRow]
    invitations: list[InvitationRow]


@endpoint(blueprint, "GET", PATH, summary="Who works for my shop", access=Access.OWNER, limit="seller", answer=Staff)
async def show_staff(request: Request) -> Staff:
    return await _staff(request)


async def _staff(request: Request) -> Staff:
    items, invitations = await list_staff(request.ctx.caller.seller_id, keyring=context(request).keyring)
    return Staff(items=items, invitations=invitations)


@endpoint(
    blueprint, "POST", f"{PATH}/invitations", summary="Invite somebody by mail, for a week", access=Access.OWNER,
    body=NewInvitation, answer=Staff, status=201, errors=(Conflict, Invalid),
)  # fmt: skip
async def invite_staff(request: Request, *, body: NewInvitation) -> Staff:
    caller = request.ctx.caller
    keyring = context(request).keyring
    await invite(caller.seller_id, body.email, body.grants, actor_id=caller.user_id, keyring=keyring)
    return await _staff(request)


@endpoint(
    blueprint, "DELETE", f"{PATH}/invitations/<invitation_id:uuid>", summary="Withdraw an invitation",
    access=Access.OWNER, limit="seller", status=204, errors=(NotFound,),
)  # fmt: skip
async def withdraw_invitation(request: Request, invitation_id: UUID) -> None:
    await withdraw(request.ctx.caller.seller_id, invitation_id, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "PATCH", f"{PATH}/<user_id:uuid>", summary="Change what somebody may do", access=Access.OWNER,
    limit="seller", body=GrantChange, answer=Staff, errors=(NotFound,),
)  # fmt: skip
async def grant(request: Request, user_id: UUID, *, body: GrantChange) -> Staff:
    caller = request.ctx.caller
    await log_out(request, await set_grants(caller.seller_id, user_id, body.grants, actor_id=caller.user_id))
    return await _staff(request)


@endpoint(
    blueprint, "DELETE", f"{PATH}/<user_id:uuid>", summary="Let somebody go", access=Access.OWNER, limit="seller",
    status=204, errors=(NotFound,),
)  # fmt: skip
async def let_go(request: Request, user_id: UUID) -> None:
    caller = request.ctx.caller
    await log_out(request, await remove(caller.seller_id, user_id, actor_id=caller.user_id))


@endpoint(
    blueprint, "POST", "/api/v1/invitations/<invitation_id:uuid>/accept", summary="Accept an invitation to work",
    access=Access.USER, body=Acceptance, status=204, errors=(NotFound, Conflict),
)  # fmt: skip
async def accept_invitation(request: Request, invitation_id: UUID, *, body: Acceptance) -> None:
    await join(request, invitation_id, until=body.until, key=body.key)


async def join(request: Request, invitation_id: UUID, *, until: str, key: str) -> None:
    """Raises NotFound for a link that is not whole, has ended, or is for another mail address; Conflict."""
    shared, caller = context(request), request.ctx.caller
    demand_signed(shared.settings, f"/invitations/{invitation_id}", until=until, key=key)
    await accept(invitation_id, caller.user_id, keyring=shared.keyring)
    await reread_session(shared.redis, shared.settings, caller.session_id)


async def log_out(request: Request, session_ids: Sequence[UUID]) -> None:
    """What is revoked in the database is refused by the cache, too."""
    shared = context(request)
    for session_id in session_ids:
        await forget_session(shared.redis, shared.settings, session_id)
