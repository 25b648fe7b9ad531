"""A word that the operator teaches is found in a moment, also after a rebuild and after the engine lost its data."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from models.database import Pool
from models.vocabulary import add_stop_word, add_synonym, remove_synonym
from search.admin import SearchAdmin
from search.rebuild import rebuild
from search.reconcile import reconcile
from server.context import Context
from tests.factories import make_product, make_seller, make_user
from tests.wait import until

Names = Callable[[str], Awaitable[list[str]]]


@pytest.fixture
async def names(http: aiohttp.ClientSession, worker: None, database: Pool) -> Names:
    """The names that the engine itself finds, once it knows both products."""
    seller = await make_seller()
    for name in ("Brass Diya", "Silver Jhumka"):
        await make_product(seller, name=name)

    async def find(q: str) -> list[str]:
        async with http.get("/api/v1/search", params={"q": q, "facets": "none"}) as response:
            body = await response.json()
            return ["degraded"] if body["degraded"] else [hit["name"] for hit in body["hits"]]

    async def both() -> bool:
        return sorted(await find("")) == ["Brass Diya", "Silver Jhumka"]

    await until(both)
    return find


async def until_found(names: Names, q: str, *expected: str) -> None:
    async def found() -> bool:
        return await names(q) == [*expected]

    await until(found)


async def test_a_taught_word_is_found_and_stays(names: Names, context: Context, database: Pool) -> None:
    actor_id = await make_user(context.settings, role="admin")
    url, client = context.settings.database.url, context.search.client
    await until_found(names, "deepak")
    made = await add_synonym("mutual", "", ("diya", "deepak"), actor_id=actor_id)
    await add_synonym("one_way", "ornament", ("jhumka",), actor_id=actor_id)
    await add_stop_word("wala", actor_id=actor_id)
    await until_found(names, "deepak", "Brass Diya")
    await until_found(names, "ornament", "Silver Jhumka")
    await rebuild(url, client, bump=context.cache.bump)
    await until_found(names, "deepak", "Brass Diya")
    await SearchAdmin(client).delete(client.index)
    await context.cache.bump()
    await until_found(names, "deepak", "Brass Diya")
    await remove_synonym(made.id, version=1, actor_id=actor_id)
    await until_found(names, "deepak")
    await until_found(names, "ornament", "Silver Jhumka")


async def test_an_index_that_lost_its_words_is_healed(names: Names, context: Context) -> None:
    client = context.search.client
    await add_synonym("mutual", "", ("diya", "deepak"), actor_id=await make_user(context.settings, role="admin"))
    await until_found(names, "deepak", "Brass Diya")

    async def healed() -> list[str]:
        """The worker's own look may be before us."""
        await SearchAdmin(client).apply_settings(client.index)  # those built in alone
        found = await reconcile(context.settings.database.url, client)
        return found.drifted if found else []

    assert await until(healed) == ["synonyms"]
    await context.cache.bump()
    await until_found(names, "deepak", "Brass Diya")
