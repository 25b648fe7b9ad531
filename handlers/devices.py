"""Where one is logged in, over the API: every device, and ending one, all others, or all."""

from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.credentials import forget_all
from models.sessions import Device, list_devices, revoke_device, revoke_sessions_of
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("devices")


class Devices(msgspec.Struct, frozen=True):
    items: list[Device]


class Ended(msgspec.Struct, frozen=True):
    ended: int


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`others`: all but this one."""

    others: bool = False


@endpoint(
    blueprint,
    "GET",
    "/api/v1/me/sessions",
    summary="Every device that is logged in",
    access=Access.USER,
    limit="read",
    answer=Devices,
)
async def list_sessions(request: Request) -> Devices:
    caller = request.ctx.caller
    return Devices(await list_devices(caller.user_id, current=caller.session_id))


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/me/sessions/<session_id:uuid>",
    summary="Log one device out, at once",
    access=Access.USER,
    limit="auth",
    status=204,
)
async def end_session(request: Request, session_id: UUID) -> None:
    await end_device(request, session_id)


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/me/sessions",
    summary="Log out everywhere, or everywhere else",
    access=Access.USER,
    limit="auth",
    query=Which,
    answer=Ended,
)
async def end_sessions(request: Request, *, query: Which) -> Ended:
    return Ended(await end_devices(request, others=query.others))


async def end_device(request: Request, session_id: UUID) -> None:
    """Raises NotFound, also for somebody else's."""
    await revoke_device(request.ctx.caller.user_id, session_id)
    await forget_all(request, [session_id])


async def end_devices(request: Request, *, others: bool) -> int:
    caller = request.ctx.caller
    ended = await revoke_sessions_of(caller.user_id, keep=caller.session_id if others else None)
    await forget_all(request, ended)
    return len(ended)
