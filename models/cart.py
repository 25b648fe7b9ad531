"""Carts of users and guests, and wishlists. A guest's cart is known by the hash of its token."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.account import User
from models.base import Row, now_column
from models.product import Product, Variant


class Cart(Row):
    user: fields.OneToOneNullableRelation[User] = fields.OneToOneField(
        "models.User", on_delete=fields.CASCADE, null=True, related_name="cart"
    )
    user_id: UUID | None
    token_hash = fields.CharField(max_length=64, null=True, unique=True)
    created_at: datetime = now_column()
    updated_at: datetime = now_column()

    class Meta:
        table = "cart"


class CartItem(Row):
    """`price_seen_minor` is what the shopper saw when adding: a change since is shown before paying."""

    cart: fields.ForeignKeyRelation[Cart] = fields.ForeignKeyField(
        "models.Cart", on_delete=fields.CASCADE, related_name="items"
    )
    cart_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.CASCADE)
    variant_id: UUID
    quantity = fields.IntField()
    price_seen_minor = fields.BigIntField()
    saved_for_later = fields.BooleanField(db_default=False)
    created_at: datetime = now_column()

    class Meta:
        table = "cart_item"


class WishlistItem(Row):
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    user_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", on_delete=fields.CASCADE)
    product_id: UUID
    created_at: datetime = now_column()

    class Meta:
        table = "wishlist_item"


TABLES: tuple[Any, ...] = (Cart, CartItem, WishlistItem)
