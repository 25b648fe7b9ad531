"""Single values of imported files: prices of every shop, specifications, texts, category paths, pictures, tables."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.importing.columns import Columns, MappingError
from catalogue.importing.lines import Damage, SourceError
from catalogue.importing.paths import read_path
from catalogue.importing.pictures import read_pictures
from catalogue.importing.prices import read_price
from catalogue.importing.source import Row, Source
from catalogue.importing.specifications import read_specifications
from catalogue.importing.text import clean_line, clean_text, cut


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$237.68", "237.68", "USD"),
        ("Rs. 1,299", "1299", "INR"),
        ("Rs.999", "999", "INR"),
        ("₹1,299.00", "1299.00", "INR"),
        ("₹१,२९९", "1299", "INR"),
        ("10.99 - 24.50", "10.99", None),
        ("10.99 to 24.50", "10.99", None),
        ("$11.37 - $15.95", "11.37", "USD"),
        ("$24.50 – 10.99", "10.99", "USD"),
        ("$40.95$10.95", "10.95", "USD"),
        ("MRP: ₹ 1,999 ₹1,499", "1499", "INR"),
        ("Rs. 1,299/- (incl. of 18% GST)", "1299", "INR"),
        ("1.299,00", "1299.00", None),
        ("1.299", "1.299", None),
        ("12,50", "12.50", None),
        ("1,29,900", "129900", None),
        ("1 299,00 €", "1299.00", "EUR"),
        ("1'299.00", "1299.00", None),
        (49.99, "49.99", None),
        (30, "30", None),
    ],
)
def test_a_price_is_read_as_shops_write_it(text: object, amount: str, currency: str | None) -> None:
    price = read_price(text)
    assert (str(price.amount), price.currency) == (amount, currency)


@pytest.mark.parametrize(
    "text",
    ["", None, "free", "Total price:", "-5", "$-5", "0", 0, -1, "12k", "1e3", "1..2", "1,29,99", "10 20", True, [], {}],
)
def test_what_is_no_price_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"price"):
        read_price(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (read_price, read_path):
        with contextlib.suppress(ValueError):
            read(text)
    list(read_specifications("Any", text))
    read_pictures(text)
    for clean in (clean_line, clean_text):
        assert clean(clean(text)) == clean(clean(clean(text)))
        assert "\0" not in clean(text)


@pytest.mark.parametrize(
    ("value", "kind", "text", "number", "unit"),
    [
        ("16 GB", "number", "16 GB", 16.0, "GB"),
        ("1,500 g", "number", "1500 g", 1_500.0, "g"),
        ("1,50 m", "text", "1,50 m", None, ""),
        ("16gb", "number", "16 GB", 16.0, "GB"),
        ('5.5"', "number", "5.5 in", 5.5, "in"),
        ("1,200 mAh", "number", "1200 mAh", 1200.0, "mAh"),
        (21449, "number", "21449", 21449.0, ""),
        (True, "boolean", "Yes", 1.0, ""),
        ("No", "boolean", "No", 0.0, ""),
        ("4G", "text", "4G", None, ""),
        ("012345678905", "text", "012345678905", None, ""),
        ("Space Gray", "text", "Space Gray", None, ""),
        (["USB-C", "Lightning"], "text", "USB-C, Lightning", None, ""),
    ],
)
def test_a_specification_gets_a_type(value: object, kind: str, text: str, number: float | None, unit: str) -> None:
    assert list(read_specifications("Any", value)) == [("Any", kind, text, number, unit)]


def test_an_object_gives_a_specification_for_each_key_and_nothing_gives_none() -> None:
    found = list(read_specifications("Details", {"RAM": "8 GB", "deep": {"x": 1}}))
    assert found == [("RAM", "number", "8 GB", 8.0, "GB")]
    for nothing in (None, "", "N/A", "https://shop.example/p/1"):
        assert list(read_specifications("Any", nothing)) == []
    assert isinstance(next(iter(read_specifications("Any", "x" * 301))), str)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("Apple&#174; \x99 cable", "Apple® ™ cable"),
        ("AT&amp;amp;T", "AT&T"),
        ("  two   words\n", "two words"),
        ("cafe\u0301", "café"),
        ("a\x00b\u200bc\u202e", "abc"),
        ("Don¿t ¿ worry", "Don’t – worry"),
        ("<b>Bold</b> name", "Bold name"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("क्‍ष", "क्‍ष"),
    ],
)
def test_a_line_is_cleaned(raw: str, line: str) -> None:
    assert clean_line(raw) == line


def test_a_description_keeps_its_lines_and_loses_its_scripts() -> None:
    raw = "<p>One &amp; only</p><ul><li>Light</li><li>Strong</li></ul><script>alert(1)</script><img src=x onerror=y>end"
    assert clean_text(raw) == "One & only\n\n• Light\n• Strong\nend"


def test_a_long_text_is_cut_at_a_word() -> None:
    assert cut("one two three", 9) == "one two…"
    assert cut("x" * 20, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("Toys | Games|Chess", ("Toys", "Games", "Chess")),
        ("Toys > Games", ("Toys", "Games")),
        ('["Toys", "A/V Cables"]', ("Toys", "A/V Cables")),
        (["Toys", " ", None, "Games"], ("Toys", "Games")),
        ([["Toys", "Chess"], ["Games"]], ("Toys", "Chess")),
        ([{"id": "1", "name": "Toys"}], ("Toys",)),
        (None, ()),
    ],
)
def test_a_category_path_is_split(value: object, path: tuple[str, ...]) -> None:
    assert read_path(value) == path


def test_pictures_become_https_once_each_without_placeholders() -> None:
    text = "http://a.example/1.jpg|https://a.example/1.jpg | javascript:alert(1)|//b.example/2.png|https://a.example/transparent-pixel.jpg"
    assert read_pictures(text) == (["https://a.example/1.jpg", "https://b.example/2.png"], 1)


def rows_of(path: Path, data: bytes) -> list[Row | Damage]:
    path.write_bytes(data)
    source = Source(path)
    rows = list(source.rows())
    source.close()
    return rows


def names(rows: list[Row | Damage]) -> list[Any]:
    return [row.values["name"] if isinstance(row, Row) else f"! {row.line} {row.reason}" for row in rows]


def test_a_stray_quote_costs_one_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", b'name,price\nA,1\n"B,2\nC,3\n"D ""d""\nx",4\n"E,5\nF,6\n')
    assert names(rows) == [
        "A",
        "! 3 a quote is opened and never closed",
        "C",
        'D "d"\nx',
        "! 7 a quote is opened and never closed",
        "F",
    ]
    assert [row.line for row in rows] == [2, 3, 4, 5, 7, 8]


def test_rows_with_too_many_values_are_refused_and_short_ones_taken(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", b"name;price;brand\nA;1;x;y\nB;2\nC;3;z;;\n")
    assert names(rows) == ["! 2 4 values for 3 columns", "B", "C"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_of_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    assert names(rows_of(tmp_path / "a.csv", "name\tprice\r\nCafé\t1\r\n".encode(encoding))) == ["Café"]


def test_a_line_without_end_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    data = b"name,price\n" + b"x" * 3_000_000 + b"\nA,1\n"
    assert names(rows_of(tmp_path / "a.csv", data)) == ["! 2 a line of more than 1,000,000 characters", "A"]


def test_bad_json_lines_are_refused_one_by_one(tmp_path: Path) -> None:
    data = b'{"name":"A"}\n[1]\n{"name":\n{"name":"B\\u0000"}\n' + b"[" * 100_000 + b"\n\n{}\n"
    found = rows_of(tmp_path / "a.jsonl", data)
    assert [type(row).__name__ for row in found] == ["Row", "Damage", "Damage", "Row", "Damage", "Row"]
    assert [row.line for row in found] == [1, 2, 3, 4, 5, 7]


def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    for data in (b"", b"\n \n"):
        with pytest.raises(SourceError, match="empty"):
            rows_of(tmp_path / "a.csv", data)
    with pytest.raises(SourceError, match="one object a line"):
        rows_of(tmp_path / "a.json", b'[{"name": "A"}]')
    with pytest.raises(SourceError, match="cannot be read"):
        Source(tmp_path / "nowhere.csv")


def test_columns_are_known_by_common_names_and_by_what_is_said() -> None:
    columns = Columns({"name": "Label", "spec:Colour": "Color"}, keep_unknown=True)
    found = {name: columns.role(name) for name in ("Label", "Title", "Selling Price", "Color", "screen_size")}
    assert [(role.field, role.name) for role in found.values()] == [
        ("name", ""),
        ("specification", "Title"),
        ("price", ""),
        ("specification", "Colour"),
        ("specification", "Screen size"),
    ]
    assert Columns({}, keep_unknown=False).role("screen_size").field == ""


@pytest.mark.parametrize(
    ("mapping", "said"),
    [({"nam": "A"}, "the fields are"), ({"name": "Nope"}, "no column"), ({"spec:": "A"}, "fields"), ({}, "price")],
)
def test_a_wrong_mapping_says_what_there_is(mapping: dict[str, str], said: str) -> None:
    with pytest.raises(MappingError, match=said):
        Columns(mapping, keep_unknown=True).check(["Product Name", "Cost"])
