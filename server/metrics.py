"""Request metrics. With PROMETHEUS_MULTIPROC_DIR set, every process of this host writes there and any can answer."""

import os

from prometheus_client import REGISTRY, Counter, Histogram

MULTIPROCESS_DIR = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Histogram(
    "haat_request_seconds", "Time to answer, by route and status", ("route", "status"), buckets=BUCKETS_S
)
ERRORS = Counter("haat_unhandled_errors_total", "Requests that ended in an unexpected error", ("route",))
WEBHOOKS = Counter("haat_webhooks_total", "Webhooks of the gateway, by what became of them", ("outcome",))
THROTTLED = Counter("haat_throttled_total", "Requests that a limit refused", ("policy",))
REFUSED = Counter("haat_refused_total", "Requests that the edge refused: too slow, too large, forged", ("reason",))

__all__ = ["BUCKETS_S", "ERRORS", "MULTIPROCESS_DIR", "REFUSED", "REGISTRY", "REQUESTS", "THROTTLED", "WEBHOOKS"]
