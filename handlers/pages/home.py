"""The home page: the market's size, a face for each category, what sells, what is new, what is cheap today."""

import asyncio
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.cached import cached_page
from handlers.pages.pictures import picture_url
from handlers.pages.search import category_tree
from handlers.pages.search_view import card
from handlers.pages.shell import Pages, page
from handlers.pages.shop import page_key, public_page, render_public
from handlers.search import find_part, find_products
from models.category_tree import CategoryNode
from search.answer import SearchAnswer
from search.query import SearchQuery, Sort
from server.cache import Body
from server.http import context

blueprint = Blueprint("home_pages")
TILES, ROW, SHELF = 8, 10, 12
FACES_TTL_S = 300
TTL_S = 60


@page(blueprint, "GET", "/", limit=None)
async def home(request: Request) -> HTTPResponse:
    return await cached_page(request, page_key(request, ""), partial(_home, request), ttl_s=TTL_S)


async def _home(request: Request) -> Body:
    rows, tiles = await asyncio.gather(
        asyncio.gather(
            _best(request, "best_selling", SHELF, facets=("seller",)),
            _best(request, "newest", ROW),
            _best(request, "discount", ROW),
        ),
        _tiles(request),
    )
    popular, newest, deals = (answer for answer, _ in rows)
    sellers = next((len(facet.values) for facet in popular.facets if facet.name == "seller"), 0)
    text = await render_public(
        request,
        "shop/home.html",
        product_count=popular.total,
        seller_count=sellers,
        tiles=tiles,
        popular=[card(hit) for hit in popular.hits],
        newest=[card(hit) for hit in newest.hits],
        deals=[card(hit) for hit in deals.hits if hit.discount],
    )
    whole = not any(answer.degraded for answer, _ in rows)
    return Body(text.encode(), whole, frozenset().union(*(tags for _, tags in rows)))


@page(blueprint, "GET", "/help")
async def help_page(request: Request) -> HTTPResponse:
    return await public_page(request, "shop/help.html")


async def _best(
    request: Request, sort: Sort, count: int, facets: tuple[str, ...] = ("none",)
) -> tuple[SearchAnswer, frozenset[int]]:
    return await find_part(request, SearchQuery(sort=sort, per_page=count, in_stock="1", facets=facets))


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
    hits = (await find_products(request, query, inner=True)).hits
    return {"name": node.name, "slug": node.slug, "picture": picture_url(hits[0].image) if hits else None}
