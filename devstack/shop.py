"""The shop's own processes: migrate, seed a first time, then the worker and the web processes on one port."""

import shutil
from pathlib import Path

import msgspec

from devstack.draft import Draft
from devstack.http import status_of
from devstack.ports import LOOPBACK
from devstack.processes import is_connected, listens
from devstack.service import Service

SERVERS = ("migrate", "redis", "meilisearch", "razorpay", "inbox")
METRICS = "metrics"


def shop_services(draft: Draft) -> list[Service]:
    services = []
    if "migrate" in draft.wanted:
        services.append(draft.python("migrate", "migrations", "migrate", after=("postgres",), once=True))
    if "seed" in draft.wanted and draft.plan.seed and not draft.folder.is_seeded():
        services.append(_seed(draft))
    if draft.wanted & {"worker", "web"}:
        metrics = {"PROMETHEUS_MULTIPROC_DIR": str(empty(draft.folder.path / METRICS))}
        services += _processes(msgspec.structs.replace(draft, env={**draft.env, **metrics}))
    return services


def _seed(draft: Draft) -> Service:
    products = draft.plan.products

    async def seeded() -> None:
        draft.folder.mark_seeded(products)

    options = ("--products", str(products), "--demo")
    return draft.python(
        "seed", "catalogue", "seed", *options, after=("migrate",), once=True, shown=True, complete=seeded
    )


def _processes(draft: Draft) -> list[Service]:
    port = draft.web_port

    async def works(pid: int) -> bool:
        return is_connected(pid)

    async def answers(pid: int) -> bool:
        return listens(pid, port) and await status_of(f"http://{LOOPBACK}:{port}/readyz") == 200

    processes = []
    if "worker" in draft.wanted:
        processes.append(draft.python("worker", "server.worker", after=SERVERS, ready=works))
    if "web" in draft.wanted:
        names = [f"web-{number}" for number in range(1, draft.plan.workers + 1)]
        after = (*SERVERS, "seed")
        processes += [draft.python(name, "server.app", port=port, after=after, ready=answers) for name in names]
    return processes


def empty(path: Path) -> Path:
    """The folder, without what an earlier run left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path
