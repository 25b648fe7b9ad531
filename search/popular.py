"""Popular queries, kept in the process for a few seconds, matched by how any of their words begin."""

from models.search_log import list_popular
from search.kept import Renewed

KEPT_S = 5.0
SUGGESTED = 4


class Popular:
    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept = Renewed(_read, kept_s)

    async def matching(self, q: str) -> tuple[str, ...]:
        """The most searched first, without `q` itself."""
        found: list[str] = []
        for query, words in await self._kept.get():
            if f" {q}" in words and query != q:
                found.append(query)
                if len(found) == SUGGESTED:
                    break
        return tuple(found)


async def _read() -> list[tuple[str, str]]:
    """Each query, and itself after a space, so that ` wo` finds `home work`."""
    return [(query, f" {query}") for query in await list_popular()]
