"""What people type into fields, and how errors find their way back to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pages.forms import errors_of, read_money, read_units
from handlers.pages.shop import local_path
from models.errors import Conflict, FieldError, Invalid
from web.filters import money, rupees


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1299", 129_900),
        ("1,299.50", 129_950),
        ("₹1,29,999", 12_999_900),
        (" Rs. 10.5 ", 1_050),
        ("0.01", 1),
        ("1,299,999", 129_999_900),
        ("0001299", 129_900),
    ],
)
def test_prices_are_read_as_people_write_them(text: str, minor: int) -> None:
    assert read_money("price", text) == minor


@pytest.mark.parametrize("text", ["", "0", "-5", "1e9", "NaN", "12.345", "1.2.3", "१२", "9999999999999", "12 34"])
def test_what_is_no_price_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_money("price", text)
    assert [field.field for field in refused.value.fields] == ["price"]


@given(st.integers(min_value=1, max_value=99_999_999_999))
def test_a_price_that_is_shown_is_read_back(minor: int) -> None:
    assert read_money("price", rupees(minor)) == minor
    assert read_money("price", money(minor)) == minor


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1.5", "1e3", "99999999999999999999", "१", "1000001", "0000000000002000000000"],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_units("stock", text)


@pytest.mark.parametrize("text", ["1299,00", "99,50", "1,5", "1,50", "12,34,56", "1,", ",500", "1,,000", "1234,567"])
def test_a_comma_that_groups_nothing_is_refused(text: str) -> None:
    for read in (read_money, read_units):
        with pytest.raises(Invalid, match="not a"):
            read("field", text)


def test_a_number_of_thousands_of_digits_is_refused_unless_they_are_zeros() -> None:
    for text in ("9" * 5_000, "1" + ",000" * 2_000):
        for read in (read_money, read_units):
            with pytest.raises(Invalid, match="not a"):
                read("field", text)
    assert read_units("stock", "0" * 5_000 + "7") == 7


@pytest.mark.parametrize(("text", "units"), [("0", 0), (" 1,500 ", 1_500), ("10,00,000", 1_000_000), ("0007", 7)])
def test_quantities_are_read_as_people_write_them(text: str, units: int) -> None:
    assert read_units("stock", text) == units


def test_errors_speak_at_their_fields() -> None:
    wrong = Invalid("no", fields=[FieldError("delivery.pin_code", "wants six digits"), FieldError("email", "is taken")])
    assert errors_of(wrong) == {"pin_code": "Please give six digits.", "email": "Is taken."}
    assert errors_of(Conflict("Too late.")) == {"": "Too late."}


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb", "/\t/evil", "x", "/" + "a" * 2_048],
)
def test_only_our_own_paths_are_gone_on_to(url: str) -> None:
    assert local_path(url) == "/"


def test_our_own_path_is_kept() -> None:
    assert local_path("/checkout?step=2") == "/checkout?step=2"
