"""GST invoices, and their numbers without gaps by seller and financial year; credit notes are in `credit_note.py`.

CGST Rules 2017, rule 46(b): a consecutive serial number of at most 16 characters, unique for a financial year. The
counter's row is locked last of all, so that a number is given only by what commits.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import asyncpg
import msgspec

from models.base import uuid7
from models.database import Connection, pool
from models.delivery import Delivery
from models.errors import NotFound
from models.keyring import Keyring

INDIA = timezone(timedelta(hours=5, minutes=30))
PREFIX = {"invoice": "I", "credit_note": "C"}
PARTS = ("taxable_minor", "cgst_minor", "sgst_minor", "igst_minor")

SUPPLIER = """
SELECT s.id AS seller_id, h.order_id, now() AS now,
       jsonb_build_object('name', s.legal_name, 'shop', s.name, 'gstin', coalesce(s.gstin, ''), 'address',
                          concat_ws(', ', nullif(s.address_line, ''), nullif(s.city, '')), 'region', s.region,
                          'pin_code', s.pin_code)::text AS supplier
  FROM shipment h JOIN seller s ON s.id = h.seller_id WHERE h.id = $1
"""
SHIPPED = """
SELECT l.id, l.quantity, l.taxable_minor, l.cgst_minor, l.sgst_minor, l.igst_minor, x.quantity AS units, coalesce((
       SELECT sum(i.quantity)::int FROM invoice_line i JOIN invoice v ON v.id = i.invoice_id
        WHERE i.order_line_id = l.id AND v.kind = 'invoice'), 0) AS before
  FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id WHERE x.shipment_id = $1 ORDER BY l.position
"""
NEXT = """
INSERT INTO invoice_counter AS c (id, last_number) VALUES ($1, 1)
ON CONFLICT (id) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number
"""
ADD = """
WITH made AS (
    INSERT INTO invoice (id, seller_id, shipment_id, kind, financial_year, number, supplier, refers_to_id, refund_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $16)
)
INSERT INTO invoice_line (id, invoice_id, order_line_id, quantity, taxable_minor, cgst_minor, sgst_minor, igst_minor)
SELECT l.id, $1, l.order_line_id, l.quantity, l.taxable, l.cgst, l.sgst, l.igst
  FROM unnest($9::uuid[], $10::uuid[], $11::int[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
       AS l (id, order_line_id, quantity, taxable, cgst, sgst, igst)
"""
EXISTS = "SELECT number FROM invoice WHERE shipment_id = $1 AND kind = 'invoice'"
READ = """
SELECT v.id, v.kind, v.number, v.supplier::text AS supplier, v.created_at, o.number AS order_number, o.currency,
       o.id AS order_id, o.email_encrypted, o.delivery_encrypted, r.number AS refers_to, r.created_at AS refers_to_at,
       v.kind = 'credit_note' AND v.refund_id IS NULL AS unpaid
  FROM invoice v JOIN shipment h ON h.id = v.shipment_id JOIN orders o ON o.id = h.order_id
  LEFT JOIN invoice r ON r.id = v.refers_to_id
 WHERE v.id = $1 AND ($2::text IS NULL OR o.number = $2) AND ($3::uuid IS NULL OR v.seller_id = $3)
"""
# A parcel's share of a platform's discount is counted like its other amounts; a credit note's is what the refund left.
LINES = """
SELECT l.name, l.hsn_code, l.gst_bps, i.quantity, i.taxable_minor, i.cgst_minor, i.sgst_minor, i.igst_minor,
       CASE v.kind
         WHEN 'invoice' THEN l.platform_discount_minor * (b.before + i.quantity) / l.quantity
                           - l.platform_discount_minor * b.before / l.quantity
         ELSE coalesce(i.taxable_minor + i.cgst_minor + i.sgst_minor + i.igst_minor
                - (p.paid_minor * (b.before + i.quantity) / p.quantity - p.paid_minor * b.before / p.quantity), 0)
       END AS promotion_minor
  FROM invoice_line i JOIN invoice v ON v.id = i.invoice_id JOIN order_line l ON l.id = i.order_line_id
  LEFT JOIN LATERAL (SELECT f.goods_minor + f.shipping_minor AS paid_minor, f.quantity FROM refund_line f
                      WHERE f.refund_id = v.refund_id AND f.order_line_id = l.id) p ON true
 CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0)::int AS before
                       FROM invoice_line x JOIN invoice w ON w.id = x.invoice_id
                      WHERE x.order_line_id = l.id AND w.kind = v.kind AND w.id < v.id
                        AND w.refund_id IS NOT DISTINCT FROM v.refund_id) b
 WHERE i.invoice_id = $1 ORDER BY l.position
"""
OF_ORDER = """
SELECT v.id, v.kind, v.number, v.created_at FROM invoice v JOIN shipment h ON h.id = v.shipment_id
 WHERE h.order_id = $1 ORDER BY v.created_at, v.id
"""


class InvoiceRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    number: str
    created_at: datetime


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """The seller as it was when the invoice was issued."""

    name: str
    shop: str
    gstin: str
    address: str
    region: str
    pin_code: str


class InvoiceLineView(msgspec.Struct, frozen=True, kw_only=True):
    """`promotion_minor` of the total the platform pays for the buyer: it is part of the supply's value."""

    name: str
    hsn_code: str
    gst_bps: int
    quantity: int
    taxable_minor: int
    cgst_minor: int
    sgst_minor: int
    igst_minor: int
    promotion_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.taxable_minor + self.cgst_minor + self.sgst_minor + self.igst_minor


class InvoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on it. `refers_to`: the invoice that a credit note corrects. `unpaid`: what it takes back was
    to be paid at the door, and never arrived.
    """

    id: UUID
    kind: str
    number: str
    issued_on: date
    order_number: str
    currency: str
    supplier: Supplier
    delivery: Delivery
    lines: list[InvoiceLineView]
    refers_to: str | None = None
    unpaid: bool = False

    @property
    def total_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def promotion_minor(self) -> int:
        return sum(line.promotion_minor for line in self.lines)


def financial_year(day: date) -> str:
    """2526 is the year from April 2025 to March 2026."""
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first % 100:02}{(first + 1) % 100:02}"


def part_of(whole: int, quantity: int, *, before: int, units: int) -> int:
    """What `units` after the first `before` are of a line's amount: all of its parts add up to it."""
    return whole * (before + units) // quantity - whole * before // quantity


async def issue_invoice(connection: Connection, shipment_id: UUID) -> str:
    """Number and write the invoice of a parcel that is dispatched in this transaction, once.

    To be called last in the transaction: the counter stays locked until it ends. Raises NotFound.
    """
    known: str | None = await connection.fetchval(EXISTS, shipment_id)
    if known:
        return known
    facts = await connection.fetchrow(SUPPLIER, shipment_id)
    if facts is None:
        raise NotFound("There is no such parcel.")
    rows = await connection.fetch(SHIPPED, shipment_id)
    lines = [(row["id"], row["units"], *_shares(row)) for row in rows]
    return await write_document(connection, "invoice", shipment_id, facts, lines)


async def list_invoices(order_id: UUID) -> list[InvoiceRow]:
    """The invoices and credit notes of an order, oldest first."""
    return [InvoiceRow(**row) for row in await pool().fetch(OF_ORDER, order_id)]


async def get_invoice(
    invoice_id: UUID, *, keyring: Keyring, order_number: str | None = None, seller_id: UUID | None = None
) -> InvoiceView:
    """Of that order, or that seller; one of them is given, and its right was checked. Raises NotFound."""
    row = await pool().fetchrow(READ, invoice_id, order_number, seller_id)
    if row is None:
        raise NotFound("There is no such invoice.")
    lines = [InvoiceLineView(**line) for line in await pool().fetch(LINES, invoice_id)]
    return InvoiceView(
        id=row["id"],
        kind=row["kind"],
        number=row["number"],
        issued_on=row["created_at"].astimezone(INDIA).date(),
        order_number=row["order_number"],
        currency=row["currency"],
        supplier=msgspec.json.decode(row["supplier"], type=Supplier),
        delivery=keyring.decrypt_json(row["delivery_encrypted"], Delivery),
        lines=lines,
        refers_to=row["refers_to"],
        unpaid=row["unpaid"],
    )


def _shares(row: asyncpg.Record) -> list[int]:
    """Taxable value, CGST, SGST and IGST of the units that are in the parcel."""
    return [part_of(row[part], row["quantity"], before=row["before"], units=row["units"]) for part in PARTS]


async def write_document(
    connection: Connection,
    kind: str,
    shipment_id: UUID,
    facts: asyncpg.Record,
    lines: Sequence[tuple[object, ...]],
    *,
    refers_to: UUID | None = None,
    refund_id: UUID | None = None,
) -> str:
    """An invoice or a credit note; `facts` are what SUPPLIER reads. Returns its number.

    The number is taken last, so that the counter is locked for the insert and the commit alone.
    """
    year, seller_id, invoice_id = financial_year(facts["now"].astimezone(INDIA).date()), facts["seller_id"], uuid7()
    counter = f"{seller_id}:{kind}:{year}"
    serial = await connection.fetchval(NEXT, counter)
    number = f"{PREFIX[kind]}{year}-{serial:06}"
    columns = [list(column) for column in zip(*lines, strict=True)]
    document = (invoice_id, seller_id, shipment_id, kind, year, number, facts["supplier"], refers_to)
    await connection.execute(ADD, *document, [uuid7() for _ in lines], *columns, refund_id)
    return number
