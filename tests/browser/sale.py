"""What the demo shopper bought of the demo seller, with all that can come of it, for the pages that show it."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from models.basket import Shopper
from models.database import pool
from models.gift_card import issue_gift_card
from models.paying_out import prepare_payout
from models.repayment import refund_by_operator
from models.returns import approve_return, request_return
from models.review import write_review
from models.seller import set_payout_account
from models.settlement import settle
from server.context import Context
from tests.fulfilling import Bought, bought, bring, seal_with
from tests.ordering import charge, new_order
from tests.people import APP_OF, APPS

PEOPLE = """
SELECT u.id AS shopper, s.id AS seller, s.user_id AS owner FROM users u, seller s
 WHERE u.email_hash = $1 AND s.slug = 'demo-seller'
"""
PARK = """
WITH parked AS (
    INSERT INTO pgqueuer (priority, status, entrypoint, payload, attempts)
    VALUES (0, 'failed', 'mail.order_paid', '{"order_id": "00000000-0000-7000-8000-000000000000"}', 8) RETURNING id)
INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback)
SELECT id, 'exception', 0, 'mail.order_paid', '{"exception_message": "The mail server did not take the mail."}'
  FROM parked
"""


class Sale(NamedTuple):
    """Two orders by number, what is in them, and the payout that the first one was paid out with."""

    number: str
    other: str
    first: Bought
    second: Bought
    payout: UUID | None


async def make_sale(variant_id: UUID, slug: str, context: Context) -> Sale:
    """Three units, of which one comes back and one is refunded; one that was paid out; one that waits to be packed.

    And a job that gave up.
    """
    shopper, seller, owner = await pool().fetchrow(PEOPLE, context.keyring.email_hash("shopper@haat.example"))
    sold = []
    for quantity in (3, 1, 1):
        order = await new_order(variant_id, shopper=Shopper(user_id=shopper), quantity=quantity)
        await settle(charge(order))
        sold.append(await bought(order, [seller], [variant_id]))
    await seal_with(context.keyring)
    first, settled, second = sold
    for one in (first, settled):
        await bring(seller, one.shipments[0])
    units, days = {first.lines[0]: 1}, timedelta(days=10)
    [asked] = await request_return(first.id, units, reason="damaged", comment="One leg is bent.", window=days)
    await approve_return(seller, asked, actor_id=owner)
    await refund_by_operator(first.id, units, with_shipping=False, reason="Goodwill", key="1", actor_id=owner)
    await write_review(shopper, slug, rating=4, title="Sturdy", text="It wobbles a little.")
    await set_payout_account(seller, "fa_00000000000001", actor_id=owner)
    payout = await prepare_payout(seller, hold=timedelta(0), currency="INR")
    await issue_gift_card(amount_minor=50_000, currency="INR", actor_id=owner)
    await pool().execute(PARK)
    sealed = await pool().fetchval(APP_OF, "admin")
    APPS["admin@haat.example"] = context.keyring.decrypt(sealed)
    return Sale(first.order.claim.receipt, second.order.claim.receipt, first, second, payout)
