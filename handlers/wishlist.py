"""The wishlist over the API; each answer is the whole list."""

from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.errors import Invalid, NotFound
from models.wishlist import WishlistEntry, add_wish, drop_wish, list_wishlist
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("wishlist")


class NewWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    product_id: UUID


class Wishlist(msgspec.Struct, frozen=True):
    items: list[WishlistEntry]


@endpoint(
    blueprint,
    "GET",
    "/api/v1/wishlist",
    summary="My wishlist, last added first",
    access=Access.USER,
    limit="read",
    answer=Wishlist,
)
async def show_wishlist(request: Request) -> Wishlist:
    return Wishlist(await list_wishlist(request.ctx.caller.user_id))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/wishlist",
    summary="Wish for a product; a mail comes when it is sold out and back again",
    access=Access.USER,
    body=NewWish,
    answer=Wishlist,
    errors=(Invalid,),
)
async def wish_for(request: Request, *, body: NewWish) -> Wishlist:
    await add_wish(request.ctx.caller.user_id, body.product_id)
    return Wishlist(await list_wishlist(request.ctx.caller.user_id))


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/wishlist/<product_id:uuid>",
    summary="Take a product off the wishlist",
    access=Access.USER,
    answer=Wishlist,
    errors=(NotFound,),
)
async def drop_from_wishlist(request: Request, product_id: UUID) -> Wishlist:
    await drop_wish(request.ctx.caller.user_id, product_id)
    return Wishlist(await list_wishlist(request.ctx.caller.user_id))
