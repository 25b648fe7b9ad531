"""The owner of a shop who is erased: the person goes, the firm stays where its invoices name it, as the law wants.

Only a shop that is not open can be left, once nothing of it is under way and nobody owes anybody what can be paid; it
is never opened again.
"""

from uuid import UUID

from models.database import Connection
from models.errors import Conflict
from models.keyring import Keyring
from models.money import COLLECTED_LEAST_MINOR
from models.paid_out import OURS
from models.sessions import revoke_sessions_of

OPEN = """
SELECT EXISTS (SELECT FROM shipment WHERE seller_id = $1 AND state IN ('waiting', 'packed', 'shipped'))
    OR EXISTS (SELECT FROM return_line r JOIN order_line l ON l.id = r.order_line_id
                WHERE l.seller_id = $1 AND r.state IN ('requested', 'approved', 'received'))
    OR EXISTS (SELECT FROM order_line l JOIN orders o ON o.id = l.order_id
                WHERE l.seller_id = $1 AND o.state = 'pending')
    OR EXISTS (SELECT FROM payout WHERE seller_id = $1 AND state IN ('pending', 'unknown'))
    OR EXISTS (SELECT FROM dispute_share s JOIN dispute d ON d.id = s.dispute_id
                WHERE s.seller_id = $1 AND d.state IN ('open', 'under_review'))
"""
OWED = """
SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entry e
 WHERE seller_id = $1 AND order_id IS NOT NULL AND account = ANY($2)
   AND NOT EXISTS (SELECT FROM payout_entry p WHERE p.entry_id = e.id AND p.freed_at IS NULL)
"""
EMPTY_WEBHOOKS = """
UPDATE webhook_event SET body_encrypted = $2, gateway_ids = '{}' WHERE gateway_ids && (
    SELECT coalesce(array_agg(gateway_payout_id), '{}') FROM payout
     WHERE seller_id = $1 AND gateway_payout_id IS NOT NULL)::varchar[]
"""
"""What the bank said of payouts names the account's holder."""

TRADED = "SELECT EXISTS (SELECT FROM order_line WHERE seller_id = $1)"
FORGET = (
    "DELETE FROM seller_document WHERE seller_id = $1",
    "DELETE FROM staff_invitation WHERE seller_id = $1",
    "DELETE FROM seller_staff WHERE seller_id = $1",
    "UPDATE seller SET user_id = NULL, left_at = now(), payout_account = '', description = '' WHERE id = $1",
)
EMPTY = """
UPDATE seller SET slug = 'closed-' || id, name = 'Closed shop', legal_name = '', gstin = NULL, address_line = '',
                  city = '', region = '', pin_code = '' WHERE id = $1
"""


async def leave_shop(connection: Connection, user_id: UUID, *, keyring: Keyring) -> list[UUID]:
    """Returns the sessions of its staff, which end. Raises Conflict while the shop is open or something of it is."""
    shop = await connection.fetchrow("SELECT id, state FROM seller WHERE user_id = $1 FOR UPDATE", user_id)
    if shop is None:
        return []
    if shop["state"] in {"approved", "pending"}:
        raise Conflict("Your shop is open: write to the market to have it closed first.", code="shop_open")
    if await connection.fetchval(OPEN, shop["id"]):
        raise Conflict(
            "A parcel, a return, a payout or a dispute of your shop is under way: erase yourself after it.", code="open"
        )
    if not 0 <= await connection.fetchval(OWED, shop["id"], OURS) < COLLECTED_LEAST_MINOR:
        raise Conflict("Your shop and the market are not even yet: erase yourself after the last payout.", code="owed")
    staff = await connection.fetch("SELECT user_id FROM seller_staff WHERE seller_id = $1", shop["id"])
    ended = [session_id for row in staff for session_id in await revoke_sessions_of(row["user_id"], connection)]
    for statement in FORGET:
        await connection.execute(statement, shop["id"])
    await connection.execute(EMPTY_WEBHOOKS, shop["id"], keyring.encrypt("{}"))
    if not await connection.fetchval(TRADED, shop["id"]):
        await connection.execute(EMPTY, shop["id"])
    return ended
