"""Values of columns that the shop has no field for, typed: a number with its unit, yes or no, or text."""

import re
from collections.abc import Iterator

from catalogue.importing.columns import specification_name
from catalogue.importing.text import clean_line
from models.product_input import SPECIFICATION_NAME_MAX, SPECIFICATION_TEXT_MAX
from models.specifications import Specification, typed

EMPTY = {"", "n/a", "na", "nan", "none", "null", "-", "--"}
ADDRESS = re.compile(r"https?://\S+")


def read_specifications(name: str, value: object) -> Iterator[Specification | str]:
    """The specifications of one column, or a notice of what was left out. An object gives one for each of its keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(inner, dict):
                yield from read_specifications(specification_name(str(key))[:SPECIFICATION_NAME_MAX], inner)
        return
    text = _text(value)
    if not name or text.lower() in EMPTY or ADDRESS.fullmatch(text):
        return
    if len(text) > SPECIFICATION_TEXT_MAX:
        yield f"texts longer than {SPECIFICATION_TEXT_MAX} characters were no specification and were left out"
        return
    yield typed(name, text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(text for text in map(_text, value) if text)
    if isinstance(value, float):
        return f"{value:.10g}"
    return clean_line(str(value))
