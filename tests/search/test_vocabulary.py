"""Words: what is managed is added to what is built in, and nobody's word stands for itself."""

from search.index import drift, settings
from search.managed import read_managed
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
    managed = Vocabulary(same=(("diya", "deepak"),), stop_words=("wala", "the"))
    found = settings(managed)
    assert found["synonyms"] == {**settings(NONE)["synonyms"], "diya": ["deepak"], "deepak": ["diya"]}
    assert found["stopWords"] == sorted({*BUILT_IN.stop_words, "wala"})


def test_an_index_without_the_managed_words_has_drifted():
    managed = Vocabulary(same=(("diya", "lamp"),))
    assert drift(settings(NONE), managed) == ["synonyms"]
    assert drift(settings(managed), managed) == []


def test_the_words_built_in_are_as_searches_hold_them():
    words = [word for group in BUILT_IN.same for word in group] + list(BUILT_IN.stop_words)
    assert words
    assert [word for word in words if word != " ".join(word.casefold().split())] == []


def test_a_thing_is_looked_for_without_slips_in_the_singular_and_the_plural():
    words = Vocabulary(things=("saree", "vase", "box"))
    assert words.right() == ["boxes", "saree", "sarees", "vases"], "what is shorter is looked for without slips anyway"
    found = settings(words)
    assert found["typoTolerance"]["disableOnWords"] == sorted({*BUILT_IN.right(), *words.right()})
    assert (found["synonyms"]["boxes"], found["synonyms"]["sofas"]) == (["box"], ["couches", "settees", "sofa"])
    assert drift(settings(NONE), words) == ["typoTolerance", "synonyms"]


async def test_the_operators_words_lose_their_dots_as_searches_do(database):
    add = "INSERT INTO synonym (id, kind, term, words) VALUES (gen_random_uuid(), $1, $2, $3)"
    await database.execute(add, "mutual", "", ["t.v.", "telly"])
    await database.execute(add, "one_way", "d.i.y.", ["power tool", "u.s.b. drill"])
    managed = await read_managed(database)
    assert (managed.same, managed.also) == ((("tv", "telly"),), (("diy", ("power tool", "usb drill")),))
