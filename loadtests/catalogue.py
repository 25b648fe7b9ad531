"""What people search for and look at, most popular first: drawn from the running shop through its public API, or read
from the file that an earlier run kept.
"""

import contextlib
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

PAGES = 20
PER_PAGE = 100
WORD = re.compile(r"[a-z]{3,}")
JOINING = frozenset({"and", "for", "with", "the", "set", "pack", "from"})


class CatalogueError(Exception):
    """There is nothing that people could look at: the message says why."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Slugs and texts, by popularity: the k-th is asked for in proportion to 1 / k ** exponent."""

    queries: tuple[str, ...]
    categories: tuple[str, ...]
    products: tuple[str, ...]
    exponent: float = 1.0


async def draw_catalogue(host: str, *, pages: int = PAGES) -> Catalogue:
    """Best sellers first; queries are words and pairs of words of their names, and their brands."""
    async with aiohttp.ClientSession(host) as client:
        hits: list[dict[str, Any]] = []
        for page in range(1, pages + 1):
            found = await _page(client, page)
            hits += found["hits"]
            if page >= found["pages"]:
                break
    if not hits:
        raise CatalogueError(f"{host} has no products: seed or import some first.")
    categories = Counter(hit["category"] for hit in hits if hit["category"])
    return Catalogue(
        queries=tuple(queries_of(hits)),
        categories=tuple(slug for slug, _ in categories.most_common()),
        products=tuple(hit["slug"] for hit in hits),
    )


async def _page(client: aiohttp.ClientSession, page: int) -> Any:
    parameters: dict[str, str | int] = {"sort": "best_selling", "facets": "none", "per_page": PER_PAGE, "page": page}
    async with client.get("/api/v1/search", params=parameters) as response:
        said = await response.read()
        if response.status != 200:
            raise CatalogueError(f"{response.url} answers {response.status}: {said[:200].decode('utf-8', 'replace')}")
    with contextlib.suppress(msgspec.DecodeError):
        found = msgspec.json.decode(said)
        if isinstance(found, dict) and isinstance(found.get("hits"), list) and "pages" in found:
            return found
    raise CatalogueError(f"{response.url} is no search of Haat: is that the address of the shop?")


def queries_of(hits: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Pairs of words, single words and brands; what stands in many names is asked for most."""
    counts: Counter[str] = Counter()
    for hit in hits:
        words = [word for word in WORD.findall(hit["name"].casefold()) if word not in JOINING]
        counts.update(f"{a} {b}" for a, b in pairwise(words))
        counts.update(words)
        counts.update([hit["brand"].casefold()] if hit["brand"] else [])
    return [query for query, _ in counts.most_common(5_000)]


def mistyped(query: str, rng: random.Random) -> str:
    """The query with two neighbouring letters swapped, as a quick finger does."""
    if len(query) < 5:
        return query
    at = rng.randrange(1, len(query) - 2)
    return query[:at] + query[at + 1] + query[at] + query[at + 2 :]


def read_catalogue(path: Path) -> Catalogue:
    """Raises CatalogueError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Catalogue)
    except (OSError, msgspec.DecodeError) as error:
        raise CatalogueError(f"{path} cannot be read as what is popular: {error}") from error
