"""Two runs are told apart by what is clear, and not by what is noise."""

import random
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from loadtests import history
from loadtests.conduct import CHANGED, commit
from loadtests.history import HistoryError
from loadtests.recording import Recording
from loadtests.result import rows_of
from tests.loadtests.results import result


def verdicts(before: float, after: float) -> dict[str, str]:
    entries = [history.entry_of(result(scale=before, seed=1)), history.entry_of(result(scale=after, seed=2))]
    return {difference.figure: difference.verdict for difference in history.compare(*entries)}


def test_the_same_shop_measured_twice_differs_by_noise_only() -> None:
    assert set(verdicts(1.0, 1.0).values()) == {""}


def test_a_shop_that_became_slower_is_worse_and_one_that_became_faster_better() -> None:
    assert verdicts(1.0, 1.5)["p95_ms"] == "worse"
    assert verdicts(1.0, 1.5)["requests GET /api/v1/search p50_ms"] == "worse"
    assert verdicts(1.5, 1.0)["p95_ms"] == "better"


def test_what_came_less_often_by_chance_is_no_difference() -> None:
    def bought(times: int) -> history.Entry:
        rng, made, found = random.Random(times), Recording(slice_s=1.0), result(seed=times)
        for _ in range(times):
            made.add("journeys", "buy", 900.0, at_s=rng.uniform(0, 135), ok=rng.random() > 0.02)
        found.journeys = rows_of(made, "journeys", seconds=135)
        return history.entry_of(found)

    def judged(after: int) -> str:
        differences = history.compare(bought(78), bought(after))
        return next(d.verdict for d in differences if d.figure == "journeys buy per_s")

    assert [judged(after) for after in (64, 20, 160)] == ["", "worse", "better"]


def test_runs_are_kept_found_by_how_their_name_begins_and_shown(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    history.append(path, [result(seed=1)])
    history.append(path, [result(seed=2, scale=2), result(suite="spike", seed=3)])
    entries = history.read(path)
    before, after = (
        history.find(entries, "mixed-20261123-120000-0001"),
        history.find(entries, "mixed-20261123-120000-0002"),
    )
    assert history.find(entries, "spike") == entries[2]
    assert [line.split()[0] for line in history.listing(entries).splitlines()] == [entry.id for entry in entries]
    assert (before.id[-1], after.id[-1]) == ("1", "2")
    text = history.table(before, after, history.compare(before, after, entries))
    assert "before: mixed-20261123-120000-0001 (0123456789)" in text
    assert next(line for line in text.splitlines() if line.startswith("p95_ms")).endswith("worse")


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no run has been kept"):
        history.read(tmp_path / "none.jsonl")
    entries = [history.entry_of(result()), history.entry_of(result(suite="spike"))]
    with pytest.raises(HistoryError, match="No run is called 'soak'; the last ones are mixed-"):
        history.find(entries, "soak")
    with pytest.raises(HistoryError, match=r"2 runs begin with '', the last ones are mixed-.*: write more of the id"):
        history.find(entries, "")
    with pytest.raises(HistoryError, match="-0001 is one run: compare takes two"):
        history.compare(entries[0], entries[0])
    with pytest.raises(HistoryError, match="is a run of mixed"):
        history.compare(*entries)


def test_runs_under_other_conditions_say_so() -> None:
    before = history.entry_of(result(seed=1))
    assert history.unlike(before, history.entry_of(result(seed=2))) == []
    after = replace(before, id="other", shape="shoppers: 5 at once", duration_s=10.0)
    assert "Not alike: duration 40 s before, 10 s after." in history.table(before, after, []).splitlines()
    assert len(history.unlike(before, after)) == 2


def test_a_line_that_a_crash_cut_off_is_named_and_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    history.append(path, [result(seed=1)])
    path.write_bytes(path.read_bytes()[:-10])
    history.append(path, [result(seed=2)])
    with pytest.raises(HistoryError, match=r"history.jsonl:1 is no run .*: remove the line"):
        history.read(path)
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    assert [entry.id[-1] for entry in history.read(path)] == ["2"]


def test_repetitions_of_a_run_tell_its_noise() -> None:
    before, after = (history.entry_of(result(seed=seed, scale=scale)) for seed, scale in ((1, 1.0), (2, 1.5)))
    again = [history.entry_of(result(seed=3 + number, scale=0.5 + number)) for number in range(4)]
    (found,) = [d for d in history.compare(before, after, again) if d.figure == "p95_ms"]
    assert found.verdict == ""
    assert found.noise > found.after - found.before
    for named in ("", f"0123456789{CHANGED}"):
        unnamed = [replace(entry, commit=named) for entry in (before, after, *again)]
        (found,) = [d for d in history.compare(*unnamed[:2], unnamed[2:]) if d.figure == "p95_ms"]
        assert found.verdict == "worse"


def test_a_run_says_of_which_commit_it_is() -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert commit().removesuffix(CHANGED) == head[:10]
