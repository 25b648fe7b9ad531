"""One pool for ORM and hand-written SQL alike: `connected` opens it, `transaction` lends its connection.

Inside `transaction()` every ORM call of the same task runs on the connection that it yields.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction

Connection: TypeAlias = asyncpg.Connection
Pool: TypeAlias = asyncpg.Pool

CONNECT_S = 1.0
STATEMENTS = 400
"""Prepared ones that a session keeps: more than the shop has."""
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a call raises whose server went away; InternalClientError where it said goodbye but has not hung up yet."""


def tortoise_config(
    url: str,
    *,
    pool_min: int = 1,
    pool_max: int = 10,
    statement_timeout_ms: int = 0,
    pooled: bool = False,
    migrations: str | None = None,
) -> dict[str, Any]:
    """Tortoise's configuration for one database; `statement_timeout_ms` 0 is none.

    `pooled`: between us and PostgreSQL is a pooler that lends a connection for one transaction (pgbouncer).
    """
    parts = urlsplit(url)
    app: dict[str, Any] = {"models": ["models"], "default_connection": "default"}
    if migrations:
        app["migrations"] = migrations
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": {
                    "host": parts.hostname,
                    "port": parts.port or 5432,
                    "user": unquote(parts.username or ""),
                    "password": unquote(parts.password or ""),
                    "database": unquote(parts.path.lstrip("/")),
                    "ssl": tls_of(parts.query),
                    "minsize": pool_min,
                    "maxsize": pool_max,
                    **session(statement_timeout_ms, pooled=pooled),
                },
            }
        },
        "apps": {"models": app},
        "use_tz": True,
        "timezone": "UTC",
    }


def tls_of(query: str) -> ssl.SSLContext | bool:
    """What `?sslmode=verify-full&sslrootcert=FILE` of a database's address asks for: its name and issuer are checked.

    Raises ValueError for the modes that encrypt without knowing to whom.
    """
    asked = dict(parse_qsl(query))
    mode = asked.get("sslmode", "disable")
    if mode not in {"disable", "verify-full"}:
        raise ValueError(f"sslmode={mode} does not know whom it speaks to: use verify-full, or disable.")
    return ssl.create_default_context(cafile=asked.get("sslrootcert")) if mode == "verify-full" else False


def session(statement_timeout_ms: int, *, pooled: bool) -> dict[str, Any]:
    """What asyncpg is told of its sessions. Those of a pooler are not ours to set up or to prepare statements in.

    A new session plans each statement five times before it keeps a plan, which for a purchase is half a second of CPU:
    sessions and statements are kept for good, and the line is kept alive.
    """
    if pooled:
        return {"reset": _keep, "statement_cache_size": 0}
    settings = {
        "statement_timeout": str(statement_timeout_ms),
        "timezone": "UTC",
        "jit": "off",
        "tcp_keepalives_idle": "60",
    }
    kept = {
        "max_inactive_connection_lifetime": 0,
        "max_cached_statement_lifetime": 0,
        "statement_cache_size": STATEMENTS,
    }
    return {"reset": _keep, "server_settings": settings, **kept}


async def open_plain_pool(url: str, *, pool_max: int, statement_timeout_ms: int, pooled: bool) -> Pool:
    """A pool beside Tortoise's, connected on first use; a server that vanished is noticed soon after the time-out."""
    opened: Pool = await asyncpg.create_pool(
        url,
        ssl=tls_of(urlsplit(url).query),
        min_size=0,
        max_size=pool_max,
        timeout=CONNECT_S,
        command_timeout=statement_timeout_ms / 1000 + 1,
        **session(statement_timeout_ms, pooled=pooled),
    )
    return opened


async def _keep(_: Connection) -> None:
    """asyncpg has rolled back by now; nothing of ours leaves session state behind, so a release costs no round trip."""


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Pool]:
    """The pool, open for the block; `options` are those of `tortoise_config`."""
    await open_pool(url, **options)
    try:
        yield pool()
    finally:
        await close_pool()


async def open_pool(url: str, **options: Any) -> None:
    """Open the pool for this process. Raises OSError or asyncpg.PostgresError where the server does not answer."""
    await Tortoise.init(config=tortoise_config(url, **options), _enable_global_fallback=True)
    try:
        await get_connection("default").execute_query("SELECT 1")
    except BaseException:
        await close_pool()
        raise


async def close_pool() -> None:
    await Tortoise.close_connections()


def pool() -> Pool:
    """The asyncpg pool, for reads outside any transaction."""
    client: Any = get_connection("default")
    opened: Pool = client._pool  # noqa: SLF001 (Tortoise has no public name for it)
    return opened


@asynccontextmanager
async def transaction() -> AsyncIterator[Connection]:
    """One transaction: committed when the block ends, rolled back when it raises.

    Where the server is lost meanwhile, the connection goes back and the task is outside any transaction again.
    """
    outside: Any = get_connection("default")
    async with AsyncExitStack() as stack:
        stack.callback(_go_outside, outside)
        entering: Any = in_transaction("default")
        try:
            client: Any = await stack.enter_async_context(entering)
        except BaseException:
            await _give_back(entering.client, outside)
            raise
        yield client._connection  # noqa: SLF001 (Tortoise has no public name for it)


@asynccontextmanager
async def short_transaction() -> AsyncIterator[Connection]:
    """Without the ORM and without savepoints; its last statement may bring its own COMMIT."""
    async with pool().acquire() as connection:
        await connection.execute("BEGIN")
        try:
            yield connection
        except BaseException:
            with suppress(*LOST):
                await connection.execute("ROLLBACK")
            raise
        if connection.is_in_transaction():
            await connection.execute("COMMIT")


def _go_outside(outside: Any) -> None:
    """Tortoise forgets to when BEGIN, or giving the connection back, fails: a later query of the same task, which may
    be another request on the same connection, would then run inside the dead transaction.
    """
    if get_connection("default") is not outside:
        get_connections().set("default", outside)


async def _give_back(client: Any, outside: Any) -> None:
    """Tortoise forgets to when BEGIN fails, and the pool runs dry. A transaction inside another borrowed nothing."""
    if outside._pool and client._connection:  # noqa: SLF001 (likewise)
        await outside._pool.release(client._connection)  # noqa: SLF001 (likewise)
