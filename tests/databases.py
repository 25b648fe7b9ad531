"""A clean database for each test: the last test's, its rows taken out, as long as only rows were changed in it.

Copying a template costs 0.2 s of CPU, taking out the rows of a test a tenth of that, on a connection that is kept: a
new one would read the whole catalogue anew. A database whose schema was touched, or that grew, is dropped.
"""

import io
import uuid
from collections.abc import Mapping
from typing import NamedTuple

import asyncpg

from tests.address import on_database

GROWN = 8_000_000
"""Bytes beyond the template's: pages of dead rows would slow the tests that come after."""
ROWS_MAX = 200_000
"""Bytes."""

# Any DDL writes a row of the catalogue anew; VACUUM and ANALYZE do not.
SCHEMA = """
WITH relation AS (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT 'class ' || oid || ' ' || xmin AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column ' || attrelid || ' ' || attnum || ' ' || a.xmin
      FROM pg_attribute a JOIN relation ON relation.oid = attrelid WHERE attnum > 0
    UNION ALL SELECT 'constraint ' || oid || ' ' || xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || t.oid || ' ' || t.xmin FROM pg_trigger t JOIN relation ON relation.oid = tgrelid
    UNION ALL SELECT 'function ' || oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'extension ' || oid || ' ' || xmin FROM pg_extension
    UNION ALL SELECT 'schema ' || oid || ' ' || xmin FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL SELECT 'setting ' || setrole || ' ' || setconfig::text FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS lines
"""
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
NUMBERS = """
SELECT coalesce(json_object_agg(quote_ident(sequencename), last_value), '{}')
  FROM pg_sequences WHERE schemaname = 'public'
"""
ALONE = """
SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
RESTART = """
SELECT setval(key::regclass, coalesce(value::bigint, start_value), value IS NOT NULL)
  FROM json_each_text('{}') JOIN pg_sequences ON schemaname = 'public' AND quote_ident(sequencename) = key
 WHERE last_value IS DISTINCT FROM value::bigint
"""
SIZE = "SELECT pg_database_size(current_database())"


class Clean(NamedTuple):
    """A fresh copy of a template: schema, size, the rows that migrations put there, where its sequences stand."""

    schema: str
    size: int
    rows: Mapping[str, bytes]
    numbers: str

    @property
    def worth_emptying(self) -> bool:
        """A template full of rows is copied sooner than its rows are put back."""
        return sum(len(rows) for rows in self.rows.values()) < ROWS_MAX


class Databases:
    """Lends copies of templates, by name, and cleans what comes back."""

    def __init__(self, superuser_url: str) -> None:
        self._url = superuser_url
        self._clean: dict[str, Clean] = {}
        self._free: dict[str, list[str]] = {}
        self._lines: dict[str, asyncpg.Connection] = {}

    async def lend(self, template: str) -> str:
        free = self._free.setdefault(template, [])
        return free.pop() if free else await self._copy(template)

    async def take_back(self, template: str, name: str) -> None:
        clean = self._clean[template]
        if clean.worth_emptying and await self._empty(name, clean):
            self._free[template].append(name)
        else:
            await self._drop(name)

    async def close(self) -> None:
        for free in self._free.values():
            for name in free:
                await self._drop(name)

    async def _copy(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        admin = await asyncpg.connect(self._url)
        try:
            await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER haat_owner STRATEGY file_copy")
        finally:
            await admin.close()
        if template not in self._clean:
            self._clean[template] = await self._look(name)
        return name

    async def _drop(self, name: str) -> None:
        if line := self._lines.pop(name, None):
            await line.close()
        admin = await asyncpg.connect(self._url)
        try:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await admin.close()

    async def _line(self, name: str) -> asyncpg.Connection:
        """The connection that empties this database; another where a test hung up on everybody."""
        line = self._lines.get(name)
        if line is None or not await _answers(line):
            line = self._lines[name] = await asyncpg.connect(on_database(self._url, name))
            await line.execute("SET session_replication_role = replica")
        return line

    async def _look(self, name: str) -> Clean:
        connection = await asyncpg.connect(on_database(self._url, name))
        try:
            rows = {}
            for table in await _filled(connection):
                held = io.BytesIO()
                await connection.copy_from_query(f"TABLE {table}", output=held)
                rows[table] = held.getvalue()
            fetch = connection.fetchval
            return Clean(await fetch(SCHEMA), await fetch(SIZE), rows, await fetch(NUMBERS))
        finally:
            await connection.close()

    async def _empty(self, name: str, clean: Clean) -> bool:
        """Back to `clean`; False where rows are not all that changed."""
        line = await self._line(name)
        await line.fetchval(ALONE)
        if await line.fetchval(SCHEMA) != clean.schema:
            return False
        if await line.fetchval(SIZE) > clean.size + GROWN:
            return False
        await line.execute("; ".join(f"DELETE FROM {table}" for table in await _filled(line)))
        for table, rows in clean.rows.items():
            await line.copy_to_table(table.strip('"'), source=io.BytesIO(rows))
        await line.execute(RESTART.format(clean.numbers))
        return True


async def _answers(line: asyncpg.Connection) -> bool:
    try:
        await line.fetchval("SELECT 1")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False
    return True


async def _filled(connection: asyncpg.Connection) -> list[str]:
    """The tables that have rows."""
    tables = [row[0] for row in await connection.fetch(TABLES)]
    rows = await connection.fetch(" UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables))
    return [row[0] for row in rows]
