"""docs/security.md names a test for each control; every one of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_that_the_security_page_names_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "security.md").read_text("utf-8"))
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or not re.search(rf"def {name}\(", (ROOT / path).read_text("utf-8"))
    ]
    assert len(named) > 40
    assert missing == []


def test_every_control_has_an_asvs_number_and_a_test() -> None:
    rows = [line for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    for row in rows[2:]:
        assert re.search(r"\| (V?\d+\.\d+(\.\d+)?|API\d+|RFC \d+)", row), row
        assert "::test_" in row, row
