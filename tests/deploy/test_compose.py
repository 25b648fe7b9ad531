"""The compose file runs what exists: its commands are modules with these options, its settings are settings."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")


def test_the_compose_client_accepts_the_file() -> None:
    client = shutil.which("docker-compose")
    if client is None:
        pytest.skip("no docker-compose client here: `apt-get install docker-compose` brings one")
    done = subprocess.run([client, "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_its_settings_are_settings_of_haat(tmp_path: Path) -> None:
    names = set(re.findall(r"^    (HAAT_\w+__\w+):", COMPOSE, re.MULTILINE))
    assert len(names) > 8
    numbers = {name: "1" for name in names if name.endswith("_PORT")}
    values = dict.fromkeys(names, "") | numbers | {"HAAT_SITE__ENVIRONMENT": "development"}
    assert load_settings(values, tmp_path).site.environment == "development"


def test_web_and_worker_keep_pictures_in_one_place_and_may_write_wherever_they_keep_anything() -> None:
    shared, services = COMPOSE.split("\nservices:\n")
    assert "HAAT_MEDIA__FOLDER: /media\n" in shared
    assert "  volumes:\n    - media:/media\n" in shared
    ours = [part for part in re.split(r"\n(?=  [a-z]+:\n)", services.split("\nnetworks:")[0]) if "<<: *haat" in part]
    assert not [part for part in ours if re.match(r"\s*(web|worker|seed):", part) and "volumes:" in part]
    mounted = set(re.findall(r"^\s+- [a-z]+:(/\w+)$", "\n".join([shared, *ours]), re.MULTILINE))
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    writable = re.search(r"install -d -o haat ([/\w ]+)$", dockerfile, re.MULTILINE)
    assert writable
    assert mounted == set(writable[1].split()) == {"/media", "/data"}


@pytest.mark.parametrize(("module", "words"), re.findall(r"\[python, -m, ([\w.]+)([^\]]*)\]", COMPOSE))
def test_its_commands_are_modules_with_these_options(module: str, words: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subcommand = [word for word in re.findall(r"[\w-]+", words)[:1] if not word.startswith("-")]
    command = [sys.executable, "-m", module, *subcommand, "--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert [option for option in re.findall(r"(?<!\w)--[a-z-]+", words) if option not in done.stdout] == []
