"""Search and suggestions: bytes from the cache, or the engine's answer on its way there. Pages ask `find_products`."""

import hashlib
import time
from functools import partial
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.cached import Note, cached_answer, cached_json
from models.errors import Invalid, TooMany
from models.search_log import Clicked
from search import tags
from search.answer import SearchAnswer, Suggestions
from search.engine import Engine
from search.query import MAX_HITS, Search, SearchQuery, SuggestQuery, clean, normalise
from search.rescue import rescue
from server.cache import Answer, Body
from server.http import context, endpoint, principal
from server.query_log import QueryLog

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
    compute = partial(_search, _engine(request), query.search)
    return await cached_json(request, query.key, compute, note=logging(request, query.search))


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


class Click(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of a search that was opened: the search's `id`, the product's slug and its place, over all pages."""

    search_id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}(?!\n)$")]
    position: Annotated[int, Meta(ge=1, le=MAX_HITS)]
    slug: Annotated[str, Meta(min_length=1, max_length=200)]


@endpoint(
    blueprint,
    "POST",
    "/api/v1/search/clicks",
    summary="Say that a result was opened; nothing of who did is kept",
    limit="read",
    body=Click,
    status=204,
    errors=(Invalid, TooMany),
)
async def count_click(request: Request, *, body: Click) -> None:
    log: QueryLog = context(request).queries
    log.note_click(Clicked(body.search_id, body.position, body.slug))


async def find_products(
    request: Request, query: SearchQuery, *, inner: bool = False, logged: bool = False
) -> SearchAnswer:
    """The same answer, from the same cache, for pages; `inner` as in `cached_answer`. Raises Invalid, TooMany.

    `logged`: a shopper searched.
    """
    wanted = normalise(query)
    note = logging(request, wanted) if logged else None
    compute = partial(_search, _engine(request), wanted)
    answer = await cached_answer(request, wanted.key(), compute, inner=inner, note=note)
    return msgspec.json.decode(answer.data, type=SearchAnswer)


async def find_part(request: Request, query: SearchQuery) -> tuple[SearchAnswer, frozenset[int]]:
    """The same for a page that is cached whole, which has paid, with what the answer depends on."""
    answer = await find_products(request, query, inner=True)
    return answer, tags.of_search(normalise(query), answer)


def logging(request: Request, wanted: Search) -> Note | None:
    """Has the answer to a search for words noted in the query log, beside the request."""
    if not wanted.q or wanted.page > 1:
        return None
    started = time.perf_counter()

    def note(answer: Answer) -> None:
        took_s, cached = time.perf_counter() - started, answer.state in {"hit", "stale"}
        log: QueryLog = context(request).queries
        narrowed = bool(wanted.chosen())
        log.note_search(principal(request), wanted.q, answer.data, cached=cached, took_s=took_s, narrowed=narrowed)

    return note


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
    found = await rescue(engine, wanted, await engine.search(wanted))
    return Body(msgspec.json.encode(found), not found.degraded, tags.of_search(wanted, found))


async def _suggest(engine: Engine, q: str) -> Body:
    found = await engine.suggest(q)
    return Body(msgspec.json.encode(found), not found.degraded, tags.of_suggestions(found))
