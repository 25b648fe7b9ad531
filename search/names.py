"""What categories and sellers are called: facets hold slugs, people read names. Kept a few seconds in the process."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from models.database import pool
from search.document import key_of
from search.kept import Kept, Renewed

TTL_S = 15.0


class CategoryName(NamedTuple):
    """`words` begin with what a shopper may have typed so far."""

    name: str
    parent: str | None
    words: str


class Names:
    def __init__(self) -> None:
        self._categories = Renewed(_read_categories, TTL_S)
        self._sellers: Kept[str, str] = Kept(TTL_S, 10_000)

    async def categories(self) -> Mapping[str, CategoryName]:
        """Every category by slug."""
        return await self._categories.get()

    async def sellers(self, slugs: Collection[str]) -> Mapping[str, str]:
        """Names by slug, of those that there are."""
        known = self._sellers.get_all(slugs)
        if missing := [slug for slug in slugs if slug not in known]:
            rows = await pool().fetch("SELECT slug, name FROM seller WHERE slug = ANY($1::text[])", missing)
            known |= {row["slug"]: self._sellers.put(row["slug"], row["name"]) for row in rows}
        return known


async def _read_categories() -> Mapping[str, CategoryName]:
    rows = await pool().fetch(
        "SELECT c.slug, c.name, p.slug AS parent FROM category c LEFT JOIN category p ON p.id = c.parent_id"
    )
    return {row["slug"]: CategoryName(row["name"], row["parent"], _words(row["name"])) for row in rows}


def deepest(slugs: Collection[str], names: Mapping[str, CategoryName]) -> str:
    """Empty where there is none."""

    def depth(slug: str) -> int:
        above = names[slug].parent if slug in names else None
        return 1 + depth(above) if above else 0

    return max(slugs, key=depth, default="")


def _words(name: str) -> str:
    """Each word after a space, so that ` wo` finds `Home & Work`."""
    return f" {key_of(name).replace('_', ' ')}"
