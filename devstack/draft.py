"""What a stack is made from: what was asked for, where, with which ports; and the embedded servers of it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from devstack import meilisearch, postgres, redis, redis_cluster, replica
from devstack.datafolder import DataFolder
from devstack.http import status_of
from devstack.ports import LOOPBACK
from devstack.service import Service

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ("postgres", "redis", "meilisearch", "razorpay", "inbox", "oidc")
SHOP = ("migrate", "seed", "worker", "web")
EVERYTHING = EMBEDDED + SHOP
ON_REQUEST = (redis_cluster.NAME, replica.NAME)
WEBHOOK_PATH = "/webhooks/razorpay"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What `haat up` was asked for. `fsync` off is for tests only."""

    only: tuple[str, ...] = EVERYTHING
    port: int | None = None
    workers: int = 2
    products: int = 2_000
    seed: bool = True
    fsync: bool = True


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A stack whose ports and settings are known; `wanted` are the servers that no URL replaces, `connections` those of
    its database."""

    folder: DataFolder
    plan: Plan
    wanted: frozenset[str]
    ports: Mapping[str, int]
    env: Mapping[str, str]
    web_port: int
    connections: int

    def python(self, name: str, module: str, *options: str, **rest: Any) -> Service:
        """A module of ours as a server, with the settings of this stack."""
        command = (sys.executable, "-m", module, *options)
        return Service(name=name, command=command, env={"PYTHONUNBUFFERED": "1", **self.env}, cwd=ROOT, **rest)


def embedded_services(draft: Draft) -> list[Service]:
    folder, ports = draft.folder, draft.ports
    database: dict[str, Any] = {"root": ROOT, "connections": draft.connections, "fsync": draft.plan.fsync}
    builders: dict[str, Callable[[], Sequence[Service]]] = {
        "postgres": lambda: [postgres.service(folder, port=ports["postgres"], **database)],
        replica.NAME: lambda: [
            replica.service(folder, primary=ports["postgres"], port=ports[replica.NAME], **database)
        ],
        "redis": lambda: [redis.service(folder, port=ports["redis"])],
        redis_cluster.NAME: lambda: redis_cluster.services(folder, ports=[ports[name] for name in redis_cluster.PORTS]),
        "meilisearch": lambda: [meilisearch.service(folder, root=ROOT, port=ports["meilisearch"])],
        "razorpay": lambda: [_razorpay(draft)],
        "inbox": lambda: [_inbox(draft)],
        "oidc": lambda: [_simulator(draft, "oidc", f"--port={ports['oidc']}", port=ports["oidc"])],
    }
    return [service for name, build in builders.items() if name in draft.wanted for service in build()]


def _razorpay(draft: Draft) -> Service:
    port = draft.ports["razorpay"]
    hook = f"--webhook-url=http://{LOOPBACK}:{draft.web_port}{WEBHOOK_PATH}"
    return _simulator(draft, "razorpay", f"--port={port}", hook, port=port)


def _inbox(draft: Draft) -> Service:
    smtp_port, web_port = draft.ports["inbox"], draft.ports["inbox_web"]
    return _simulator(draft, "inbox", f"--smtp-port={smtp_port}", f"--web-port={web_port}", port=web_port)


def _simulator(draft: Draft, name: str, *options: str, port: int) -> Service:
    async def ready(_: int) -> bool:
        return await status_of(f"http://{LOOPBACK}:{port}/healthz") == 200

    folder = f"--folder={draft.folder.path / name}"
    return draft.python(name, f"devstack.{name}", *options, folder, port=port, ready=ready)
