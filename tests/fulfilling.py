"""Paid orders and their parcels, without HTTP."""

from typing import Any, NamedTuple
from uuid import UUID

from models.basket import Shopper
from models.checkout import NewOrder
from models.database import pool
from models.fulfilment import deliver, pack, send
from models.keyring import Keyring
from models.settlement import settle
from tests.buying import variant_of
from tests.factories import make_product, make_seller, make_user
from tests.ordering import ASHA, charge, new_order

SENT = {"carrier": "India Post", "tracking_number": "EM123456789IN"}


class Bought(NamedTuple):
    """A paid order; `shipments`, `lines` and `sellers` in the order of the variants that were bought."""

    order: NewOrder
    shipments: list[UUID]
    lines: list[UUID]
    sellers: list[UUID]
    variants: list[UUID]

    @property
    def id(self) -> UUID:
        return self.order.order_id


async def buy(*, sellers: int = 1, quantity: int = 1, stock: int = 10, shopper: Shopper | None = None) -> Bought:
    """A paid order of one product from each of so many sellers."""
    owners, variants = [], []
    for number in range(sellers):
        owners.append(await make_seller(name=f"Stall {number}", user_id=await make_user(role="seller")))
        variants.append(await variant_of(await make_product(owners[-1], stock=stock, price_minor=33_333)))
    order = await new_order(*variants, quantity=quantity, shopper=shopper)
    assert await settle(charge(order)) == "paid"
    return await bought(order, owners, variants)


async def get_hold_of(user_id: UUID, product_id: UUID) -> Bought:
    """This user bought one, and has it."""
    variant_id = await variant_of(product_id)
    seller_id: UUID = await pool().fetchval("SELECT seller_id FROM product WHERE id = $1", product_id)
    order = await new_order(variant_id, shopper=Shopper(user_id=user_id))
    assert await settle(charge(order)) == "paid"
    one = await bought(order, [seller_id], [variant_id])
    await bring(seller_id, one.shipments[0])
    return one


async def bought(order: NewOrder, owners: list[UUID], variants: list[UUID]) -> Bought:
    rows = await pool().fetch(
        "SELECT l.id, l.seller_id, h.id AS shipment_id FROM order_line l"
        " JOIN shipment h ON h.order_id = l.order_id AND h.seller_id = l.seller_id"
        " WHERE l.order_id = $1 ORDER BY l.position",
        order.order_id,
    )
    return Bought(order, [row["shipment_id"] for row in rows], [row["id"] for row in rows], owners, variants)


async def bring(seller_id: UUID, shipment_id: UUID) -> None:
    """From the shelf to the buyer's door."""
    actor_id = await actor_of(seller_id)
    await pack(seller_id, shipment_id, actor_id=actor_id)
    await send(seller_id, shipment_id, actor_id=actor_id, **SENT)
    await deliver(seller_id, shipment_id, actor_id=actor_id)


async def actor_of(seller_id: UUID) -> UUID:
    found: UUID | None = await pool().fetchval("SELECT user_id FROM seller WHERE id = $1", seller_id)
    return found or seller_id


async def value(query: str, *arguments: Any) -> Any:
    return await pool().fetchval(query, *arguments)


async def seal_with(keyring: Keyring) -> None:
    """The app of this test has keys of its own: let it read the orders that were placed without it."""
    sealed = (keyring.encrypt(ASHA.email), keyring.encrypt_json(ASHA.delivery))
    statement = "UPDATE orders SET email_hash = $1, email_encrypted = $2, delivery_encrypted = $3"
    statement += " WHERE email_hash IS DISTINCT FROM $1"
    await pool().execute(statement, keyring.email_hash(ASHA.email), *sealed)
