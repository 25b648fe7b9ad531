"""Words made comparable: units, what a thing is, singular and plural, what an engine would take for an operator."""

import pytest

from search.wording import (
    exactly,
    head,
    heads,
    measures,
    numbers,
    signed_words,
    spoken,
    subject,
    undotted,
    undotted_words,
    unsigned,
)


@pytest.mark.parametrize(
    ("q", "sent"),
    [
        ("16 GB ram laptop", "16gb ram laptop"),
        ("16gb ram laptop", "16gb ram laptop"),
        ('41" tv', "41inch tv"),
        ("41 inches tv", "41inch tv"),
        ("41-inch tv", "41inch tv"),
        ("6' cable", "6ft cable"),
        ("1.5 ton ac", "1p5ton ac"),
        ("1.50ton ac", "1p5ton ac"),
        ("12,000 mah", "12000mah"),
        ("2 litres", "2l"),
        ("iphone 6 s", "iphone 6 s"),
        ("men's shirt", "men's shirt"),
        ('"blue sofa" -bed', "blue sofa bed"),
        ("t-shirt - red", "t-shirt - red"),
        ("सूती साड़ी", "सूती साड़ी"),
        ("t.v. stand", "tv stand"),
        ("u.s.b", "usb"),
        ("1.5 ton a.c.", "1p5ton ac"),
        ("t.v.s, t.v.", "tvs, tv"),
        ("टी.वी. स्टैंड", "टीवी स्टैंड"),
        ("b.r.ambedkar", "br.ambedkar"),
        ("no.5 v.2 m.2 st. x..y a.", "no.5 v.2 m.2 st. x..y a."),
        ("", ""),
    ],
)
def test_a_query_is_sent_with_its_measures_in_one_word_and_without_operators(q, sent):
    assert spoken(q) == sent


@pytest.mark.parametrize(
    ("q", "sent"),
    [
        ("500 ml bottle", '"500ml" bottle'),
        ('tv 41"', 'tv "41inch"'),
        ("13.3 inch laptop", '"13p3inch" laptop'),
        ("laptop 16 g", "laptop 16g"),
        ("16 g laptop", '"16g" laptop'),
        ("cable 2m", "cable 2m"),
        ("iphone 6", "iphone 6"),
        ("x500ml tv", "x500ml tv"),
        ("", ""),
    ],
)
def test_an_engine_is_told_that_a_measure_is_meant_as_it_stands_once_it_is_whole(q, sent):
    assert exactly(spoken(q)) == sent


def test_a_text_and_a_query_spell_a_measure_alike():
    found = measures(["Laptop (16 GB RAM, 512GB)", "Screen: 15.6 inch\nCable: 6' long", "16gb again"])
    assert found == ["16gb", "512gb", "15p6inch", "6ft"]
    assert [spoken(text) for text in ("16 gb", '15.6"', "6 feet")] == ["16gb", "15p6inch", "6ft"]


@pytest.mark.parametrize(
    ("name", "brand", "category", "found"),
    [
        ("Walnut Office Chair with Wheels", "", "Office Chairs", ["chair", "chairs"]),
        ("Bamboo Floor Chair Mat, Clear", "", "", ["mat", "mats"]),
        ("OtterBox - Defender Case for Apple iPhone 7 - Black", "OtterBox", "", ["case", "cases"]),
        ("Apple - iPhone 7 32GB - Black (AT&T)", "Apple", "All Phones", ["iphone", "iphones", "phone", "phones"]),
        ("Brass Lamp", "", "Vases & Urns", ["lamp", "lamps", "vase", "vases", "urn", "urns"]),
        ("Beas Hall Table with Hinges", "", "Sofa & Console Tables", ["table", "tables"]),
        ("लकड़ी की कुर्सी", "", "", ["कुर्सी"]),
        ("क्\u200dया", "", "", ["क्या"]),
        ("1234 - 5", "", "", []),
    ],
)  # fmt: skip
def test_what_a_thing_is_stands_at_the_end_of_its_name_and_category(name, brand, category, found):
    assert heads(name, brand, category) == found


def test_the_subject_ends_where_what_it_is_for_begins():
    assert subject("Nilkamal Oak Desk with Drawers, 120 cm", "Nilkamal") == "Oak Desk"
    assert subject("Speck - Grip Case for Apple iPhone", "Speck") == "Grip Case"
    assert subject("Speck", "Speck") == ""
    assert head("study desk for kids") == "desk"
    assert head("red shoes") == "shoes"


@pytest.mark.parametrize(
    ("one", "many"),
    [("chair", "chairs"), ("dress", "dresses"), ("brush", "brushes"), ("berry", "berries"), ("toy", "toys")],
)
def test_each_number_is_found_by_the_other(one, many):
    assert numbers(one) == numbers(many) == (one, many)


def test_signs_of_money_and_of_trade_marks_and_what_nobody_sees_are_no_part_of_a_word():
    assert unsigned("Dynex™ cable for $25") == "Dynex  cable for  25"
    assert signed_words(("Dynex™", "Dynex™ cable for $25, ₹2,000")) == ["Dynex", "25,", "2,000"]
    assert spoken("dynex™ under $25") == "dynex under 25"
    assert unsigned("lap\u00adtop for क्\u200dया") == "laptop for क्या"
    assert signed_words(("lap\u00adtop for क्\u200dया",)) == ["laptop", "क्या"]


def test_a_text_and_a_query_spell_an_abbreviation_alike():
    assert undotted_words(["T.V. (U.S.B.)", "a U.S.B. port, e.g. here", "no.5"]) == ["TV", "USB", "eg"]
    assert heads("Vega T.V. for walls", "Vega", "") == ["tv"]
    assert undotted("") == ""
    assert len(undotted("a." * 100_000)) == 100_000
