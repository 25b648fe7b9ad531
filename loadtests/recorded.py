"""Statements that the shop's own code sends, caught on their connection, and made into a script for pgbench.

The script does what the code did, each time for a new cart: whatever the code had made up (ids, numbers, tokens) is
made up anew from client and turn, and everything else stands there as it was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from models.database import Connection

PARAMETER = re.compile(r"\$(\d+)")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
WRITTEN_OUT = re.compile(rf"'({ID.pattern})'")
LOOKUPS = ("WITH RECURSIVE typeinfo_tree",)
"""What the driver asks once for each connection."""


class Statement(NamedTuple):
    text: str
    arguments: Sequence[Any]


@contextmanager
def recording(connection: Connection) -> Iterator[list[Statement]]:
    """Every statement of the block in its order, BEGIN and COMMIT among them."""
    seen: list[Statement] = []

    def note(record: Any) -> None:
        if record.query.startswith(LOOKUPS):
            return
        if isinstance(record.args, list):  # one statement for many rows
            seen.extend(Statement(record.query, arguments) for arguments in record.args)
        else:
            seen.append(Statement(record.query, record.args))

    connection.add_query_logger(note)
    try:
        yield seen
    finally:
        connection.remove_query_logger(note)


async def script_of(
    connection: Connection, statements: Iterable[Statement], *, made_up: dict[str, str], kept: frozenset[str]
) -> str:
    """A pgbench script. `made_up`: texts to replace, each with the expression of its new value; an id that is not
    `kept` is made up as well.
    """
    lines = []
    for text, arguments in statements:
        types = await _types(connection, text) if arguments else []
        literals = [f"({_literal(a, made_up, kept)})::{t}" for a, t in zip(arguments, types, strict=True)]
        query = PARAMETER.sub(partial(_given, literals), text)
        query = WRITTEN_OUT.sub(lambda found: f"({_quoted(found[1], made_up, kept)})", query) if not literals else query
        lines.append(query.strip().rstrip(";") + ";")
    return "\n".join(["\\set turn :turn + 1", *lines]) + "\n"


def made(name: str) -> str:
    """SQL for 32 hexadecimal digits that are this turn's own."""
    return f"md5('{name}-'::text || :client_id || '-' || :turn)"


def _given(literals: Sequence[str], found: re.Match[str]) -> str:
    return literals[int(found[1]) - 1]


async def _types(connection: Connection, text: str) -> list[str]:
    prepared = await connection.prepare(text)
    return [kind.name for kind in prepared.get_parameters()]


def _literal(value: Any, made_up: dict[str, str], kept: frozenset[str]) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value)
        case timedelta():
            return f"interval '{value.total_seconds()} seconds'"
        case bytes():
            readable = _text_of(value)
            return f"decode('{value.hex()}', 'hex')" if readable is None else (
                f"convert_to({_quoted(readable, made_up, kept)}, 'UTF8')"
            )  # fmt: skip
        case list() | tuple():
            return f"ARRAY[{', '.join(_literal(item, made_up, kept) for item in value)}]"
        case UUID() | str() | datetime():
            return _quoted(str(value), made_up, kept)
    raise TypeError(f"{type(value).__name__} has no place in a script")


def _text_of(value: bytes) -> str | None:
    """The ids that jobs carry are JSON; ciphertext begins otherwise."""
    return value.decode() if value.startswith(b"{") else None


def _quoted(text: str, made_up: dict[str, str], kept: frozenset[str]) -> str:
    """A string, with what was made up in it replaced. pgbench takes :name for a variable, between quotes too."""
    known = sorted(made_up, key=len, reverse=True)
    parts = re.split(f"({'|'.join([*map(re.escape, known), ID.pattern])})", text)
    found = []
    for part in parts:
        if part in made_up:
            found.append(made_up[part])
        elif ID.fullmatch(part) and part not in kept:
            found.append(f"{made(part[-12:])}::uuid::text")
        elif part:
            escaped = part.replace("\\", "\\\\").replace("'", "\\'").replace(":", "\\072").replace("$", "\\044")
            found.append(f"E'{escaped}'")
    return " || ".join(found) if found else "''"
