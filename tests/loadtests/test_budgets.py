"""A broken budget names its line; what was not measured is broken; the shop's own are as tight as what was promised."""

from pathlib import Path

import pytest

from loadtests.budgets import BudgetError, judge, load_budgets

TEXT = """# budgets of a test
[mixed]
p95_ms = 100  # a comment
requests_per_s_min = 200

[mixed.requests."GET /api/v1/search"]
p99_ms = 250.5

[flash_sale.facts]
oversold = 0
"""


@pytest.fixture
def budgets_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT)
    return path


def test_a_broken_budget_names_file_line_figure_and_both_numbers(budgets_file: Path) -> None:
    figures = {("p95_ms",): 131.4, ("requests_per_s",): 201.0, ("requests", "GET /api/v1/search", "p99_ms"): 250.0}
    broken = [verdict for verdict in judge(load_budgets(budgets_file), "mixed", figures) if not verdict.kept]
    assert [verdict.sentence for verdict in broken] == ["mine.toml:3: [mixed] p95_ms is 131.4, budget at most 100"]


def test_a_minimum_breaks_from_below(budgets_file: Path) -> None:
    figures = {("p95_ms",): 1.0, ("requests_per_s",): 199.0, ("requests", "GET /api/v1/search", "p99_ms"): 1.0}
    broken = [verdict for verdict in judge(load_budgets(budgets_file), "mixed", figures) if not verdict.kept]
    assert [verdict.budget.where for verdict in broken] == ["mine.toml:4"]


def test_a_figure_that_nobody_measured_breaks_its_budget(budgets_file: Path) -> None:
    (verdict,) = judge(load_budgets(budgets_file), "flash_sale", {})
    assert not verdict.kept
    assert verdict.sentence == "mine.toml:10: [flash_sale] facts oversold was not measured"


def test_a_misspelt_request_is_broken_and_told_what_it_may_be(budgets_file: Path) -> None:
    figures = {("requests", "GET /api/v1/serch", "p99_ms"): 1.0, ("requests", "GET /", "p99_ms"): 1.0}
    figures |= {("outside", "GET /api/v1/search", "p99_ms"): 1.0, ("requests", "GET /api/v1/search", "p95_ms"): 1.0}
    found = judge(load_budgets(budgets_file), "mixed", figures)[-1]
    assert not found.kept
    assert found.sentence == (
        "mine.toml:7: [mixed] requests GET /api/v1/search p99_ms was not measured; "
        "did you mean 'requests GET /api/v1/serch p99_ms'?"
    )


def test_a_figure_that_cannot_be_judged_yet_is_excused(budgets_file: Path) -> None:
    figure = ("facts", "oversold")
    (verdict,) = judge(load_budgets(budgets_file), "flash_sale", {}, {figure: "too short"})
    assert verdict.kept
    assert verdict.sentence.endswith("was not measured: too short")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[mixed]\np95_ms = 'fast'\n", "bad.toml:2: mixed.p95_ms is no number"),
        ("[mixed]\np95_ms = true\n", "is no number"),
        ("p95_ms = 3\n", "is no number in the table of a suite"),
        ("[mixed\n", "cannot be read as budgets"),
        ("[[mixed]]\np95_ms = 3\n", "bad.toml: mixed is no number"),
        ("[mixd]\np95_ms = 3\n", r"bad.toml:2: there is no suite 'mixd'; did you mean 'mixed'\?"),
        ("[mixed]\np95_s = 3\n", r"bad.toml:2: there is no figure 'p95_s'; did you mean 'p95_ms'\?"),
        ("[mixed]\nlatency = 3\n", "there is no figure 'latency'; there are p50_ms, "),
        ('[mixed.request."GET /"]\np95_ms = 3\n', "request.GET / is no table of figures; there are requests."),
        ("[mixed]\np95_ms = -1\n", "bad.toml:2: mixed.p95_ms is -1; a budget is a number from 0 on"),
        ("[mixed]\np95_ms = nan\n", "a budget is a number from 0 on"),
        ("[mixed]\nrequests_per_s = 200\n", "more of requests_per_s is better: the limit is requests_per_s_min"),
        ("[mixed.journeys.buy]\nper_s = 2\n", "more of per_s is better: the limit is per_s_min"),
        ("[smoke.ratios]\ncached_search = 1\n", "more of cached_search is better"),
        ("[mixed]\np95_ms_min = 2\n", "less of p95_ms is better: the limit is p95_ms"),
    ],
)
def test_a_file_that_is_no_budget_says_why(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(BudgetError, match=reason):
        load_budgets(path)


ASKED = {
    ("flash_sale", "facts", "oversold"): 0,
    ("mixed", "p95_ms"): 100,
    ("mixed", "requests_per_s"): 190,  # 200 planned, at random
    ("mixed", "facts", "application_memory_mb"): 600,
    **{("soak", "facts", f"{name}_slope"): 0.01 for name in ("memory", "connections", "queue", "lag")},
    ("soak", "facts", "application_memory_mb"): 600,
    ("bench", "ratios", "bare"): 0.75,
    ("bench", "ratios", "cached_search"): 0.55,
    ("bench", "ratios", "cached_product"): 0.55,
    ("bench", "ratios", "uncached_search"): 0.75,
    ("bench", "ratios", "uncached_search_facets"): 0.85,
    ("bench", "suggest", "p99_ms"): 50,
    ("bench", "page_uncached", "per_s"): 400,
    ("bench", "page_cached", "per_s"): 2_000,
    ("bench", "carts", "per_s"): 150,
    ("bench", "buy", "per_s"): 40,
}


def test_no_budget_of_the_shop_is_looser_than_what_was_promised() -> None:
    ours = {(budget.suite, *budget.figure): budget for budget in load_budgets()}
    assert ASKED.keys() - ours.keys() == set()
    assert [
        name
        for name, limit in ASKED.items()
        if (ours[name].limit < limit if ours[name].minimum else ours[name].limit > limit)
    ] == []
