"""A broken budget names its line; what was not measured is broken; the shop's own budgets are never loose."""

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
    ],
)
def test_a_file_that_is_no_budget_says_why(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(BudgetError, match=reason):
        load_budgets(path)
