"""Which words are left out of a search that finds nothing."""

from search.relax import Relaxed, choose, first_tries, second_tries, words_of


def test_words_that_say_nothing_are_none_and_measures_are_one():
    assert words_of('lamp for the 41" desk') == ("lamp", "41inch", "desk")


def test_each_word_and_all_words_but_one_are_tried_first():
    assert first_tries("red sofa", ["red", "sofa"]) == ["red", "sofa"]
    words = ["red", "big", "sofa"]
    assert first_tries("red big sofa", words) == [*words, "big sofa", "red sofa", "red big"]
    words = ["red", "sofa", "under", "rs", "900"]
    assert first_tries("red sofa under rs 900", words)[-1] == "red sofa"
    assert first_tries("under 900", ["under", "900"]) == ["under", "900"]


def test_what_says_the_price_goes_first_and_all_of_it():
    words = ["saree", "less", "than", "500"]
    counts = {"saree": 9, "less": 1, "than": 9, "500": 3, "saree less than": 2}
    assert choose("saree less than 500", words, counts) == Relaxed("saree", ("less", "than", "500"))
    assert choose("500 saree", ["500", "saree"], {"saree": 9, "500": 3}) == Relaxed("saree", ("500",))


def test_a_word_that_nothing_has_goes_first():
    counts = {"zzz": 0, "red": 9, "sofa": 5, "red sofa": 2, "zzz sofa": 0, "zzz red": 0}
    assert choose("red zzz sofa", ["red", "zzz", "sofa"], counts) == Relaxed("red sofa", ("zzz",))


def test_what_the_shopper_wants_stays_and_the_word_that_tells_least_goes():
    counts = {"big": 50, "velvet": 9, "sofa": 20, "velvet sofa": 3, "big sofa": 8, "big velvet": 1}
    assert choose("big velvet sofa", ["big", "velvet", "sofa"], counts) == Relaxed("velvet sofa", ("big",))


def test_a_word_that_says_little_goes_before_one_that_says_what():
    counts = {"good": 1, "velvet": 9, "sofa": 20, "velvet sofa": 3, "good sofa": 1, "good velvet": 1}
    assert choose("good velvet sofa", ["good", "velvet", "sofa"], counts) == Relaxed("velvet sofa", ("good",))
    words, counts = ["best", "phone", "under", "20000"], {"best": 2, "phone": 64, "under": 3, "20000": 1}
    tries = second_tries("best phone under 20000", words, counts)
    assert [relaxed.q for relaxed in tries] == ["best phone under 20000", "best phone 20000", "best phone", "phone"]
    words, counts = ["20000", "mah", "phone"], {"20000": 9, "mah": 70, "phone": 64}
    assert second_tries("20000 mah phone", words, counts)[1].q == "20000 phone"
    words, counts = ["black", "laptop", "deals"], {"black": 70, "laptop": 14, "deals": 0}
    assert [relaxed.q for relaxed in second_tries("black laptop deals", words, counts)][-1] == "laptop"
    assert second_tries("best deals", ["best", "deals"], {"best": 2, "deals": 1})[-1].q == "deals"


def test_nothing_is_chosen_where_one_word_less_is_not_enough():
    assert choose("a1 b1 c1", ["a1", "b1", "c1"], {}) is None


def test_then_the_commonest_words_go_until_what_the_shopper_wants_is_left():
    counts = {"red": 50, "velvet": 9, "zzz": 0, "sofa": 70}
    tries = second_tries("red velvet zzz sofa", ["red", "velvet", "zzz", "sofa"], counts)
    assert [relaxed.q for relaxed in tries] == ["red velvet sofa", "velvet sofa", "sofa"]
    assert tries[-1].dropped == ("red", "velvet", "zzz")
    assert second_tries("x y", ["x", "y"], {}) == []
