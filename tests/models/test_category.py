"""Categories: paths of slugs that are unique in the whole tree, and one category for one name at one place."""

import asyncio

import pytest

from catalogue.importing.categories import CategoryFinder
from models.base import uuid7
from models.category import DEPTH_MAX, add_category, slug_candidates
from models.database import Pool, transaction
from models.errors import Invalid


async def add(parent_id, name):
    async with transaction() as connection:
        return await add_category(connection, parent_id=parent_id, name=name)


async def test_paths_follow_the_tree_and_slugs_stay_unique(database: Pool) -> None:
    home = await add(None, "Home")
    garden = await add(None, "Garden")
    first, second, third = [await add(parent, "Chairs") for parent in (home, garden, garden)]
    path_of = {row["id"]: row["path"] for row in await database.fetch("SELECT id, path FROM category")}
    paths = [path_of[made] for made in (home, garden, first, second, third)]
    assert paths[:4] == ["home", "garden", "home/chairs", "garden/garden-chairs"]
    assert paths[4].startswith("garden/chairs-")
    position = await database.fetchval("SELECT position FROM category WHERE id = $1", third)
    assert position == 1


async def test_a_tree_ends_at_its_depth(database: Pool) -> None:
    parent = None
    for level in range(DEPTH_MAX):
        parent = await add(parent, f"Level {level}")
    with pytest.raises(Invalid):
        await add(parent, "Too deep")


def test_slugs_of_twelve_levels_fit_a_path() -> None:
    for slug in slug_candidates("long name " * 20, "parent " * 20, uuid7()):
        assert DEPTH_MAX * (len(slug) + 1) <= 600


async def test_importers_at_once_make_a_category_once(database: Pool) -> None:
    async def find() -> object:
        async with database.acquire() as connection:
            finder = CategoryFinder(connection, dry_run=False)
            await finder.load()
            return await finder.find(("Toys", "Games", "Chess"))

    assert len(set(await asyncio.gather(*(find() for _ in range(6))))) == 1
    assert await database.fetchval("SELECT count(*) FROM category") == 3
