"""Products, their variants, specifications and pictures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.base import Row, now_column
from models.category import Category
from models.seller import Seller


class Product(Row):
    """`sku` is the seller's own code, unique for that seller; prices live on the variants.

    `buyer_limit`: how many units one buyer may order, all orders together. `gst_bps` holds where the table of rates
    does not know the HSN code.
    """

    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.RESTRICT)
    seller_id: UUID
    category: fields.ForeignKeyNullableRelation[Category] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.RESTRICT, null=True
    )
    category_id: UUID | None
    sku = fields.CharField(max_length=64)
    slug = fields.CharField(max_length=160, unique=True)
    name = fields.CharField(max_length=200)
    brand = fields.CharField(max_length=80, db_default="")
    description = fields.TextField(db_default="")
    state = fields.CharField(max_length=16, db_default="draft")
    currency = fields.CharField(max_length=3, db_default="INR")
    hsn_code = fields.CharField(max_length=8, db_default="")
    gst_bps = fields.IntField(db_default=1800)
    country_of_origin = fields.CharField(max_length=2, db_default="IN")
    buyer_limit = fields.IntField(null=True)
    rating_sum = fields.BigIntField(db_default=0)
    rating_count = fields.IntField(db_default=0)
    sales_count = fields.IntField(db_default=0)
    created_at: datetime = now_column()
    updated_at: datetime = now_column()

    class Meta:
        table = "product"


class Variant(Row):
    """What is bought. `options` tells it from its siblings, as {"Colour": "Teal"}; `list_price_minor` is the MRP."""

    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.CASCADE, related_name="variants"
    )
    product_id: UUID
    sku = fields.CharField(max_length=80)
    options = fields.JSONField[dict[str, Any]](db_default="{}")
    price_minor = fields.BigIntField()
    list_price_minor = fields.BigIntField(null=True)
    weight_grams = fields.IntField(db_default=0)
    position = fields.SmallIntField(db_default=0)
    state = fields.CharField(max_length=16, db_default="active")

    class Meta:
        table = "variant"


class Specification(Row):
    """One typed property: `number` with its unit, or text, or a boolean as 1 and 0; `text` is what people read."""

    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.CASCADE, related_name="specifications"
    )
    product_id: UUID
    name = fields.CharField(max_length=60)
    kind = fields.CharField(max_length=8)
    text = fields.CharField(max_length=300)
    number = fields.FloatField(null=True)
    unit = fields.CharField(max_length=16, db_default="")
    position = fields.SmallIntField(db_default=0)

    class Meta:
        table = "specification"


class ProductImage(Row):
    """`key` names an object of the media store, or is an https address; `source` is the address that an import gave."""

    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", on_delete=fields.CASCADE, related_name="images"
    )
    product_id: UUID
    key = fields.CharField(max_length=600)
    source = fields.CharField(max_length=600, db_default="")
    alt = fields.CharField(max_length=200, db_default="")
    position = fields.SmallIntField(db_default=0)

    class Meta:
        table = "product_image"


class ProductRedirect(Row):
    """A slug that a product had before."""

    slug = fields.CharField(max_length=160, unique=True)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", on_delete=fields.CASCADE)
    product_id: UUID

    class Meta:
        table = "product_redirect"


TABLES: tuple[Any, ...] = (Product, Variant, Specification, ProductImage, ProductRedirect)
