"""The pages of the three web apps: the same domain functions as the API, rendered for people."""

from sanic import Blueprint

from handlers.pages import (
    account,
    admin,
    admin_rules,
    admin_search,
    admin_statistics,
    admin_vocabulary,
    cart,
    checkout,
    files,
    fragments,
    home,
    invoices,
    money,
    offers,
    orders,
    product,
    search,
    seller,
    sign_in,
    wishlist,
)

PAGE_BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    admin.blueprint,
    admin_rules.blueprint,
    admin_search.blueprint,
    admin_statistics.blueprint,
    admin_vocabulary.blueprint,
    cart.blueprint,
    checkout.blueprint,
    files.blueprint,
    fragments.blueprint,
    home.blueprint,
    invoices.blueprint,
    money.blueprint,
    offers.blueprint,
    orders.blueprint,
    product.blueprint,
    search.blueprint,
    seller.blueprint,
    sign_in.blueprint,
    wishlist.blueprint,
)
