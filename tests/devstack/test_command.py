"""The `haat` command: its table, its help, and what it does with a word that it does not know."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from server.__main__ import ROOT, SUBCOMMANDS, command_line
from tests.devstack.command import CLEAN


def haat(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", *arguments]
    env = {**CLEAN, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("word", [(), ("--help",), ("-h",), ("help",)])
def test_help_lists_every_command(word: tuple[str, ...]) -> None:
    done = haat(*word)
    assert done.returncode == 0
    for name, subcommand in SUBCOMMANDS.items():
        assert f"  {name} " in done.stdout
        assert subcommand.help in done.stdout


@pytest.mark.parametrize(("word", "hint"), [("stauts", "did you mean `haat status`?"), ("xyzzy", "haat --help")])
def test_an_unknown_command_is_one_sentence(word: str, hint: str) -> None:
    done = haat(word)
    assert done.returncode == 2
    assert done.stdout == ""
    assert hint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_command_is_a_module_that_exists() -> None:
    for name, subcommand in SUBCOMMANDS.items():
        spec = importlib.util.find_spec(subcommand.module)
        assert spec is not None, name
        if spec.submodule_search_locations is not None:
            assert importlib.util.find_spec(f"{subcommand.module}.__main__") is not None, name


def test_words_are_passed_on_as_they_are() -> None:
    assert command_line(["import", "a b.csv", "--seller", "x"]) == [
        sys.executable,
        "-m",
        "catalogue",
        "import",
        "a b.csv",
        "--seller",
        "x",
    ]


def test_the_data_folder_is_the_checkouts_wherever_the_command_is_called(tmp_path: Path) -> None:
    done = haat("status", "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "data folder" in done.stdout
