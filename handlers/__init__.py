"""HTTP handlers: each parses, calls one domain function and answers.

`BLUEPRINTS` is what `server/app.py` serves; a new area is one import and one name here.
"""

from sanic import Blueprint

from handlers import (
    account,
    admin,
    admin_orders,
    admin_rules,
    admin_statistics,
    admin_vocabulary,
    cart,
    categories,
    checkout,
    codes,
    credentials,
    devices,
    media,
    offers,
    orders,
    products,
    reviews,
    search,
    second_factor,
    seller,
    seller_orders,
    system,
    webhooks,
    wishlist,
)
from handlers.pages import PAGE_BLUEPRINTS

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    admin.blueprint,
    admin_orders.blueprint,
    admin_rules.blueprint,
    admin_statistics.blueprint,
    admin_vocabulary.blueprint,
    cart.blueprint,
    categories.blueprint,
    checkout.blueprint,
    codes.blueprint,
    credentials.blueprint,
    devices.blueprint,
    media.blueprint,
    offers.blueprint,
    orders.blueprint,
    products.blueprint,
    reviews.blueprint,
    search.blueprint,
    second_factor.blueprint,
    seller.blueprint,
    seller_orders.blueprint,
    system.blueprint,
    webhooks.blueprint,
    wishlist.blueprint,
    *PAGE_BLUEPRINTS,
)
