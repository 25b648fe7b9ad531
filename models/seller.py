"""Sellers: profile, verification and what the platform charges them. Name and address are public by law."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.account import User
from models.base import Row, now_column


class Seller(Row):
    user: fields.OneToOneNullableRelation[User] = fields.OneToOneField(
        "models.User", on_delete=fields.RESTRICT, null=True, related_name="seller"
    )
    user_id: UUID | None
    slug = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=120)
    legal_name = fields.CharField(max_length=160)
    gstin = fields.CharField(max_length=15, null=True)
    description = fields.TextField(db_default="")
    address_line = fields.CharField(max_length=300, db_default="")
    city = fields.CharField(max_length=80, db_default="")
    region = fields.CharField(max_length=64, db_default="")
    pin_code = fields.CharField(max_length=10, db_default="")
    state = fields.CharField(max_length=16, db_default="pending")
    commission_bps = fields.IntField(db_default=1000)
    trusted = fields.BooleanField(db_default=False)
    created_at: datetime = now_column()
    approved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "seller"


class SellerDocument(Row):
    seller: fields.ForeignKeyRelation[Seller] = fields.ForeignKeyField("models.Seller", on_delete=fields.CASCADE)
    seller_id: UUID
    kind = fields.CharField(max_length=24)
    media_key = fields.CharField(max_length=300)
    state = fields.CharField(max_length=16, db_default="submitted")
    created_at: datetime = now_column()

    class Meta:
        table = "seller_document"


TABLES = (Seller, SellerDocument)
