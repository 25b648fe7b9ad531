import subprocess
import sys
from pathlib import Path

from devstack.datafolder import DataFolder
from devstack.draft import ROOT, Plan
from devstack.ports import choose, claim, find_free
from devstack.stack import plan_stack
from loadtests.fresh import free_port

CLAIMS = "import sys; from devstack.ports import claim; sys.exit(0 if claim({port}) else 3)"


def test_a_port_that_was_chosen_here_is_no_longer_anybody_elses() -> None:
    port = find_free()
    assert claim(port)
    assert asked_elsewhere(port) == 3
    assert port not in {find_free() for _ in range(50)}


def test_a_port_that_another_process_chose_a_moment_ago_is_not_chosen() -> None:
    code = "from devstack.ports import find_free; print(find_free(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        assert choose(["postgres"], {"postgres": port})["postgres"] != port
        other.communicate("\n")
    assert choose(["postgres"], {"postgres": port})["postgres"] == port


def test_the_port_of_the_shop_is_held_before_its_servers_choose_theirs(tmp_path: Path) -> None:
    port, folder = free_port(), DataFolder(tmp_path / "data")
    folder.make()
    plan_stack(folder, Plan(port=port), environ={})
    assert asked_elsewhere(port) == 3


def asked_elsewhere(port: int) -> int:
    return subprocess.run([sys.executable, "-c", CLAIMS.format(port=port)], cwd=ROOT, check=False).returncode
