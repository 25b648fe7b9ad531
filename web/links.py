"""Addresses built from the current parameters: what a page number, a sort order or a removed chip links to."""

from collections.abc import Iterable
from urllib.parse import urlencode

Pairs = list[tuple[str, str]]


def link(path: str, params: Iterable[tuple[str, str]] = (), **changes: str | int | None) -> str:
    """`path` with `params`, each name in `changes` replaced, or dropped where None; empty values are left out."""
    kept = [(name, value) for name, value in params if name not in changes and value]
    added = [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    query = urlencode([*kept, *added])
    return f"{path}?{query}" if query else path


def without(params: Iterable[tuple[str, str]], name: str, value: str | None = None) -> list[tuple[str, str]]:
    """`params` less every `name`, or less that one value of it; the page number goes with any of them."""
    return [pair for pair in params if pair[0] != "page" and not (pair[0] == name and value in (None, pair[1]))]
