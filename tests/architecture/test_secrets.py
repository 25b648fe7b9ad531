"""No secret is in a tracked file, and whatever is installed was locked by its hash."""

import json
import math
import re
import subprocess
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}\b",
    "Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "Razorpay live key": r"\brzp_live_[A-Za-z0-9]{10,}\b",
    "Stripe live key": r"\b[rs]k_live_[A-Za-z0-9]{16,}\b",
    "Twilio key": r"\bSK[0-9a-f]{32}\b",
    "Cloudinary account": r"cloudinary://[0-9]{10,}:[A-Za-z0-9_-]{20,}@",
    "password in an address": r"\b(?:postgres(?:ql)?|redis|amqp|smtps?)://[^\s:/@{}$]+:(?P<word>[^\s:/@{}$]{12,})@",
    "assigned secret": (
        r"(?i)(?:secret|password|token|api_?key)[A-Z_]*[\"']?\s*[:=]\s*[\"'](?P<word>[A-Za-z0-9+/_=-]{24,})[\"']"
    ),
}
RANDOM_BITS = 3.9
"""Bits a character, from which a word is drawn rather than written."""


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in names.decode().split("\0") if name]


def looks_random(word: str) -> bool:
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values()) >= RANDOM_BITS


def secrets_in(text: str) -> list[str]:
    return [
        name
        for name, shape in SHAPES.items()
        for match in re.finditer(shape, text)
        if not match.groupdict().get("word") or looks_random(match["word"])
    ]


def test_no_secret_is_in_a_tracked_file() -> None:
    found = {}
    for path in tracked():
        if path.suffix in {".png", ".webp", ".ico", ".woff2"} or path.name.endswith("lock.json") or not path.is_file():
            continue
        if hits := secrets_in(path.read_text("utf-8", "replace")):
            found[str(path.relative_to(ROOT))] = hits
    assert found == {}


def test_the_scan_finds_what_it_looks_for() -> None:
    drawn = "q7Xv2LpZ9sKd4WmT8bRy" + "1NcHf5Gj"
    for text in (
        "-----BEGIN " + "PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        f'SECRET_KEY = "{drawn}"',
        f"postgresql://haat:{drawn}@db/haat",
        "rzp_live_" + "a1b2c3d4e5f6g7",
    ):
        assert secrets_in(text), text
    assert secrets_in('secret = "development-only-secret-do-not-use-anywhere-else"') == []


def test_what_is_installed_is_what_was_locked() -> None:
    locked = [line.rstrip(" \\\n") for line in (ROOT / "requirements" / "dev.lock").read_text("utf-8").splitlines()]
    wanted = [Requirement(line) for line in locked if line[:1].isalnum()]
    here = {name.name: name for name in wanted if name.marker is None or name.marker.evaluate()}
    found = {name: version(name) for name in here}
    assert len(here) > 60
    assert {name: got for name, got in found.items() if got not in here[name].specifier} == {}, "run make setup"


def test_everything_that_is_installed_is_locked_by_hash() -> None:
    for name in ("dev", "prod"):
        lines = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8").splitlines()
        wanted = [number for number, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
        assert len(wanted) > 30
        for number in wanted:
            assert "==" in lines[number], lines[number]
            assert "--hash=sha256:" in lines[number + 1], lines[number]
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [
        name
        for name, package in packages.items()
        if name and not package.get("integrity") and not package.get("inBundle")
    ] == []
