"""The whole stack with the shop on it: ready when it says so, alive after kill -9, gone after Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devstack import postgres
from devstack.draft import ROOT
from devstack.processes import is_alive
from loadtests.fresh import FreshError, kept_stack
from tests.devstack.command import CLEAN, haat, process_of, state_of
from tests.devstack.eventually import eventually

SECOND_START_MAX_S = 10.0


@pytest.fixture(scope="module")
def web_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


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


def test_a_shop_that_is_up_is_ready(data: Path, web_port: int) -> None:
    assert status_of(web_port, "/healthz") == 200
    assert status_of(web_port, "/readyz") == 200
    services = state_of(data).services
    assert services["migrate"].state == "done"
    assert {services[name].state for name in ("worker", "web-1", "web-2")} == {"running"}


def test_whoever_wants_to_measure_on_a_running_shop_is_refused_and_does_not_stop_it(data: Path, web_port: int) -> None:
    with pytest.raises(FreshError, match="A stack already runs"), kept_stack(data, products=1, workers=1):
        pass
    assert status_of(web_port, "/readyz") == 200


@pytest.mark.parametrize("name", ["web-1", "web-2", "worker", "redis", "meilisearch", "razorpay", "inbox", "postgres"])
def test_any_server_may_be_killed_and_the_shop_is_ready_again(data: Path, web_port: int, name: str) -> None:
    os.kill(process_of(data, name).pid, signal.SIGKILL)
    eventually(lambda: state_of(data).services[name].restarts == 1)
    eventually(lambda: state_of(data).services[name].state == "running", timeout_s=30)
    eventually(lambda: status_of(web_port, "/readyz") == 200, timeout_s=30)
    assert state_of(data).services[name].last_exit == "killed by SIGKILL"


def test_a_second_start_is_quick_and_prints_the_addresses(data: Path, web_port: int) -> None:
    haat("down", "--data", str(data))
    begun = time.monotonic()
    page = up(data, web_port)
    assert status_of(web_port, "/readyz") == 200
    assert time.monotonic() - begun < SECOND_START_MAX_S
    for address in ("/seller", "/admin", "/api/docs", "admin@haat.example", "haat-demo-2026", str(data)):
        assert address in page


def test_ctrl_c_stops_a_stack_in_the_foreground(data: Path, web_port: int) -> None:
    haat("down", "--data", str(data))
    command = [sys.executable, "-m", "devstack", "up", "--no-seed", "--no-fsync", "--data", str(data)]
    with subprocess.Popen(
        [*command, "--port", str(web_port)], cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, text=True
    ) as stack:
        assert stack.stdout is not None
        assert any("Ctrl-C stops it" in line for line in stack.stdout)
        processes = [service.process for service in state_of(data).services.values()]
        stack.send_signal(signal.SIGINT)
        assert "Stopped." in stack.stdout.read()
        assert stack.wait(30) == 0
    assert not any(process is not None and is_alive(process) for process in processes)
