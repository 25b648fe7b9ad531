"""Search and suggestions: bytes from the cache, or the engine's answer on its way there. Pages ask `find_products`."""

import hashlib
from functools import partial
from typing import NamedTuple

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.cached import cached_answer, cached_json
from models.errors import Invalid, TooMany
from search.answer import SearchAnswer, Suggestions
from search.engine import Engine
from search.query import Search, SearchQuery, SuggestQuery, clean, normalise
from search.rescue import rescue
from server.cache import Body
from server.http import context, endpoint

blueprint = Blueprint("search")


class Wanted(NamedTuple):
    """What is searched for, and the name of its answer in the cache."""

    search: Search
    key: str

    @classmethod
    def of(cls, query: SearchQuery) -> "Wanted":
        search = normalise(query)
        return cls(search, search.key())


@endpoint(
    blueprint,
    "GET",
    "/api/v1/search",
    summary="Search products: words, filters, facets with counts",
    limit=None,
    query=SearchQuery,
    normal=Wanted.of,
    answer=SearchAnswer,
    errors=(Invalid, TooMany),
)
async def search_products(request: Request, *, query: Wanted) -> HTTPResponse:
    return await cached_json(request, query.key, partial(_search, _engine(request), query.search))


@endpoint(
    blueprint,
    "GET",
    "/api/v1/search/suggest",
    summary="Suggest products and categories while typing",
    limit=None,
    query=SuggestQuery,
    answer=Suggestions,
    errors=(Invalid, TooMany),
)
async def suggest(request: Request, *, query: SuggestQuery) -> HTTPResponse:
    q = clean(query.q)
    return await cached_json(request, _suggest_key(q), partial(_suggest, _engine(request), q))


async def find_products(request: Request, query: SearchQuery, *, inner: bool = False) -> SearchAnswer:
    """The same answer, from the same cache, for pages; `inner` as in `cached_answer`. Raises Invalid, TooMany."""
    wanted = normalise(query)
    answer = await cached_answer(request, wanted.key(), partial(_search, _engine(request), wanted), inner=inner)
    return msgspec.json.decode(answer.data, type=SearchAnswer)


async def find_suggestions(request: Request, text: str) -> Suggestions:
    """Likewise."""
    q = clean(text)
    answer = await cached_answer(request, _suggest_key(q), partial(_suggest, _engine(request), q))
    return msgspec.json.decode(answer.data, type=Suggestions)


def _engine(request: Request) -> Engine:
    engine: Engine = context(request).search
    return engine


def _suggest_key(q: str) -> str:
    return f"suggest:{hashlib.blake2b(q.encode(), digest_size=16).hexdigest()}"


async def _search(engine: Engine, wanted: Search) -> Body:
    found = await rescue(engine.search, wanted, await engine.search(wanted))
    return Body(msgspec.json.encode(found), cacheable=not found.degraded)


async def _suggest(engine: Engine, q: str) -> Body:
    found = await engine.suggest(q)
    return Body(msgspec.json.encode(found), cacheable=not found.degraded)
