"""`haat load` says in one sentence what it cannot do, and does what the words on its line say."""

import argparse
from pathlib import Path

import pytest

from loadtests import load
from loadtests.budgets import load_budgets
from loadtests.options import address, duration
from loadtests.result import figures_of
from loadtests.suites import NAMES, Wishes, plan_of, shape_sentence
from tests.loadtests.results import result


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    load.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["load", *words])
    code: int = arguments.run(arguments)
    return code


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("compare", "a"), "no run has been kept there"),
        (("compare", "a", "b"), "no run has been kept there"),
        (("mixed", "spike"), "mixed takes no further names: spike."),
        (("shoppers", "--budgets", "none.toml"), "none.toml cannot be read as budgets"),
        (("checkout", "--host", "http://127.0.0.1:9"), "name its address with --gateway"),
        (("shoppers", "--host", "http://127.0.0.1:9"), "Cannot connect to host 127.0.0.1:9"),
        (
            ("shoppers", "--host", "http://127.0.0.1:9", "--popularity", "none.json"),
            "none.json cannot be read as what is",
        ),
        (("smoke", "--host", "http://127.0.0.1:9"), "Ratios want a stack on this machine"),
        (("all", "--host", "http://127.0.0.1:9"), "checkout pays at the payment simulator"),
        (("shoppers", "--data", "elsewhere"), "No stack in elsewhere: `haat up` starts one"),
        (("shoppers",), "No stack in .haat: `haat up` starts one"),
        (("shoppers", "--products", "2000"), "--products is of a stack that is started for the run: add --fresh"),
        (("all", "--data", "x", "--web-workers", "4"), "--web-workers is of a stack that is started for the run"),
        (("shoppers", "--fresh", "--host", "http://127.0.0.1:9"), "--fresh starts a stack of its own"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HAAT_DATABASE__URL", "HAAT_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HAAT_PAYMENTS__BASE_URL", "http://127.0.0.1:9")  # of this machine, not of a shop far away
    assert run(*words) == 2
    said = capsys.readouterr().err
    assert said.startswith("haat load: ")
    assert sentence in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--duration", "0"), "argument --duration: '0' is no duration such as 90, 90s, 3m or 1h"),
        (("--users", "0"), "argument --users: '0' is no whole number from 1 on"),
        (("--load-workers", "0"), "argument --load-workers: '0' is no whole number from 1 on"),
        (("--rate", "-1"), "argument --rate: '-1' is below 0"),
        (("--spawn-rate", "0"), "argument --spawn-rate: '0' is not above 0"),
        (("--think", "nan"), "argument --think: 'nan' is no number"),
        (("--host", "127.0.0.1:8000"), "argument --host: '127.0.0.1:8000' is no address such as http://"),
        (("--gateway", "http://"), "argument --gateway: 'http://' is no address"),
    ],
)
def test_an_option_without_sense_is_refused_by_name(words: tuple[str, ...], sentence: str, capsys) -> None:
    with pytest.raises(SystemExit):
        run("shoppers", *words)
    assert sentence in capsys.readouterr().err


def test_durations_are_written_as_people_write_them() -> None:
    assert [duration(text) for text in ("90", "90s", "3m", "1m30s", "1h", "0.5")] == [90, 90, 180, 90, 3600, 0.5]
    assert address("https://shop.example:8443/") == "https://shop.example:8443"


def test_the_line_shapes_the_plan() -> None:
    wishes = Wishes(
        host="h", gateway="g", users=7, rate=3, duration_s=50, think_s=0.5, processes=2, spawn_rate=4, seed=9
    )
    plan = plan_of("mixed", wishes)
    assert (plan.users, plan.duration_s, plan.think_s, plan.processes) == (17, 50, 0.5, 2)
    assert (plan.spawn_rate, plan.seed) == (4, 9)
    assert shape_sentence(plan).startswith("shoppers: 3 journeys/s, at most 7 at once; sellers: 1 journeys/s")
    spike = plan_of("spike", Wishes(host="h", gateway="g", rate=2, duration_s=90))
    assert [stage.per_s for stage in spike.crowds["shoppers"].stages] == [2, 20, 2]
    closed = plan_of("checkout", Wishes(host="h", gateway="g", rate=0))
    assert shape_sentence(closed) == "buyers: 100 at once"


def test_the_day_is_what_people_do_and_a_soak_half_of_it_for_half_an_hour() -> None:
    mixed, soak = (plan_of(suite, Wishes(host="h", gateway="g")) for suite in ("mixed", "soak"))
    done = mixed.crowds["shoppers"].journeys
    assert sum(done.values()) == 100
    assert (done["browse"] + done["search"], done["cart"], done["buy"]) == (90, 8, 2)
    assert soak.crowds["shoppers"].journeys == done
    assert soak.crowds["shoppers"].stages[0].per_s * 2 == mixed.crowds["shoppers"].stages[0].per_s
    assert soak.duration_s == 30 * 60
    assert "sellers" in mixed.crowds.keys() & soak.crowds.keys()


def test_every_budget_of_the_shop_names_a_suite_and_a_figure_that_there_is() -> None:
    budgets = [budget for budget in load_budgets() if budget.suite != "bench"]  # test_bench.py has those
    assert {budget.suite for budget in budgets} <= {*NAMES, "smoke"}
    tables = {"requests", "journeys", "freshness", "facts", "ratios"}
    plain = {figure for figure in figures_of(result()) if len(figure) == 1}
    assert [b.where for b in budgets if b.figure[0] not in tables and b.figure not in plain] == []
