"""The home page: the market's size, a face for each category, what sells, what is new, what is cheap today."""

import asyncio
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages.pictures import picture_url
from handlers.pages.search import category_tree
from handlers.pages.search_view import card
from handlers.pages.shell import Pages, page
from handlers.pages.shop import public_page
from handlers.search import find_products
from models.category_tree import CategoryNode
from search.answer import SearchAnswer
from search.query import SearchQuery, Sort
from server.http import context

blueprint = Blueprint("home_pages")
TILES, ROW, SHELF = 8, 10, 12
FACES_TTL_S = 300


@page(blueprint, "GET", "/", limit=None)
async def home(request: Request) -> HTTPResponse:
    popular, newest, deals, tiles = await asyncio.gather(
        _best(request, "best_selling", SHELF, facets=("seller",)),
        _best(request, "newest", ROW),
        _best(request, "discount", ROW),
        _tiles(request),
    )
    sellers = next((len(facet.values) for facet in popular.facets if facet.name == "seller"), 0)
    return await public_page(
        request,
        "shop/home.html",
        product_count=popular.total,
        seller_count=sellers,
        tiles=tiles,
        popular=[card(hit) for hit in popular.hits],
        newest=[card(hit) for hit in newest.hits],
        deals=[card(hit) for hit in deals.hits if hit.discount],
    )


@page(blueprint, "GET", "/help")
async def help_page(request: Request) -> HTTPResponse:
    rules = context(request).settings.checkout
    return await public_page(
        request,
        "shop/help.html",
        shipping_minor=rules.shipping_minor,
        free_shipping_over_minor=rules.free_shipping_over_minor,
    )


async def _best(request: Request, sort: Sort, count: int, facets: tuple[str, ...] = ("none",)) -> SearchAnswer:
    return await find_products(request, SearchQuery(sort=sort, per_page=count, in_stock="1", facets=facets))


async def _tiles(request: Request) -> list[dict[str, Any]]:
    pages: Pages = context(request).templates
    roots = [node for node in (await category_tree(request)).grow("", 1) if node.count][:TILES]

    async def load() -> list[dict[str, Any]]:
        return [await _tile(request, node) for node in roots]

    tiles: list[dict[str, Any]] = await pages.kept.get("tiles", load, ttl_s=FACES_TTL_S if roots else 0)
    return tiles


async def _tile(request: Request, node: CategoryNode) -> dict[str, Any]:
    """A category with the picture of what sells best in it."""
    query = SearchQuery(category=node.slug, sort="best_selling", per_page=1, facets=("none",))
    hits = (await find_products(request, query)).hits
    return {"name": node.name, "slug": node.slug, "picture": picture_url(hits[0].image) if hits else None}
