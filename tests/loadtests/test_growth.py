"""How cost grows: what may not grow is named where it does, and the page shows every size."""

from loadtests.conduct import machine
from loadtests.growth import LARGE, SMALL, too_much, write
from loadtests.report.growth import Point, table


def point(products: int, *, page: float, checkout: float = 100.0, workers: int = 2) -> Point:
    costs = {"page_uncached": page, "checkout": checkout, "uncached_search": page * 3}
    return Point(
        products=products,
        workers=workers,
        ready_s=12.0 if products == SMALL else None,
        edit_p50_ms=60.0,
        edit_p99_ms=150.0,
        per_s={name: 6_000 / cost for name, cost in costs.items()},
        cost=costs,
    )


def test_a_cost_that_grows_by_more_than_a_third_is_named_and_a_search_may():
    points = [point(SMALL, page=10), point(LARGE, page=12.9), point(1_000_000, page=40)]
    assert too_much(points) == []
    [sentence] = too_much([*points, point(SMALL, page=10, workers=4), point(LARGE, page=14, workers=4)])
    assert sentence.startswith("page_uncached costs 1.40 times as much at 100,000 products as at 10,000 (4 web")


def test_the_report_has_a_row_and_a_plot_for_each_size_and_number_of_workers(tmp_path):
    points = [point(size, page=10, workers=workers) for size in (SMALL, LARGE) for workers in (1, 2)]
    write(points, tmp_path / "scale")
    html = (tmp_path / "scale" / "scale.html").read_text("utf-8")
    assert html.count("<svg") == 4
    assert machine() in html
    assert html.count("100,000 products") == 4
    lines = table(points).splitlines()
    assert len(lines) == 2 + len(points)
    assert [line.split(" | ")[2:4] for line in lines[2::2]] == [["12", ""], ["", ""]]
    assert (tmp_path / "scale" / "scale.json").read_bytes().startswith(b"[")
