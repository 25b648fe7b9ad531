"""The one stack: which servers it has, on which ports, with which settings, and what waits for what."""

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from devstack import external, meilisearch, postgres, redis
from devstack.datafolder import DataFolder, Secrets
from devstack.errors import StackError
from devstack.http import status_of
from devstack.ports import LOOPBACK, choose, is_free, listener_of
from devstack.processes import is_connected, listens
from devstack.service import Service

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ("postgres", "redis", "meilisearch", "razorpay", "inbox")
SHOP = ("migrate", "seed", "worker", "web")
EVERYTHING = EMBEDDED + SHOP
PORT_NAMES = ("postgres", "redis", "meilisearch", "razorpay", "inbox", "inbox_web")
WEBHOOK_PATH = "/webhooks/razorpay"
METRICS = "metrics"
KEY_ID = "rzp_test_haat"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What `haat up` was asked for. `fsync` off is for tests only."""

    only: tuple[str, ...] = EVERYTHING
    port: int | None = None
    workers: int = 2
    products: int = 2_000
    seed: bool = True
    fsync: bool = True


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A planned stack: `env` has every setting that its processes get, `services` what is to be started."""

    env: dict[str, str]
    services: tuple[Service, ...]
    ports: dict[str, int]
    site: str


def plan_stack(folder: DataFolder, plan: Plan, environ: Mapping[str, str]) -> Stack:
    """Ports, settings and services for a locked folder; StackError when a port or a binary is not there."""
    replaced = external.given(environ)
    wanted = {name for name in plan.only if name not in replaced}
    web_port = _web_port(plan, environ) if "web" in wanted else plan.port or int(environ.get("HAAT_HTTP__PORT") or 8000)
    ports = choose(PORT_NAMES, folder.read_ports())
    folder.remember_ports(ports)
    env = _environment(folder, wanted, ports, web_port=web_port)
    env.update({key: value for key, value in environ.items() if key.startswith("HAAT_") and value})
    if plan.port is not None:
        env["HAAT_HTTP__PORT"] = str(plan.port)
    services = (*_embedded(folder, plan, wanted, ports, env), *_shop(folder, plan, wanted, env, port=web_port))
    return Stack(env=env, services=services, ports=ports, site=env["HAAT_SITE__BASE_URL"])


def _web_port(plan: Plan, environ: Mapping[str, str]) -> int:
    port = plan.port or int(environ.get("HAAT_HTTP__PORT") or 8000)
    if not is_free(port, environ.get("HAAT_HTTP__HOST") or LOOPBACK):
        by = listener_of(port)
        who = f" by {by}" if by else ""
        raise StackError(
            f"Port {port} is taken{who}: stop that, or choose another port, for example `haat up --port {port + 100}`."
        )
    return port


def _environment(
    folder: DataFolder, wanted: Iterable[str], ports: Mapping[str, int], *, web_port: int
) -> dict[str, str]:
    secrets = folder.secrets()
    env = {
        "HAAT_DATA": str(folder.path),
        "HAAT_SITE__BASE_URL": f"http://{LOOPBACK}:{web_port}",
        "HAAT_HTTP__PORT": str(web_port),
        "HAAT_MEDIA__FOLDER": str(folder.path / "media"),
        "HAAT_AUTH__SECRET": secrets.auth,
        "HAAT_KEYS__RING": secrets.ring,
        "HAAT_KEYS__LOOKUP": secrets.lookup,
    }
    builders: dict[str, Callable[[], dict[str, str]]] = {
        "postgres": lambda: postgres.environment(secrets, ports["postgres"]),
        "redis": lambda: redis.environment(secrets, ports["redis"]),
        "meilisearch": lambda: meilisearch.environment(secrets, ports["meilisearch"]),
        "razorpay": lambda: _payments(secrets, ports["razorpay"]),
        "inbox": lambda: _mail(ports),
    }
    for name, build in builders.items():
        if name in wanted:
            env.update(build())
    return env


def _payments(secrets: Secrets, port: int) -> dict[str, str]:
    return {
        "HAAT_PAYMENTS__BASE_URL": f"http://{LOOPBACK}:{port}",
        "HAAT_PAYMENTS__KEY_ID": KEY_ID,
        "HAAT_PAYMENTS__KEY_SECRET": secrets.payments,
        "HAAT_PAYMENTS__WEBHOOK_SECRETS": secrets.webhook,
    }


def _mail(ports: Mapping[str, int]) -> dict[str, str]:
    """HAAT_INBOX_URL is the page that shows the mails; it is no setting of the shop."""
    return {
        "HAAT_MAIL__URL": f"smtp://{LOOPBACK}:{ports['inbox']}",
        "HAAT_INBOX_URL": f"http://{LOOPBACK}:{ports['inbox_web']}",
    }


def _embedded(
    folder: DataFolder, plan: Plan, wanted: Iterable[str], ports: Mapping[str, int], env: Mapping[str, str]
) -> tuple[Service, ...]:
    hook = f"--webhook-url=http://{LOOPBACK}:{env['HAAT_HTTP__PORT']}{WEBHOOK_PATH}"
    inbox = (f"--smtp-port={ports['inbox']}", f"--web-port={ports['inbox_web']}", f"--folder={folder.path / 'inbox'}")
    razorpay = (f"--port={ports['razorpay']}", f"--folder={folder.path / 'razorpay'}", hook)
    builders: dict[str, Callable[[], Service]] = {
        "postgres": lambda: postgres.service(folder, root=ROOT, port=ports["postgres"], fsync=plan.fsync),
        "redis": lambda: redis.service(folder, port=ports["redis"]),
        "meilisearch": lambda: meilisearch.service(folder, root=ROOT, port=ports["meilisearch"]),
        "razorpay": lambda: _simulator("razorpay", razorpay, env, port=ports["razorpay"]),
        "inbox": lambda: _simulator("inbox", inbox, env, port=ports["inbox_web"]),
    }
    return tuple(build() for name, build in builders.items() if name in wanted)


def _simulator(name: str, options: tuple[str, ...], env: Mapping[str, str], *, port: int) -> Service:
    async def ready(_: int) -> bool:
        return await status_of(f"http://{LOOPBACK}:{port}/healthz") == 200

    return _python(name, f"devstack.{name}", options, env, port=port, ready=ready)


def _shop(folder: DataFolder, plan: Plan, wanted: Iterable[str], env: Mapping[str, str], *, port: int) -> list[Service]:
    async def ready(pid: int) -> bool:
        return listens(pid, port) and await status_of(f"http://{LOOPBACK}:{port}/readyz") == 200

    async def works(pid: int) -> bool:
        return is_connected(pid)

    async def seeded() -> None:
        folder.mark_seeded(plan.products)

    shop = []
    env = {**env, "PROMETHEUS_MULTIPROC_DIR": str(empty(folder.path / METRICS))}
    if "migrate" in wanted:
        shop.append(_python("migrate", "migrations", ("migrate",), env, after=("postgres",), once=True))
    if "seed" in wanted and plan.seed and not folder.is_seeded():
        options = ("seed", "--products", str(plan.products), "--demo")
        shop.append(
            _python("seed", "catalogue", options, env, after=("migrate",), once=True, shown=True, complete=seeded)
        )
    servers = ("migrate", "redis", "meilisearch", "razorpay", "inbox")
    if "worker" in wanted:
        shop.append(_python("worker", "server.worker", (), env, after=servers, ready=works))
    if "web" in wanted:
        names = [f"web-{number}" for number in range(1, plan.workers + 1)]
        after = (*servers, "seed")
        shop += [_python(name, "server.app", (), env, port=port, after=after, ready=ready) for name in names]
    return shop


def empty(path: Path) -> Path:
    """The folder, without what an earlier run left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path


def _python(name: str, module: str, options: tuple[str, ...], env: Mapping[str, str], **rest: Any) -> Service:
    command = (sys.executable, "-m", module, *options)
    return Service(name=name, command=command, env={"PYTHONUNBUFFERED": "1", **env}, cwd=ROOT, **rest)
