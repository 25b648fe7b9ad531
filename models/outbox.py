"""The only way to enqueue a job: a row written on the transaction's own connection, carrying ids and nothing else.

The side effect (a mail, a gateway call) happens after the commit, at least once; the job's handler is idempotent.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from models.database import Connection
from models.write import Write

JOBS = {
    "payments.open": "make the gateway's order for a payment",
    "payments.reconcile": "ask the gateway about a payment that stayed open",
    "payouts.send": "pay a seller",
    "mail.payout_reversed": "tell a seller or an operator that the bank gave a payout back",
    "refunds.send": "send a refund to the gateway",
    "orders.expire": "release what an unpaid order holds",
    "mail.order_paid": "confirm a paid order by mail",
    "mail.order_refunded": "apologise for an order that was paid too late",
    "sms.order_paid": "confirm a paid order by SMS",
    "mail.payment_declined": "tell the buyer of an unpaid order that the payment was declined, and where to pay again",
    "mail.payment_reminder": "remind the buyer of an order that is still held and not paid",
    "mail.seller_order": "tell a seller of a new order",
    "mail.back_in_stock": "tell a shopper that something wished for can be had again",
    "mail.shipment_sent": "tell the buyer that a parcel is on its way",
    "mail.shipment_delivered": "tell the buyer that a parcel has arrived",
    "mail.shipments_cancelled": "tell the buyer that parcels will not be sent",
    "mail.shipment_lost": "tell the buyer that a parcel did not arrive",
    "mail.seller_cancelled": "tell a seller not to pack a parcel",
    "mail.return_requested": "tell buyer and seller that something shall come back",
    "mail.return_decided": "tell the buyer whether a return is accepted",
    "mail.dispute": "tell a seller or an operator that a buyer's bank disputes a payment, or what it decided",
    "mail.registration": "send the link that finishes a registration, or say that there is an account",
    "mail.reset": "send the link to choose a new password",
    "mail.password_changed": "tell somebody that the password was changed",
    "mail.change_mail": "send the link that changes an address, to the new one",
    "mail.change_mail_notice": "tell the old address that it shall be changed",
    "mail.mail_changed": "tell the address that an account had that it has another one",
    "mail.session_stolen": "warn somebody whose log-in was used twice",
    "mail.second_factor": "tell somebody that the second factor was set up or removed",
    "mail.social": "tell somebody that a log-in of another provider was linked or unlinked",
    "mail.code": "send a code to sign in with, by mail",
    "sms.code": "send a code by SMS",
    "sessions.forget": "end what the cache holds of a revoked session",
    "mail.review_decided": "tell the author whether a review is shown",
    "mail.seller_state": "tell a seller what became of the shop: sent in, approved, refused, suspended, restored",
    "mail.account_state": "tell somebody that their account was suspended, with the reason, or restored",
    "mail.product_decided": "tell a seller whether a product was approved, or why not",
    "mail.product_change": "tell a seller whether a change of a live product was approved",
    "mail.staff_invited": "invite somebody to work for a seller",
    "products.counts": "write ratings and sales counts to the products",
    "search.settings": "bring synonyms and stop words to the index",
    "search.forget": "end what the cache holds of a query that was hidden",
    "media.remove": "delete a stored picture of somebody who was erased",
    "media.retire": "delete the files of a picture that has other sizes by now",
    "media.upload": "move an imported picture to the media store",
}
"""Every job's name and what it does; a test demands one handler for each."""


# pgqueuer's own statement asks for the sequence's name and answers with the jobs' numbers, at twice the cost.
ENQUEUE = """
INSERT INTO pgqueuer (priority, status, entrypoint, payload, dedupe_key, execute_after)
SELECT 0, 'queued', w.job, w.ids, w.key, now() + coalesce(w.after, interval '0')
  FROM unnest($1::text[], $2::bytea[], $3::text[], $4::interval[]) AS w (job, ids, key, after)
    ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
"""
DROP = "DELETE FROM pgqueuer WHERE dedupe_key = ANY($1) AND status = 'queued'"


class Queued(NamedTuple):
    """A job to enqueue: with `key`, at most one such job waits at a time; `after` delays it by the database's clock."""

    job: str
    ids: Mapping[str, object]
    key: str | None = None
    after: timedelta | None = None


async def enqueue(
    connection: Connection,
    job: str,
    ids: Mapping[str, object],
    *,
    key: str | None = None,
    after: timedelta | None = None,
) -> None:
    """Enqueue one job. Raises KeyError for an unknown name."""
    await enqueue_all(connection, [Queued(job, ids, key, after)])


async def enqueue_all(connection: Connection, batch: Sequence[Queued]) -> None:
    """Enqueue jobs of any names in one statement. Raises KeyError for an unknown name."""
    for write in enqueue_writes(batch):
        await connection.execute(write.statement, *write.arguments)


def enqueue_writes(batch: Sequence[Queued]) -> list[Write]:
    """`enqueue_all` as one of several writes, or none."""
    for queued in batch:
        JOBS[queued.job]
    columns = (
        [queued.job for queued in batch],
        [msgspec.json.encode({name: str(value) for name, value in queued.ids.items()}) for queued in batch],
        [queued.key for queued in batch],
        [queued.after for queued in batch],
    )
    return [Write(ENQUEUE, columns)] if batch else []


def call_off_write(*keys: str) -> Write:
    """Take back jobs that nobody has begun, since what they were for has happened."""
    return Write(DROP, (keys,))
