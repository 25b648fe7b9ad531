"""What both engines answer to every question of the relevance suite, asked once a session."""

import csv
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import asyncpg
import msgspec
import pytest

from server.settings import Settings, load_settings
from tests.address import on_database
from tests.conftest import DATA, TEMPLATE
from tests.relevance.catalogues import ENGINES, Name, Product, Shop, opened
from tests.relevance.measures import Score, score
from tests.relevance.typos import WAYS, words_of

JUDGED = Path(__file__).parent / "judged.jsonl"
KNOWN_ITEMS = {"meilisearch": 100, "postgres": 25}
SHARE = {"meilisearch": 1, "postgres": 1 if os.environ.get("HAAT_RELEVANCE_WHOLE") else 4}
"""Of what shoppers asked every so-manieth is asked: PostgreSQL takes minutes for all, which `make relevance` has."""
SEED = 3


class Judged(msgspec.Struct):
    """A search, what it tries, and which products answer it how well: 3 what was asked, 2 nearly, 1 beside it."""

    q: str
    catalogue: Name
    kind: str
    why: str
    grades: dict[str, list[str]]

    def by_key(self) -> dict[str, int]:
        return {key: int(grade) for grade, keys in self.grades.items() for key in keys}


class Asked(NamedTuple):
    """`score` is None where nobody judged the answer."""

    q: str
    found: Sequence[Product]
    offered: int
    score: Score | None = None


Answers = Mapping[str, Mapping[str, list[Asked]]]


class Measured(NamedTuple):
    """By engine and kind: known items, judged searches; by engine and class meant: what shoppers asked."""

    known: Answers
    judged: Answers
    shoppers: Answers


@pytest.fixture(scope="session")
def judged() -> list[Judged]:
    return [msgspec.json.decode(line, type=Judged) for line in JUDGED.read_bytes().splitlines()]


@pytest.fixture(scope="session")
async def demo(stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory, judged: list[Judged]) -> Measured:
    """The demo catalogue. What shoppers asked is asked where the file is; who needs it asks for `data_folder`."""
    async with shop(stack, tmp_path_factory.mktemp("demo"), "demo") as opened_shop:
        return await measure(opened_shop, "demo", judged, read_shoppers())


@pytest.fixture(scope="session")
async def real(
    stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory, judged: list[Judged], data_folder: Path
) -> Measured:
    """The imported catalogue of a real shop."""
    file = data_folder / "bestbuy_products.jsonl.gz"
    async with shop(stack, tmp_path_factory.mktemp("real"), "real", file) as opened_shop:
        return await measure(opened_shop, "real", judged)


@asynccontextmanager
async def shop(stack: Mapping[str, str], folder: Path, name: Name, file: Path | None = None) -> AsyncIterator[Shop]:
    """A catalogue in a database of its own."""
    database = f"relevance_{name}"
    admin = await asyncpg.connect(stack["HAAT_SUPERUSER_URL"])
    await admin.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} OWNER haat_owner STRATEGY file_copy")
    try:
        async with opened(settings_of(stack, database, folder), file) as found:
            yield found
    finally:
        await admin.execute(f"DROP DATABASE {database} WITH (FORCE)")
        await admin.close()


def settings_of(stack: Mapping[str, str], database: str, folder: Path) -> Settings:
    urls = {name: on_database(stack[name], database) for name in ("HAAT_DATABASE__URL", "HAAT_DATABASE__OWNER_URL")}
    return load_settings({**stack, **urls}, folder)


def read_shoppers() -> list[tuple[str, str]]:
    """What shoppers of a furniture shop asked, and the class that they meant."""
    file = DATA / "wands_queries.tsv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["query"], row["query_class"]) for row in csv.DictReader(lines, delimiter="\t")]


async def measure(
    shop: Shop, name: Name, judged: Sequence[Judged], shoppers: Sequence[tuple[str, str]] = ()
) -> Measured:
    here = [search for search in judged if search.catalogue == name]
    return Measured(
        known={engine: await ask_for_known_items(shop, engine) for engine in ENGINES},
        judged={engine: await ask_judged(shop, engine, here) for engine in ENGINES},
        shoppers={engine: await ask_as_shoppers(shop, engine, shoppers[:: SHARE[engine]]) for engine in ENGINES},
    )


async def ask_for_known_items(shop: Shop, engine: str) -> dict[str, list[Asked]]:
    """Products by their own words. One with the same words, as far as a name is typed, is as good: nobody can tell."""
    rng = Random(SEED)
    wanted = rng.sample(list(shop.products.values()), KNOWN_ITEMS[engine])
    found = {}
    for way, change in WAYS.items():
        queries = [change(words_of(product.name), rng) for product in wanted]
        answers = await shop.ask_all(queries, engine)
        found[way] = [
            Asked(q, *answer, score(list(dict.fromkeys(map(spelt, answer.found))), {spelt(product): 3}))
            for q, answer, product in zip(queries, answers, wanted, strict=True)
        ]
    return found


def spelt(product: Product) -> str:
    return " ".join(words_of(product.name))


async def ask_judged(shop: Shop, engine: str, judged: Sequence[Judged]) -> dict[str, list[Asked]]:
    found = defaultdict(list)
    answers = await shop.ask_all([search.q for search in judged], engine)
    for search, answer in zip(judged, answers, strict=True):
        ranked = [product.key for product in answer.found]
        found[search.kind].append(Asked(search.q, *answer, score(ranked, search.by_key())))
    return found


async def ask_as_shoppers(shop: Shop, engine: str, shoppers: Sequence[tuple[str, str]]) -> dict[str, list[Asked]]:
    found = defaultdict(list)
    answers = await shop.ask_all([q for q, _ in shoppers], engine)
    for (q, meant), answer in zip(shoppers, answers, strict=True):
        found[meant].append(Asked(q, *answer))
    return found
