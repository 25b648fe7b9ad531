"""Synonyms and stop words over the operator's API: validated, audited, and never silently overwritten."""

from typing import Any

import aiohttp
import asyncpg
import pytest

from models.base import uuid7
from models.database import Pool
from server.context import Context
from tests.factories import log_in_as, make_user
from tests.handlers.test_admin import Desk

SYNONYMS, STOP_WORDS = "/search/synonyms", "/search/stop-words"


@pytest.fixture
async def desk(http: aiohttp.ClientSession, context: Context) -> Desk:
    return Desk(http, await log_in_as(context.settings, await make_user(context.settings, role="admin")))


async def add(desk: Desk, *words: str, term: str = "") -> dict[str, Any]:
    kind = "one_way" if term else "mutual"
    status, synonym = await desk.call("POST", SYNONYMS, json={"kind": kind, "term": term, "words": list(words)})
    assert status == 201, synonym
    return synonym


async def test_only_the_operator_may_teach_words(http: aiohttp.ClientSession, context: Context) -> None:
    for role, status in ((None, 401), ("shopper", 403), ("seller", 403)):
        headers = await log_in_as(context.settings, await make_user(context.settings, role=role)) if role else {}
        for method, path in (("GET", SYNONYMS), ("POST", SYNONYMS), ("DELETE", f"{STOP_WORDS}/{uuid7()}")):
            async with http.request(method, f"/api/v1/admin{path}", headers=headers) as response:
                assert response.status == status


async def test_words_are_kept_as_shoppers_words_are_compared(desk: Desk) -> None:
    await add(desk, "  Oil   LAMP ", "दीया", "oil lamp", "ﬁlament")
    _, page = await desk.call("GET", SYNONYMS)
    assert [item["words"] for item in page["items"]] == [["oil lamp", "दीया", "filament"]]


async def test_every_write_leaves_an_entry_and_a_job(desk: Desk, database: Pool) -> None:
    made = await add(desk, "earring", term="Jhumka")
    change = {"kind": "one_way", "term": "jhumka", "words": ["earring", "earrings"], "version": made["version"]}
    status, changed = await desk.call("PUT", f"{SYNONYMS}/{made['id']}", json=change)
    assert (status, changed["version"]) == (200, 2)
    assert (await desk.call("DELETE", f"{SYNONYMS}/{made['id']}", params={"version": 2}))[0] == 204
    _, word = await desk.call("POST", STOP_WORDS, json={"word": "please"})
    assert (await desk.call("DELETE", f"{STOP_WORDS}/{word['id']}"))[0] == 204
    trail = await database.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in trail] == [
        "synonym.added", "synonym.changed", "synonym.removed", "stop_word.added", "stop_word.removed"
    ]  # fmt: skip
    assert await database.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'search.settings'") == 5


async def test_of_two_operators_who_saw_the_same_the_second_is_told(desk: Desk) -> None:
    made = await add(desk, "diya", "deepak")
    path, first = f"{SYNONYMS}/{made['id']}", {"kind": "mutual", "words": ["diya", "oil lamp"], "version": 1}
    assert (await desk.call("PUT", path, json=first))[0] == 200
    assert (await desk.call("PUT", path, json={**first, "words": ["diya", "candle"]}))[0] == 409
    assert (await desk.call("DELETE", path, params={"version": 1}))[0] == 409
    _, page = await desk.call("GET", SYNONYMS)
    assert page["items"][0]["words"] == ["diya", "oil lamp"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "mutual", "words": ["one"]}, "words"),
        ({"kind": "mutual", "words": ["same", "SAME"]}, "words"),
        ({"kind": "one_way", "term": "a", "words": []}, "words"),
        ({"kind": "one_way", "term": "lamp", "words": ["Lamp"]}, "words"),
        ({"kind": "one_way", "term": " ", "words": ["lamp"]}, "term"),
        ({"kind": "mutual", "term": "x", "words": ["a", "b"]}, "term"),
        ({"kind": "mutual", "words": ["a", "!!!"]}, "words"),
        ({"kind": "mutual", "words": ["a", "b<script>"]}, "words"),
        ({"kind": "mutual", "words": ["a", "b" * 81]}, "words[1]"),
        ({"kind": "mutual", "words": [f"w{i}" for i in range(21)]}, "words"),
        ({"kind": "both", "words": ["a", "b"]}, "kind"),
        ({"kind": "mutual", "words": ["a", "b"], "version": 1}, "version"),
    ],
)
async def test_a_synonym_that_makes_no_sense_is_refused_by_name(desk: Desk, body: dict[str, Any], field: str) -> None:
    status, problem = await desk.call("POST", SYNONYMS, json=body)
    assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_what_is_there_already_is_not_added_twice(desk: Desk) -> None:
    await add(desk, "earring", term="jhumka")
    again = {"kind": "one_way", "term": "JHUMKA", "words": ["ring"]}
    assert (await desk.call("POST", SYNONYMS, json=again))[0] == 409
    assert (await desk.call("POST", STOP_WORDS, json={"word": "please"}))[0] == 201
    assert (await desk.call("POST", STOP_WORDS, json={"word": " Please"}))[0] == 409
    status, problem = await desk.call("POST", STOP_WORDS, json={"word": "two words"})
    assert (status, problem["errors"][0]["field"]) == (422, "word")
    assert (await desk.call("DELETE", f"{STOP_WORDS}/{uuid7()}"))[0] == 404


@pytest.mark.parametrize(
    "values",
    ["'mutual', '', '{one}'", "'mutual', 'x', '{a,b}'", "'one_way', '', '{a}'", "'both', '', '{a,b}'",
     "'mutual', '', '{a,\"\"}'", "'mutual', '', '{a,NULL}'"],
)  # fmt: skip
async def test_the_database_itself_refuses_impossible_synonyms(database: Pool, values: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(f"INSERT INTO synonym (id, kind, term, words) VALUES ('{uuid7()}', {values})")
