"""Budgets: one readable TOML file, each line a limit on one measured figure, and the verdict that names a broken line.

A line that no run could ever judge is refused before anything runs, and a figure that was not measured breaks its
budget: neither a misspelt suite nor a renamed request passes in silence.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from loadtests.plan import Suite

DEFAULT = Path(__file__).with_name("budgets.toml")
BENCH = "bench"
SUITES = (*get_args(Suite), "smoke", BENCH)
OF_A_ROW = ("p50_ms", "p95_ms", "p99_ms", "max_ms", "error_rate", "per_s")
OF_ALL = (*OF_A_ROW, "requests_per_s")
TABLES = ("requests", "journeys", "freshness")
"""Each name in them is a row of its own."""
FREE_TABLES = ("facts", "ratios", "statements", "door")
"""What is in them depends on the run."""
MORE_IS_BETTER = ("per_s", "requests_per_s", "hit_ratio", "sold")
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

    def judge(self, measured: float | None, *, excuse: str = "", among: Iterable[Figure] = ()) -> "Verdict":
        """`among` are all figures of the run."""
        kept = bool(excuse) if measured is None else self.allows(measured)
        alike = [" ".join(figure) for figure in among if (figure[0], figure[-1]) == (self.figure[0], self.figure[-1])]
        hint = _like(self.title, alike) if measured is None else ""
        return Verdict(budget=self, measured=measured, kept=kept, excuse=excuse, hint=hint)

    def allows(self, measured: float) -> bool:
        return measured >= self.limit if self.minimum else measured <= self.limit


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`excuse` says why a budget was not judged, such as a run that is too short for a slope; `hint` which figure of a
    like name was measured."""

    budget: Budget
    measured: float | None
    kept: bool
    excuse: str = ""
    hint: str = ""

    @property
    def sentence(self) -> str:
        budget = self.budget
        place = f"{budget.where}: [{budget.suite}] {budget.title}"
        if self.measured is None:
            return f"{place} was not measured" + (f": {self.excuse}" if self.excuse else self.hint)
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
    return [b.judge(figures.get(b.figure), excuse=excuses.get(b.figure, ""), among=figures) for b in mine]


def _budget(path: Path, key: Figure, value: Any, lines: Mapping[Figure, int]) -> Budget:
    where = f"{path.name}:{lines[key]}" if key in lines else path.name
    if isinstance(value, bool) or not isinstance(value, int | float) or len(key) < 2:
        raise BudgetError(f"{where}: {'.'.join(key)} is no number in the table of a suite.")
    if not (math.isfinite(value) and value >= 0):
        raise BudgetError(f"{where}: {'.'.join(key)} is {value}; a budget is a number from 0 on.")
    suite, *table, name = key
    minimum = name.endswith(MINIMUM)
    figure = (*table, name.removesuffix(MINIMUM).removesuffix(MAXIMUM))
    _demand_known(where, suite, figure, minimum=minimum)
    return Budget(suite=suite, figure=figure, limit=float(value), minimum=minimum, where=where)


def _demand_known(where: str, suite: str, figure: Figure, *, minimum: bool) -> None:
    """Raises BudgetError for what no run of the suite can measure, and for a limit on the wrong side."""
    if suite not in SUITES:
        raise BudgetError(f"{where}: there is no suite {suite!r}{_like(suite, SUITES) or _these(SUITES)}")
    *table, name = figure
    kind = table[0] if table else ""
    if kind not in FREE_TABLES:
        known = OF_A_ROW if table else OF_ALL
        if table and suite != BENCH and (kind not in TABLES or len(table) != 2):
            places = [*(f'{place}."NAME"' for place in TABLES), "facts", "ratios"]
            raise BudgetError(f"{where}: {'.'.join(table)} is no table of figures{_these(places)}")
        if name not in known:
            raise BudgetError(f"{where}: there is no figure {name!r}{_like(name, known) or _these(known)}")
    rate = name in MORE_IS_BETTER or (kind == "ratios" and not name.endswith("_cpu"))
    if rate and not minimum:
        raise BudgetError(f"{where}: more of {name} is better: the limit is {name}{MINIMUM}.")
    if minimum and name in OF_A_ROW and not rate:
        raise BudgetError(f"{where}: less of {name} is better: the limit is {name}.")


def _like(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _these(known: Sequence[str]) -> str:
    return f"; there are {', '.join(known)}."


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
