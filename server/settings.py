"""Settings: one frozen struct in nested groups, read once and passed down.

`HAAT_GROUP__NAME` in the environment wins over the `stack.env` that a running devstack leaves in its data folder,
which wins over the defaults below. Units are in the names; secrets have no default outside development.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from server.sender import RIGHT, is_sender

PREFIX, STACK_ENV = "HAAT_", "stack.env"
DEFAULT_DATA = ".haat"
DEVELOPMENT_SECRET = "development-only-secret-do-not-use-anywhere-else"


class SettingsError(Exception):
    """A setting is unknown, malformed or missing; the message names it and says what would be right."""


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every settings group."""


class Site(Group, frozen=True, kw_only=True):
    """`legal_name`, `address` and the contacts are what the E-Commerce Rules 2020, rule 4(2), want shown."""

    environment: Literal["development", "production"] = "development"
    name: str = "Haat"
    base_url: str = "http://127.0.0.1:8000"
    currency: Literal["INR"] = "INR"
    legal_name: str = "Haat Marketplace (demonstration)"
    address: str = "1, Market Road, Bengaluru 560001, Karnataka, India"
    customer_care: str = "care@haat.example, 080-0000 0000"
    grievance_officer: str = "Grievance Officer, grievance@haat.example"


class Http(Group, frozen=True, kw_only=True):
    """`trusted_proxies`: addresses or networks (CIDR) whose X-Forwarded-For is believed.

    `upload_max_bytes` is for pictures and documents. A request must have arrived after `request_timeout_ms` and one
    more second for each `body_min_bytes_s` of it. `cors_origins`: pages elsewhere whose scripts may call the API.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    body_max_bytes: int = 1_000_000
    upload_max_bytes: int = 10_000_000
    request_timeout_ms: int = 7_000
    body_min_bytes_s: int = 20_000
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    cors_origins: tuple[str, ...] = ()


class Database(Group, frozen=True, kw_only=True):
    """`url` is the application's role, which owns no table; migrations run as `owner_url` (`url` when empty).

    TLS: `?sslmode=verify-full&sslrootcert=FILE` on all of them; weaker modes are refused. `replica_url`: a streaming
    replica for reads of the catalogue and of history; one that has not caught up after `replica_wait_ms` is left alone
    for a while. `pool_warm`: all connections are opened at the start, none is waited for later. `pooled`: `url` is a
    pgbouncer in transaction mode, `direct_url` PostgreSQL itself, for the worker, which locks and listens (or `url`).
    """

    url: str = ""
    owner_url: str = ""
    direct_url: str = ""
    pooled: bool = False
    replica_url: str = ""
    replica_wait_ms: int = 100
    pool_max: int = 10
    pool_warm: bool = True
    statement_timeout_ms: int = 5_000

    @property
    def session_url(self) -> str:
        """Where a session lasts as long as its connection."""
        return self.direct_url or self.url


class Redis(Group, frozen=True, kw_only=True):
    """redis://[:password@]host:port/0, or redis+cluster://[:password@]host:port,host:port for a cluster.

    TLS: `rediss://…?ssl_ca_certs=FILE` (rediss+cluster://); name and issuer are checked.
    """

    url: str = ""
    prefix: str = "haat:"
    timeout_ms: int = 250


class Search(Group, frozen=True, kw_only=True):
    """`at_once`: questions of one process that Meilisearch is asked at a time; about as many as it has cores."""

    url: str = ""
    api_key: str = ""
    index: str = "products"
    timeout_ms: int = 3_000
    at_once: Annotated[int, Meta(ge=1)] = 4
    cache_ttl_s: int = 300


class Payments(Group, frozen=True, kw_only=True):
    """Razorpay, or what speaks its API at `base_url`; shoppers pay at `public_url` (`base_url` when empty).

    Webhook secrets: newest first, all of them hold; so do both key secrets, for buyers who return while they rotate.
    `payout_account` is the RazorpayX account that sellers are paid from, so long after their goods have arrived.
    """

    base_url: str = ""
    public_url: str = ""
    key_id: str = "rzp_test_haat"
    key_secret: str = DEVELOPMENT_SECRET
    previous_key_secret: str = ""
    payout_account: str = "2323230000000000"
    payout_after_days: int = 10
    webhook_secrets: tuple[str, ...] = (DEVELOPMENT_SECRET,)
    timeout_ms: int = 5_000


class Mail(Group, frozen=True, kw_only=True):
    """`url` is smtp://[user:password@]host:port (smtps:// for TLS)."""

    url: str = ""
    sender: str = "Haat <orders@haat.example>"
    timeout_ms: int = 10_000


class Sms(Group, frozen=True, kw_only=True):
    """`url` empty: no SMS is sent; https://api.twilio.com, or what speaks its API."""

    url: str = ""
    account: str = "AC00000000000000000000000000000000"
    token: str = DEVELOPMENT_SECRET
    sender: str = "HAATSH"
    timeout_ms: int = 10_000


class Media(Group, frozen=True, kw_only=True):
    """`url` empty: files under `folder`; cloudinary://key:secret@cloud: Cloudinary (`api_base_url`: a simulator)."""

    url: str = ""
    folder: str = ""
    api_base_url: str = ""


class Auth(Group, frozen=True, kw_only=True):
    """`password_queue`: how many passwords may wait to be hashed, in each process, before others are turned away."""

    secret: str = DEVELOPMENT_SECRET
    access_ttl_s: int = 15 * 60
    refresh_ttl_s: int = 7 * 24 * 3600
    bcrypt_cost: int = 10
    password_queue: Annotated[int, Meta(ge=1)] = 64


class Oidc(Group, frozen=True, kw_only=True):
    """Sign in with Google (https://accounts.google.com), or what speaks OpenID Connect; none without an issuer."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    timeout_ms: int = 5_000


class Keys(Group, frozen=True, kw_only=True):
    """`ring`: Fernet keys (32 bytes, URL-safe base64), newest first. `lookup` keys the e-mail hash, never rotates."""

    ring: tuple[str, ...] = ("aGFhdC1kZXZlbG9wbWVudC1vbmx5LWtleS0wMDAwMDE=",)
    lookup: str = DEVELOPMENT_SECRET


class Limits(Group, frozen=True, kw_only=True):
    """Token buckets as `requests/seconds`, for each caller (address, or user where known).

    `guess`: wrong passwords for one account, whoever sends them. `gift_card`: codes of gift cards, right or wrong.
    """

    default: str = "100/900"
    auth: str = "20/900"
    read: str = "6000/60"
    seller: str = "6000/60"
    export: str = "5/3600"
    guess: str = "10/900"
    gift_card: str = "10/900"
    enabled: bool = True


class Checkout(Group, frozen=True, kw_only=True):
    """`return_days`: how long after delivery; `cash_limit_minor`: most that is paid at a door."""

    hold_s: int = 15 * 60
    quantity_max: int = 10
    shipping_minor: int = 4_900
    free_shipping_over_minor: int = 49_900
    return_days: int = 10
    cash_limit_minor: int = 2_000_000


class Jobs(Group, frozen=True, kw_only=True):
    concurrency: int = 20
    attempts_max: int = 8
    timeout_s: Annotated[float, Meta(gt=0)] = 600.0  # of one attempt, which has failed then
    change_poll_ms: int = 50
    metrics_port: Annotated[int, Meta(ge=0, le=65_535)] = 0  # of a worker whose metrics no web process can tell


class Analytics(Group, frozen=True, kw_only=True):
    """Of every `one_in` searches one is logged; popular: asked for at least `popular_min` times in `popular_days`."""

    one_in: Annotated[int, Meta(ge=1)] = 1
    keep_days: Annotated[int, Meta(ge=1)] = 90
    popular_days: Annotated[int, Meta(ge=1)] = 14
    popular_min: Annotated[int, Meta(ge=1)] = 5


class Settings(Group, frozen=True, kw_only=True):
    site: Site = Site()
    http: Http = Http()
    database: Database = Database()
    redis: Redis = Redis()
    search: Search = Search()
    payments: Payments = Payments()
    mail: Mail = Mail()
    sms: Sms = Sms()
    media: Media = Media()
    auth: Auth = Auth()
    oidc: Oidc = Oidc()
    keys: Keys = Keys()
    limits: Limits = Limits()
    checkout: Checkout = Checkout()
    jobs: Jobs = Jobs()
    analytics: Analytics = Analytics()


SECRETS = (("auth", "secret"), ("payments", "key_secret"), ("keys", "ring"), ("keys", "lookup"))
MAY_BE_NONE = (("payments", "webhook_secrets"), ("payments", "previous_key_secret"))


def load_settings(
    environ: Mapping[str, str] | None = None, data: Path | None = None, *, needs: Sequence[str] = ()
) -> Settings:
    """The settings of this process; the `stack.env` of a devstack in `data` fills what the environment leaves.

    Raises SettingsError, also where a server that the command `needs` (database, redis, search) has no URL.
    """
    environ = os.environ if environ is None else environ
    folder = data or Path(environ.get("HAAT_DATA", DEFAULT_DATA))
    values = {**read_env_file(folder / STACK_ENV), **environ}
    settings = _convert(_nest(values))
    _demand_secrets(settings)
    if not is_sender(settings.mail.sender):
        raise SettingsError(f"{PREFIX}MAIL__SENDER is {settings.mail.sender!r}: {RIGHT}.")
    if missing := [f"{PREFIX}{name.upper()}__URL" for name in needs if not getattr(settings, name).url]:
        raise SettingsError(f"Not set: {', '.join(missing)}. `haat up` starts a stack that sets this.")
    return settings


def read_env_file(path: Path) -> dict[str, str]:
    """KEY=value lines; an absent file is empty."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _nest(values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {}
    groups = get_type_hints(Settings)
    for key, value in values.items():
        if not key.startswith(PREFIX) or "__" not in key:
            continue
        group, name = key.removeprefix(PREFIX).lower().split("__", 1)
        hints = get_type_hints(groups[group]) if group in groups else {}
        if name not in hints:
            raise SettingsError(f"{key} is not a setting of Haat; .env.example lists them all.")
        wants_list = str(hints[name]).startswith("tuple")
        nested.setdefault(group, {})[name] = [v.strip() for v in value.split(",") if v.strip()] if wants_list else value
    return nested


def _convert(nested: dict[str, dict[str, Any]]) -> Settings:
    try:
        return msgspec.convert(nested, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting cannot be read: {error}.") from error


def _demand_secrets(settings: Settings) -> None:
    if settings.site.environment == "development":
        return
    for group, name in (*SECRETS, *MAY_BE_NONE):
        given = getattr(getattr(settings, group), name)
        known = {DEVELOPMENT_SECRET, *Keys().ring}.intersection([given] if isinstance(given, str) else given)
        if known or not (given or (group, name) in MAY_BE_NONE):
            raise SettingsError(f"Set {PREFIX}{group.upper()}__{name.upper()}: production runs on no default secret.")
