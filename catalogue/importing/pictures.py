"""Addresses of pictures as files give them: a JSON list, or several joined by `|`, without placeholders and doubles."""

import re

from catalogue.importing.text import listed

PICTURES_MAX = 12
LENGTH_MAX = 600
ADDRESS = re.compile(r"(?:https?:)?//[^\s/]+\.[^\s]+", re.IGNORECASE)
PLACEHOLDER = re.compile(r"/(?:transparent-pixel|spacer|blank|placeholder|no[-_]?image)[^/]*$", re.IGNORECASE)


def read_pictures(value: object) -> tuple[list[str], int]:
    """The addresses, all https, and how many values were none."""
    value = listed(value)
    parts = value if isinstance(value, list) else str(value or "").split("|")
    given = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
    good = [address for address in given if ADDRESS.fullmatch(address) and len(address) <= LENGTH_MAX]
    addresses = dict.fromkeys(_https(address) for address in good if not PLACEHOLDER.search(address))
    return list(addresses)[:PICTURES_MAX], len(given) - len(good)


def _https(address: str) -> str:
    """A page on https shows no picture on http."""
    return f"https://{address.split('//', 1)[1]}"
