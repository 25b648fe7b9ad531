"""The bars of a histogram: every product in exactly one, side by side, with round ends, never more than fit."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.database import Pool
from search.bars import BARS_MAX, PRICE_BOUNDS, number_bars, price_band, price_bars

PRICES = st.integers(0, 10**11)


@given(st.lists(PRICES, min_size=1))
def test_every_price_is_in_the_one_bar_that_spans_it(prices):
    counts: dict[str, int] = {}
    for price in prices:
        counts[str(price_band(price))] = counts.get(str(price_band(price)), 0) + 1
    bars = price_bars(counts)
    assert len(bars) <= BARS_MAX
    assert sum(bar.count for bar in bars) == len(prices)
    assert all(one.high == next_one.low for one, next_one in pairwise(bars))
    below = PRICE_BOUNDS[-1]
    for bar in bars:
        assert bar.count >= sum(bar.low <= price < bar.high for price in prices if price < below)


@given(
    st.dictionaries(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)), st.integers(1, 50), min_size=1)
)
def test_every_number_is_in_a_bar_and_they_lie_side_by_side(counts):
    bars = number_bars(counts)
    assert len(bars) <= BARS_MAX + 2
    assert sum(bar.count for bar in bars) == sum(counts.values())
    assert bars[0].low <= min(counts) + 1e-6
    assert max(counts) <= bars[-1].high + 1e-6


def test_ends_are_round():
    assert [(bar.low, bar.high, bar.count) for bar in price_bars({str(price_band(123_400)): 3})] == [
        (120_000, 130_000, 3)
    ]
    assert [(bar.low, bar.high) for bar in number_bars({0: 1, 48: 1})][:2] == [(0, 2), (2, 4)]
    assert price_bars({}) == number_bars({}) == ()


async def test_postgresql_puts_every_price_in_the_same_band(database: Pool):
    prices = [0, 1, 999, 1_000, 1_099, *PRICE_BOUNDS, *(bound - 1 for bound in PRICE_BOUNDS), 10**12]
    found = await database.fetch(
        "SELECT width_bucket(price, $2::bigint[]) AS band FROM unnest($1::bigint[]) WITH ORDINALITY AS p(price, n)"
        " ORDER BY n",
        prices,
        list(PRICE_BOUNDS),
    )
    assert [row["band"] for row in found] == [price_band(price) for price in prices]
