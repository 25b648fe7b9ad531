"""The stack as a whole: restarts, orphans, two side by side, and its end."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from devstack import postgres
from devstack.datafolder import DataFolder
from devstack.processes import Identity, identify, is_alive, stop_all
from server.settings import read_env_file
from tests.devstack.command import haat, process_of, state_of
from tests.devstack.eventually import eventually

ONLY = ("--only", "redis,inbox", "--no-fsync")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose stack is stopped afterwards, whatever happened."""
    path = tmp_path / "data"
    yield path
    haat("down", "--data", str(path))
    postgres.discard(path)


def start(data: Path, *options: str) -> None:
    started = haat("up", "--detach", "--data", str(data), *(options or ONLY))
    assert started.returncode == 0, started.stderr + started.stdout


def kill(data: Path, name: str, *, times: int) -> None:
    """Kill a server for the given time, and wait until it runs again."""
    os.kill(process_of(data, name).pid, signal.SIGKILL)
    eventually(lambda: state_of(data).services[name].restarts == times)
    eventually(lambda: state_of(data).services[name].state == "running")


def ping(data: Path) -> bool:
    with redis.Redis.from_url(read_env_file(data / "stack.env")["HAAT_REDIS__URL"]) as client:
        return bool(client.ping())


def test_a_killed_server_is_started_again_and_status_says_so(data: Path) -> None:
    start(data)
    kill(data, "redis", times=1)
    assert ping(data)
    status = haat("status", "--data", str(data))
    line = next(line for line in status.stdout.splitlines() if line.startswith("redis"))
    assert "killed by SIGKILL" in line
    assert status.returncode == 0
    assert "redis died (killed by SIGKILL)" in DataFolder(data).log("stack").read_text()


def test_a_server_that_dies_again_and_again_is_restarted_with_pauses(data: Path) -> None:
    start(data)
    for times in (1, 2, 3):
        kill(data, "redis", times=times)
    assert ping(data)


def test_down_stops_everything_and_says_so_once(data: Path) -> None:
    start(data)
    processes = [service.process for service in state_of(data).services.values()]
    assert haat("down", "--data", str(data)).stdout.startswith("Stopped")
    assert not any(process is not None and is_alive(process) for process in processes)
    assert not (data / "stack.env").exists()
    assert haat("down", "--data", str(data)).stdout.startswith("No stack runs")
    assert haat("status", "--data", str(data)).returncode == 1


def test_servers_die_with_a_killed_supervisor_and_the_next_start_works(data: Path) -> None:
    start(data)
    killed = state_of(data)
    os.kill(killed.supervisor.pid, signal.SIGKILL)
    processes = [service.process for service in killed.services.values()]
    eventually(lambda: not any(process is not None and is_alive(process) for process in processes))
    assert haat("status", "--data", str(data)).returncode == 1
    start(data)
    assert ping(data)


def test_an_orphan_is_stopped_by_the_next_start(data: Path) -> None:
    """Where the kernel does not tie children to their supervisor, they are found by the state that it left."""
    start(data)
    left = state_of(data)
    haat("down", "--data", str(data))
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as orphan:
        left.services["redis"].process = identify(orphan.pid)
        DataFolder(data).write_state(left)
        restarted = haat("up", "--detach", "--data", str(data), *ONLY)
        assert orphan.wait(5) == -signal.SIGTERM
    assert restarted.returncode == 0, restarted.stderr
    assert "1 of its processes" in restarted.stdout


def test_a_process_that_only_has_the_number_of_a_dead_one_is_left_alone() -> None:
    with subprocess.Popen(["sleep", "600"]) as stranger:
        earlier = Identity(stranger.pid, started_at=1.0)
        assert stop_all({earlier: signal.SIGKILL}, timeout_s=1) == 0
        assert stranger.poll() is None
        stranger.kill()


def test_a_process_that_does_not_stop_when_asked_is_killed() -> None:
    deaf = ["sh", "-c", "trap '' TERM; echo deaf; exec sleep 600"]
    with subprocess.Popen(deaf, stdout=subprocess.PIPE, text=True) as stubborn:
        identity = identify(stubborn.pid)
        assert identity is not None
        assert stubborn.stdout is not None
        assert stubborn.stdout.readline() == "deaf\n"
        assert stop_all({identity: signal.SIGTERM}, timeout_s=0.1) == 1
        assert stubborn.wait(5) == -signal.SIGKILL


def test_a_second_start_on_the_same_folder_is_refused(data: Path) -> None:
    start(data)
    second = haat("up", "--data", str(data), *ONLY)
    assert second.returncode == 2
    assert "already runs" in second.stderr
    assert "haat down" in second.stderr
    assert ping(data)


def test_two_folders_have_stacks_of_their_own_side_by_side(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    start(data)
    start(other)
    try:
        mine, theirs = (read_env_file(path / "stack.env") for path in (data, other))
        assert mine["HAAT_REDIS__URL"] != theirs["HAAT_REDIS__URL"]
        assert mine["HAAT_AUTH__SECRET"] != theirs["HAAT_AUTH__SECRET"]
        assert ping(data)
        assert ping(other)
    finally:
        haat("down", "--data", str(other))


def test_ports_and_secrets_stay_the_same_over_a_restart(data: Path) -> None:
    start(data)
    before = read_env_file(data / "stack.env")
    haat("down", "--data", str(data))
    start(data)
    assert read_env_file(data / "stack.env") == before


def test_files_with_secrets_are_for_their_owner_only(data: Path) -> None:
    start(data)
    for name in ("stack.env", "stack.json", "secrets.json", "ports.json"):
        assert (data / name).stat().st_mode & 0o077 == 0, name
