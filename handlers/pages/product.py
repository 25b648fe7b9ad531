"""A product's page, cached whole like the API's answer; picking a variant swaps its upper part alone."""

from functools import partial

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from handlers.cached import cached_page
from handlers.pages.product_view import histogram, json_ld, pick_variant, product_view, review_view
from handlers.pages.search_view import card
from handlers.pages.shell import page, render, wants_fragment
from handlers.pages.shop import page_key, render_public
from handlers.products import TTL_S, Moved, get_product
from handlers.search import find_part
from models.carriage import usual_rate
from models.product_page import ProductPage
from search.answer import Hit
from search.query import SearchQuery
from search.tags import of_product
from server.cache import Body
from server.http import context

blueprint = Blueprint("product_pages")
RELATED = 10


@page(blueprint, "GET", "/p/<slug:str>", limit=None)
async def product(request: Request, slug: str) -> HTTPResponse:
    key = page_key(request, request.args.get("variant", ""))
    try:
        return await cached_page(request, key, partial(_render, request, slug), ttl_s=TTL_S)
    except Moved as moved:
        return redirect(f"/p/{moved.slug}", status=301)


async def _render(request: Request, slug: str) -> Body:
    found, own = await get_product(slug), frozenset([of_product(slug)])
    settings = context(request).settings
    variant = pick_variant(found, request.args.get("variant", ""))
    view = product_view(found, variant, settings, await usual_rate(slug))
    if wants_fragment(request):
        return Body(render(request, "shop/_product.html", product=view, swapped=True).encode(), tags=own)
    related, others = await _related(request, found)
    text = await render_public(
        request,
        "shop/product.html",
        product=view,
        swapped=False,
        canonical=f"/p/{found.slug}",
        json_ld=json_ld(found, variant, settings),
        reviews=[review_view(review) for review in found.reviews],
        histogram=histogram(found),
        related=[card(hit) for hit in related],
    )
    return Body(text.encode(), tags=own | others)


async def _related(request: Request, found: ProductPage) -> tuple[list[Hit], frozenset[int]]:
    """Best sellers of the same category, and their tags."""
    if not found.breadcrumbs:
        return [], frozenset()
    query = SearchQuery(
        category=found.breadcrumbs[-1].slug, sort="best_selling", in_stock="1", per_page=RELATED + 1, facets=("none",)
    )
    answer, tags = await find_part(request, query)
    return [hit for hit in answer.hits if hit.slug != found.slug][:RELATED], tags
