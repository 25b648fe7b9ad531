"""The operator's API of delivery zones: PIN codes by their first digits."""

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.errors import Invalid, NotFound
from models.zones import PinZone, drop_zone, list_zones, set_zone
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("zones_api")
PATH = "/api/v1/admin/zones"


class Zones(msgspec.Struct, frozen=True):
    items: list[PinZone]


@endpoint(blueprint, "GET", PATH, summary="Zones by PIN code prefix", access=Access.ADMIN, limit="seller", answer=Zones)
async def show_zones(_: Request) -> Zones:
    return Zones(await list_zones())


@endpoint(
    blueprint, "PUT", PATH, summary="Set the zone of PIN codes", access=Access.ADMIN, limit="seller", body=PinZone,
    answer=Zones, errors=(Invalid,),
)  # fmt: skip
async def change_zone(request: Request, *, body: PinZone) -> Zones:
    await set_zone(body, actor_id=request.ctx.caller.user_id)
    return Zones(await list_zones())


@endpoint(
    blueprint, "DELETE", f"{PATH}/<prefix:str>", summary="Take a prefix out of its zone", access=Access.ADMIN,
    limit="seller", answer=Zones, errors=(NotFound,),
)  # fmt: skip
async def remove_zone(request: Request, prefix: str) -> Zones:
    await drop_zone(prefix, actor_id=request.ctx.caller.user_id)
    return Zones(await list_zones())
