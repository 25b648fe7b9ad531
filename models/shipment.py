"""Deliveries: a shipment for each seller in an order, what is in it, what comes back, and the invoices for both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from tortoise import fields
from tortoise.models import Model

from models.base import Row, now_column, uuid7
from models.database import pool
from models.errors import NotFound
from models.keyring import Keyring
from models.order import Order, OrderLine
from models.refund import Refund
from models.seller import Seller
from models.write import Write


class Shipment(Row):
    """waiting -> packed -> shipped -> delivered | lost; waiting | packed -> cancelled.

    `value_minor` is what the buyer pays for its content, carriage included.
    """

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="shipments"
    )
    order_id: UUID
    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    state = fields.CharField(max_length=16, db_default="waiting")
    carrier = fields.CharField(max_length=64, db_default="")
    tracking_number = fields.CharField(max_length=64, db_default="")
    cancel_reason = fields.CharField(max_length=300, db_default="")
    value_minor = fields.BigIntField(db_default=0)
    created_at: datetime = now_column()
    packed_at = fields.DatetimeField(null=True)
    shipped_at = fields.DatetimeField(null=True)
    delivered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "shipment"


class ShipmentLine(Row):
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", on_delete=fields.CASCADE, related_name="lines"
    )
    shipment_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", on_delete=fields.RESTRICT
    )
    order_line_id: UUID
    quantity = fields.IntField()

    class Meta:
        table = "shipment_line"


class ReturnLine(Row):
    """requested -> approved | refused; approved -> received -> refunded, or refused where it does not come."""

    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", on_delete=fields.RESTRICT
    )
    order_line_id: UUID
    quantity = fields.IntField()
    state = fields.CharField(max_length=16, db_default="requested")
    reason = fields.CharField(max_length=300)
    comment = fields.CharField(max_length=500, db_default="")
    answer = fields.CharField(max_length=300, db_default="")
    restock = fields.BooleanField(db_default=False)
    refund: fields.ForeignKeyNullableRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", on_delete=fields.RESTRICT, null=True
    )
    refund_id: UUID | None
    created_at: datetime = now_column()
    approved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "return_line"


class Invoice(Row):
    """An invoice or credit note; `number` is consecutive by seller and financial year (CGST Rules 2017, rule 46(b))."""

    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField("models.Shipment", on_delete=fields.RESTRICT)
    shipment_id: UUID
    kind = fields.CharField(max_length=16, db_default="invoice")
    financial_year = fields.CharField(max_length=7)
    number = fields.CharField(max_length=16)
    supplier = fields.JSONField[dict[str, Any]](db_default="{}")
    refers_to: fields.ForeignKeyNullableRelation["Invoice"] = fields.ForeignKeyField(
        "models.Invoice", on_delete=fields.RESTRICT, null=True
    )
    refers_to_id: UUID | None
    refund: fields.ForeignKeyNullableRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", on_delete=fields.RESTRICT, null=True
    )
    refund_id: UUID | None
    created_at: datetime = now_column()

    class Meta:
        table = "invoice"


class InvoiceLine(Row):
    """Units of an order line on an invoice, with their taxes; on a credit note those that are taken back."""

    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", on_delete=fields.RESTRICT, related_name="lines"
    )
    invoice_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", on_delete=fields.RESTRICT
    )
    order_line_id: UUID
    quantity = fields.IntField()
    taxable_minor = fields.BigIntField()
    cgst_minor = fields.BigIntField()
    sgst_minor = fields.BigIntField()
    igst_minor = fields.BigIntField()

    class Meta:
        table = "invoice_line"


class InvoiceCounter(Model):
    """The last number given, locked last in the transaction that dispatches."""

    id = fields.CharField(max_length=64, primary_key=True)
    last_number = fields.IntField(db_default=0)

    class Meta:
        table = "invoice_counter"


TABLES: tuple[Any, ...] = (Shipment, ShipmentLine, ReturnLine, Invoice, InvoiceLine, InvoiceCounter)

CREATE = """
INSERT INTO shipment (id, order_id, seller_id, value_minor)
SELECT s.id, $1, s.seller_id, s.value_minor FROM unnest($2::uuid[], $3::uuid[], $4::bigint[])
    AS s (id, seller_id, value_minor)
"""
FILL = """
INSERT INTO shipment_line (id, shipment_id, order_line_id, quantity)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])
"""
FACTS = """
SELECT h.id, h.order_id, s.name, u.email_encrypted,
       ARRAY(SELECT order_line_id FROM shipment_line WHERE shipment_id = h.id) AS line_ids
  FROM shipment h JOIN seller s ON s.id = h.seller_id LEFT JOIN users u ON u.id = s.user_id WHERE h.id = $1
"""


def shipment_writes(order_id: UUID, lines: Sequence[asyncpg.Record]) -> tuple[list[UUID], list[Write]]:
    """One shipment for each seller of the order's lines, holding them in full; and the shipments' ids."""
    values: dict[UUID, int] = {}
    for line in lines:
        values[line["seller_id"]] = values.get(line["seller_id"], 0) + line["total_minor"]
    ids = {seller_id: uuid7() for seller_id in sorted(values)}
    inside = [(uuid7(), ids[line["seller_id"]], line["id"], line["quantity"]) for line in lines]
    made = Write(CREATE, (order_id, list(ids.values()), list(ids), [values[seller_id] for seller_id in ids]))
    filled = Write(FILL, [list(column) for column in zip(*inside, strict=True)])
    return list(ids.values()), [made, filled]


class ShipmentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail to the seller needs. `seller_email` is None for a seller without an account."""

    id: UUID
    order_id: UUID
    seller_name: str
    seller_email: str | None
    line_ids: list[UUID]


async def read_shipment(shipment_id: UUID, *, keyring: Keyring) -> ShipmentFacts:
    """Raises NotFound."""
    row = await pool().fetchrow(FACTS, shipment_id)
    if row is None:
        raise NotFound("There is no such shipment.")
    sealed = row["email_encrypted"]
    return ShipmentFacts(
        id=row["id"],
        order_id=row["order_id"],
        seller_name=row["name"],
        seller_email=keyring.decrypt(sealed) if sealed else None,
        line_ids=row["line_ids"],
    )
