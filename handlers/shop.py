"""Opening a shop and what its owner keeps of it: profile, papers, sending it in. Papers leave by links that end."""

import time
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from models.errors import Conflict, Invalid, NotFound
from models.onboarding import Shop, ShopProfile, change_profile, get_shop, open_shop, submit
from models.seller import SellerRow, get_seller
from models.seller_documents import DocumentRow, drop_document, keep_document, list_documents, read_document
from server.auth import Access, reread_session
from server.http import context, endpoint
from server.links import demand_signed, signed

blueprint = Blueprint("shop_api")
PATH = "/api/v1/seller"
LINK_S = 5 * 60


class NewShop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=120)]


class LinkQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: Annotated[str, Meta(max_length=12, pattern=r"^[0-9]+(?!\n)$")]
    key: Annotated[str, Meta(max_length=64)]


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """`url` works for five minutes, and for who may see the paper alone."""

    document: DocumentRow
    url: str


class ShopWithPapers(msgspec.Struct, frozen=True, kw_only=True):
    shop: Shop
    documents: list[Paper]


class SellerReview(msgspec.Struct, frozen=True, kw_only=True):
    seller: SellerRow
    shop: Shop
    documents: list[Paper]


@endpoint(
    blueprint, "POST", PATH, summary="Open a shop, in draft", access=Access.USER, body=NewShop, answer=ShopWithPapers,
    status=201, errors=(Conflict, Invalid),
)  # fmt: skip
async def open_a_shop(request: Request, *, body: NewShop) -> ShopWithPapers:
    return await _shop(request, await start_shop(request, body.name))


@endpoint(blueprint, "GET", PATH, summary="My shop and what is missing", access=Access.SELLER, limit="seller",
          answer=ShopWithPapers)  # fmt: skip
async def show_shop(request: Request) -> ShopWithPapers:
    return await _shop(request, request.ctx.caller.seller_id)


@endpoint(
    blueprint, "PATCH", PATH, summary="Change the profile of my shop", access=Access.OWNER, limit="seller",
    body=ShopProfile, answer=ShopWithPapers, errors=(Invalid, Conflict),
)  # fmt: skip
async def edit_shop(request: Request, *, body: ShopProfile) -> ShopWithPapers:
    caller = request.ctx.caller
    await change_profile(caller.seller_id, body, actor_id=caller.user_id)
    return await _shop(request, caller.seller_id)


@endpoint(
    blueprint, "POST", f"{PATH}/submit", summary="Send my shop to the market", access=Access.OWNER, limit="seller",
    answer=ShopWithPapers, errors=(Invalid, Conflict),
)  # fmt: skip
async def send_in(request: Request) -> ShopWithPapers:
    caller = request.ctx.caller
    await submit(caller.seller_id, actor_id=caller.user_id)
    return await _shop(request, caller.seller_id)


@endpoint(
    blueprint, "PUT", f"{PATH}/documents/<kind:str>", access=Access.OWNER, limit="seller", answer=ShopWithPapers,
    summary="Hand in a paper (identity, tax or bank): the bytes of a PDF, JPEG or PNG as the body",
    errors=(NotFound, Invalid, Conflict),
)  # fmt: skip
async def hand_in(request: Request, kind: str) -> ShopWithPapers:
    caller = request.ctx.caller
    keyring = context(request).keyring
    await keep_document(caller.seller_id, kind, kind, request.body, actor_id=caller.user_id, keyring=keyring)
    return await _shop(request, caller.seller_id)


@endpoint(
    blueprint, "DELETE", f"{PATH}/documents/<document_id:uuid>", summary="Take a paper back", access=Access.OWNER,
    limit="seller", status=204, errors=(NotFound, Conflict),
)  # fmt: skip
async def take_back(request: Request, document_id: UUID) -> None:
    await drop_document(request.ctx.caller.seller_id, document_id, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "GET", "/api/v1/documents/<document_id:uuid>", summary="A paper, by a link that ends",
    access=Access.USER, limit="seller", query=LinkQuery, errors=(NotFound,),
)  # fmt: skip
async def show_document(request: Request, document_id: UUID, *, query: LinkQuery) -> HTTPResponse:
    """For its owner and the operator; a link alone opens nothing."""
    caller, shared = request.ctx.caller, context(request)
    demand_signed(shared.settings, request.path, until=query.until, key=query.key)
    owner = caller.seller_id if "owner" in caller.grants else None
    if owner is None and caller.role != "admin":
        raise NotFound("There is no such document.")
    seller_id = None if caller.role == "admin" else owner
    found = await read_document(document_id, seller_id=seller_id, keyring=shared.keyring)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return raw(found.content, headers=headers, content_type=found.content_type)


@endpoint(
    blueprint, "GET", "/api/v1/admin/sellers/<seller_id:uuid>", summary="A seller with profile and papers",
    access=Access.ADMIN, limit="seller", answer=SellerReview, errors=(NotFound,),
)  # fmt: skip
async def review_seller(request: Request, seller_id: UUID) -> SellerReview:
    return SellerReview(
        seller=await get_seller(seller_id),
        shop=await get_shop(seller_id),
        documents=await papers_of(request, seller_id),
    )


async def start_shop(request: Request, name: str) -> UUID:
    """The caller is its owner from the next request on. Raises Conflict, Invalid."""
    shared, caller = context(request), request.ctx.caller
    seller_id = await open_shop(caller.user_id, name)
    await reread_session(shared.redis, shared.settings, caller.session_id)
    return seller_id


async def papers_of(request: Request, seller_id: UUID) -> list[Paper]:
    until, settings = int(time.time()) + LINK_S, context(request).settings
    return [
        Paper(document=row, url=signed(settings, f"/api/v1/documents/{row.id}", until=until))
        for row in await list_documents(seller_id)
    ]


async def _shop(request: Request, seller_id: UUID) -> ShopWithPapers:
    return ShopWithPapers(shop=await get_shop(seller_id), documents=await papers_of(request, seller_id))
