"""What the market and the sellers do with reviews: look at each before it is shown, take it away, answer it.

Only what is shown counts in a product's rating; the counts follow by a job.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models.audit import about, record
from models.database import pool, transaction
from models.errors import Conflict, Invalid, NotFound
from models.keyring import Keyring
from models.outbox import Queued, enqueue_all
from models.plain_text import plain_text
from models.states import REVIEW, move

COUNTED_AFTER = timedelta(seconds=30)
"""Ratings reach product pages and search this much later, many at once."""
ANSWER_MAX = 2_000


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A review as operator and seller see it; `author` is a first name, `photos` are keys of pictures. `version` is
    what a decision names, since its author may add photos until then.
    """

    id: UUID
    product_name: str
    product_slug: str
    seller_name: str
    author: str
    rating: int
    title: str
    text: str
    photos: list[str]
    state: str
    rejection: str
    answer: str
    created_at: datetime
    version: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What its author is told."""

    email: str
    product_name: str
    product_slug: str
    state: str
    rejection: str


VERSION = """
encode(sha256(convert_to(coalesce(
    (SELECT string_agg(id::text, ' ' ORDER BY id) FROM review_photo WHERE review_id = r.id), ''), 'UTF8')), 'hex')
"""
"""A photo counts by its id: made anew in other sizes it is the same one. Words and stars are never written again."""
ROWS = f"""
SELECT r.id, p.name AS product_name, p.slug AS product_slug, s.name AS seller_name,
       split_part(u.name, ' ', 1) AS author, r.rating, r.title, r.text,
       ARRAY(SELECT key FROM review_photo WHERE review_id = r.id ORDER BY position, id) AS photos, r.state,
       r.rejection, r.answer, r.created_at, {VERSION} AS version
  FROM review r JOIN product p ON p.id = r.product_id JOIN seller s ON s.id = p.seller_id
  JOIN users u ON u.id = r.user_id
"""
WAITING = f"{ROWS} WHERE r.state = $1 ORDER BY r.created_at, r.id LIMIT $2 OFFSET $3"
OF_SELLER = f"""{ROWS} WHERE p.seller_id = $1 AND r.state = 'published' AND ($2::bool IS NULL OR (r.answer = '') = $2)
 ORDER BY r.created_at DESC, r.id LIMIT $3 OFFSET $4"""
DECISION = """
SELECT u.email_encrypted, p.name, p.slug, r.state, r.rejection
  FROM review r JOIN product p ON p.id = r.product_id JOIN users u ON u.id = r.user_id WHERE r.id = $1
"""
ANSWER = """
UPDATE review r SET answer = $3
  FROM (SELECT o.id, o.answer, o.user_id FROM review o JOIN product p ON p.id = o.product_id
         WHERE o.id = $1 AND p.seller_id = $2 AND o.state = 'published' FOR UPDATE OF o) old
 WHERE r.id = old.id RETURNING old.answer, old.user_id
"""


async def list_reviews_in(state: str, *, page: int = 1, per_page: int = 20) -> tuple[list[ReviewRow], int]:
    """Those that wait longest first, and how many there are."""
    rows = await pool().fetch(WAITING, state, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM review WHERE state = $1", state)
    return [ReviewRow(**row) for row in rows], total


async def list_reviews_of(
    seller_id: UUID, *, unanswered: bool | None = None, page: int = 1, per_page: int = 20
) -> list[ReviewRow]:
    """What buyers say of a seller's products, newest first."""
    rows = await pool().fetch(OF_SELLER, seller_id, unanswered, per_page, (page - 1) * per_page)
    return [ReviewRow(**row) for row in rows]


async def decide_review(
    review_id: UUID, new: str, *, actor_id: UUID, reason: str = "", version: str | None = None
) -> None:
    """Show it (published) or not (rejected, with a reason for its author). Raises NotFound, Invalid; Conflict where it
    is no longer what `version` says (None: whatever it is).
    """
    reason = " ".join(reason.split())[:300]
    if new == "rejected" and not reason:
        raise Invalid.field("reason", "say why: the author reads it")
    async with transaction() as connection:
        row = await connection.fetchrow(
            "SELECT state, product_id, user_id FROM review WHERE id = $1 FOR UPDATE", review_id
        )
        if row is None:
            raise NotFound("There is no such review.")
        if not REVIEW.allows(row["state"], new):
            raise Conflict(f"This review is {row['state']} already.", code="review_state")
        now = await connection.fetchval(f"SELECT {VERSION} FROM review r WHERE id = $1", review_id)
        if version is not None and version != now:
            raise Conflict("Its author added photos meanwhile. Look at it again.", code="review_changed")
        await move(connection, REVIEW, review_id, old=row["state"], new=new, rejection=reason)
        await record(
            connection, actor_id=actor_id, action=f"review.{new}", subject_id=review_id,
            before={"state": row["state"]}, after={"state": new},
            personal=about(row["user_id"], before={}, after={"reason": reason}),
        )  # fmt: skip
        counting = Queued("products.counts", {"product_id": row["product_id"]}, after=COUNTED_AFTER)
        mail = Queued("mail.review_decided", {"review_id": review_id}, f"mail.review_decided:{review_id}")
        await enqueue_all(connection, [counting, mail])


async def answer_review(seller_id: UUID, review_id: UUID, text: str, *, actor_id: UUID) -> None:
    """The seller's word beside a review of their product, empty to take it back. Raises NotFound, Invalid."""
    text = plain_text(text)
    if len(text) > ANSWER_MAX:
        raise Invalid.field("answer", f"wants at most {ANSWER_MAX} characters")
    async with transaction() as connection:
        old = await connection.fetchrow(ANSWER, review_id, seller_id, text)
        if old is None:
            raise NotFound("There is no such review of a product of yours.")
        await record(
            connection, actor_id=actor_id, action="review.answered", subject_id=review_id, before={}, after={},
            personal=about(old["user_id"], before={"answer": old["answer"]}, after={"answer": text}),
        )  # fmt: skip


async def read_decision(review_id: UUID, *, keyring: Keyring) -> Decision:
    """Raises NotFound."""
    row = await pool().fetchrow(DECISION, review_id)
    if row is None:
        raise NotFound("There is no such review.")
    return Decision(
        email=keyring.decrypt(row["email_encrypted"]),
        product_name=row["name"],
        product_slug=row["slug"],
        state=row["state"],
        rejection=row["rejection"],
    )
