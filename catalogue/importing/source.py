"""Rows of a CSV or JSON-lines file, plain or gzip, one at a time: a damaged row is reported and never ends the file."""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from catalogue.importing.lines import LINE_MAX, Damage, Line, Lines, SourceError
from catalogue.importing.text import clean_line

RECORD_LINES_MAX = 200
DELIMITERS = (",", "\t", ";", "|")
CSV_SUFFIXES = {".csv", ".tsv", ".txt"}
JSON_SUFFIXES = {".jsonl", ".ndjson", ".json"}
QUOTED = re.compile(r'"(?:[^"]|"")*"')
UNCLOSED = "a quote is opened and never closed"

csv.field_size_limit(LINE_MAX)


class Row(NamedTuple):
    """`line` is where the row starts, counted from 1, a header included."""

    line: int
    values: dict[str, Any]


class Source:
    """An open file. `columns` are the header's names (CSV), or the keys of the first object (JSON lines)."""

    def __init__(self, path: Path) -> None:
        self.is_json = False
        try:
            self._raw = path.open("rb")
            self.size = path.stat().st_size
            zipped = self._raw.peek(2)[:2] == b"\x1f\x8b"
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
        self.lines = Lines(gzip.GzipFile(fileobj=self._raw) if zipped else self._raw)
        self.columns: list[str] = []
        self._delimiter = ""
        try:
            self._read_start(path)
        except SourceError:
            self.close()
            raise

    def _read_start(self, path: Path) -> None:
        first = next((line for line in self.lines if line.text.strip()), None)
        if first is None:
            raise SourceError(f"{path} is empty.")
        self.is_json = _is_json(path, first.text)
        if self.is_json:
            self.columns = _first_keys(path, first.text)
            self.lines.put_back([first])
        else:
            self._delimiter = _delimiter(first.text)
            self.columns = _header(next(csv.reader([first.text], delimiter=self._delimiter)))

    def bytes_read(self) -> int:
        """How far into the file on disk, compressed or not."""
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()

    def rows(self) -> Iterator[Row | Damage]:
        """Raises SourceError where a compressed file is cut; the rows before that were given."""
        found = _json_rows(self.lines) if self.is_json else _csv_rows(self.lines, self.columns, self._delimiter)
        for row in found:
            yield from self._damage()
            yield row
        yield from self._damage()

    def _damage(self) -> list[Damage]:
        found, self.lines.damage = self.lines.damage, []
        return found


class _Runaway(Exception):
    """A record that goes on for too many lines."""


class _Feed:
    """What the CSV parser reads from; remembers the lines of the record at hand."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.record, self.at_end = lines, list[Line](), False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES_MAX:
            raise _Runaway
        try:
            line = next(self.lines)
        except StopIteration:
            self.at_end = True
            raise
        self.record.append(line)
        return line.text.replace("\0", "")


def _csv_rows(lines: Lines, columns: list[str], delimiter: str) -> Iterator[Row | Damage]:
    """After a record that cannot be right, parsing starts again at its second line: a stray quote costs one row."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.record = []
        try:
            values = next(reader)
        except StopIteration:
            return
        except (_Runaway, csv.Error):
            values = None
        if values == []:
            continue
        reason = _fault(values, feed, columns, delimiter)
        if reason:
            first, *rest = feed.record
            lines.put_back(rest)
            feed.at_end = False
            yield Damage(first.number, "", first.text.strip()[:200], reason)
        elif values:
            yield Row(feed.record[0].number, dict(zip(columns, values, strict=False)))


def _fault(values: list[str] | None, feed: _Feed, columns: list[str], delimiter: str) -> str | None:
    if values is None or (feed.at_end and _unclosed(feed.record, delimiter)):
        return UNCLOSED
    if len(values) > len(columns) and any(extra.strip() for extra in values[len(columns) :]):
        return f"{len(values)} values for {len(columns)} columns"
    if len(feed.record) > 1 and len(values) < len(columns):
        return UNCLOSED
    return None


def _unclosed(record: list[Line], delimiter: str) -> bool:
    try:
        list(csv.reader([line.text for line in record], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _json_rows(lines: Lines) -> Iterator[Row | Damage]:
    for line in lines:
        if not line.text.strip():
            continue
        try:
            value = msgspec.json.decode(line.text)
        except (ValueError, RecursionError) as error:
            yield Damage(line.number, "", line.text.strip()[:200], f"not JSON: {error}")
            continue
        if isinstance(value, dict):
            yield Row(line.number, value)
        else:
            yield Damage(line.number, "", line.text.strip()[:200], "not a JSON object")


def _is_json(path: Path, first: str) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    if suffixes and suffixes[-1] in CSV_SUFFIXES:
        return False
    return bool(suffixes and suffixes[-1] in JSON_SUFFIXES) or first.lstrip().startswith(("{", "["))


def _first_keys(path: Path, first: str) -> list[str]:
    if first.lstrip().startswith("["):
        raise SourceError(f"{path} is one JSON array: write one object a line (`jq -c '.[]'` does it).")
    try:
        value = msgspec.json.decode(first)
    except (ValueError, RecursionError):
        return []
    return list(value) if isinstance(value, dict) else []


def _delimiter(header: str) -> str:
    bare = QUOTED.sub("", header)
    return max(DELIMITERS, key=bare.count)


def _header(names: list[str]) -> list[str]:
    """Every column has a name of its own: an empty one is named by its place, a second one by its number."""
    columns: list[str] = []
    for place, given in enumerate(names, start=1):
        name = clean_line(given) or f"column {place}"
        again = sum(1 for column in columns if column == name or column.startswith(f"{name} ("))
        columns.append(f"{name} ({again + 1})" if again else name)
    return columns
