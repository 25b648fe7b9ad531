"""States are written in `move` alone, every job has one handler, and the settings are all documented."""

import re
from pathlib import Path

import msgspec

from jobs.registry import HANDLERS, declare_all
from models.outbox import JOBS
from models.states import MACHINES
from server.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
WRITERS = ("models", "handlers", "jobs", "search", "server", "catalogue")
UPDATE = re.compile(r"\bUPDATE\s+(?P<table>\w+)(?:\s+\w+)?\s+SET\s+(?P<columns>.*?)(?:\bWHERE\b|\bFROM\b|;)", re.DOTALL)


def test_states_are_written_in_move_alone() -> None:
    tables = {machine.table for machine in MACHINES}
    wrong = [
        f"{path.relative_to(ROOT)}: UPDATE {found['table']}"
        for package in WRITERS
        for path in (ROOT / package).rglob("*.py")
        if path.name != "states.py"
        for found in UPDATE.finditer(path.read_text("utf-8"))
        if found["table"] in tables and re.search(r"(?:^|,)\s*state\s*=", found["columns"])
    ]
    assert wrong == []


def test_every_job_has_one_handler() -> None:
    declare_all()
    assert set(HANDLERS) == set(JOBS)


def test_every_state_can_be_reached() -> None:
    for machine in MACHINES:
        reached = {new for followers in machine.moves.values() for new in followers}
        assert machine.moves.keys() - reached == set(list(machine.moves)[:1]) - reached, machine.table


def test_the_example_environment_names_every_setting() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = {line.removeprefix("# ").split("=")[0] for line in lines if re.match(r"(# )?HAAT_\w+__\w+=", line)}
    settings = {
        f"{PREFIX}{group.name}__{field.name}".upper()
        for group in msgspec.structs.fields(Settings)
        for field in msgspec.structs.fields(group.type)
    }
    assert named == settings
