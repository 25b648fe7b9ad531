"""Runs one suite: draws the catalogue, starts the load processes, watches, adds up and judges.

The load itself runs in processes of their own (`loadtests.swarm`); here everything is asyncio.
"""

import asyncio
import contextlib
import os
import platform
import secrets
import shutil
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from loadtests import flash
from loadtests.budgets import Budget, judge
from loadtests.catalogue import CatalogueError, draw_catalogue, read_catalogue
from loadtests.ending import Stopped, ending
from loadtests.facts import FLAT, SLOPE_AFTER_S, TOO_SHORT, facts_of, slopes_of
from loadtests.monitor import Monitor
from loadtests.plan import READY, Plan
from loadtests.quiet import until_quiet
from loadtests.recording import Recording, merged
from loadtests.result import Result, curve_of, excuses_of, figures_of, row_of, rows_of, timeline_of
from loadtests.suites import shape_sentence
from server.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
HEAD_START_S = 0.3
"""Until the last load process has been told when to begin."""
OF_THE_STACK = (*FLAT, "application_memory_mb")
FAR_AWAY = "from far away only answers are seen"
CATALOGUE, PLAN = "catalogue.json", "plan.json"
ENDING = "  ending: what is under way comes to its end; once more ends at once ..."
ENDED = (-signal.SIGTERM, -signal.SIGKILL)
LEAST_S = 0.001
"""Of a run that was ended before anything counted, so that a rate is 0."""
CHANGED = "+"
"""Behind the commit of a checkout whose files differ from it."""


class LoadError(Exception):
    """A load process failed: the message has its last words."""


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """What is loaded. Without `settings` (far away) nothing but HTTP is measured."""

    host: str
    settings: Settings | None = None
    data: Path | None = None

    @property
    def database_url(self) -> str:
        return self.settings.database.url if self.settings else ""


async def conduct(plan: Plan, shop: Shop, budgets: Sequence[Budget], *, folder: Path) -> Result:
    """The judged result; `folder`, which is made, gets the plan and the catalogue. One that was ended before its time
    is not judged. Raises Stopped where it was ended at once.
    """
    if shop.database_url:
        await until_quiet(shop.host, shop.database_url)
    plan = await _prepare(plan, shop, folder)
    since = await flash.database_now(shop.database_url) if plan.targets and shop.database_url else None
    monitor = Monitor(shop.host, shop.settings, shop.data, interval_s=plan.slice_s)
    try:
        begun_at, recording = await _simulate(plan, monitor, folder)
    finally:
        _write(folder / PLAN, msgspec.structs.replace(plan, seller=None))
        if plan.targets and plan.seller is not None:
            await flash.put_back(shop.host, plan.seller, plan.targets)
    result = _result(plan, begun_at, recording, monitor)
    if since is not None:
        result.facts |= await flash.count(shop.database_url, plan.targets, since)
    elif plan.targets:
        result.facts |= flash.count_by_answers(recording.facts, plan.targets)
    if shop.settings is None:
        result.excuses |= dict.fromkeys(OF_THE_STACK, FAR_AWAY)
    if not result.stopped:
        result.verdicts = judge(budgets, plan.suite, figures_of(result), excuses_of(result))
    return result


async def _prepare(plan: Plan, shop: Shop, folder: Path) -> Plan:
    popular = read_catalogue(Path(plan.catalogue)) if plan.catalogue else await draw_catalogue(shop.host)
    if not (popular.queries and popular.categories and popular.products):
        raise CatalogueError("People ask for queries, categories and products: there is none of one of them.")
    catalogue = _write(folder / CATALOGUE, popular)
    targets = plan.targets
    if plan.suite == "flash_sale" and plan.seller is not None:
        targets = await flash.set_up(shop.host, plan.seller)
    plan = msgspec.structs.replace(plan, catalogue=str(catalogue), targets=targets)
    _write(folder / PLAN, plan)
    return plan


def _write(path: Path, what: msgspec.Struct) -> Path:
    """For its owner only: a plan has the seller's password until the load processes have read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(what)))
    return path


async def _simulate(plan: Plan, monitor: Monitor, folder: Path) -> tuple[float, Recording]:
    """When it began, by time.time(), and what all load processes recorded."""
    parts = [folder / f"part-{index}.json" for index in range(plan.processes)]
    swarm = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "loadtests.swarm", str(folder / PLAN), str(index), str(part)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LOCUST_SKIP_URLLIB3_PATCH": "1"},
            start_new_session=True,  # a terminal's Ctrl-C is for this process, which tells them
        )
        for index, part in enumerate(parts)
    ]
    for index, process in enumerate(swarm):
        monitor.watch(f"load-{index + 1}", process.pid)
    begin_at, said, interrupted = await _watched(swarm, monitor)
    for process, (_, errors) in zip(swarm, said, strict=True):
        if process.returncode:
            raise LoadError(f"A load process ended with {process.returncode}:\n{errors.decode()[-2000:]}")
    recordings = [msgspec.json.decode(part.read_bytes(), type=Recording) for part in parts]
    for part in parts:
        part.unlink()
    if not any(recording.series for recording in recordings):
        raise LoadError(f"The load processes made no request at all:\n{said[0][1].decode()[-2000:]}")
    total = merged(recordings, slice_s=plan.slice_s, warm_up_s=plan.warm_up_s)
    if interrupted and total.stopped_at_s is None:  # when all was over but the last answers
        total.stopped_at_s = plan.duration_s
    return begin_at, total


async def _watched(swarm: Sequence[Process], monitor: Monitor) -> tuple[float, list[tuple[bytes, bytes]], bool]:
    """When it began, the last words of each load process, and whether it was to end early. Raises Stopped."""
    interrupted = False

    def tell(number: signal.Signals) -> None:
        for process in swarm:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

    def end() -> None:
        nonlocal interrupted
        interrupted = True
        print(ENDING, flush=True)
        tell(signal.SIGTERM)

    watching: asyncio.Task[None] | None = None
    try:
        with ending(end, at_once=lambda: tell(signal.SIGKILL)):
            begin_at = await begin(swarm)
            watching = asyncio.create_task(monitor.run(begin_at))
            said = await asyncio.gather(*(process.communicate() for process in swarm))
        if interrupted and any(process.returncode in ENDED for process in swarm):
            raise Stopped
        return begin_at, said, interrupted
    finally:
        monitor.stop()
        tell(signal.SIGKILL)
        if watching:
            await watching


async def begin(swarm: Sequence[Process]) -> float:
    """Wait until all load processes are ready; they are told the time.time() of second 0. One that died is not told."""
    for process in swarm:
        assert process.stdout is not None
        while await process.stdout.readline() not in (f"{READY}\n".encode(), b""):
            pass
    begin_at = time.time() + HEAD_START_S
    for process in swarm:
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError, RuntimeError):  # uvloop's word for a closed pipe
            process.stdin.write(f"{begin_at!r}\n".encode())
            await process.stdin.drain()
    return begin_at


def _result(plan: Plan, begun_at: float, recording: Recording, monitor: Monitor) -> Result:
    if recording.stopped_at_s is not None:
        ended_at_s = recording.stopped_at_s
        plan = msgspec.structs.replace(plan, duration_s=ended_at_s, warm_up_s=min(plan.warm_up_s, ended_at_s))
    seconds = max(plan.duration_s - plan.warm_up_s, LEAST_S)
    samples = [sample for sample in monitor.samples if 0 <= sample.at_s <= plan.duration_s]
    long_enough = plan.duration_s >= SLOPE_AFTER_S
    facts = facts_of(recording, samples, monitor.first, monitor.last)
    return Result(
        id=f"{plan.suite}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        suite=plan.suite,
        started_at=datetime.fromtimestamp(begun_at, UTC).isoformat(timespec="seconds"),
        commit=commit(),
        machine=machine(),
        host=plan.host,
        shape=shape_sentence(plan),
        duration_s=plan.duration_s,
        warm_up_s=plan.warm_up_s,
        overall=row_of(recording.all_of("requests"), seconds=seconds),
        requests=rows_of(recording, "requests", seconds=seconds),
        journeys=rows_of(recording, "journeys", seconds=seconds),
        freshness=rows_of(recording, "freshness", seconds=seconds),
        outside=rows_of(recording, "outside", seconds=seconds),
        curve=curve_of(recording),
        timeline=timeline_of(recording, duration_s=plan.duration_s),
        samples=samples,
        facts={**facts, **(slopes_of(samples) if long_enough else {})},
        excuses={} if long_enough else dict.fromkeys(FLAT, TOO_SHORT),
        failures=dict(sorted(recording.failures.items(), key=lambda item: -item[1])),
        stopped=recording.stopped_at_s is not None,
    )


def machine() -> str:
    """What the figures were measured on, without its name."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def commit() -> str:
    """The commit of the checkout, shortened; empty outside one."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = [git, "describe", "--always", "--exclude=*", "--abbrev=10", f"--dirty={CHANGED}"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return told.stdout.strip()
