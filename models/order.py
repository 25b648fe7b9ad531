"""Orders, their lines and their history. Contact and delivery details are ciphertext."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.account import User
from models.base import Entry, Row, now_column
from models.cart import Cart
from models.product import Product, Variant
from models.seller import Seller


class Order(Row):
    """Totals are tax-inclusive: total = subtotal - discount + shipping; `tax_minor` is contained in it."""

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
    currency = fields.CharField(max_length=3)
    subtotal_minor = fields.BigIntField()
    discount_minor = fields.BigIntField(db_default=0)
    shipping_minor = fields.BigIntField(db_default=0)
    tax_minor = fields.BigIntField(db_default=0)
    total_minor = fields.BigIntField()
    email_hash = fields.CharField(max_length=64)
    email_encrypted = fields.BinaryField()
    delivery_encrypted = fields.BinaryField()
    region = fields.CharField(max_length=64)
    pin_code = fields.CharField(max_length=10)
    created_at: datetime = now_column()
    expires_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)

    class Meta:
        table = "orders"


class OrderLine(Row):
    """What was sold, as it was when it was sold. `tax_minor` is contained in `total_minor`."""

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
