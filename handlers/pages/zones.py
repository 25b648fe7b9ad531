"""The operator's page of delivery zones: which PIN codes are big cities, and which are far away."""

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.forms import errors_of
from handlers.pages.offers import ZONE_NAMES
from handlers.pages.shell import Form, go, page
from models.errors import DomainError
from models.zones import PinZone, drop_zone, list_zones, set_zone
from server.auth import Access
from server.decode import decode_json

blueprint = Blueprint("zone_pages")
ZONES = [(zone, ZONE_NAMES[zone]) for zone in ("metro", "remote", "national")]


@page(blueprint, "GET", "/admin/zones", access=Access.ADMIN, limit="seller")
async def zones(request: Request) -> HTTPResponse:
    return await _zones(request, {}, {})


@page(blueprint, "POST", "/admin/zones", access=Access.ADMIN, limit="seller")
async def change(request: Request, *, form: Form) -> HTTPResponse:
    body = {"prefix": form.get("prefix", "").replace(" ", ""), "zone": form.get("zone", "")}
    try:
        await set_zone(decode_json(msgspec.json.encode(body), PinZone), actor_id=request.ctx.caller.user_id)
    except DomainError as error:
        return await _zones(request, form, errors_of(error))
    return flash.leave(request, go(request, "/admin/zones"), "zone-set")


@page(blueprint, "POST", "/admin/zones/<prefix:str>/remove", access=Access.ADMIN, limit="seller")
async def remove(request: Request, prefix: str, **_: Form) -> HTTPResponse:
    await drop_zone(prefix, actor_id=request.ctx.caller.user_id)
    return go(request, "/admin/zones")


async def _zones(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await admin_page(
        request,
        "admin/zones.html",
        await numbers_of(request),
        422 if errors else 200,
        rows=await list_zones(),
        zones=ZONES,
        names=ZONE_NAMES,
        form=form,
        errors=errors,
    )
