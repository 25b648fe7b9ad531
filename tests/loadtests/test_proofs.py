"""The report of the proofs: a figure that should be 0 and is not, or is missing, is said first and ends the command."""

import pytest

from loadtests.proofs import document, red

GOOD = {"kills": {"checkout.before_commit": 30, "webhook.after_commit": 30}, "stock": {"oversold": 0, "units": 10}}


@pytest.mark.parametrize(
    ("proof", "sums", "problem"),
    [
        ("stock", {"oversold": 1}, "stock: oversold"),
        ("webhooks", {"forged and accepted": 2}, "webhooks: forged and accepted"),
        ("tests", {"passed": 9, "failed": 1}, "tests: failed"),
        ("freshness", {}, "freshness: no figures"),
    ],
)
def test_what_is_wrong_is_red(proof, sums, problem):
    assert red(GOOD) == []
    assert red({**GOOD, proof: sums}) == [problem]


def test_the_document_says_when_where_how_and_how_much():
    report = {"command": "haat prove all", "when": "2026-01-01", "commit": "abc", "machine": "2 cores", "seconds": 9}
    told = document({**report, "figures": GOOD})
    for words in ("haat prove all", "2026-01-01", "abc", "2 cores", "should be 0 is 0", "**60**", "| oversold | 0 |"):
        assert words in told
    assert "RED: stock: oversold" in document({**report, "figures": {**GOOD, "stock": {"oversold": 1}}})
