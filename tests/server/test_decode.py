"""Decoding refuses what no field may hold, and names the field."""

import contextlib
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanic.request import RequestParameters

from models.errors import Invalid
from server.decode import decode_json, decode_query


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    price_minor: Annotated[int, msgspec.Meta(ge=1, le=10**11)]
    name: Annotated[str, msgspec.Meta(max_length=20)] = ""


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    page: Annotated[int, msgspec.Meta(ge=1)] = 1
    brand: tuple[str, ...] = ()
    spec: dict[str, list[str]] = {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"price_minor":"1"}', "price_minor"),
        (b'{"price_minor":true}', "price_minor"),
        (b'{"price_minor":1.5}', "price_minor"),
        (b'{"price_minor":1e999}', "price_minor"),
        (b'{"price_minor":-1}', "price_minor"),
        (b'{"price_minor":99999999999999999999999999}', "price_minor"),
        (b'{"price_minor":1,"role":"admin"}', "role"),
        (b'{"price_minor":1,"price_minor":2}', "price_minor"),
        (b'{"price_minor":1,"name":"a\\u0000b"}', "name"),
        (b'{"price_minor":1,"name":"\\ud800"}', "name"),
        (b'{"price_minor":1,"name":"\\u202e"}', "name"),
        (b"{}", "price_minor"),
        (b"[]", "body"),
        (b"", "body"),
    ],
)
def test_a_bad_body_names_its_field(body: bytes, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_json(body, Edit)
    assert [error.field for error in caught.value.fields] == [field]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"price_minor":NaN}', b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40]
)
def test_what_is_not_json_is_said_to_be_so(body: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        decode_json(body, Edit)
    assert caught.value.code == "bad_json"


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_invalid(body: bytes) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(decode_json(body, Edit), Edit)


def test_text_is_kept_in_nfc() -> None:
    assert decode_json('{"price_minor":1,"name":"cafe\u0301"}'.encode(), Edit).name == "caf\u00e9"


def test_a_query_string_knows_numbers_lists_and_named_values() -> None:
    args = RequestParameters({"q": ["lamp"], "page": ["2"], "brand": ["A", "B"], "spec.Colour": ["Teal", "Red"]})
    assert decode_query(args, Find) == Find("lamp", 2, ("A", "B"), {"Colour": ["Teal", "Red"]})


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"page": ["x"]}, "page"),
        ({"page": ["0"]}, "page"),
        ({"colour": ["red"]}, "colour"),
        ({"q": ["a", "b"]}, "q"),
        ({"spec": ["red"]}, "spec"),
        ({"spec": ["red"], "spec.Colour": ["Teal"]}, "spec"),
        ({"spec.Colour": ["Teal"], "spec": ["red"]}, "spec"),
    ],
)
def test_a_bad_query_string_names_its_parameter(args: dict[str, list[str]], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_query(RequestParameters(args), Find)
    assert [error.field for error in caught.value.fields] == [field]
