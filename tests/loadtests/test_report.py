"""The report is one valid page that fetches nothing, says what is broken first, and draws what was measured."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest

from loadtests.budgets import Budget
from loadtests.report import page, summary
from loadtests.report.plot import Line, Plot
from loadtests.report.scale import decades, duration, log_ticks, short, ticks, time_ticks
from loadtests.result import Result
from tests.loadtests.results import result

BROKEN = Budget(suite="mixed", figure=("p95_ms",), limit=1.0, minimum=False, where="budgets.toml:7")
KEPT = Budget(suite="mixed", figure=("facts", "oversold"), limit=0.0, minimum=False, where="budgets.toml:9")
VOID = {"meta", "link", "br", "img", "input", "path", "rect", "circle"}


class Nesting(HTMLParser):
    """Open elements; raises where one is closed that was not opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "srcset", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def test_the_page_is_whole_and_stands_alone() -> None:
    text = page([result(budgets=(BROKEN, KEPT)), result(suite="spike")])
    parser = Nesting()
    parser.feed(text)
    assert parser.open == []
    assert parser.fetched == []
    assert re.findall(r"<script|<link|@import|url\(", text) == []


def test_everything_that_was_measured_is_drawn_and_each_process_has_its_row() -> None:
    text = page([result()])
    assert re.findall(r"<figcaption><b>([^<]*)</b>", text) == [
        "Latency of all requests", "Throughput and errors", "How the tail grows", "Answers out of the cache",
        "SQL a request", "CPU by process", "Memory of the application", "Memory of the servers and of the load itself",
        "Waiting work", "How late the search index is", "Open to the database",
    ]  # fmt: skip
    assert re.findall(r"<tr><td>(web-\d)</td><td class=\"n\">([\d.]+)</td>", text) == [
        ("web-1", "0.5"),
        ("web-2", "0.4"),
    ]
    assert "0:10\nstatements: 3 statements" in text  # 150 a second at 50 requests a second
    assert "POST /api/v1/auth/login" not in text  # asked in the warm-up only


def test_what_is_broken_comes_first_with_its_line() -> None:
    text = page([result(budgets=(BROKEN, KEPT))])
    head = text[: text.index("<section")]
    assert "1 budget broken" in head
    assert re.search(r"budgets\.toml:7: \[mixed\] p95_ms is [\d.]+, budget at most 1", head)
    assert "all 1 budgets kept" in page([result(budgets=(KEPT,))])


def test_names_from_outside_are_text() -> None:
    assert "500 unexpected <b>" not in page([result()])
    assert "500 unexpected &lt;b&gt;" in page([result()])


def test_the_summary_has_a_row_for_each_request_and_each_broken_budget() -> None:
    text = summary([result(budgets=(BROKEN, KEPT))])
    assert "Budgets kept: 1 of 2." in text
    assert "- **budgets.toml:7: [mixed] p95_ms is" in text
    assert "| GET /api/v1/search | 950 |" in text
    assert "| cached_search | 900 /s | 1.8k /s | 0.5 |" in text


def test_a_result_survives_its_own_file() -> None:
    made = result(budgets=(BROKEN,))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Result) == made


@pytest.mark.parametrize("axis", ["linear", "log"])
def test_a_plot_is_valid_svg_with_gaps_dots_and_its_budget(axis: str) -> None:
    lines = [Line("a <line>", [(0, 5.0), (1, 7.0), (2, None), (3, 9.0)], 1), Line("empty", [(0, None)], 2)]
    svg = str(Plot(title="T & T", unit="ms", lines=lines, log=axis == "log", limit=100, limit_of="a").svg())
    root = ET.fromstring(svg)
    path, dot = root.find("path[@class='line c1']"), root.find("circle[@class='dot c1']")
    assert path is not None
    assert dot is not None
    assert path.attrib["d"].count("M") == 2
    assert path.attrib["d"].endswith(f"M{dot.attrib['cx']} {dot.attrib['cy']}")
    assert root.find("text[@class='limit']").text == "budget of a 100"
    assert root.find("text[@class='tick x title']").text == "minutes and seconds since the run began"
    assert next(title.text for title in root.iter("title")) == "0:00\na <line>: 5 ms"


def test_a_plot_of_few_points_marks_each_and_what_is_not_judged_is_named() -> None:
    lines = [Line("one", [(0, 1.0), (5, 2.0), (10, 3.0)])]
    marked = ET.fromstring(str(Plot(title="t", unit="ms", lines=lines, dots=True, shaded_until=4).svg()))
    assert len(marked.findall("circle")) == 3
    assert "warm-up" in [text.text for text in marked.iter("text")]
    plain = ET.fromstring(str(Plot(title="t", unit="ms", lines=lines, shaded_until=0.1).svg()))
    assert plain.findall("circle") == []
    assert "warm-up" not in [text.text for text in plain.iter("text")]


def test_a_stack_ends_at_the_sum() -> None:
    lines = [Line("one", [(0, 1.0), (1, 1.0)]), Line("two", [(0, 2.0), (1, None)])]
    svg = str(Plot(title="t", unit="cores", lines=lines, stacked=True).svg())
    areas = [path.attrib["d"] for path in ET.fromstring(svg).iter("path") if "area" in path.attrib["class"]]
    top = areas[1].removeprefix("M").split("L")[0]
    assert top.split()[1] == "10.0"


def test_axes_are_round() -> None:
    assert ticks(0) == [0, 1]
    assert ticks(87) == [0, 25, 50, 75, 100]
    assert ticks(0.6) == pytest.approx([0, 0.2, 0.4, 0.6])
    assert decades(3, 450) == [1, 10, 100, 1000]
    assert decades(5, 5) == [1, 10]
    assert log_ticks(3, 450) == decades(3, 450)
    assert log_ticks(102, 368) == [100, 200, 500]
    assert log_ticks(100, 100) == [100, 200]
    assert log_ticks(0.4, 0.7) == pytest.approx([0.2, 0.5, 1])
    assert time_ticks(180) == [0, 30, 60, 90, 120, 150, 180]
    assert time_ticks(7) == [0, 2, 4, 6]
    half_an_hour = Plot(title="t", unit="ms", lines=[Line("one", [(5, 1.0), (1_800, 2.0)])]).svg()
    assert re.findall(r">(\d+:\d\d)</text>", half_an_hour) == [f"{minutes}:00" for minutes in range(0, 31, 5)]


def test_numbers_read_well() -> None:
    assert [short(n) for n in (0, 0.1234, 9.876, 87.65, 123.4, 999.7, 12_345, 2_500_000)] == [
        "0", "0.123", "9.88", "87.7", "123", "1k", "12.3k", "2.5M"
    ]  # fmt: skip
    assert [duration(s) for s in (5, 90, 3_725)] == ["0:05", "1:30", "1:02:05"]
