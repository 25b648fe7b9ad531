"""One product in public: cached, a permanent redirect from an old slug, 404 for what is not for sale."""

import hashlib
from functools import partial

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from handlers.cached import cached_json
from models.errors import NotFound, TooMany
from models.product_page import ProductPage, find_new_slug, find_product_page
from search.tags import of_product
from server.cache import Body
from server.http import endpoint

blueprint = Blueprint("products")
TTL_S = 15  # stock counts move without a new generation


class Moved(NotFound):
    """The product is elsewhere now."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"This product is at /p/{slug} now.", code="moved")
        self.slug = slug


@endpoint(
    blueprint,
    "GET",
    "/api/v1/products/<slug:str>",
    summary="Read a product",
    limit=None,
    answer=ProductPage,
    errors=(NotFound, TooMany),
)
async def read_product(request: Request, slug: str) -> HTTPResponse:
    try:
        return await cached_json(request, _key(slug), partial(_read, slug), ttl_s=TTL_S)
    except Moved as moved:
        return redirect(f"/api/v1/products/{moved.slug}", status=301)


def _key(slug: str) -> str:
    return f"product:{hashlib.blake2b(slug.encode(), digest_size=16).hexdigest()}"


async def _read(slug: str) -> Body:
    return Body(msgspec.json.encode(await get_product(slug)), tags=frozenset([of_product(slug)]))


async def get_product(slug: str) -> ProductPage:
    """Raises Moved, NotFound."""
    page = await find_product_page(slug)
    if page is not None:
        return page
    new_slug = await find_new_slug(slug)
    if new_slug and new_slug != slug:
        raise Moved(new_slug)
    raise NotFound("There is no such product, or it is not for sale now.")
