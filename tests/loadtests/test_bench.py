"""The bench measures every figure that its budgets name, and its table says the same as its JSON."""

from loadtests.bench import PAIRS, Bench, Row, figures_of, python, table
from loadtests.budgets import judge, load_budgets
from loadtests.door import Door
from loadtests.purchasing import Purchasing, Written, lines_of

STATEMENTS = {"one_line": 8, "five_lines": 8, "coupon": 10, "coupon_and_gift_card": 11}


def measured(ratio: float, *, added_us: float = 100) -> Bench:
    rows = {
        name: Row(
            what=what, per_s=3_000, ceiling_per_s=3_000 / ratio, ratio=ratio, p99_ms=9, cpu_us=200, cpu_ratio=ratio
        )
        for name, (_, what) in PAIRS.items()
    }
    return Bench(
        python=python(),
        load_before=0.1,
        load_after=0.2,
        products=100_000,
        processes=2,
        rows=rows,
        door=Door(
            open_us=90,
            door_us=90 + added_us,
            calm_p99_ms=9,
            busy_p99_ms=20,
            log_ins_per_s=10,
            turned_away_per_s=0,
        ),
        purchases=bought(per_s=500 * ratio),
    )


def bought(per_s: float) -> Purchasing:
    rows = {
        name: Written(
            what=name, per_s=per_s, ceiling_per_s=500, p95_ms=90, requests_p95_ms={"pay": 90}, cpu_ms={"web-1": 9}
        )
        for name in ("buy", "carts", "reservations")
    }
    return Purchasing(rows=rows, statements=STATEMENTS)


def test_every_budget_of_the_bench_names_a_figure_that_it_measures():
    verdicts = judge(load_budgets(), "bench", figures_of(measured(0.9)))
    assert len(verdicts) > 5
    assert [verdict.sentence for verdict in verdicts if not verdict.kept] == []


def test_a_ratio_below_its_budget_is_named():
    verdicts = judge(load_budgets(), "bench", figures_of(measured(0.2)))
    assert "cached_search is 0.2, budget at least 0.55" in " ".join(v.sentence for v in verdicts if not v.kept)


def test_a_dear_way_in_is_named_with_its_line():
    verdicts = judge(load_budgets(), "bench", figures_of(measured(0.9, added_us=251)))
    [sentence] = [verdict.sentence for verdict in verdicts if not verdict.kept]
    assert sentence.endswith("[bench] door added_us is 251, budget at most 250")


def test_the_table_has_a_line_for_each_figure_and_says_which_python():
    found = measured(0.9)
    first, _, *lines = table(found).splitlines()
    assert "100,000 products, 2 web processes, Python 3." in first
    assert "PGO" in first
    assert found.door
    assert len(lines) == len(PAIRS) + len(found.door.lines()) + len(lines_of(found.purchases))
    assert lines[-1].endswith("one line 8, five lines 8, coupon 10, coupon and gift card 11")
