"""A GST invoice or credit note as a PDF of A4 pages: rule 46 of the CGST Rules 2017 says what stands on it.

Amounts are written as INR, and names in Indian scripts in Latin letters: the fonts that every reader of PDF has know
neither the rupee sign nor those.
"""

import io
from collections import defaultdict
from datetime import date
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from models.invoice import InvoiceView
from server.latin import in_latin

TITLES = {"invoice": "Tax invoice", "credit_note": "Credit note"}
STYLES = getSampleStyleSheet()
GRID = TableStyle(
    [
        ("FONTSIZE", (0, 0), (-1, -1), 8),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef1f6")),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b6bfce")),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, -1), (-1, -1), "Helvetica-Bold"),
    ]
)
WIDTHS = [52 * mm, 17 * mm, 10 * mm, 24 * mm, 14 * mm, 20 * mm, 20 * mm, 25 * mm]


def invoice_pdf(invoice: InvoiceView, *, site: str) -> bytes:
    """The same invoice is the same bytes."""
    file = io.BytesIO()
    title = f"{TITLES[invoice.kind]} {invoice.number}"
    document = SimpleDocTemplate(
        file, pagesize=A4, pageCompression=0, title=title, author=invoice.supplier.name, invariant=1,
        leftMargin=14 * mm, rightMargin=14 * mm, topMargin=16 * mm, bottomMargin=16 * mm,
    )  # fmt: skip
    document.build([*_head(invoice, title), _lines(invoice), Spacer(1, 5 * mm), *_foot(invoice, site)])
    return file.getvalue()


def amount(minor: int) -> str:
    """1,299.00, in the Indian grouping: 12,34,567.00."""
    sign, whole, rest = "-" if minor < 0 else "", str(abs(minor) // 100), abs(minor) % 100
    head, tail = whole[:-3], whole[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return f"{sign}{','.join([*groups, tail])}.{rest:02}"


def _head(invoice: InvoiceView, title: str) -> list[Any]:
    supplier, to = invoice.supplier, invoice.delivery
    where = ", ".join(filter(None, [supplier.address, supplier.region, supplier.pin_code]))
    facts = [f"Date {_day(invoice.issued_on)}", f"Order {invoice.order_number}"]
    if invoice.refers_to:
        facts.append(f"Corrects invoice {invoice.refers_to}")
    gstin = f"GSTIN {supplier.gstin}" if supplier.gstin else "GSTIN: not registered"
    address = ", ".join(filter(None, [to.line1, to.line2, to.city, to.region, to.pin_code]))
    return [
        _text(title, "Title"),
        _text(" · ".join(facts)),
        Spacer(1, 4 * mm),
        _text(f"Supplier: {supplier.name} ({supplier.shop})"),
        _text(f"{where}. {gstin}" if where else gstin),
        Spacer(1, 3 * mm),
        _text(f"Recipient: {to.name}"),
        _text(address),
        _text(f"Place of supply: {to.region}. Reverse charge: no."),
        Spacer(1, 5 * mm),
    ]


def _lines(invoice: InvoiceView) -> Table:
    """One row a line, and the sums."""
    rows: list[list[Any]] = [["Goods", "HSN", "Qty", "Taxable", "GST", "CGST", "SGST/UTGST", "Total"]]
    rows[0][5:7] = ["CGST", "SGST"] if not any(line.igst_minor for line in invoice.lines) else ["", "IGST"]
    for line in invoice.lines:
        taxes = ["", amount(line.igst_minor)] if line.igst_minor else [amount(line.cgst_minor), amount(line.sgst_minor)]
        rate = f"{line.gst_bps / 100:g} %"
        rows.append(
            [_text(line.name, "BodyText"), line.hsn_code, str(line.quantity), amount(line.taxable_minor), rate,
             *taxes, amount(line.total_minor)]
        )  # fmt: skip
    sums: defaultdict[str, int] = defaultdict(int)
    for line in invoice.lines:
        for part in ("taxable_minor", "cgst_minor", "sgst_minor", "igst_minor"):
            sums[part] += getattr(line, part)
    taxes = (
        ["", amount(sums["igst_minor"])]
        if sums["igst_minor"]
        else [amount(sums["cgst_minor"]), amount(sums["sgst_minor"])]
    )
    rows.append(["Total", "", "", amount(sums["taxable_minor"]), "", *taxes, amount(invoice.total_minor)])
    return Table(rows, colWidths=WIDTHS, repeatRows=1, style=GRID)


def _foot(invoice: InvoiceView, site: str) -> list[Any]:
    """What the platform pays for the buyer is part of the supply's value, and not of what the buyer pays or gets."""
    back, promotion = invoice.kind == "credit_note", invoice.promotion_minor
    words = "Goes back to the recipient" if back else "To pay, taxes included"
    of_platform = f"Of it {site} {'had paid' if back else 'pays'} {_sum(invoice, promotion)} by coupon."
    value = f"{'Credited' if back else 'Value, taxes included'}: {_sum(invoice, invoice.total_minor)}."
    due = f"{words}: {_sum(invoice, invoice.total_minor - promotion)}"
    return [
        *([_text(f"{value} {of_platform}")] if promotion else []),
        _text(f"{value} It was not delivered, and nothing had been paid." if invoice.unpaid else due, "Heading3"),
        _text(f"Sold on {site}. Issued electronically under rule 46 of the CGST Rules 2017; no signature is needed."),
    ]


def _sum(invoice: InvoiceView, minor: int) -> str:
    return f"{invoice.currency} {amount(minor)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _text(words: str, style: str = "Normal") -> Paragraph:
    """The standard fonts know Latin-1 alone, so that other scripts are transcribed; markup is text here."""
    escaped = (
        in_latin(words)
        .encode("cp1252", "replace")
        .decode("cp1252")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )
    return Paragraph(escaped, STYLES[style])
