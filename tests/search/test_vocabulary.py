"""Words: what is managed is added to what is built in, and nobody's word stands for itself."""

from search.index import drift, settings
from search.vocabulary import BUILT_IN, NONE, Vocabulary


def test_each_word_of_a_set_stands_for_every_other():
    words = Vocabulary(same=(("sofa", "couch"), ("couch", "settee")), also=(("seat", ("sofa", "chair")),))
    assert words.synonyms() == {
        "couch": ["settee", "sofa"],
        "seat": ["chair", "sofa"],
        "settee": ["couch"],
        "sofa": ["couch"],
    }


def test_what_is_managed_stands_beside_what_is_built_in():
    managed = Vocabulary(same=(("diya", "lamp"),), stop_words=("wala", "the"))
    found = settings(managed)
    assert found["synonyms"] == {**BUILT_IN.synonyms(), "diya": ["lamp"], "lamp": ["diya"]}
    assert found["stopWords"] == sorted({*BUILT_IN.stop_words, "wala"})


def test_an_index_without_the_managed_words_has_drifted():
    managed = Vocabulary(same=(("diya", "lamp"),))
    assert drift(settings(NONE), managed) == ["synonyms"]
    assert drift(settings(managed), managed) == []


def test_the_words_built_in_are_as_searches_hold_them():
    words = [word for group in BUILT_IN.same for word in group] + list(BUILT_IN.stop_words)
    assert words
    assert [word for word in words if word != " ".join(word.casefold().split())] == []
