"""A whole shop that runs, with an empty catalogue, for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devstack import postgres
from devstack.ports import find_free
from tests.devstack.command import haat


@pytest.fixture(scope="module")
def web_port() -> int:
    return find_free()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, web_port: int) -> Iterator[Path]:
    """A running shop with an empty catalogue."""
    path = tmp_path_factory.mktemp("shop") / "data"
    up(path, web_port)
    yield path
    haat("down", "--data", str(path))
    postgres.discard(path)


def up(path: Path, web_port: int) -> str:
    started = haat("up", "--detach", "--no-seed", "--no-fsync", "--data", str(path), "--port", str(web_port))
    assert started.returncode == 0, started.stderr + started.stdout
    return started.stdout


def status_of(web_port: int, path: str) -> int:
    return requests.get(f"http://127.0.0.1:{web_port}{path}", timeout=10).status_code
