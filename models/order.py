"""Orders, their lines and their history. Contact and delivery details are ciphertext."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from tortoise import fields

from models.account import User
from models.base import Entry, Row, now_column, uuid7
from models.basket import BasketLine
from models.cart import Cart
from models.database import Connection
from models.pricing import Line, PricedLine
from models.product import Product, Variant
from models.seller import Seller
from models.tax import included, is_intra_state
from models.write import Write


class Order(Row):
    """Totals are tax-inclusive: total = subtotal - discount + shipping; `tax_minor` is contained in it.

    `gift_card_minor` of the total is paid by gift cards; the gateway collects the rest. `payment_kind` is online or
    cash.
    """

    number = fields.CharField(max_length=16, unique=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.RESTRICT, null=True
    )
    user_id: UUID | None
    cart: fields.ForeignKeyNullableRelation[Cart] = fields.ForeignKeyField(
        "models.Cart", on_delete=fields.SET_NULL, null=True
    )
    cart_id: UUID | None
    state = fields.CharField(max_length=16, db_default="pending")
    payment_kind = fields.CharField(max_length=8, db_default="online")
    currency = fields.CharField(max_length=3)
    subtotal_minor = fields.BigIntField()
    discount_minor = fields.BigIntField(db_default=0)
    shipping_minor = fields.BigIntField(db_default=0)
    tax_minor = fields.BigIntField(db_default=0)
    total_minor = fields.BigIntField()
    gift_card_minor = fields.BigIntField(db_default=0)
    email_hash = fields.CharField(max_length=64)
    email_encrypted = fields.BinaryField()
    delivery_encrypted = fields.BinaryField()
    region = fields.CharField(max_length=64)
    pin_code = fields.CharField(max_length=10)
    created_at: datetime = now_column()
    expires_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    counted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "orders"


class OrderLine(Row):
    """What was sold, as it was when it was sold: total = goods - discount + shipping is what the buyer pays.

    The invoice's value, taxable value and taxes together, is total + platform_discount: what the platform pays for the
    buyer belongs to the value of the supply; what the seller takes off does not. `sgst_minor` is UTGST in a union
    territory.
    """

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="lines"
    )
    order_id: UUID
    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", on_delete=fields.RESTRICT)
    product_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.RESTRICT)
    variant_id: UUID
    position = fields.SmallIntField(db_default=0)
    name = fields.CharField(max_length=200)
    sku = fields.CharField(max_length=80)
    options = fields.JSONField[dict[str, Any]](db_default="{}")
    image_key = fields.CharField(max_length=600, db_default="")
    hsn_code = fields.CharField(max_length=8, db_default="")
    gst_bps = fields.IntField()
    commission_bps = fields.IntField()
    quantity = fields.IntField()
    unit_price_minor = fields.BigIntField()
    discount_minor = fields.BigIntField(db_default=0)
    shipping_minor = fields.BigIntField(db_default=0)
    tax_minor = fields.BigIntField()
    total_minor = fields.BigIntField()
    seller_discount_minor = fields.BigIntField(db_default=0)
    platform_discount_minor = fields.BigIntField(db_default=0)
    taxable_minor = fields.BigIntField(db_default=0)
    cgst_minor = fields.BigIntField(db_default=0)
    sgst_minor = fields.BigIntField(db_default=0)
    igst_minor = fields.BigIntField(db_default=0)

    class Meta:
        table = "order_line"


class OrderEvent(Entry):
    """The order's history, in words of the state machine; `detail` never holds personal data."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="events"
    )
    order_id: UUID
    kind = fields.CharField(max_length=32)
    detail = fields.JSONField[dict[str, Any]](db_default="{}")
    created_at: datetime = now_column()

    class Meta:
        table = "order_event"


TABLES: tuple[Any, ...] = (Order, OrderLine, OrderEvent)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U to misread or misspell."""

COSTS = (
    "discount_minor", "seller_discount_minor", "platform_discount_minor", "shipping_minor", "taxable_minor",
    "cgst_minor", "sgst_minor", "igst_minor", "tax_minor", "total_minor",
)  # fmt: skip
"""What pricing says of a line, kept with it."""
ADD_LINES = f"""
INSERT INTO order_line (id, order_id, position, seller_id, product_id, variant_id, name, sku, options, image_key,
    hsn_code, gst_bps, commission_bps, quantity, unit_price_minor, {", ".join(COSTS)})
SELECT id, $1, position, seller_id, product_id, variant_id, name, sku, options, image_key, hsn_code, gst_bps,
    commission_bps, quantity, unit_price_minor, {", ".join(COSTS)}
  FROM jsonb_to_recordset($2) AS l (id uuid, position smallint, seller_id uuid, product_id uuid, variant_id uuid,
    name text, sku text, options jsonb, image_key text, hsn_code text, gst_bps int, commission_bps int, quantity int,
    unit_price_minor bigint, {" bigint, ".join(COSTS)} bigint)
"""


SUPPLIES = """
SELECT l.id, l.total_minor + l.platform_discount_minor AS worth_minor, l.gst_bps, s.region
  FROM order_line l JOIN seller s ON s.id = l.seller_id WHERE l.order_id = $1 ORDER BY l.position
"""
TAX_ANEW = """
WITH taxed AS (
    UPDATE order_line l SET taxable_minor = t.taxable, cgst_minor = t.cgst, sgst_minor = t.sgst, igst_minor = t.igst,
           tax_minor = t.cgst + t.sgst + t.igst
      FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
           AS t (id, taxable, cgst, sgst, igst) WHERE l.id = t.id RETURNING l.tax_minor)
UPDATE orders SET tax_minor = (SELECT sum(tax_minor) FROM taxed) WHERE id = $1
"""


def new_number() -> str:
    """What people call the order: H and eight characters, 40 random bits."""
    return "H" + "".join(secrets.choice(CROCKFORD) for _ in range(8))


def lines_write(order_id: UUID, basket: Sequence[BasketLine], priced: Sequence[PricedLine]) -> Write:
    """The lines as they are sold now; `priced` are the same lines in the same order."""
    rows = [_row(i, line, cost) for i, (line, cost) in enumerate(zip(basket, priced, strict=True))]
    return Write(ADD_LINES, (order_id, msgspec.json.encode(rows).decode()))


async def move_supply(connection: Connection, order_id: UUID, region: str) -> None:
    """The order goes to another place of supply: the same sums contain other taxes. The order is locked, and unpaid."""
    rows = await connection.fetch(SUPPLIES, order_id)
    taxes = [
        included(row["worth_minor"], row["gst_bps"], intra_state=is_intra_state(row["region"], region)) for row in rows
    ]
    columns = [list(column) for column in zip(*taxes, strict=True)]
    await connection.execute(TAX_ANEW, order_id, [row["id"] for row in rows], *columns)


def priced_line(row: asyncpg.Record) -> PricedLine:
    """A stored line as it was priced."""
    return PricedLine(
        line=Line(
            variant_id=row["variant_id"],
            seller_id=row["seller_id"],
            quantity=row["quantity"],
            unit_price_minor=row["unit_price_minor"],
            gst_bps=row["gst_bps"],
            commission_bps=row["commission_bps"],
        ),
        seller_discount_minor=row["seller_discount_minor"],
        platform_discount_minor=row["platform_discount_minor"],
        shipping_minor=row["shipping_minor"],
        taxable_minor=row["taxable_minor"],
        cgst_minor=row["cgst_minor"],
        sgst_minor=row["sgst_minor"],
        igst_minor=row["igst_minor"],
        total_minor=row["total_minor"],
    )


def _row(position: int, line: BasketLine, cost: PricedLine) -> dict[str, object]:
    return {
        "id": uuid7(),
        "position": position,
        "seller_id": line.seller_id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "name": line.name,
        "sku": line.sku,
        "options": line.options,
        "image_key": line.image_key,
        "hsn_code": line.hsn_code,
        "gst_bps": cost.line.gst_bps,
        "commission_bps": line.commission_bps,
        "quantity": line.quantity,
        "unit_price_minor": line.price_minor,
        **{name: getattr(cost, name) for name in COSTS},
    }


async def note(connection: Connection, order_id: UUID, kind: str, **detail: object) -> None:
    """Add to the order's history."""
    write = note_write(order_id, kind, **detail)
    await connection.execute(write.statement, *write.arguments)


def note_write(order_id: UUID, kind: str, **detail: object) -> Write:
    """`note` as one of several writes."""
    statement = "INSERT INTO order_event (order_id, kind, detail) VALUES ($1, $2, $3)"
    return Write(statement, (order_id, kind, msgspec.json.encode(detail).decode()))
