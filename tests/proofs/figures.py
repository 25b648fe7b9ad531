"""What a run of the proofs counted: sums by proof and name, written as JSON to the file that HAAT_FIGURES names."""

import os
from collections import Counter, defaultdict
from pathlib import Path

import msgspec

ROUNDS = int(os.environ.get("HAAT_PROOF_ROUNDS", "1"))
"""How often each drill is repeated: once in the tests, more in `make prove`."""

_SUMS: defaultdict[str, Counter[str]] = defaultdict(Counter)


def count(proof: str, name: str, number: int = 1) -> None:
    _SUMS[proof][name] += number


def write(*, passed: int, failed: int) -> None:
    if path := os.environ.get("HAAT_FIGURES"):
        count("tests", "passed", passed)
        count("tests", "failed", failed)
        Path(path).write_bytes(msgspec.json.encode(_SUMS))
