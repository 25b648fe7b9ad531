"""Runs `haat up`, `haat down` and `haat status` as a person does, in an environment without settings."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from devstack.datafolder import DataFolder, StackState
from devstack.draft import ROOT
from devstack.processes import Identity

CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("HAAT_")}


def haat(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "devstack", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**CLEAN, **(env or {})}, capture_output=True, text=True, timeout=120, check=False
    )


def state_of(data: Path) -> StackState:
    state = DataFolder(data).read_state()
    assert state is not None, f"no stack runs on {data}"
    return state


def process_of(data: Path, name: str) -> Identity:
    process = state_of(data).services[name].process
    assert process is not None
    return process
