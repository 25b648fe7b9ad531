"""What shoppers are given to choose from: order, how many, and what they have chosen."""

from search.facets import Counts, Labels, SpecField, describe
from search.query import SearchQuery, normalise

NOBODY = Labels({}, {})


def test_the_commonest_values_are_listed_and_all_that_are_chosen_before_them() -> None:
    brands = {f"Brand {number:03}": 1_000 - number for number in range(200)}
    search = normalise(SearchQuery(brand=["brand 150", "Nobody's"]))
    (facet,) = describe(search, Counts({"brand": brands}, {}), (), NOBODY)
    shown = [(value.value, value.count, value.selected) for value in facet.values]
    assert shown[:3] == [("Brand 150", 850, True), ("Nobody's", 0, True), ("Brand 000", 1_000, False)]
    assert len(shown) == 60


def test_values_as_common_as_one_another_are_listed_by_name() -> None:
    counts = Counts({"spec.colour": {"teal": 2, "": 9, "plum": 2, "ochre": 3}}, {})
    (facet,) = describe(normalise(SearchQuery()), counts, [SpecField("colour", "Colour")], NOBODY)
    assert [value.value for value in facet.values] == ["ochre", "plum", "teal"]


def test_of_a_specification_thirty_values_are_listed_the_numbers_in_their_order() -> None:
    sizes = {str(number): 100 + number for number in range(50)}
    counts = Counts({"spec.size": sizes}, {"spec.size": (0, 49)})
    (facet,) = describe(normalise(SearchQuery()), counts, [SpecField("size", "Size", "number", "cm")], NOBODY)
    assert [value.value for value in facet.values] == [str(number) for number in range(20, 50)]
    assert sum(bar.count for bar in facet.bars) == sum(sizes.values())


def test_what_is_chosen_is_listed_however_much_it_is() -> None:
    shades = tuple(f"shade {number:02}" for number in range(45))
    search = normalise(SearchQuery(spec={"colour": shades}))
    counts = Counts({"spec.colour": {"teal": 9, **dict.fromkeys(shades, 1)}}, {})
    (facet,) = describe(search, counts, [SpecField("colour", "Colour")], NOBODY)
    assert [value.value for value in facet.values] == list(shades)


def test_counts_that_were_taken_over_do_not_change_with_those_that_took_them() -> None:
    first, second = Counts({"brand": {"A": 2}}, {}), Counts({}, {})
    second.take_over("brand", first)
    second.add("brand", {"A": 3, "B": 1})
    assert (first.values, second.values) == ({"brand": {"A": 2}}, {"brand": {"A": 3, "B": 1}})
