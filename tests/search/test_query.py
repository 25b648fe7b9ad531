"""The normal form of a search: what means the same is the same, what cannot be is refused or clamped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from search.plan import questions, quote
from search.query import FACETS, MAX_HITS, PER_PAGE_MAX, Q_MAX, SORTS, Range, SearchQuery, Spec, clean, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"q": "  Red   SHOES "}, {"q": "red shoes"}),
        ({"q": "ＲＥＤ shoes"}, {"q": "red shoes"}),
        ({"q": "\u061cre\u00add\u200bsh\u200does"}, {"q": "red shoes"}),
        ({"brand": ("b", "a", "b", "")}, {"brand": ("a", "b")}),
        ({"price_min": "499"}, {"price_min": "499.00"}),
        ({"in_stock": "true"}, {"in_stock": "1"}),
        ({"in_stock": "0"}, {}),
        ({"spec": {"Screen Size": ("6", "5")}}, {"spec": {"screen_size": ("5", "6")}}),
        ({"facets": ("brand,seller",)}, {"facets": ("seller", "brand")}),
        ({"page": 10**18}, {"page": MAX_HITS // 24}),
    ],
)
def test_queries_that_mean_the_same_share_an_answer(one, other):
    assert normalise(SearchQuery(**one)).key() == normalise(SearchQuery(**other)).key()


@pytest.mark.parametrize(
    "other",
    [{"q": "shoe"}, {"category": "shoes"}, {"brand": ("a",)}, {"sort": "newest"}, {"page": 2}, {"facets": ("none",)}],
)
def test_queries_that_differ_do_not(other):
    assert normalise(SearchQuery(**other)).key() != normalise(SearchQuery()).key()


def test_long_queries_and_wild_pages_are_clamped():
    wanted = normalise(SearchQuery(q="word " * 2_000, page=10**9, per_page=10**9))
    assert len(wanted.q) <= Q_MAX
    assert wanted.q.endswith("word")
    assert wanted.per_page == PER_PAGE_MAX
    assert wanted.page * wanted.per_page <= MAX_HITS


@pytest.mark.parametrize(
    ("field", "query"),
    [
        ("facets", SearchQuery(facets=("nope",))),
        ("spec.--", SearchQuery(spec={"--": ("a",)})),
        ("spec." + "x" * 40, SearchQuery(spec={"x" * 201: ("a",)})),
        ("spec", SearchQuery(spec={f"name{i}": ("a",) for i in range(21)})),
    ],
)
def test_what_cannot_be_is_refused_by_name(field, query):
    with pytest.raises(Invalid) as refused:
        normalise(query)
    assert refused.value.fields[0].field == field


def test_specifications_take_texts_and_ranges():
    wanted = normalise(SearchQuery(spec={"ram": ("8..16", "32.."), "Colour": ("Red",), "size": ("..", "a..b")}))
    assert wanted.specs == (
        Spec("colour", ("Red",), ()),
        Spec("ram", (), (Range(32.0, None), Range(8.0, 16.0))),
        Spec("size", ("..", "a..b"), ()),
    )


@given(st.text())
def test_cleaning_is_stable_and_bounded(text):
    once = clean(text)
    assert clean(once) == once
    assert len(once) <= Q_MAX
    assert "\n" not in once


@given(st.text())
def test_a_quoted_value_ends_where_it_should(text):
    quoted = quote(text)
    assert quoted[0] == quoted[-1] == '"'
    escaped = False
    for c in quoted[1:-1]:
        assert escaped or c != '"'
        escaped = c == "\\" and not escaped
    assert not escaped


def test_a_chosen_group_is_counted_without_its_own_choice():
    wanted = normalise(SearchQuery(brand=("diya",), price_min="10", facets=("brand", "price", "seller")))
    together, brand, price = questions("i", wanted, [], strategy="all", count=True)
    assert together.groups == ("brand", "seller", "price")
    assert together.query["facets"] == ["brand", "seller", "price_band", "price_minor"]
    assert len(together.query["filter"]) == 2
    assert (brand.groups, price.groups) == (("brand",), ("price",))
    assert brand.query["filter"] == ["price_minor >= 1000"]
    assert price.query["filter"] == ['brand IN ["diya"]']
    _, brand = questions("i", wanted, [], strategy="all", count=True, known={"price"})
    assert brand.groups == ("brand",)


def test_every_sort_is_known_and_no_facets_means_no_facet_query():
    for sort in SORTS:
        (asked,) = questions("i", normalise(SearchQuery(sort=sort)), [], strategy="all", count=True)
        assert "sort" in asked.query
    for uncounted in (SearchQuery(facets=("none",)), SearchQuery()):
        (asked,) = questions("i", normalise(uncounted), [], strategy="all", count=uncounted.facets == ("none",))
        assert "facets" not in asked.query
    assert normalise(SearchQuery()).facets == FACETS
