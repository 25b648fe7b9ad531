"""The domain: tables beside their rules. Imports nothing else of Haat; clocks, keys and addresses are passed in."""

from models import (
    account,
    audit,
    cart,
    category,
    order,
    payment,
    payout,
    product,
    refund,
    review,
    seller,
    shipment,
    stock,
    working,
)

__models__ = [
    table
    for module in (
        account,
        audit,
        cart,
        category,
        order,
        payment,
        payout,
        product,
        refund,
        review,
        seller,
        shipment,
        stock,
        working,
    )
    for table in module.TABLES
]
