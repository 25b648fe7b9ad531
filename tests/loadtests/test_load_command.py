"""`haat load` as somebody runs it, on what is nearly a shop: what was measured is reported, however it ends."""

import asyncio
import re
import signal
import sys
from pathlib import Path

import msgspec
from aiohttp import web

from loadtests.conduct import PLAN, ROOT
from loadtests.history import FILE
from loadtests.plan import read_plan
from loadtests.result import Result
from tests.loadtests.servers import serving

STUB = {
    "pages": 1,
    "total": 1,
    "facets": [],
    "hits": [{"slug": "teak-table", "name": "Teak table", "category": "tables", "brand": "Oak"}],
    "access_token": "t",
    "items": [],
}


async def run_haat(folder: Path, *words: str, until: asyncio.Event | None = None) -> tuple[int, str]:
    """The command with these words in `folder`, with Ctrl-C at `until`: its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "loadtests", "load", *words),
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    talking = asyncio.create_task(process.communicate())
    if until:
        waiting = asyncio.create_task(until.wait())
        await asyncio.wait((waiting, talking), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not talking.done():
            process.send_signal(signal.SIGINT)
    said, _ = await talking
    assert process.returncode is not None
    return process.returncode, said.decode()


def report_of(said: str) -> Path:
    return Path(said.rpartition("Report: ")[2].strip())


async def test_ctrl_c_ends_a_run_in_good_order_and_what_it_measured_is_reported(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/":
            asked.set()
        return web.json_response(STUB)

    async with serving(answer) as url:
        words = ("shoppers", "--host", url, "--duration", "10m", "--users", "20", "--rate", "20")
        code, said = await run_haat(tmp_path, *words, until=asked)
    assert code == 130, said
    assert re.search(r"ended after \d s, not judged", said)
    report = report_of(said)
    assert "ended early, not judged" in report.read_text("utf-8")
    assert (tmp_path / "reports" / FILE).read_bytes() == b""
    assert read_plan(report.parent / "shoppers" / PLAN).seller is None  # no password stays in the folder


async def test_suites_that_came_to_their_end_are_reported_whatever_becomes_of_the_next(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(STUB)

    async with serving(answer) as url:
        words = ("all", "--host", url, "--gateway", url, "--duration", "2", "--users", "4", "--rate", "4")
        code, said = await run_haat(tmp_path, *words, "--out", "mine")
    assert code == 2, said
    assert "haat load: seller@haat.example sells fewer than 3 products" in said
    found = msgspec.json.decode((tmp_path / "mine" / "results.json").read_bytes(), type=list[Result])
    assert [result.suite for result in found] == ["shoppers", "checkout"]
    assert re.search(r"Runs: shoppers-\S+, checkout-", said)
    assert "  the load tool: KeyError" in re.sub(r"\d+ × ", "", said)  # why purchases failed, without the report


async def test_another_server_is_no_shop(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"hello": "world"})

    async with serving(answer) as url:
        code, said = await run_haat(tmp_path, "shoppers", "--host", url)
    assert code == 2
    assert "is no search of Haat: is that the address of the shop?" in said
