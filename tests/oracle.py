"""What must hold whatever happened: the invariants of stock, orders, payments and books, each as one query.

A query that finds a row has found a broken promise.
"""

from typing import Any

BROKEN = {
    "I1: 0 <= reserved <= on_hand": """
        SELECT variant_id, on_hand, reserved FROM stock WHERE NOT (0 <= reserved AND reserved <= on_hand)""",
    "I1: stock is the sum of its movements": """
        SELECT s.variant_id, s.on_hand, s.reserved, sum(m.on_hand_change), sum(m.reserved_change)
          FROM stock s LEFT JOIN stock_movement m USING (variant_id) GROUP BY s.variant_id
        HAVING s.on_hand <> coalesce(sum(m.on_hand_change), 0) OR s.reserved <> coalesce(sum(m.reserved_change), 0)""",
    "I1: reserved is what pending orders hold": """
        SELECT s.variant_id, s.reserved, sum(r.quantity) FROM stock s
          LEFT JOIN reservation r ON r.variant_id = s.variant_id AND r.state = 'held' GROUP BY s.variant_id
        HAVING s.reserved <> coalesce(sum(r.quantity), 0)""",
    "I1: a pending order holds all of its lines, another none": """
        SELECT o.number, o.state FROM orders o JOIN order_line l ON l.order_id = o.id
          LEFT JOIN reservation r ON r.order_id = o.id AND r.variant_id = l.variant_id AND r.quantity = l.quantity
         WHERE r.id IS NULL OR (o.state = 'pending') <> (r.state = 'held')
            OR (o.state IN ('expired', 'cancelled') AND o.payment_kind = 'online' AND r.state <> 'released')""",
    "I2: a captured payment pays one order, or all of it goes back": """
        SELECT p.id, p.state, o.state FROM payment p JOIN orders o ON o.id = p.order_id
          LEFT JOIN refund r ON r.payment_id = p.id WHERE p.state IN ('captured', 'refunded') GROUP BY p.id, o.id
        HAVING coalesce(sum(r.amount_minor), 0) + coalesce(sum(r.bank_minor), 0) > p.amount_minor
            OR (o.state NOT IN ('confirmed', 'paid', 'partly_refunded')
                AND coalesce(sum(r.amount_minor + r.bank_minor), 0) <> p.amount_minor)""",
    "I2: refunds after a dispute give back no more than the buyer's bank left": """
        SELECT p.id FROM payment p CROSS JOIN LATERAL (
               SELECT sum(deducted_minor) AS taken, sum(made_up_minor) AS made_up
                 FROM dispute WHERE payment_id = p.id AND state <> 'won') d
         WHERE (SELECT coalesce(sum(bank_minor), 0) FROM refund WHERE payment_id = p.id) <> coalesce(d.made_up, 0)
            OR (d.taken <= p.amount_minor AND d.made_up > 0 AND d.taken + (
                SELECT coalesce(sum(amount_minor), 0) FROM refund WHERE payment_id = p.id) > p.amount_minor)""",
    "I2: a paid order has one payment that was kept": """
        SELECT o.number FROM orders o WHERE o.state IN ('paid', 'partly_refunded') AND 1 <> (
               SELECT count(*) FROM payment p WHERE p.order_id = o.id AND p.state IN ('captured', 'refunded')
                  AND NOT EXISTS (SELECT FROM refund WHERE payment_id = p.id AND key LIKE 'unwanted:%'))""",
    "I2: the gateway's payment is known once": """
        SELECT gateway_payment_id, count(*) FROM payment WHERE gateway_payment_id IS NOT NULL
         GROUP BY gateway_payment_id HAVING count(*) > 1""",
    "what is refunded for goods is the sum of its lines, and no unit is refunded twice": """
        SELECT r.id FROM refund r JOIN refund_line l ON l.refund_id = r.id GROUP BY r.id
        HAVING r.amount_minor + r.gift_card_minor + r.bank_minor <> sum(l.goods_minor + l.shipping_minor)
         UNION ALL
        SELECT l.id FROM order_line l JOIN refund_line f ON f.order_line_id = l.id GROUP BY l.id
        HAVING sum(f.quantity) > l.quantity OR sum(f.goods_minor + f.shipping_minor) > l.total_minor""",
    "what is all refunded is nobody's any more": """
        SELECT o.number, e.account, sum(e.amount_minor) FROM orders o JOIN ledger_entry e ON e.order_id = o.id
         WHERE o.state = 'refunded' AND e.account IN ('seller', 'commission', 'shipping', 'tax', 'promotion')
         GROUP BY o.id, e.account HAVING sum(e.amount_minor) <> 0""",
    "I3: the total is the sum of the lines": """
        SELECT o.number FROM orders o JOIN order_line l ON l.order_id = o.id GROUP BY o.id
        HAVING o.total_minor <> sum(l.total_minor) OR o.tax_minor <> sum(l.tax_minor)
            OR o.shipping_minor <> sum(l.shipping_minor) OR o.discount_minor <> sum(l.discount_minor)
            OR o.subtotal_minor <> sum(l.unit_price_minor * l.quantity)""",
    "I3: a line's taxes and discounts are its own": """
        SELECT l.id FROM order_line l
         WHERE l.taxable_minor + l.tax_minor <> l.total_minor + l.platform_discount_minor
            OR l.tax_minor <> l.cgst_minor + l.sgst_minor + l.igst_minor OR (l.igst_minor > 0 AND l.cgst_minor > 0)""",
    "I4: a coupon is used as often as orders hold it, and no more than it may be": """
        SELECT k.code, k.uses, k.total_limit FROM coupon k
         WHERE k.uses > k.total_limit OR k.uses <> (
               SELECT count(*) FROM coupon_use u JOIN orders o ON o.id = u.order_id
                WHERE u.coupon_id = k.id AND u.number IS NOT NULL AND o.state NOT IN ('expired', 'cancelled'))""",
    "I4: a gift card holds what its movements add up to": """
        SELECT g.id, g.balance_minor FROM gift_card g WHERE g.balance_minor < 0 OR g.balance_minor <> (
               SELECT coalesce(sum(amount_minor), 0) FROM gift_card_movement WHERE gift_card_id = g.id)""",
    "I4: the books owe what gift cards hold, and what they pay for orders that are still to be paid": """
        SELECT b.owed, b.held FROM (
            SELECT coalesce((SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'gift_card'), 0) AS owed,
                   coalesce((SELECT sum(balance_minor) FROM gift_card), 0) + coalesce(
                       (SELECT sum(gift_card_minor) FROM orders WHERE state = 'pending'), 0) AS held) b
         WHERE b.owed <> b.held""",
    "the books of each order balance for its buyer": """
        SELECT o.number, o.state, sum(e.amount_minor) FROM orders o JOIN ledger_entry e ON e.order_id = o.id
         WHERE e.account = 'buyer' AND NOT EXISTS (
               SELECT FROM refund r JOIN payment p ON p.id = r.payment_id
                WHERE p.order_id = o.id AND r.state <> 'processed')
         GROUP BY o.id HAVING sum(e.amount_minor) <> 0""",
    "what a bank keeps of disputes is booked, and what sellers lose of it is theirs": """
        SELECT o.number, d.kept, e.booked FROM orders o
         CROSS JOIN LATERAL (SELECT coalesce(sum(d.deducted_minor), 0) AS kept, coalesce(sum(
                    (SELECT sum(lost_minor) FROM dispute_share WHERE dispute_id = d.id)), 0) AS borne
               FROM dispute d JOIN payment p ON p.id = d.payment_id WHERE p.order_id = o.id) d
         CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor) FILTER (WHERE account = 'gateway'), 0) AS booked,
                    coalesce(-sum(amount_minor) FILTER (WHERE account = 'dispute' AND seller_id IS NOT NULL), 0)
                        AS borne
               FROM ledger_entry WHERE order_id = o.id AND reason = 'dispute') e
         WHERE (d.kept, d.borne) <> (e.booked, e.borne)""",
    "what has left for a seller's account is what its payouts sent that did not come back": """
        SELECT s.id FROM seller s
         WHERE (SELECT coalesce(sum(amount_minor), 0) FROM payout WHERE seller_id = s.id AND state = 'sent') <> (
                SELECT coalesce(sum(amount_minor), 0) FROM ledger_entry WHERE seller_id = s.id AND account = 'bank')""",
    "the books add up to zero": """
        SELECT transaction_id, sum(amount_minor) FROM ledger_entry GROUP BY transaction_id
        HAVING sum(amount_minor) <> 0""",
    "a paid order is shipped in full, once": """
        SELECT o.number, l.id FROM orders o JOIN order_line l ON l.order_id = o.id
          LEFT JOIN shipment_line s ON s.order_line_id = l.id GROUP BY o.id, l.id
        HAVING coalesce(sum(s.quantity), 0) <> CASE WHEN o.state IN ('pending', 'expired') OR (
               o.state = 'cancelled' AND o.payment_kind = 'online') THEN 0 ELSE l.quantity END""",
    "every order has its key, its history and a payment": """
        SELECT o.number FROM orders o
         WHERE (o.created_at > now() - interval '30 days'
                AND NOT EXISTS (SELECT FROM idempotency_key k WHERE k.order_id = o.id))
            OR NOT EXISTS (SELECT FROM order_event e WHERE e.order_id = o.id AND e.kind = 'placed')
            OR NOT EXISTS (SELECT FROM payment p WHERE p.order_id = o.id)""",
}


async def broken_promises(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every broken invariant with the rows that break it; empty when all hold."""
    found = {name: [tuple(row) for row in await connection.fetch(query)] for name, query in BROKEN.items()}
    return {name: rows for name, rows in found.items() if rows}
