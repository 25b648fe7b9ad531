"""The whole stack with the shop on it: ready when it says so, alive after kill -9, gone after Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devstack.draft import ROOT
from devstack.processes import is_alive
from loadtests.fresh import FreshError, kept_stack
from tests.devstack.command import CLEAN, haat, process_of, state_of
from tests.devstack.eventually import eventually
from tests.devstack.upright import data, status_of, web_port

__all__ = ["data", "web_port"]


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
