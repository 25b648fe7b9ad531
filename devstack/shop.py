"""The shop's own processes: migrate, seed a first time, then the worker and the web processes on one port.

When this schema was here at the last start, migrating changes nothing most likely: it then runs beside the others, and
the first web process, which can answer everybody, starts before whatever it can do without.
"""

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from devstack.draft import ROOT, Draft
from devstack.http import status_of
from devstack.ports import LOOPBACK
from devstack.processes import is_connected, listens
from devstack.service import Service

SERVERS = ("postgres", "redis", "meilisearch")
MIGRATIONS = ROOT / "migrations" / "versions"
FIRST = "web-1"
MIGRATED, SEEDED, METRICS = "migrated", "seeded", "metrics"


def shop_services(draft: Draft) -> list[Service]:
    services = []
    if "migrate" in draft.wanted:
        services.append(_migrate(draft))
    if "seed" in draft.wanted and draft.plan.seed and not draft.folder.is_marked(SEEDED, SEEDED):
        services.append(_seed(draft))
    if draft.wanted & {"worker", "web"}:
        metrics = {"PROMETHEUS_MULTIPROC_DIR": str(empty(draft.folder.path / METRICS))}
        services += _processes(msgspec.structs.replace(draft, env={**draft.env, **metrics}))
    return services


def first_things_first(draft: Draft, services: Sequence[Service]) -> list[Service]:
    """At a second start a web process begins beside the databases, which it waits for itself; when it answers, all
    else of Python begins."""
    names = {service.name for service in services}
    if FIRST not in names or "seed" in names or not _is_migrated(draft):
        return list(services)
    replace = msgspec.structs.replace
    return [
        replace(service, awaits=() if service.name == FIRST else (*service.after, FIRST))
        if service.command[0] == sys.executable
        else service
        for service in services
    ]


def _is_migrated(draft: Draft) -> bool:
    return "postgres" in draft.wanted and draft.folder.is_marked(MIGRATED, schema_digest(MIGRATIONS))


def _migrate(draft: Draft) -> Service:
    digest = schema_digest(MIGRATIONS)

    async def migrated() -> None:
        draft.folder.mark(MIGRATED, digest)

    return draft.python("migrate", "migrations", "migrate", after=("postgres",), once=True, complete=migrated)


def _seed(draft: Draft) -> Service:
    async def seeded() -> None:
        draft.folder.mark(SEEDED, SEEDED)

    options = ("--products", str(draft.plan.products), "--demo")
    after = ("migrate",)
    return draft.python("seed", "catalogue", "seed", *options, after=after, once=True, shown=True, complete=seeded)


def _processes(draft: Draft) -> list[Service]:
    port = draft.web_port
    after = SERVERS if _is_migrated(draft) else (*SERVERS, "migrate")

    async def works(pid: int) -> bool:
        return is_connected(pid)

    async def answers(pid: int) -> bool:
        return listens(pid, port) and await status_of(f"http://{LOOPBACK}:{port}/readyz") == 200

    processes = []
    if "web" in draft.wanted:
        names = [f"web-{number}" for number in range(1, draft.plan.workers + 1)]
        web_after = (*after, "seed")
        processes += [draft.python(name, "server.app", port=port, after=web_after, ready=answers) for name in names]
    if "worker" in draft.wanted:
        processes.append(draft.python("worker", "server.worker", after=after, ready=works))
    return processes


def schema_digest(folder: Path) -> str:
    """Changes with every byte of every migration."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".sql")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def empty(path: Path) -> Path:
    """The folder, without what an earlier run left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path
