"""What a misspelt word may have meant."""

import pytest

from search.slips import halves, nearest, slips, slips_allowed


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("chair", "chair", 0), ("chir", "chair", 1), ("chiar", "chair", 1), ("chsir", "chair", 1), ("chaair", "chair", 1),
     ("headfones", "headphones", 2), ("", "ab", 2), ("abc", "ca", 3)],
)  # fmt: skip
def test_slips_are_counted(one, other, count):
    assert slips(one, other) == slips(other, one) == count


def test_the_closest_known_words_are_meant_and_the_first_letter_is_right():
    known = ["chair", "chairs", "hair", "chain", "sofa"]
    assert nearest("chiar", known) == ["chair"]
    assert nearest("chais", known) == ["chain", "chair", "chairs"]
    assert nearest("zhair", known) == []
    assert nearest("refridgertor", ["refrigerator"]) == ["refrigerator"]


def test_numbers_and_short_words_stand_for_themselves():
    assert [slips_allowed(word) for word in ("16gb", "tv", "lamp", "headphones")] == [0, 0, 1, 2]


def test_a_word_can_be_two():
    assert ("pen", "drive") in halves("pendrive")
    assert list(halves("abc")) == []
