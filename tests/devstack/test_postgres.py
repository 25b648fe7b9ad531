"""The embedded PostgreSQL: its roles, its safety, and where it lives when root starts it inside a 0700 home."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

import devstack
from devstack import pgbinaries, postgres
from devstack.account import reaches, run_as, unprivileged
from devstack.datafolder import DataFolder
from devstack.draft import ROOT
from devstack.errors import StackError
from server.connections import web_connections, worker_connections
from server.settings import STACK_ENV, load_settings, read_env_file
from tests.devstack.command import haat
from tests.wait import until

DEDICATED, SPARE = 3, 20


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder inside a folder that only we can enter."""
    parent = tmp_path_factory.mktemp("home")
    parent.chmod(0o700)
    path = parent / "data"
    yield path
    postgres.discard(path)


@pytest.fixture(scope="module")
def server(private: Path) -> Iterator[dict[str, str]]:
    with devstack.launched(("postgres",), data=private, fsync=True) as env:
        yield env


@pytest.fixture
async def superuser(server: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server["HAAT_SUPERUSER_URL"])
    yield connection
    await connection.close()


async def test_it_runs_inside_a_0700_home_as_another_user_than_root(
    private: Path, superuser: asyncpg.Connection
) -> None:
    assert await superuser.fetchval("SHOW data_directory") == str((private / "postgres").resolve() / "data")
    home = (private / "postgres").resolve().stat()
    assert home.st_mode & 0o077 == 0
    account = unprivileged()
    assert home.st_uid == (os.geteuid() if account is None else account.uid)
    assert home.st_uid != 0


async def test_it_is_safe_in_a_crash_and_listens_on_loopback_only(superuser: asyncpg.Connection) -> None:
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "TimeZone": "UTC",
        "password_encryption": "scram-sha-256",
    }
    for name, value in expected.items():
        assert await superuser.fetchval(f"SHOW {name}") == value, name
    assert (await superuser.fetchval("SHOW server_version")).startswith("18.")


async def test_the_owner_owns_the_database_and_the_application_owns_nothing(server: dict[str, str]) -> None:
    owner = await asyncpg.connect(server["HAAT_DATABASE__OWNER_URL"])
    app = await asyncpg.connect(server["HAAT_DATABASE__URL"])
    try:
        await owner.execute("CREATE TABLE of_the_owner (id int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("CREATE TABLE of_the_app (id int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("SELECT * FROM of_the_owner")
        await owner.execute("DROP TABLE of_the_owner")
    finally:
        await owner.close()
        await app.close()


async def test_a_new_database_has_the_extensions(server: dict[str, str], superuser: asyncpg.Connection) -> None:
    await superuser.execute("CREATE DATABASE fresh OWNER haat_owner")
    fresh = await asyncpg.connect(urlsplit(server["HAAT_SUPERUSER_URL"])._replace(path="/fresh").geturl())
    try:
        names = {row["extname"] for row in await fresh.fetch("SELECT extname FROM pg_extension")}
        assert names >= set(postgres.EXTENSIONS)
        assert await fresh.fetchval("SELECT unaccent('Ünïcödé')") == "Unicode"
    finally:
        await fresh.close()
        await superuser.execute("DROP DATABASE fresh")


async def test_a_query_may_run_in_parallel(superuser: asyncpg.Connection) -> None:
    await superuser.execute("SET debug_parallel_query = on")
    assert await superuser.fetchval("SELECT count(*) FROM pg_class") > 0
    assert await superuser.fetchval("SHOW default_text_search_config") == "pg_catalog.english"


async def test_a_wrong_password_is_refused(server: dict[str, str]) -> None:
    url = urlsplit(server["HAAT_DATABASE__URL"])
    stranger = url._replace(netloc=f"haat_app:guess@{url.hostname}:{url.port}").geturl()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(stranger)


def test_binaries_that_the_account_cannot_reach_are_copied_to_where_it_can(tmp_path: Path) -> None:
    hidden = tmp_path / "home"
    original = pgbinaries.package(ROOT)
    copied = hidden / original.relative_to(ROOT)
    shutil.copytree(original, copied, symlinks=True)
    hidden.chmod(0o700)
    account = unprivileged()
    binaries = pgbinaries.locate(hidden, account)
    assert reaches(account, binaries / "postgres")
    assert "PostgreSQL" in run_as(account, [str(binaries / "postgres"), "--version"]).stdout
    assert (binaries == copied / "native" / "bin") is (account is None)


def test_deleting_the_data_folder_starts_afresh(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    data = tmp_path / "data"
    data.mkdir()
    account = unprivileged()
    first = postgres.place(data, account)
    (first / "something").touch()
    shutil.rmtree(data)
    data.mkdir()
    second = postgres.place(data, account)
    assert list(second.iterdir()) == []
    assert second == postgres.place(data, account)
    postgres.discard(data)


def test_a_pointer_to_nowhere_is_explained(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")
    with pytest.raises(StackError, match="are gone"):
        postgres.place(tmp_path, unprivileged())


async def test_all_processes_of_a_shop_find_connections_and_some_are_left(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    lines = 8 * web_connections(settings) + worker_connections(settings) + DEDICATED + SPARE
    data = tmp_path / "data"
    started = haat("up", "--detach", "--no-fsync", "--only", "postgres", "--workers", "8", "--data", str(data))
    assert started.returncode == 0, started.stderr
    url = read_env_file(data / STACK_ENV)["HAAT_DATABASE__URL"]
    async with contextlib.AsyncExitStack() as opened:
        opened.callback(postgres.discard, data)
        opened.callback(haat, "down", "--data", str(data))
        for _ in range(lines):
            connection = await asyncpg.connect(url)
            opened.callback(connection.terminate)


async def test_a_killed_postmaster_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    with devstack.launched(("postgres",), data=tmp_path / "data", fsync=True) as env:
        connection = await asyncpg.connect(env["HAAT_DATABASE__OWNER_URL"])
        await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
        state = DataFolder(tmp_path / "data").read_state()
        assert state is not None
        assert state.services["postgres"].process is not None
        os.kill(state.services["postgres"].process.pid, 9)
        assert await until(lambda: kept(env["HAAT_DATABASE__OWNER_URL"])) == 7
        connection.terminate()
    postgres.discard(tmp_path / "data")


async def kept(url: str) -> int | None:
    """The row; None while the server does not take connections."""
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection = await asyncpg.connect(url)
        try:
            found: int = await connection.fetchval("SELECT id FROM kept")
        finally:
            connection.terminate()
        return found
    return None
