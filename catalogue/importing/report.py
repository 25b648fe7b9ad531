"""What an import says: the errors file while it runs, the summary at its end."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

import msgspec

from catalogue.importing.lines import Damage
from models.plain_text import plain_cell

REASONS_SHOWN = 12


class Tally(msgspec.Struct):
    """Rows by what became of them; they add up to `rows`. `doubled`: a later row of the same SKU won."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    doubled: int = 0
    categories: int = 0
    reasons: Counter[str] = msgspec.field(default_factory=Counter)
    notices: Counter[str] = msgspec.field(default_factory=Counter)
    cut_short: str = ""


class ErrorsFile:
    """CSV of every refused value: line, column, value, reason. Made with the first one."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._file: TextIO | None = None
        self._writer: Any = None

    def write(self, damage: Damage) -> None:
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(Damage._fields)
        self._writer.writerow([plain_cell(value) for value in damage])
        self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()


def summary(tally: Tally, *, title: str, seconds: float, errors: ErrorsFile) -> str:
    """The counts, the reasons of refusals, the notices, and where the errors file is."""
    lines = [f"{title} in {seconds:.1f} s ({tally.rows / max(seconds, 0.001):,.0f} rows/s)"]
    for name in ("rows", "created", "updated", "unchanged", "refused", "doubled"):
        lines.append(f"  {name:<10}{getattr(tally, name):>12,}")
        if name == "refused":
            lines += [f"  {'':<10}{count:>12,}  {why}" for why, count in tally.reasons.most_common(REASONS_SHOWN)]
    if tally.categories:
        lines.append(f"  {'categories':<10}{tally.categories:>12,}  new")
    lines += [f"Note: {notice} ({count:,} times)." for notice, count in tally.notices.most_common()]
    if tally.doubled:
        lines.append(f"Note: {tally.doubled:,} rows had the SKU of another row of this file: the later one won.")
    if errors.count:
        lines.append(f"Every refusal with line, column and reason: {errors.path}")
    if tally.cut_short:
        lines.append(tally.cut_short)
    return "\n".join(lines)
