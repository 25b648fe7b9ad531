"""The seller API: one's own products. A change is committed before it is answered, and search follows by itself."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.listing import Listing, ListingLine, get_listing, list_listings
from models.product_input import NewProduct, ProductChange
from models.product_new import create_product
from models.product_write import change_product
from server.auth import Access, Caller
from server.http import endpoint

blueprint = Blueprint("seller_api")
PATH = "/api/v1/seller/products"


class ListingQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: Annotated[str, Meta(max_length=100)] = ""
    status: Literal["draft", "pending", "active", "rejected", "archived"] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=200)] = 50


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ListingLine]
    total: int
    page: int
    per_page: int


@endpoint(
    blueprint,
    "GET",
    PATH,
    summary="List my products, last changed first",
    access=Access.PRODUCTS,
    limit="seller",
    query=ListingQuery,
    answer=ListingPage,
)
async def list_products(request: Request, *, query: ListingQuery) -> ListingPage:
    items, total = await list_listings(
        _seller(request), words=query.q or None, state=query.status, page=query.page, per_page=query.per_page
    )
    return ListingPage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    PATH,
    summary="Offer a product",
    access=Access.PRODUCTS,
    limit="seller",
    body=NewProduct,
    answer=Listing,
    status=201,
    errors=(Invalid, Conflict, Forbidden),
)
async def offer_product(request: Request, *, body: NewProduct) -> Listing:
    return await create_product(_seller(request), body, actor_id=_caller(request).user_id)


@endpoint(
    blueprint,
    "GET",
    f"{PATH}/<product_id:uuid>",
    summary="One of my products",
    access=Access.PRODUCTS,
    limit="seller",
    answer=Listing,
    errors=(NotFound,),
)
async def show_product(request: Request, product_id: UUID) -> Listing:
    return await get_listing(_seller(request), product_id)


@endpoint(
    blueprint,
    "PATCH",
    f"{PATH}/<product_id:uuid>",
    summary="Change a product and its specifications, variants, prices, stock; shoppers find the change a moment later",
    access=Access.PRODUCTS,
    limit="seller",
    body=ProductChange,
    answer=Listing,
    errors=(NotFound, Invalid, Conflict, Forbidden),
)
async def edit_product(request: Request, product_id: UUID, *, body: ProductChange) -> Listing:
    return await change_product(_seller(request), product_id, body, actor_id=_caller(request).user_id)


def _caller(request: Request) -> Caller:
    caller: Caller = request.ctx.caller
    return caller


def _seller(request: Request) -> UUID:
    seller_id = _caller(request).seller_id
    assert seller_id is not None
    return seller_id
