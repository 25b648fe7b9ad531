"""Several writes that need nothing of one another, in one statement: one round trip and one plan for all of them.

They see the same rows, none what another one writes, and run in the order given, which is the order of their locks.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import NamedTuple

from models.database import Connection

PARAMETER = re.compile(r"\$(\d+)")


class Write(NamedTuple):
    """One INSERT, UPDATE or DELETE without RETURNING. `refusal` is raised where it does not write `rows` rows."""

    statement: str
    arguments: Sequence[object]
    rows: int | None = None
    refusal: Exception | None = None


async def write_all(connection: Connection, writes: Sequence[Write]) -> datetime:
    """Inside a transaction, which a refusal rolls back. Returns the transaction's time."""
    statement = _joined(*(write.statement for write in writes))
    row = await connection.fetchrow(statement, *chain.from_iterable(write.arguments for write in writes))
    moment, *counts = row
    for write, count in zip(writes, counts, strict=True):
        if write.refusal and count != write.rows:
            raise write.refusal
    written: datetime = moment
    return written


@cache
def _joined(*statements: str) -> str:
    """Each statement with the numbers of its parameters moved up by those before it. Counting is what runs them."""
    parts, given = [], 0
    for place, statement in enumerate(statements):
        numbers = [int(number) for number in PARAMETER.findall(statement)]
        moved = PARAMETER.sub(lambda found, by=given: f"${int(found[1]) + by}", statement)  # type: ignore[misc]
        parts.append(f"w{place} AS ({moved.strip()} RETURNING 1)")
        given += max(numbers, default=0)
    counts = ", ".join(f"(SELECT count(*) FROM w{place})" for place in range(len(statements)))
    return f"WITH {', '.join(parts)} SELECT now(), {counts}"
