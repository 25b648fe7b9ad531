"""Budgets: one readable TOML file, each line a limit on one measured figure, and the verdict that names a broken line.

A figure that was not measured breaks its budget: a renamed request must not pass in silence.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

DEFAULT = Path(__file__).with_name("budgets.toml")
MINIMUM, MAXIMUM = "_min", "_max"
HEADER = re.compile(r"^\s*\[[^\[].*\]\s*(#.*)?$")
KEY = re.compile(r"^\s*[^#\[\s].*=")

Figure = tuple[str, ...]


class BudgetError(Exception):
    """The budgets file cannot be used; the message names the file and says why."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """`figure` is the path of the measured value within its suite; the limit is a minimum or a maximum."""

    suite: str
    figure: Figure
    limit: float
    minimum: bool
    where: str

    @property
    def title(self) -> str:
        return " ".join(self.figure)

    def judge(self, measured: float | None, *, excuse: str = "") -> "Verdict":
        kept = bool(excuse) if measured is None else self.allows(measured)
        return Verdict(budget=self, measured=measured, kept=kept, excuse=excuse)

    def allows(self, measured: float) -> bool:
        return measured >= self.limit if self.minimum else measured <= self.limit


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`excuse` says why a budget was not judged, such as a run that is too short for a slope."""

    budget: Budget
    measured: float | None
    kept: bool
    excuse: str = ""

    @property
    def sentence(self) -> str:
        budget = self.budget
        place = f"{budget.where}: [{budget.suite}] {budget.title}"
        if self.measured is None:
            return f"{place} was not measured" + (f": {self.excuse}" if self.excuse else "")
        bound = "at least" if budget.minimum else "at most"
        return f"{place} is {self.measured:.4g}, budget {bound} {budget.limit:.4g}"


def load_budgets(path: Path = DEFAULT) -> list[Budget]:
    """Every budget of the file. Raises BudgetError."""
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BudgetError(f"{path} cannot be read as budgets: {error}.") from error
    lines = dict(_lines(text))
    return [_budget(path, key, value, lines) for key, value in _flatten(tables)]


def judge(
    budgets: Sequence[Budget], suite: str, figures: Mapping[Figure, float], excuses: Mapping[Figure, str] | None = None
) -> list[Verdict]:
    """One verdict for each budget of the suite, in the order of the file."""
    excuses = excuses or {}
    mine = (budget for budget in budgets if budget.suite == suite)
    return [b.judge(figures.get(b.figure), excuse=excuses.get(b.figure, "")) for b in mine]


def _budget(path: Path, key: Figure, value: Any, lines: Mapping[Figure, int]) -> Budget:
    where = f"{path.name}:{lines.get(key, 0)}"
    if isinstance(value, bool) or not isinstance(value, int | float) or len(key) < 2:
        raise BudgetError(f"{where}: {'.'.join(key)} is no number in the table of a suite.")
    suite, *table, name = key
    minimum = name.endswith(MINIMUM)
    figure = (*table, name.removesuffix(MINIMUM).removesuffix(MAXIMUM))
    return Budget(suite=suite, figure=figure, limit=float(value), minimum=minimum, where=where)


def _flatten(table: Mapping[str, Any], path: Figure = ()) -> Iterator[tuple[Figure, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, (*path, name))
        else:
            yield (*path, name), value


def _lines(text: str) -> Iterator[tuple[Figure, int]]:
    """The line of each key; a table's header and a key are TOML documents of their own."""
    table: Figure = ()
    for number, line in enumerate(text.splitlines(), 1):
        if HEADER.match(line):
            table = _only_path(tomllib.loads(line))
        elif KEY.match(line):
            for key, _ in _flatten(tomllib.loads(line)):
                yield (*table, *key), number


def _only_path(nested: Any) -> Figure:
    path: list[str] = []
    while nested:
        (name,) = nested
        path.append(name)
        nested = nested[name]
    return tuple(path)
