"""Pictures of products: the seller's own uploads, and serving what the shop keeps itself."""

from pathlib import PurePosixPath
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from models.base import uuid7
from models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from models.pictures import add_picture, demand_room, remove_picture
from models.product_change import PICTURES_MAX
from models.review import PHOTOS_MAX, add_photo, demand_photo_room
from server.auth import Access
from server.http import context, endpoint
from server.integrations.media import Media
from server.pictures import CONTENT_TYPES, fit

blueprint = Blueprint("media")
PATH = "/api/v1/seller/products/<product_id:uuid>/images"
VERSION_MAX = 2**53
A_DAY = "public, max-age=86400"


class WhereTo(msgspec.Struct, frozen=True):
    """With `fields`: send a form of them and the `file` to `url`, then tell the shop; without: send `url` the bytes."""

    id: UUID
    url: str
    fields: dict[str, str]


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id` as it was given; `version` and `signature` of Cloudinary's answer."""

    id: UUID
    version: Annotated[int, Meta(ge=1, le=VERSION_MAX)]
    signature: Annotated[str, Meta(min_length=1, max_length=128)]


class Uploaded(msgspec.Struct, frozen=True):
    id: UUID
    key: str


@endpoint(
    blueprint,
    "POST",
    PATH,
    summary=f"Add a picture: the bytes of a JPEG, PNG, WebP or GIF as the body; at most {PICTURES_MAX} a product",
    access=Access.PRODUCTS,
    limit="seller",
    answer=Uploaded,
    status=201,
    upload=True,
    errors=(NotFound, Invalid, Conflict, Forbidden, Unavailable),
)
async def upload_picture(request: Request, product_id: UUID) -> Uploaded:
    return await take_picture(request, product_id, request.body)


async def take_picture(request: Request, product_id: UUID, picture: bytes) -> Uploaded:
    """Made fit, kept, and added last. Raises NotFound, Invalid, Conflict, Unavailable."""
    caller = request.ctx.caller
    await demand_room(caller.seller_id, product_id)
    media: Media = context(request).media
    image_id = uuid7()
    key = await media.store(f"products/{image_id}", await fit(picture))
    await add_picture(caller.seller_id, product_id, image_id, key=key, actor_id=caller.user_id)
    return Uploaded(image_id, key)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/ticket",
    summary="Ask where a picture is to be sent: to the shop, or straight to Cloudinary with a signature for one hour",
    access=Access.PRODUCTS,
    limit="seller",
    answer=WhereTo,
    errors=(NotFound, Conflict),
)
async def where_to(request: Request, product_id: UUID) -> WhereTo:
    return await find_where(request, product_id)


@endpoint(
    blueprint,
    "POST",
    f"{PATH}/uploaded",
    summary="Add a picture that Cloudinary has taken, by what Cloudinary answered",
    access=Access.PRODUCTS,
    limit="seller",
    body=Sent,
    answer=Uploaded,
    status=201,
    errors=(NotFound, Invalid, Conflict, Forbidden),
)
async def picture_uploaded(request: Request, product_id: UUID, *, body: Sent) -> Uploaded:
    return await take_uploaded(request, product_id, body)


async def find_where(request: Request, product_id: UUID) -> WhereTo:
    """Raises NotFound, Conflict for a product that has all its pictures."""
    await demand_room(request.ctx.caller.seller_id, product_id)
    media: Media = context(request).media
    image_id = uuid7()
    ticket = media.ticket(_name(product_id, image_id))
    if ticket is None:
        return WhereTo(image_id, PATH.replace("<product_id:uuid>", str(product_id)), {})
    return WhereTo(image_id, ticket.url, ticket.fields)


async def take_uploaded(request: Request, product_id: UUID, sent: Sent) -> Uploaded:
    """The product is in the name that Cloudinary signed: nobody redeems what was sent for another one."""
    caller = request.ctx.caller
    await demand_room(caller.seller_id, product_id)
    media: Media = context(request).media
    key = media.redeem(_name(product_id, sent.id), sent.version, sent.signature)
    await add_picture(caller.seller_id, product_id, sent.id, key=key, actor_id=caller.user_id)
    return Uploaded(sent.id, key)


def _name(product_id: UUID, image_id: UUID) -> str:
    return f"products/{product_id}/{image_id}"


@endpoint(
    blueprint,
    "DELETE",
    f"{PATH}/<image_id:uuid>",
    summary="Take a picture away",
    access=Access.PRODUCTS,
    limit="seller",
    status=204,
    errors=(NotFound, Forbidden),
)
async def delete_picture(request: Request, product_id: UUID, image_id: UUID) -> None:
    caller = request.ctx.caller
    await remove_picture(caller.seller_id, product_id, image_id, actor_id=caller.user_id)


@blueprint.get("/media/products/<name:str>")
async def show_picture(request: Request, name: str) -> HTTPResponse:
    return await _show(request, f"products/{name}")


@endpoint(
    blueprint,
    "POST",
    "/api/v1/reviews/<review_id:uuid>/photos",
    summary=f"Add a photo to a new review of mine: the bytes as the body; at most {PHOTOS_MAX} a review",
    access=Access.USER,
    answer=Uploaded,
    status=201,
    upload=True,
    errors=(NotFound, Invalid, Conflict, Unavailable),
)
async def upload_photo(request: Request, review_id: UUID) -> Uploaded:
    await demand_photo_room(request.ctx.caller.user_id, review_id)
    return await keep_photo(request, review_id, await fit(request.body))


async def keep_photo(request: Request, review_id: UUID, picture: bytes) -> Uploaded:
    """Last among those of the caller's review. Raises NotFound, Conflict, and then no file of it is left."""
    media: Media = context(request).media
    photo_id = uuid7()
    key = await media.store(f"reviews/{photo_id}", picture)
    try:
        await add_photo(request.ctx.caller.user_id, review_id, photo_id, key=key)
    except DomainError:
        await media.remove(key)
        raise
    return Uploaded(photo_id, key)


@blueprint.get("/media/avatars/<name:str>")
async def show_avatar(request: Request, name: str) -> HTTPResponse:
    return await _show(request, f"avatars/{name}")


@blueprint.get("/media/reviews/<name:str>")
async def show_photo(request: Request, name: str) -> HTTPResponse:
    return await _show(request, f"reviews/{name}")


async def _show(request: Request, key: str) -> HTTPResponse:
    """One of a picture's sizes, by the name of its file."""
    media: Media = context(request).media
    kind = CONTENT_TYPES.get(PurePosixPath(key).suffix)
    if kind is None:
        raise NotFound("There is no such picture.")
    return raw(await media.read(key), headers={"Cache-Control": A_DAY}, content_type=kind)
