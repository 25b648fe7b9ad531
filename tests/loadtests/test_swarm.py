"""Load processes as they are started: open loops count from the planned start, and no failure is hidden."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import uvloop
from aiohttp import web
from msgspec.structs import replace

from loadtests.catalogue import Catalogue
from loadtests.conduct import begin
from loadtests.plan import Crowd, Login, Plan
from loadtests.recording import Recording
from loadtests.schedule import Stage
from tests.loadtests.servers import serving

CATALOGUE = Catalogue(queries=("teak table",), categories=("tables",), products=("teak-table",))


Meanwhile = Callable[[asyncio.subprocess.Process], Awaitable[None]]


async def swarm(folder: Path, plan: Plan, *, index: int = 0, meanwhile: Meanwhile | None = None) -> Recording:
    """What one load process recorded; `meanwhile` is done while it runs."""
    catalogue, path, out = folder / "catalogue.json", folder / "plan.json", folder / f"part-{index}.json"
    catalogue.write_bytes(msgspec.json.encode(CATALOGUE))
    path.write_bytes(msgspec.json.encode(replace(plan, catalogue=str(catalogue))))
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "loadtests.swarm", str(path), str(index), str(out))
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    await begin([process])
    if meanwhile:
        await meanwhile(process)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return msgspec.json.decode(out.read_bytes(), type=Recording)


def plan_for(url: str, crowd: Crowd, *, duration_s: float, think_s: float = 0.001) -> Plan:
    return Plan(
        suite="shoppers",
        host=url,
        gateway=url,
        crowds={"shoppers": crowd},
        duration_s=duration_s,
        drain_s=1,
        think_s=think_s,
        spawn_rate=100,
    )


async def test_a_stall_of_the_shop_is_seen_by_all_who_came_meanwhile(tmp_path: Path) -> None:
    """One second of silence: a tool that waits for each answer before it asks again would see one slow request."""
    begun: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        begun.append(time.monotonic())
        stall_ends = begun[0] + 2
        if begun[0] + 1 < begun[-1] < stall_ends:
            await asyncio.sleep(stall_ends - begun[-1])
        return web.Response(text="ok")

    crowd = Crowd(journeys={"browse": 1}, users=2, stages=(Stage(0, 15),))
    async with serving(answer) as url:
        recording = await swarm(tmp_path, replace(plan_for(url, crowd, duration_s=4), drain_s=15))
    journeys = recording.series["journeys"]["browse"].whole.histogram
    slow = sum(count for index, count in journeys.counts.items() if 1.01**index > 250)
    assert journeys.count > 30
    assert journeys.max_ms > 700
    assert slow >= 5
    assert recording.failures == {}


async def test_a_closed_loop_repeats_journeys_from_an_address_each(tmp_path: Path) -> None:
    addresses: set[str] = set()

    async def answer(request: web.Request) -> web.Response:
        addresses.add(request.headers["X-Forwarded-For"])
        return web.Response(text='{"degraded":true}', headers={"X-Cache": "hit"})

    async with serving(answer) as url:
        plan = plan_for(url, Crowd(journeys={"browse": 1}, users=3), duration_s=5, think_s=0.02)
        recording = await swarm(tmp_path, plan)
    journeys = recording.series["journeys"]["browse"].whole.histogram.count
    assert journeys > 10
    assert len(addresses) >= journeys
    assert set(recording.series["requests"]) == {"GET /", "GET /c/:slug", "GET /p/:slug"}
    assert recording.facts["degraded_answers"] >= 3 * journeys
    assert sum(states["hit"] for states in recording.caches.values()) >= 3 * journeys


async def test_what_fails_is_an_error_of_its_request_and_of_its_journey(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.startswith("/c/"):
            return web.json_response({"code": "unexpected"}, status=500)
        return web.Response(text="ok")

    async with serving(answer) as url:
        plan = plan_for(url, Crowd(journeys={"browse": 1}, users=1), duration_s=4)
        recording = await swarm(tmp_path, replace(plan, drain_s=15))
    journeys = recording.series["journeys"]["browse"].whole
    assert journeys.errors == journeys.histogram.count > 0
    assert recording.series["requests"]["GET /"].whole.errors == 0
    assert recording.failures == {"GET /c/:slug: 500 unexpected": journeys.errors}


async def test_no_edit_hides_one_that_is_still_looked_for(tmp_path: Path) -> None:
    names, asked_for = ["Lamp"], []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "PATCH":
            names.append((await request.json())["name"])
        if request.path == "/api/v1/search":
            asked_for.append(request.query["q"])
            is_found = asked_for.count(request.query["q"]) > 5 and request.query["q"] in names[-1]
            return web.json_response({"hits": [{"id": "1"}] if is_found else []})
        return web.json_response({"access_token": "t", "items": [{"id": "1", "name": "Lamp"}]})

    async with serving(answer) as url:
        crowd = Crowd(journeys={"edit": 1}, users=3)
        plan = plan_for(url, crowd, duration_s=6, think_s=0.05)
        plan = replace(plan, drain_s=15, seller=Login("a@example.com", "secret"))
        recording = await swarm(tmp_path, plan)
    assert recording.series["freshness"]["edit"].whole.errors == 0
    assert len(names) > 6
    assert set(names[::2]) == {"Lamp"}
    assert set(recording.failures) == {"each product of the seller is being edited"}


async def test_a_run_that_is_ended_early_leaves_no_edit_behind(tmp_path: Path) -> None:
    """The name has its mark, and the search has not shown it yet, when the run is told to end."""
    names, marked = ["Lamp"], asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        if request.method == "PATCH":
            names.append((await request.json())["name"])
            marked.set()
        if request.path == "/api/v1/search":
            is_found = ended.is_set() and request.query["q"] in names[-1]
            return web.json_response({"hits": [{"id": "1"}] if is_found else []})
        return web.json_response({"access_token": "t", "items": [{"id": "1", "name": "Lamp"}]})

    ended = asyncio.Event()

    async def end(process: asyncio.subprocess.Process) -> None:
        await marked.wait()
        process.terminate()
        ended.set()

    async with serving(answer) as url:
        plan = plan_for(url, Crowd(journeys={"edit": 1}, users=1), duration_s=600)
        plan = replace(plan, drain_s=15, seller=Login("a@example.com", "secret"))
        recording = await swarm(tmp_path, plan, meanwhile=end)
    assert recording.stopped_at_s is not None
    assert 0 < recording.stopped_at_s < 60
    assert len(names) == 3
    assert names[-1] == "Lamp"
    assert recording.series["freshness"]["edit"].whole.errors == 0


async def test_nobody_goes_on_after_a_run_that_is_ended_early(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        asked.set()
        return web.Response(text="ok")

    async def end(process: asyncio.subprocess.Process) -> None:
        await asked.wait()
        process.terminate()

    crowd = Crowd(journeys={"browse": 1}, users=4, stages=(Stage(0, 5),))
    async with serving(answer) as url:
        plan = replace(plan_for(url, crowd, duration_s=600, think_s=1.0), drain_s=600)
        recording = await swarm(tmp_path, plan, meanwhile=end)
    assert recording.stopped_at_s is not None
    assert recording.stopped_at_s < 60
    assert "journeys" not in recording.series
    assert recording.failures == {}


async def test_who_is_never_served_is_counted(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response(text="ok")

    crowd = Crowd(journeys={"browse": 1}, users=1, stages=(Stage(0, 100),))
    async with serving(answer) as url:
        recording = await swarm(tmp_path, plan_for(url, crowd, duration_s=1))
    missed = recording.series["journeys"]["never served"].whole
    assert missed.errors > 20


def test_a_process_that_died_before_it_began_is_not_told_under_either_event_loop() -> None:
    async def tell() -> None:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "", stdin=pipe, stdout=pipe)
        await process.wait()
        assert await begin([process]) > time.time()

    asyncio.run(tell())
    uvloop.run(tell())


async def test_a_tool_that_breaks_says_so(tmp_path: Path) -> None:
    """A search answer without results is no refusal of the shop but an error of who reads it."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({})

    async with serving(answer) as url:
        recording = await swarm(tmp_path, plan_for(url, Crowd(journeys={"cart": 1}, users=1), duration_s=4))
    assert any(reason.startswith("the load tool: KeyError") for reason in recording.failures)
