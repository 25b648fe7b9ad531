"""Who may do what: everybody calls every route of the router, with their own and with strangers' ids.

The page docs/authorisation.md is what was seen here; HAAT_WRITE_MATRIX=1 writes it anew.
"""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from devstack.cloudinary import Cloud, make_app
from models.database import Pool
from server.auth import Access, Declared, may
from server.context import Context
from tests.authorisation import rows_account, rows_market, rows_open, rows_seller, rows_shopper
from tests.authorisation.rows import PROOF, SELF, SELLERS, SHOPPERS, Given, Row, nothing
from tests.authorisation.world import ACTORS, BROWSER, CLOUD, SHOPPER, Actor, World
from tests.fulfilling import seal_with
from tests.served import served

ROWS = {**rows_open.ROWS, **rows_account.ROWS, **rows_shopper.ROWS, **rows_seller.ROWS, **rows_market.ROWS}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "authorisation.md"
NAME, BRACES = re.compile(r"<(\w+):\w+>"), r"{\1}"
ENDING = ("logout", "login", "sessions", "devices")
"""In the paths of what ends the caller's own session."""
HEAD = """# Who may do what

Every route of the API and of the pages, and what it answers each of these people. `tests/authorisation` asks them all,
with own and with strangers' ids: it fails where one answers otherwise, where a route has no row, and while this page is
out of date (`make authorisation` asks again and writes it).

| word | the answer |
| --- | --- |
| yes | it is done, on what is theirs, or on what the route names for support and admin |
| own | everybody has their own, and nobody else's can be named |
| log in | 401, or the log-in page |
| no | 403: the role or the grant is missing |
| not found | 404: to them it is not there |
| proof | the request itself carries what proves the right: a token, or an order's number and mail |

What a route names is the first shopper's, or belongs to the first seller; the others are strangers to it. Staff are
people of the first seller who were granted one thing each. Every write that a seller, support or admin may do must
leave its row in the audit trail.

"""


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[str]:
    async for address in served(make_app(Cloud(tmp_path / "cloud", CLOUD))):
        yield address


@pytest.fixture
def environment(environment: dict[str, str], cloud: str) -> dict[str, str]:
    media = {"HAAT_MEDIA__URL": CLOUD, "HAAT_MEDIA__API_BASE_URL": cloud}
    return {**environment, **media, "HAAT_LIMITS__ENABLED": "false"}


@pytest.fixture
async def world(context: Context, database: Pool) -> World:
    made = World(context)
    await made.people()
    return made


def routes_of(app: "Sanic[Any, Any]") -> tuple[list[Declared], set[str]]:
    """Every declared route, and the names of those without a declaration."""
    declared, bare = {}, set()
    for route in app.router.routes:
        found = getattr(route.handler, "declared", None)
        if found:
            declared[f"{found.method} {found.path}"] = found
        else:
            bare |= {f"{method} /{route.path}" for method in route.methods}
    return [declared[key] for key in sorted(declared, key=lambda key: (key.split()[1], key))], bare


def expected(route: Declared, row: Row, actor: Actor) -> str:
    if not may(actor.caller, route.access):
        return "log in" if actor.caller is None else "no"
    if row.whose == SHOPPERS:
        return "yes" if actor.name == SHOPPER else "not found"
    if row.whose == "papers":
        return "yes" if actor.name in {"owner", "admin"} else "not found"
    if row.whose == SELLERS:
        return "not found" if actor.name == "other owner" else "yes"
    return {"": "yes", SELF: "own", PROOF: "proof"}[row.whose]


def seen(status: int, location: str) -> str:
    if status == 401 or (status == 303 and location.startswith("/login")):
        return "log in"
    if status == 303 and location.startswith("/orders/look-up?"):
        return "not found"
    return {403: "no", 404: "not found"}.get(status, "yes" if status < 400 else str(status))


async def call(client: aiohttp.ClientSession, route: Declared, given: Given, actor: Actor) -> tuple[int, str, str]:
    path = NAME.sub(lambda name: str(given[name[1]]), route.path)
    options: dict[str, Any] = {"params": given.get("query"), "allow_redirects": False}
    headers = {**actor.headers, **given.get("headers", {})}
    send = given.get("send", {})
    if route.path.startswith("/api/"):
        options |= {"data": send} if isinstance(send, bytes) else {"json": send} if send else {}
    elif route.method == "POST":
        form = aiohttp.FormData({**send, "csrf_token": actor.csrf_token})
        if "file" in given:
            form.add_field(given["file"][0], given["file"][1], filename="a.png")
        options["data"] = form
        headers["Cookie"] = f"haat_browser={BROWSER}"
    async with client.request(route.method, path, headers=headers, **options) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text("utf-8", "replace")


async def made(world: World, route: Declared, row: Row) -> Given:
    """What the row names, in a world as good as new."""
    if world.touched:
        await world.fresh()
        await world.reopen()
    world.touched = route.method != "GET" or row.make is not nothing
    if row.make is nothing:
        return {}
    given = await row.make(world)
    await seal_with(world.context.keyring)
    return given


async def refusals(client: Any, world: World, route: Declared, row: Row, database: Pool) -> dict[str, str]:
    """Everybody who must not: nothing may be seen and nothing may change."""
    given = await made(world, route, row)
    trail = "SELECT count(*) FROM audit_entry"
    before = await database.fetchval(trail)
    named = [given[name] for name in NAME.findall(route.path)[:1]]
    kept = await database.fetchval(row.kept, *named) if row.kept else 0
    found = {}
    for name, actor in world.actors.items():
        wanted = expected(route, row, actor)
        if wanted not in {"yes", "proof"} and not (wanted == "own" and name == SHOPPER):
            status, location, text = await call(client, route, given, actor)
            assert status < 500, (route, name, text)
            found[name] = "own" if wanted == "own" else seen(status, location)
            if any(word in route.path for word in ENDING):
                await world.anew(name)
    if row.whose != SELF:
        assert await database.fetchval(trail) == before, f"{route}: a refusal left a trail"
    assert not row.kept or await database.fetchval(row.kept, *named) == kept, f"{route}: a stranger changed it"
    return found


async def consents(
    client: Any, world: World, route: Declared, row: Row, database: Pool, wrong: list[str]
) -> dict[str, str]:
    """Everybody who may, each on a thing of its own; sellers' and the market's writes leave a trail."""
    found = {}
    for name in ACTORS:
        wanted = expected(route, row, world.actors[name])
        if wanted not in {"yes", "proof"} and not (wanted == "own" and name == SHOPPER):
            continue
        given = await made(world, route, row)
        before = await database.fetchval("SELECT coalesce(max(id), 0) FROM audit_entry")
        status, location, text = await call(client, route, given, world.actors[name])
        found[name] = "proof" if wanted == "proof" and status < 500 else seen(status, location)
        found[name] = "own" if wanted == "own" and found[name] == "yes" else found[name]
        if found[name] != wanted:
            wrong.append(f"{route.method} {route.path}: {name} got {status} {location} {text[:300]}")
            continue
        if route.method != "GET" and (route.access.of_seller or route.access.of_market):
            trail = "SELECT actor_id FROM audit_entry WHERE id > $1 AND origin_sealed IS NOT NULL"
            actors = {row["actor_id"] for row in await database.fetch(trail, before)}
            if actors != {world.user_id(name)}:
                wrong.append(f"{route.method} {route.path}: {name} left no row in the audit trail")
        if any(word in route.path for word in ENDING):
            await world.anew(name)
    return found


def test_every_route_has_its_row(world: World, app: "Sanic[Any, Any]") -> None:
    declared, bare = routes_of(app)
    names = {f"{route.method} {route.path}" for route in declared}
    needed = {f"{r.method} {r.path}" for r in declared if r.method != "GET" or NAME.search(r.path)}
    assert needed - ROWS.keys() == set(), "routes without a row: tests/authorisation says how to write one"
    assert ROWS.keys() - names == set(), "rows without a route"
    assert bare == rows_open.UNDECLARED.keys()


async def test_nobody_does_what_is_not_theirs(
    http: aiohttp.ClientSession, world: World, app: "Sanic[Any, Any]", database: Pool
) -> None:
    lines, wrong = [], []
    for route in routes_of(app)[0]:
        row = ROWS.get(f"{route.method} {route.path}", Row(nothing))
        found = await refusals(http, world, route, row, database)
        found |= await consents(http, world, route, row, database, wrong)
        for name, actor in world.actors.items():
            if found[name] != (wanted := expected(route, row, actor)):
                wrong.append(f"{route.method} {route.path}: {name} got {found[name]}, not {wanted}")
        lines.append((route, [found[name] for name in ACTORS]))
    assert not wrong, "\n".join(wrong[:40])
    page = page_of(lines)
    if os.environ.get("HAAT_WRITE_MATRIX"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "docs/authorisation.md is out of date: run `make authorisation`"


def shown(route: str) -> str:
    return f"`{NAME.sub(BRACES, route)}`"


def page_of(lines: list[tuple[Declared, list[str]]]) -> str:
    cells = sum(len(found) for _, found in lines)
    head = "| route | access | " + " | ".join(ACTORS) + " |\n| --- | --- |" + " --- |" * len(ACTORS) + "\n"
    body = "".join(
        f"| {shown(f'{route.method} {route.path}')} | {route.access.value} | {' | '.join(found)} |\n"
        for route, found in lines
    )
    count = f"{len(lines)} routes, {cells} answers.\n\n"
    bare = "".join(f"| {shown(key)} | {why} |\n" for key, why in sorted(rows_open.UNDECLARED.items()))
    tail = "\nWithout a declaration, because nothing stands before them:\n\n| route | what it is |\n| --- | --- |\n"
    return HEAD + count + head + body + tail + bare


def test_the_check_tells_roles_apart() -> None:
    """`require` itself, without a route: a role that is missing is missed."""
    assert [access for access in Access if may(None, access)] == [Access.PUBLIC]
