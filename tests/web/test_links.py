"""Addresses keep what the shopper chose and drop what a change makes meaningless."""

from web.links import link, without

PARAMS = [("q", "चाय & tea"), ("brand", "a"), ("brand", "b"), ("page", "3")]


def test_a_change_replaces_and_the_rest_stays() -> None:
    assert link("/search", PARAMS, page=4) == "/search?q=%E0%A4%9A%E0%A4%BE%E0%A4%AF+%26+tea&brand=a&brand=b&page=4"


def test_none_drops_a_parameter() -> None:
    assert link("/search", [("q", "x"), ("page", "3")], page=None) == "/search?q=x"


def test_nothing_chosen_leaves_the_bare_path() -> None:
    assert link("/search", [("q", "")]) == "/search"


def test_taking_one_value_away_starts_at_the_first_page() -> None:
    assert without(PARAMS, "brand", "a") == [("q", "चाय & tea"), ("brand", "b")]
    assert without(PARAMS, "brand") == [("q", "चाय & tea")]
