"""Slugs: the names of sellers, categories and products in addresses. Lower-case ASCII words joined by hyphens."""

import re
import unicodedata
from uuid import UUID

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$"
_WORDS = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’‘ʼ`]")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SUFFIX_LENGTH = 6
_LOOKED_AT = 1_000
"""Characters, more than any slug is made of: to put many accents in order takes time with their square."""


def slugify(text: str, *, limit: int = 80, empty: str = "item") -> str:
    """At most `limit` characters, cut between words where one ends in the second half; `empty` where nothing is left.

    "Men's Café & Bar" becomes mens-cafe-bar.
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:_LOOKED_AT])).encode("ascii", "ignore").decode()
    slug = _WORDS.sub("-", plain.lower()).strip("-")
    if len(slug) > limit:
        end = slug.rfind("-", limit // 2, limit + 1)
        slug = slug[: end if end > 0 else limit].strip("-")
    return slug or empty


def with_suffix(slug: str, id: UUID, *, limit: int = 160) -> str:
    """The slug made unique by the random end of an id, for when the plain one is taken."""
    number, letters = id.int, ""
    for _ in range(_SUFFIX_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return f"{slug[: limit - _SUFFIX_LENGTH - 1].strip('-')}-{letters}"
