"""A product's page, from the same cached answer as the API; picking a variant swaps its upper part alone."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from handlers.pages.product_view import histogram, json_ld, pick_variant, product_view
from handlers.pages.search_view import card
from handlers.pages.shell import page, public, render, wants_fragment
from handlers.pages.shop import public_page
from handlers.products import Moved, get_product
from handlers.search import find_products
from models.product_page import ProductPage
from search.answer import Hit
from search.query import SearchQuery
from server.http import context

blueprint = Blueprint("product_pages")
RELATED = 10


@page(blueprint, "GET", "/p/<slug:str>", limit=None)
async def product(request: Request, slug: str) -> HTTPResponse:
    try:
        found = await get_product(request, slug)
    except Moved as moved:
        return redirect(f"/p/{moved.slug}", status=301)
    settings = context(request).settings
    variant = pick_variant(found, request.args.get("variant", ""))
    view = product_view(found, variant, settings)
    if wants_fragment(request):
        return public(request, render(request, "shop/_product.html", product=view))
    return await public_page(
        request,
        "shop/product.html",
        product=view,
        canonical=f"/p/{found.slug}",
        json_ld=json_ld(found, variant, settings),
        reviews=found.reviews,
        histogram=histogram(found),
        related=[card(hit) for hit in await _related(request, found)],
    )


async def _related(request: Request, found: ProductPage) -> list[Hit]:
    """Best sellers of the same category."""
    if not found.breadcrumbs:
        return []
    query = SearchQuery(
        category=found.breadcrumbs[-1].slug, sort="best_selling", in_stock="1", per_page=RELATED + 1, facets=("none",)
    )
    return [hit for hit in (await find_products(request, query)).hits if hit.slug != found.slug][:RELATED]
