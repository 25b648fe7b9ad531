"""What people can read, and tell apart by looking: a name of signs that nobody sees is none, and two names that differ
in such signs alone, in case or in the width of their letters look the same.

Joiners stay in what is kept: words of Hindi and other languages of India are written with them.
"""

import re
import unicodedata

from models.plain_text import INVISIBLE

UNSEEN = re.compile("[\u115f\u1160\u180b-\u180d\u2800\u3164\uffa0\U000e0100-\U000e01ef]")
"""Fillers, some of which Unicode counts as letters, an empty pattern of Braille, and more variation selectors."""


def one_line(text: str) -> str:
    return " ".join(text.split())


def looks(text: str) -> str:
    """The same for all texts that a reader takes for one."""
    seen = "".join(c for c in UNSEEN.sub("", INVISIBLE.sub("", text)) if unicodedata.category(c) != "Cf")
    return one_line(unicodedata.normalize("NFKC", seen).casefold())


def is_legible(text: str) -> bool:
    """Whether a letter or a digit of it can be seen."""
    return any(map(str.isalnum, looks(text)))
