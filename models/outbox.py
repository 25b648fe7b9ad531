"""The only way to enqueue a job: a row written on the transaction's own connection, carrying ids and nothing else.

The side effect (a mail, a gateway call) happens after the commit, at least once; the job's handler is idempotent.
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from models.database import Connection

JOBS = {
    "payments.open": "make the gateway's order for a payment",
    "payments.reconcile": "ask the gateway about a payment that stayed open",
    "refunds.send": "send a refund to the gateway",
    "orders.expire": "release what an unpaid order holds",
    "mail.order_paid": "confirm a paid order by mail",
    "mail.order_refunded": "apologise for an order that was paid too late",
    "mail.seller_order": "tell a seller of a new order",
    "products.counts": "write ratings and sales counts to the products",
    "media.upload": "move an imported picture to the media store",
}
"""Every job's name and what it does; a test demands one handler for each."""


async def enqueue(
    connection: Connection,
    job: str,
    ids: Mapping[str, object],
    *,
    key: str | None = None,
    after: timedelta | None = None,
) -> None:
    """Enqueue `job`; with `key`, at most one such job waits at a time. Raises KeyError for an unknown name."""
    await enqueue_all(connection, job, [ids], keys=[key], after=after)


async def enqueue_all(
    connection: Connection,
    job: str,
    batch: list[Mapping[str, object]],
    *,
    keys: list[str | None] | None = None,
    after: timedelta | None = None,
) -> None:
    """Enqueue one job for each of `batch` in one statement."""
    JOBS[job]
    if not batch:
        return
    count = len(batch)
    await Queries(AsyncpgDriver(connection)).enqueue(
        [job] * count,
        [msgspec.json.encode({name: str(value) for name, value in ids.items()}) for ids in batch],
        [0] * count,
        [after] * count,
        keys or [None] * count,
        on_conflict="skip",
    )
