"""What is wrong with the machine or the settings is one sentence that says what to do, exit code 2 and no traceback."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack import meilisearch, pgbinaries, redis
from devstack.errors import StackError
from tests.devstack.command import haat


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence; anything else fails."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line]
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        number: int = listener.getsockname()[1]
        yield number


@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_a_taken_port_names_who_has_it_and_the_way_out(tmp_path: Path, taken: int, detach: tuple[str, ...]) -> None:
    sentence = refusal(haat("up", "--data", str(tmp_path), "--port", str(taken), *detach))
    assert f"Port {taken} is taken" in sentence
    assert str(os.getpid()) in sentence
    assert "--port" in sentence


def test_a_port_from_the_settings_is_looked_at_too(tmp_path: Path, taken: int) -> None:
    done = haat("up", "--data", str(tmp_path), env={"HAAT_HTTP__PORT": str(taken)})
    assert f"Port {taken} is taken" in refusal(done)


def unwritable(tmp_path: Path) -> Path:
    """A folder that this user cannot make: root writes through modes, but not into the kernel's own file system."""
    if os.geteuid() == 0:
        return Path("/sys/haat")
    tmp_path.chmod(0o500)
    return tmp_path / "data"


@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_a_folder_that_cannot_be_written(tmp_path: Path, detach: tuple[str, ...]) -> None:
    path = unwritable(tmp_path)
    sentence = refusal(haat("up", "--data", str(path), *detach))
    assert str(path) in sentence
    assert "--data" in sentence


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    assert "--data" in refusal(haat("up", "--data", str(path)))


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("HAAT_DATABASE__URL", "postgres://haat:secret-word@127.0.0.1:1/haat"),
        ("HAAT_REDIS__URL", "redis://:secret-word@127.0.0.1:1/0"),
        ("HAAT_SEARCH__URL", "http://127.0.0.1:1"),
        ("HAAT_PAYMENTS__BASE_URL", "http://127.0.0.1:1"),
        ("HAAT_MAIL__URL", "smtp://127.0.0.1:1"),
        ("HAAT_REDIS__URL", "nonsense"),
        ("HAAT_DATABASE__URL", "nonsense"),
        ("HAAT_MAIL__URL", "mail.example.com"),
    ],
)
def test_a_url_where_nobody_answers(tmp_path: Path, variable: str, url: str) -> None:
    sentence = refusal(haat("up", "--data", str(tmp_path), "--only", "inbox", env={variable: url}))
    assert sentence.startswith(f"haat up: {variable}=")
    assert "unset the variable" in sentence
    assert "secret-word" not in sentence


def test_a_setting_that_does_not_exist(tmp_path: Path) -> None:
    done = haat("up", "--data", str(tmp_path), "--only", "inbox", env={"HAAT_REDIS__COLOUR": "red"})
    assert "HAAT_REDIS__COLOUR" in refusal(done)


@pytest.mark.parametrize("option", [("--port", "0"), ("--port", "70000"), ("--workers", "none"), ("--only", "mysql")])
def test_a_nonsensical_option(tmp_path: Path, option: tuple[str, str]) -> None:
    done = haat("up", "--data", str(tmp_path), *option)
    assert done.returncode == 2
    assert option[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_npm_packages(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="make setup"):
        pgbinaries.package(tmp_path)
    with pytest.raises(StackError, match="HAAT_SEARCH__URL"):
        meilisearch.binary(tmp_path)


def test_a_meilisearch_with_other_bytes_is_not_run(tmp_path: Path) -> None:
    (package,) = meilisearch.PINNED
    folder = tmp_path / "node_modules" / package
    folder.mkdir(parents=True)
    (folder / "meilisearch").write_text("#!/bin/sh\necho gotcha\n")
    with pytest.raises(StackError, match="is not the Meilisearch"):
        meilisearch.binary(tmp_path)


def test_a_missing_redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match="HAAT_REDIS__URL"):
        redis.binary()
