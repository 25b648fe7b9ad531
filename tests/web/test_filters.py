"""What people read: rupees, dates, matches. Nothing that came from a person becomes mark-up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import filters


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "₹0"),
        (100, "₹1"),
        (99_950, "₹999.50"),
        (100_000, "₹1,000"),
        (12_345_600, "₹1,23,456"),
        (123_456_789_05, "₹12,34,56,789.05"),
        (-49_900, "−₹499"),
    ],
)
def test_rupees_are_grouped_the_indian_way(minor: int, shown: str) -> None:
    assert filters.money(minor) == shown


def test_other_currencies_keep_their_own_grouping() -> None:
    assert filters.money(123_456_700, "USD") == "$1,234,567"
    assert filters.money(100, "CHF") == "CHF 1"


@given(st.integers(min_value=0, max_value=10**15))
def test_grouping_loses_no_digit(number: int) -> None:
    assert int(filters.grouped(number).replace(",", "")) == number


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=1, max_value=10**12))
def test_no_more_discount_is_promised_than_is_given(price: int, mrp: int) -> None:
    off = filters.percent_off(price, mrp)
    assert 0 <= off < 100
    assert mrp * (100 - off) >= price * 100 or off == 0


def test_dates_are_shown_in_indian_time() -> None:
    assert filters.date(datetime(2026, 3, 31, 20, 0, tzinfo=UTC)) == "1 Apr 2026"
    assert filters.date_time(datetime(2026, 3, 14, 18, 35, tzinfo=UTC)) == "15 Mar 2026, 12:05 am IST"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 ms"), (0.00001, "0.1 ms"), (0.00042, "0.4 ms"), (0.00096, "1 ms"), (0.0421, "42 ms"), (4.24, "4.2 s"),
     (200, "3 min"), (7300, "2 h"), (432_000, "5 days")],
)  # fmt: skip
def test_durations_show_the_unit_that_matters(seconds: float, shown: str) -> None:
    assert filters.duration(seconds) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(999, "999"), (1_000, "1K"), (12_345, "12.3K"), (250_000, "2.5L"), (31_000_000, "3.1Cr")]
)
def test_large_counts_are_short(number: int, shown: str) -> None:
    assert filters.compact(number) == shown


def test_a_match_is_marked() -> None:
    assert (
        filters.highlight("solid <mark>mango</mark> wood & <em>brass</em>")
        == "solid <mark>mango</mark> wood &amp; <mark>brass</mark>"
    )


@given(st.text())
def test_nothing_but_marks_survives_highlighting(text: str) -> None:
    shown = str(filters.highlight(f"<img src=x onerror=alert(1)>{text}<mark class=x>"))
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert shown.count("<mark>") == shown.count("</mark>")
