"""Popular queries, kept in the process for a few seconds, matched by how any of their words begin."""

from models.search_log import list_popular
from search.kept import Kept

KEPT_S = 5.0
SUGGESTED = 4


class Popular:
    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept: Kept[None, list[tuple[str, str]]] = Kept(kept_s, 1)

    async def matching(self, q: str) -> tuple[str, ...]:
        """The most searched first, without `q` itself."""
        known = self._kept.get(None)
        if known is None:
            known = self._kept.put(None, [(query, f" {query}") for query in await list_popular()])
        found: list[str] = []
        for query, words in known:
            if f" {q}" in words and query != q:
                found.append(query)
                if len(found) == SUGGESTED:
                    break
        return tuple(found)
