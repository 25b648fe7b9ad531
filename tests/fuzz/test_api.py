"""schemathesis against our own OpenAPI, as everybody in turn, stateful: nothing fails, nothing is undocumented.

A short run is part of the tests; `make fuzz` sets HAAT_FUZZ_CASES and goes on with new seeds until so many were made.
HAAT_FUZZ_SEED is the first seed, to go on where an earlier run ended.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sanic import Sanic

from models.database import Pool
from server.context import Context
from server.openapi import describe
from tests.authorisation.world import STAFF, World
from tests.fulfilling import seal_with

ROLES = ("anonymous", "shopper", "owner", "support", "admin")
EVERYBODY = ("anonymous", "shopper", *STAFF, "owner", "support", "admin")
"""Staff before the owner, who lets them go."""

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,ignored_auth,missing_required_header,unsupported_method"
)
ENDS_THE_LOG_IN = r"/auth/logout|/me/sessions|/me/password|/auth/refresh"
SHORT_CASES, SHORT_S, LONGEST_S = 0, 5, 120


class Run(NamedTuple):
    code: int
    cases: int
    text: str


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "HAAT_LIMITS__ENABLED": "false"}


def test_what_is_declared_is_no_excuse(app: "Sanic[Any, Any]") -> None:
    """No `default` answer that would allow anything, and of the failures 503 alone."""
    answers = {
        f"{method} {path}": set(operation["responses"])
        for path, methods in describe(app)["paths"].items()
        for method, operation in methods.items()
    }
    loose = {name for name, codes in answers.items() if {c for c in codes if c.startswith("5")} - {"503"}}
    assert loose | {name for name, codes in answers.items() if "default" in codes} == set()


async def test_nothing_fails_and_nothing_is_undocumented(
    app: "Sanic[Any, Any]", context: Context, database: Pool, tmp_path: Path
) -> None:
    world = World(context)
    wanted = int(os.environ.get("HAAT_FUZZ_CASES", SHORT_CASES))
    seconds, total, seed = (60 if wanted else SHORT_S), 0, int(os.environ.get("HAAT_FUZZ_SEED", "1"))
    phases = "coverage,fuzzing,stateful" if wanted else "fuzzing,stateful"
    while True:
        await people_anew(world)
        for role in EVERYBODY if wanted else ROLES:
            run = await some_cases(
                context.settings.site.base_url, world.actors[role].headers, tmp_path, seed, seconds, phases
            )
            total += run.cases
            print(f"{role}, seed {seed}: {run.cases} cases, {total} in all", flush=True)
            assert run.code == 0, run.text[-20_000:]
            assert run.cases > 0, run.text[-4_000:]
        seed += 1
        if total >= wanted:
            break


async def people_anew(world: World) -> None:
    """With something to see and to do; those of an earlier round have been sent away by its owner and operator."""
    await world.people()
    for _ in range(3):
        await world.product()
        await world.paid()
    await seal_with(world.context.keyring)


async def some_cases(url: str, headers: dict[str, str], folder: Path, seed: int, seconds: int, phases: str) -> Run:
    """A run that made cases: where the start alone took all the time, another one has twice as much."""
    run = await fuzz(url, headers, folder, seed, seconds, phases)
    while not run.code and not run.cases and (seconds := 2 * seconds) <= LONGEST_S:
        run = await fuzz(url, headers, folder, seed, seconds, phases)
    return run


async def fuzz(url: str, headers: dict[str, str], folder: Path, seed: int, seconds: int, phases: str) -> Run:
    report = folder / "report.json"
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{url}/api/openapi.json", "--url", url,
        "--checks", CHECKS, "--exclude-path-regex", ENDS_THE_LOG_IN, "--max-time", str(seconds), "--seed", str(seed),
        "--continue-on-failure", "--phases", phases, "--warnings", "off", "--request-timeout", "20", "--no-shrink",
        "--suppress-health-check", "all", "--report", "json", "--report-json-path", str(report),
    ]  # fmt: skip
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    out, _ = await process.communicate()
    return Run(process.returncode or 0, cases_in(report), out.decode("utf-8", "replace"))


def cases_in(report: Path) -> int:
    return int(json.loads(report.read_text("utf-8"))["test_cases"]["generated"])
