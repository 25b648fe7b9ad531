"""Pictures of products: the seller's own uploads, and serving what the shop keeps itself."""

from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from models.base import uuid7
from models.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from models.pictures import add_picture, demand_room, remove_picture
from models.product_change import PICTURES_MAX
from models.review import PHOTOS_MAX, add_photo, demand_photo_room
from server.auth import Access
from server.http import context, endpoint
from server.integrations.media import Media
from server.pictures import CONTENT_TYPE, fit

blueprint = Blueprint("media")
PATH = "/api/v1/seller/products/<product_id:uuid>/images"
A_DAY = "public, max-age=86400"


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
    caller = request.ctx.caller
    await demand_room(caller.seller_id, product_id)
    media: Media = context(request).media
    image_id = uuid7()
    key = await media.store(f"products/{image_id}", await fit(request.body))
    await add_picture(caller.seller_id, product_id, image_id, key=key, actor_id=caller.user_id)
    return Uploaded(image_id, key)


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
    media: Media = context(request).media
    picture = await media.read(f"products/{name}")
    return raw(picture, headers={"Cache-Control": A_DAY}, content_type=CONTENT_TYPE)


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
    user_id = request.ctx.caller.user_id
    await demand_photo_room(user_id, review_id)
    media: Media = context(request).media
    photo_id = uuid7()
    key = await media.store(f"reviews/{photo_id}", await fit(request.body))
    await add_photo(user_id, review_id, photo_id, key=key)
    return Uploaded(photo_id, key)


@blueprint.get("/media/avatars/<name:str>")
async def show_avatar(request: Request, name: str) -> HTTPResponse:
    media: Media = context(request).media
    picture = await media.read(f"avatars/{name}")
    return raw(picture, headers={"Cache-Control": A_DAY}, content_type=CONTENT_TYPE)


@blueprint.get("/media/reviews/<name:str>")
async def show_photo(request: Request, name: str) -> HTTPResponse:
    media: Media = context(request).media
    picture = await media.read(f"reviews/{name}")
    return raw(picture, headers={"Cache-Control": A_DAY}, content_type=CONTENT_TYPE)
