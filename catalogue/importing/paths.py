"""Category paths as files give them: a JSON list, or names joined by `|` or `>`, from the root down."""

import re

from catalogue.importing.text import clean_line, cut, listed
from models.category import DEPTH_MAX

NAME_MAX = 120
SEPARATOR = re.compile(r"\s*(?:\||>+|»|›)\s*")
EMPTY = {"", "n/a", "nan", "none", "null", "[]"}


def read_path(value: object) -> tuple[str, ...]:
    """The names from the root down, empty where there are none. Raises ValueError with a reason."""
    value = listed(value)
    if isinstance(value, list):
        value = value[0] if value and isinstance(value[0], list) else value
        names = [_name(part) for part in value]
    elif isinstance(value, str):
        names = [_name(part) for part in SEPARATOR.split(value)]
    elif value is None:
        names = []
    else:
        raise ValueError("not a category path")
    names = [name for name in names if name.lower() not in EMPTY]
    if len(names) > DEPTH_MAX:
        raise ValueError(f"deeper than {DEPTH_MAX} levels")
    return tuple(names)


def _name(part: object) -> str:
    if isinstance(part, dict):
        part = part.get("name")
    if part is None:
        return ""
    if isinstance(part, list | dict | bool):
        raise ValueError("not a category path")  # noqa: TRY004 (every refusal of a value is a ValueError)
    return cut(clean_line(str(part)).strip("|> "), NAME_MAX)
