"""`haat prove all`: every proof on fresh servers, one JSON of all figures, and docs/reliability.md written from it.

Exits 1 when a figure is red or a proof failed; the document then says so too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loadtests.conduct import ROOT, commit, machine
from loadtests.fresh import fresh_stack

ROUNDS = 30
PROOFS = ("tests/proofs", "tests/laws")
RED = (
    "oversold", "other", "orders too many", "wrong end states", "forged and accepted", "orders lost or doubled",
    "used beyond its limit", "answers 500", "orders without a confirmation",
    "paise that gateway and shop disagree on", "broken", "failed", "answers that differ",
)  # fmt: skip
"""Figures that must be 0."""

PATIENCE_S = 3_600
"""For one proof: in all its rounds it may take longer than a test ever may."""

HEAD = """\
# Reliability, as measured

Written by `{command}`; nothing here is typed by hand. Every proof also runs, in fewer rounds, in `make test`, where a
test switches each guard off in a throwaway database and demands that the figure turns red.

| | |
| --- | --- |
| when | {when} |
| commit | {commit} |
| machine | {machine} |
| took | {seconds} s |
| verdict | {verdict} |
"""


def add_parser(proofs: Any) -> None:
    every = proofs.add_parser("all", help="every proof, on fresh servers; one JSON of all figures")
    every.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each drill is repeated ({ROUNDS})")
    every.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a document")
    every.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    figures = _drills(arguments.rounds)
    with fresh_stack(products=500, workers=2) as data:
        figures["oversell"] = _last_json("prove", "oversell", "--data", str(data))
        figures["timing"] = _last_json("prove", "timing", "--data", str(data))
        figures["freshness"] = _last_json("probe", "freshness", "--edits", "100", "--data", str(data))
    report = {
        "command": f"haat prove all --rounds {arguments.rounds}",
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": commit() or "unknown",
        "machine": machine(),
        "seconds": round(time.monotonic() - began),
        "figures": figures,
    }
    print(json.dumps(report))
    if arguments.write:
        arguments.write.write_text(document(report), "utf-8")
    return 1 if red(figures) else 0


def red(figures: dict[str, dict[str, Any]]) -> list[str]:
    """Figures that should be 0 and are not, and proofs that left none."""
    found = [f"{proof}: {name}" for proof, sums in figures.items() for name in RED if sums.get(name)]
    return found + [f"{proof}: no figures" for proof, sums in figures.items() if not sums]


def document(report: dict[str, Any]) -> str:
    """Markdown: one table a proof."""
    problems = red(report["figures"])
    verdict = "every figure that should be 0 is 0" if not problems else f"RED: {'; '.join(problems)}"
    parts = [HEAD.format(**{**report, "verdict": verdict})]
    for proof, sums in report["figures"].items():
        rows = "".join(f"| {name} | {value} |\n" for name, value in sums.items())
        parts.append(f"\n## {proof.capitalize()}\n\n| figure | value |\n| --- | --- |\n{rows}")
        if proof == "kills":
            parts.append(f"| **in all, at {len(sums)} points** | **{sum(sums.values())}** |\n")
    return "".join(parts)


def _drills(rounds: int) -> dict[str, dict[str, Any]]:
    """What the tests of the proofs counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        settings = {**os.environ, "HAAT_PROOF_ROUNDS": str(rounds), "HAAT_FIGURES": str(path)}
        subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", "-o", f"faulthandler_timeout={PATIENCE_S}", *PROOFS],
            cwd=ROOT,
            env=settings,
            stdout=sys.stderr,
            check=False,
        )
        found: dict[str, dict[str, Any]] = json.loads(path.read_bytes()) if path.exists() else {"tests": {"failed": 1}}
        return found


def _last_json(*words: str) -> dict[str, Any]:
    """The last line of one of our commands; empty when it could not run."""
    command = [sys.executable, "-m", "loadtests", *words]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    lines = done.stdout.splitlines()
    last: dict[str, Any] = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return last
