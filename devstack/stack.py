"""The one stack: which servers are started, on which ports, and the settings that every process of it gets."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from devstack import external, meilisearch, postgres, redis, redis_cluster, replica
from devstack.datafolder import DataFolder, Secrets
from devstack.draft import Draft, Plan, embedded_services
from devstack.errors import StackError
from devstack.ports import LOOPBACK, choose, claim, is_free, listener_of
from devstack.service import Service
from devstack.shop import first_things_first, shop_services
from server.connections import web_connections, worker_connections
from server.settings import load_settings

PORT_NAMES = ("postgres", "redis", "meilisearch", "razorpay", "inbox", "inbox_web", "oidc")
PORTS_ON_REQUEST = {redis_cluster.NAME: redis_cluster.PORTS, replica.NAME: (replica.NAME,)}
BESIDE = dict.fromkeys(redis_cluster.PORTS, redis_cluster.BUS)
NEEDS = {redis_cluster.NAME: "redis", replica.NAME: "postgres"}
PORT_MAX = 65_535
KEY_ID = "rzp_test_haat"


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A planned stack: `env` has every setting that its processes get, `services` what is to be started."""

    env: dict[str, str]
    services: tuple[Service, ...]
    ports: dict[str, int]
    site: str


def plan_stack(folder: DataFolder, plan: Plan, *, environ: Mapping[str, str]) -> Stack:
    """Ports, settings and services for a locked folder; StackError when a port or a binary is not there."""
    replaced = external.given(environ)
    wanted = frozenset(name for name in plan.only if not {name, NEEDS.get(name, name)} & replaced.keys())
    settings = load_settings(environ, folder.path)
    http, web_port = settings.http, plan.port or settings.http.port
    if "web" in wanted:
        _demand_free(web_port, http.host)
        claim(web_port)  # no server below chooses it; held by whoever wants the shop there, it is not chosen either
    on_request = [name for service, names in PORTS_ON_REQUEST.items() if service in wanted for name in names]
    ports = choose([*PORT_NAMES, *on_request], folder.read_ports(), beside=BESIDE)
    folder.remember_ports(ports)
    env = _environment(folder, wanted, ports=ports, web_port=web_port)
    env = merge(env, environ) | {"HAAT_HTTP__PORT": str(web_port)}
    lines = postgres.connections_of(plan.workers, web=web_connections(settings), worker=worker_connections(settings))
    draft = Draft(folder=folder, plan=plan, wanted=wanted, ports=ports, env=env, web_port=web_port, connections=lines)
    services = first_things_first(draft, [*embedded_services(draft), *shop_services(draft)])
    return Stack(env=env, services=tuple(services), ports=ports, site=env["HAAT_SITE__BASE_URL"])


def merge(made: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Settings that a person gave win over those that we made; what is no setting (HAAT_DATA, ...) is ours."""
    given = {key: value for key, value in environ.items() if key.startswith("HAAT_") and value}
    return {**given, **made, **{key: value for key, value in given.items() if "__" in key}}


def _demand_free(port: int, host: str) -> None:
    if is_free(port, host):
        return
    by = listener_of(port)
    who = f" by {by}" if by else ""
    other = port + 100 if port + 100 <= PORT_MAX else port - 100
    advice = f"stop that, or choose another port, for example `haat up --port {other}`."
    raise StackError(f"Port {port} is taken{who}: {advice}")


def _environment(
    folder: DataFolder, wanted: Iterable[str], *, ports: Mapping[str, int], web_port: int
) -> dict[str, str]:
    secrets = folder.secrets()
    env = {
        "HAAT_DATA": str(folder.path),
        "HAAT_SITE__BASE_URL": f"http://{LOOPBACK}:{web_port}",
        "HAAT_MEDIA__FOLDER": str(folder.path / "media"),
        "HAAT_AUTH__SECRET": secrets.auth,
        "HAAT_KEYS__RING": secrets.ring,
        "HAAT_KEYS__LOOKUP": secrets.lookup,
    }
    builders: dict[str, Callable[[], dict[str, str]]] = {
        "postgres": lambda: postgres.environment(secrets, ports["postgres"]),
        replica.NAME: lambda: replica.environment(secrets, ports[replica.NAME]),
        "redis": lambda: redis.environment(secrets, ports["redis"]),
        redis_cluster.NAME: lambda: redis_cluster.environment(secrets, [ports[name] for name in redis_cluster.PORTS]),
        "meilisearch": lambda: meilisearch.environment(secrets, ports["meilisearch"]),
        "razorpay": lambda: _payments(secrets, ports["razorpay"]),
        "inbox": lambda: _mail(ports),
        "oidc": lambda: _google(secrets, ports["oidc"]),
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


def _google(secrets: Secrets, port: int) -> dict[str, str]:
    return {
        "HAAT_OIDC__ISSUER": f"http://{LOOPBACK}:{port}",
        "HAAT_OIDC__CLIENT_ID": "haat-on-this-machine",
        "HAAT_OIDC__CLIENT_SECRET": secrets.oidc,
    }


def _mail(ports: Mapping[str, int]) -> dict[str, str]:
    """HAAT_INBOX_URL is the page that shows the mails; it is no setting of the shop."""
    return {
        "HAAT_MAIL__URL": f"smtp://{LOOPBACK}:{ports['inbox']}",
        "HAAT_SMS__URL": f"http://{LOOPBACK}:{ports['inbox_web']}",
        "HAAT_INBOX_URL": f"http://{LOOPBACK}:{ports['inbox_web']}",
    }
