"""GST credit notes: what a refund takes back of the invoices that were issued for it, and of no others.

CGST Act 2017, section 34(1), and CGST Rules 2017, rule 53: each corrects one invoice, by taxable value and taxes. Units
that were never dispatched were never invoiced, so nothing is credited for them; what was refunded and is dispatched all
the same is credited then. What was to be paid at the door and never arrived is credited without a refund.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from models.database import Connection
from models.invoice import SUPPLIER, part_of, write_document

OPEN = """
SELECT i.order_line_id, v.id AS invoice_id, v.shipment_id, v.seller_id, l.igst_minor > 0 AS inter_state,
       i.quantity - coalesce((SELECT sum(n.quantity)::int FROM invoice c JOIN invoice_line n ON n.invoice_id = c.id
                               WHERE c.refers_to_id = v.id AND n.order_line_id = i.order_line_id), 0) AS units,
       coalesce((SELECT sum(n.quantity)::int FROM invoice c JOIN invoice_line n ON n.invoice_id = c.id
                  WHERE c.refund_id = $3 AND n.order_line_id = i.order_line_id), 0) AS given
  FROM invoice_line i JOIN invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
  JOIN order_line l ON l.id = i.order_line_id
 WHERE i.order_line_id = ANY($1) AND ($2::uuid IS NULL OR v.shipment_id = $2)
 ORDER BY v.shipment_id IS DISTINCT FROM $4, v.id, l.position
"""


REFUNDED_BEFORE = """
SELECT f.refund_id, f.order_line_id, f.quantity, f.goods_minor + f.shipping_minor AS paid_minor, f.tax_minor,
       l.platform_discount_minor * (b.before + f.quantity) / l.quantity
       - l.platform_discount_minor * b.before / l.quantity AS promotion_minor
  FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id
  JOIN refund_line f ON f.order_line_id = l.id JOIN refund r ON r.id = f.refund_id AND r.reason <> 'cancelled'
 CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0)::int AS before FROM refund_line
                      WHERE order_line_id = l.id AND id < f.id) b
 WHERE x.shipment_id = $1 AND f.quantity > coalesce((
       SELECT sum(n.quantity) FROM invoice c JOIN invoice_line n ON n.invoice_id = c.id
        WHERE c.refund_id = f.refund_id AND n.order_line_id = l.id), 0)
 ORDER BY f.id
"""
UNDELIVERED = """
SELECT v.id AS invoice_id, i.order_line_id, i.quantity, i.taxable_minor, i.cgst_minor, i.sgst_minor, i.igst_minor
  FROM invoice v JOIN invoice_line i ON i.invoice_id = v.id JOIN order_line l ON l.id = i.order_line_id
 WHERE v.shipment_id = $1 AND v.kind = 'invoice' ORDER BY l.position
"""


class Credit(NamedTuple):
    """What is given back of one order line: the supply's value, which includes what the platform paid, and its tax."""

    units: int
    value_minor: int
    tax_minor: int


async def issue_credit_notes(
    connection: Connection,
    refund_id: UUID,
    taken: Mapping[UUID, Credit],
    *,
    only: UUID | None = None,
    first: UUID | None = None,
) -> list[str]:
    """One for each invoice concerned: of the parcel `only`, or of the parcel `first` before others. Last in the
    transaction.

    Units go to the oldest invoices that have not been credited in full; the counters of several sellers are locked in
    the order of the sellers, so that no two refunds wait for one another. Returns the numbers.
    """
    places = await connection.fetch(OPEN, list(taken), only, refund_id, first)
    lines: dict[UUID, list[tuple[object, ...]]] = {}
    given = {place["order_line_id"]: place["given"] for place in places}
    for place in places:
        line_id = place["order_line_id"]
        units = min(place["units"], taken[line_id].units - given[line_id])
        if units > 0:
            amounts = _amounts(taken[line_id], given[line_id], units, inter_state=place["inter_state"])
            lines.setdefault(place["invoice_id"], []).append((line_id, units, *amounts))
            given[line_id] += units
    about = {place["invoice_id"]: place for place in places}
    in_order = sorted(lines, key=lambda one: (about[one]["seller_id"], one))
    return [await _write(connection, refund_id, about[one]["shipment_id"], one, lines[one]) for one in in_order]


async def credit_what_was_refunded(connection: Connection, shipment_id: UUID) -> None:
    """Of a parcel whose invoice was just issued. Last in the transaction."""
    taken: dict[UUID, dict[UUID, Credit]] = {}
    for row in await connection.fetch(REFUNDED_BEFORE, shipment_id):
        credit = Credit(row["quantity"], row["paid_minor"] + row["promotion_minor"], row["tax_minor"])
        taken.setdefault(row["refund_id"], {})[row["order_line_id"]] = credit
    for refund_id, credits_ in taken.items():
        await issue_credit_notes(connection, refund_id, credits_, only=shipment_id)


async def credit_undelivered(connection: Connection, shipment_id: UUID) -> None:
    """All of a lost parcel's invoice, for which nobody has paid. Last in the transaction."""
    rows = await connection.fetch(UNDELIVERED, shipment_id)
    if rows:
        lines = [tuple(row)[1:] for row in rows]
        await _write(connection, None, shipment_id, rows[0]["invoice_id"], lines)


def _amounts(credit: Credit, before: int, units: int, *, inter_state: bool) -> tuple[int, int, int, int]:
    """Taxable value, CGST, SGST and IGST of some of the units: all of them together are the credit."""
    value = part_of(credit.value_minor, credit.units, before=before, units=units)
    tax = part_of(credit.tax_minor, credit.units, before=before, units=units)
    return (value - tax, 0, 0, tax) if inter_state else (value - tax, tax - tax // 2, tax // 2, 0)


async def _write(
    connection: Connection,
    refund_id: UUID | None,
    shipment_id: UUID,
    invoice_id: UUID,
    lines: Sequence[tuple[object, ...]],
) -> str:
    facts: asyncpg.Record = await connection.fetchrow(SUPPLIER, shipment_id)
    return await write_document(
        connection, "credit_note", shipment_id, facts, lines, refers_to=invoice_id, refund_id=refund_id
    )
