"""Strict decoding of bodies and query strings into structs: every refusal names the field and what would be right."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qs

import msgspec
from sanic.request import RequestParameters

from models.errors import Invalid

T = TypeVar("T")
N = TypeVar("N")
S = TypeVar("S", bound=msgspec.Struct)
Place = tuple["Place", str] | None
DEPTH_MAX = 32
MARKS_MAX = 30
"""Combining marks on one letter, as in Unicode's stream-safe text: to order more takes time with their square."""
REMEMBERED_MAX = 400
_PATH = re.compile(r"^(?P<what>.*?) - at `(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]*)`")
_MISSING = re.compile(r"missing required field `(?P<field>[^`]*)`")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class _Constant(str):
    """NaN, Infinity or -Infinity, which Python takes for JSON."""

    __slots__ = ()


def decode_json(body: bytes, kind: type[T]) -> T:
    """Raises Invalid for bad JSON, duplicate keys, NaN, nesting beyond DEPTH_MAX, control or bidi characters."""
    try:
        loaded = json.loads(body or b"null", object_pairs_hook=_unique, parse_constant=_Constant)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not JSON: {error}.", code="bad_json") from error
    return _convert(_clean(loaded, None), kind, strict=True)


def decode_query(args: RequestParameters, kind: type[S]) -> S:
    """Repeated parameters go to list fields; `name.key=value` goes to a dict field `name` of lists."""
    values: dict[str, Any] = {}
    containers = _containers(kind)
    for name, given in args.items():
        head, _, key = name.partition(".")
        if key and containers.get(head) is dict:
            values.setdefault(head, {})[key] = given
        elif containers.get(name) is dict:
            raise Invalid.field(name, f"say of what, as in {name}.NAME=value")
        elif containers.get(name) in {list, tuple}:
            values[name] = given
        elif len(given) > 1:
            raise Invalid.field(name, "given more than once; give it once")
        else:
            values[name] = given[0]
    whole = "\n".join([*args, *(text for given in args.values() for text in given)])
    if not whole.isascii() or _FORBIDDEN.search(whole):
        values = _clean(values, None)
    return _convert(values, kind, strict=False)


def remembered_query(query_string: str, kind: type[S], normal: Callable[[S], N]) -> N:
    """`normal` of `decode_query`, but the same text is decoded once: shoppers ask the same things, and decoding costs
    as much as answering from the cache. `kind` and what `normal` gives must be frozen.
    """
    decode = _decode_text if len(query_string) > REMEMBERED_MAX else _decode_once
    return decode(query_string, kind, normal)


def _decode_text(query_string: str, kind: type[S], normal: Callable[[S], N]) -> N:
    return normal(decode_query(RequestParameters(parse_qs(query_string)), kind))


_decode_once = lru_cache(4_096)(_decode_text)


@lru_cache
def _containers(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What holds the values of each field."""
    return {field.encode_name: _container(field.type) for field in msgspec.structs.fields(kind)}


def _container(kind: Any) -> Any:
    """What holds the values of a field's type, also of an annotated one."""
    return _container(get_args(kind)[0]) if get_origin(kind) is Annotated else get_origin(kind)


def _description(kind: Any, name: str) -> str:
    """What a field of a struct says of itself."""
    fields = msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else ()
    told = [part for field in fields if field.encode_name == name for part in get_args(field.type)]
    return next((part.description for part in told if isinstance(part, msgspec.Meta) and part.description), "")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise Invalid.field(twice, "the key stands twice in one object; give it once", code="bad_json")
    return found


def _clean(value: Any, place: Place, depth: int = 0) -> Any:
    """Text in NFC; refuses what no field of ours may hold."""
    if depth > DEPTH_MAX:
        raise Invalid(f"The input is nested deeper than {DEPTH_MAX} levels.", code="bad_json")
    if isinstance(value, _Constant):
        raise Invalid.field(
            _named_place(place), f"is {value}, which JSON does not know; send a number", code="bad_json"
        )
    if isinstance(value, str):
        return _clean_text(value, place)
    if isinstance(value, dict):
        return {
            _clean(name, place, depth + 1): _clean(item, (place, f".{name}"), depth + 1) for name, item in value.items()
        }
    if isinstance(value, list):
        return [_clean(item, (place, f"[{i}]"), depth + 1) for i, item in enumerate(value)]
    return value


def clean_text(text: str, name: str) -> str:
    """One value of a form, in NFC. Raises Invalid likewise."""
    return _clean_text(text, (None, name))


def legible(text: str) -> str:
    """What is left without that which no text may hold, of a question that is answered whatever it is."""
    return _FORBIDDEN.sub("", text)


def _clean_text(text: str, place: Place) -> str:
    if _FORBIDDEN.search(text):
        raise Invalid.field(_named_place(place), "holds a control character; leave it out")
    if text.isascii():
        return text
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MARKS_MAX:
            raise Invalid.field(_named_place(place), f"has more than {MARKS_MAX} accents on one letter")
    return unicodedata.normalize("NFC", text)


def _named_place(place: Place) -> str:
    """Written out where something is wrong only: a long name over many values would be copied for each."""
    parts = []
    while place is not None:
        place, part = place
        parts.append(part)
    return "".join(reversed(parts)).removeprefix(".") or "body"


def _convert(value: Any, kind: type[T], *, strict: bool) -> T:
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise _named(str(error), kind) from error


def _named(message: str, kind: Any) -> Invalid:
    """msgspec's message as an error that names the field; a pattern is for machines, so its description is told."""
    match = _PATH.match(message)
    what, path = (match["what"], match["path"].removeprefix("$").lstrip(".")) if match else (message, "")
    if "matching regex" in what and (words := _description(kind, path)):
        return Invalid.field(path, f"wants: {words}")
    for pattern, words in ((_UNKNOWN, "is not a field of this request; leave it out"), (_MISSING, "is required")):
        if found := pattern.search(what):
            return Invalid.field(f"{path}.{found['field']}" if path else found["field"], words)
    return Invalid.field(path or "body", what[:1].lower() + what[1:])
