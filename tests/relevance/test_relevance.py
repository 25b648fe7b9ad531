"""The gate of relevance: floors that fail the build, and the table of what each engine is worth."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.relevance.catalogues import ENGINES
from tests.relevance.conftest import SHARE, Asked, Judged, Measured
from tests.relevance.measures import Score, average, score

KINDS = ("exact", "typo", "joined", "unit", "synonym", "category")
EXACT_FIVE = 0.99
TYPO_FIVE = 0.95
NDCG = 0.85
SHOPPERS = 480
FOUND = 0.95


@pytest.fixture(scope="session")
def both(demo: Measured, real: Measured) -> Mapping[str, Mapping[str, dict[str, list[Asked]]]]:
    """Both catalogues together: by engine, the answers to known items and to judged searches by kind."""
    return {
        engine: {
            "known item": {kind: demo.known[engine][kind] + real.known[engine][kind] for kind in demo.known[engine]},
            "judged": {kind: demo.judged[engine][kind] + real.judged[engine][kind] for kind in KINDS},
        }
        for engine in ENGINES
    }


def test_the_judged_set_is_as_large_as_promised_and_says_why(judged: list[Judged]) -> None:
    assert {(search.catalogue, kind) for search in judged for kind in [search.kind]} == {
        (catalogue, kind) for catalogue in ("demo", "real") for kind in KINDS
    }
    counts = [sum(search.catalogue == catalogue for search in judged) for catalogue in ("demo", "real")]
    assert min(counts) >= 75
    assert all(search.why and search.grades for search in judged)
    assert len({(search.q, search.catalogue) for search in judged}) == len(judged)


def test_a_ranking_is_measured_against_all_that_was_judged() -> None:
    grades = {"a": 3, "b": 2, "c": 0}
    assert score(["a", "b"], grades) == Score(1, 1, 1, 1)
    assert score(["c", "x", "b"], grades)[:3] == (0, 1, 1 / 3)
    assert score(["x", "a"], grades).ndcg == pytest.approx((7 / 1.58496) / (7 + 3 / 1.58496), abs=1e-4)
    assert score([], grades) == Score(0, 0, 0, 0)
    assert score(["x"] * 5 + ["a"], grades).five == 0


def test_no_shopper_ends_at_an_empty_page(demo: Measured, data_folder: Path) -> None:
    for engine in ENGINES:
        asked = [one for several in demo.shoppers[engine].values() for one in several]
        assert len(asked) == SHOPPERS // SHARE[engine]
        assert [one.q for one in asked if not one.found and not one.offered] == [], engine
        assert sum(bool(one.found) for one in asked) >= FOUND * len(asked)


def test_the_products_own_words_find_it(both) -> None:
    assert scores(both["meilisearch"]["known item"]["exact"]).five >= EXACT_FIVE
    assert scores(both["meilisearch"]["judged"]["exact"]).five >= EXACT_FIVE


def test_misspelt_words_find_what_was_meant(both) -> None:
    assert scores(both["meilisearch"]["known item"]["typo"]).five >= TYPO_FIVE
    assert scores(both["meilisearch"]["judged"]["typo"]).five >= TYPO_FIVE


def test_judged_searches_are_ranked_well(both) -> None:
    asked = [one for kind in KINDS for one in both["meilisearch"]["judged"][kind]]
    assert scores(asked).ndcg >= NDCG


def test_the_figures_are_printed(both, demo: Measured) -> None:
    lines = [f"{'':11} {'':10} {'':>5}  " + "   ".join(f"{name:^31}" for name in ENGINES)]
    lines.append(f"{'':11} {'':10} {'asked':>5}  " + "   ".join(["success@1     @5    MRR  NDCG@10"] * 2))
    for part, kinds in both["meilisearch"].items():
        rows = {**kinds, "all": [one for several in kinds.values() for one in several]}
        for kind, asked in rows.items():
            other = both["postgres"][part]
            others = other[kind] if kind in other else [one for several in other.values() for one in several]
            lines.append(f"{part:11} {kind:10} {len(asked):5}  {shown(asked)}   {shown(others)}")
    if demo.shoppers["meilisearch"]:
        shares = "   ".join(f"{class_precision(demo.shoppers[engine]):31.3f}" for engine in ENGINES)
        lines.append(f"{'shoppers':11} {'':10} {SHOPPERS:5}  {shares}   class precision@5")
    print("\n" + "\n".join(lines))
    assert len(lines) >= len(KINDS) + 2


def scores(asked: list[Asked]) -> Score:
    return average(one.score for one in asked if one.score)


def shown(asked: list[Asked]) -> str:
    found = scores(asked)
    return f"{found.first:9.3f} {found.five:6.3f} {found.reciprocal:6.3f} {found.ndcg:7.3f}"


def class_precision(shoppers: Mapping[str, list[Asked]]) -> float:
    """The share of the first five results that are of the class that the shopper meant."""
    shares = [
        sum(product.leaf == meant for product in one.found[:5]) / max(len(one.found[:5]), 1)
        for meant, several in shoppers.items()
        for one in several
    ]
    return sum(shares) / len(shares)
