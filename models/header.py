"""The shopper's header: who is greeted, and how much lies in the cart. One statement, since every page asks for it."""

import msgspec

from models.basket import Shopper
from models.database import pool


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is None for a guest."""

    name: str | None
    units: int


HEADER = """
SELECT (SELECT name FROM users WHERE id = $1) AS name,
       (SELECT coalesce(sum(i.quantity), 0)::int FROM cart c JOIN cart_item i ON i.cart_id = c.id
         WHERE c.{column} = $2 AND NOT i.saved_for_later) AS units
"""


async def read_header(shopper: Shopper) -> Header:
    """A guest without a cart is answered without asking."""
    if not shopper.user_id and not shopper.token_hash:
        return Header(name=None, units=0)
    column, owner = shopper.owner
    return Header(**await pool().fetchrow(HEADER.format(column=column), shopper.user_id, owner))
