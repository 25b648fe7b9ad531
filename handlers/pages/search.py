"""The search page, a category's page and the suggestions: the API's own answers from the API's own cache, rendered.

With `HX-Request` the same address answers with the results alone, which the instant search swaps in.
"""

from functools import partial
from typing import Any

import msgspec
from sanic import Blueprint
from sanic.request import Request, RequestParameters
from sanic.response import HTTPResponse

from handlers.cached import cached_page
from handlers.pages.search_view import search_view, suggestion_view
from handlers.pages.shell import page, public, render, wants_fragment
from handlers.pages.shop import page_key, public_page, render_public
from handlers.search import find_part, find_products, find_suggestions
from models.category_tree import CategoryNode, Tree
from models.errors import Invalid, NotFound
from search.answer import SearchAnswer
from search.document import key_of
from search.engine import Engine
from search.query import Q_MAX, SearchQuery, normalise, read_range
from server.cache import Body
from server.decode import decode_query, legible
from server.http import context
from web.filters import plural
from web.links import Pairs

blueprint = Blueprint("search_pages")
TTL_S = 60  # the counts of the categories beside the results follow no tags
FIELDS = frozenset(SearchQuery.__struct_fields__) - {"facets", "per_page"}


@page(blueprint, "GET", "/search", limit=None)
async def search(request: Request) -> HTTPResponse:
    query, params = read_query(request)
    answer, tree = await find_products(request, query, logged=True), await category_tree(request)
    view = search_view(answer, query, tree=tree, path="/search", params=params)
    return public(request, await _show(request, view, answer, crumbs=[], canonical="/search", indexable=False))


@page(blueprint, "GET", "/c/<slug:str>", limit=None)
async def category(request: Request, slug: str) -> HTTPResponse:
    query, params = read_query(request)
    query = msgspec.structs.replace(query, category=slug)
    params = [pair for pair in params if pair[0] != "category"]
    compute = partial(_category, request, query, params)
    return await cached_page(request, page_key(request, (query, params)), compute, ttl_s=TTL_S)


async def _category(request: Request, query: SearchQuery, params: Pairs) -> Body:
    tree = await category_tree(request)
    node = tree.nodes.get(query.category)
    if node is None:
        raise NotFound("There is no such category.")
    answer, tags = await find_part(request, query)
    view = search_view(answer, query, tree=tree, path=request.path, params=params)
    view["children"] = [child for child in tree.grow(node.slug, 1) if child.count] if not params else []
    canonical = request.path + (f"?page={answer.page}" if answer.page > 1 else "")
    text = await _show(request, view, answer, crumbs=_crumbs(tree, node), canonical=canonical, indexable=not params)
    return Body(text.encode(), not answer.degraded, tags)


@page(blueprint, "GET", "/categories")
async def categories(request: Request) -> HTTPResponse:
    tree = (await category_tree(request)).grow("", 2)
    return await public_page(request, "shop/categories.html", tree=[_holding(node) for node in tree if node.count])


@page(blueprint, "GET", "/fragments/suggest", limit=None)
async def suggest(request: Request) -> HTTPResponse:
    q = legible(request.args.get("q", "")).strip()[:Q_MAX]
    found = await find_suggestions(request, q)
    return public(request, render(request, "fragments/suggest.html", **suggestion_view(found, q)))


async def category_tree(request: Request) -> Tree:
    engine: Engine = context(request).search
    return await engine.category_tree()


def read_query(request: Request) -> tuple[SearchQuery, Pairs]:
    """What is asked, and the same as pairs for links. An address may hold anything, and so may a field that somebody
    types into: what is not ours, or makes no sense, is dropped."""
    known = {name: values for name, values in request.args.items() if name in FIELDS}
    known["q"] = [legible(request.args.get("q", ""))]
    for name, values in request.args.items():
        kind, _, spec = name.partition(".")
        if kind == "spec" and (key := key_of(spec)):
            known[f"spec.{key}"] = values
    known |= _ranges(request)
    query = _sense(known)
    pairs = [(name, value) for name, values in known.items() for value in values if value and name != "page"]
    return query, pairs


def _sense(known: dict[str, list[str]]) -> SearchQuery:
    """The query that they make, less the names that it cannot be made with, which are taken out of `known`."""
    while True:
        try:
            query = decode_query(RequestParameters(known), SearchQuery)
            if query.spec:
                normalise(query)
        except Invalid as error:
            wrong = error.fields[0].field.partition("[")[0]
            for name in [wrong] if wrong in known else known.keys() - {"q"} or ["q"]:
                del known[name]
        else:
            return query


def _ranges(request: Request) -> dict[str, list[str]]:
    """The two fields of a form that stand for one range, `min.KEY` and `max.KEY`, as the API's `spec.KEY=5..7`."""
    names = (name.partition(".") for name in request.args)
    keys = {key for kind, _, spec in names if kind in ("min", "max") and (key := key_of(spec))}
    texts = {key: "..".join(request.args.get(f"{end}.{key}", "").strip() for end in ("min", "max")) for key in keys}
    return {f"spec.{key}": [text] for key, text in texts.items() if read_range(text)}


async def _show(request: Request, view: dict[str, Any], answer: SearchAnswer, /, **values: Any) -> str:
    if wants_fragment(request):
        return render(request, "shop/_results.html", search=view)
    sample = ", ".join(hit.name for hit in answer.hits[:3])
    description = f"{view['title']}: {plural(answer.total, 'product')} from many sellers. {sample}"[:300]
    return await render_public(request, "shop/search.html", search=view, description=description, **values)


def _crumbs(tree: Tree, node: CategoryNode) -> list[dict[str, str]]:
    above = node.path.split("/")[:-1]
    return [{"name": tree.nodes[slug].name, "url": f"/c/{slug}"} for slug in above if slug in tree.nodes]


def _holding(node: CategoryNode) -> CategoryNode:
    return msgspec.structs.replace(node, children=tuple(child for child in node.children if child.count))
