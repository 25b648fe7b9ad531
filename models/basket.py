"""What is in a cart right now: current prices, stock and what has changed since each item was added.

Checkout reads the same lines by the same statement, so the shopper sees what the order will say.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from models.database import Connection, Pool, pool
from models.pricing import Line, Price, ShippingRule, price

Problem = Literal["", "unavailable", "out_of_stock", "not_enough", "price_changed"]


class Shopper(NamedTuple):
    """Whose cart: a user, or a guest known by the hash of a random token."""

    user_id: UUID | None = None
    token_hash: str | None = None

    @property
    def principal(self) -> str:
        """The scope of idempotency keys."""
        return f"user:{self.user_id}" if self.user_id else f"cart:{self.token_hash}"

    @property
    def owner(self) -> tuple[str, object]:
        """Column and value that find this shopper's cart."""
        return ("user_id", self.user_id) if self.user_id else ("token_hash", self.token_hash)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop charges beside the goods, and its limits. The shipping rule is in `currency`."""

    currency: str
    shipping: ShippingRule
    quantity_max: int
    hold_s: int

    def shipping_in(self, currency: str) -> ShippingRule:
        """Goods in a foreign currency travel free: the charge is set in the shop's own."""
        return self.shipping if currency == self.currency else ShippingRule(0, 0)


class BasketLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it stands now. `free` units are neither sold nor reserved; `sellable` is false once withdrawn."""

    item_id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    seller_slug: str
    seller_name: str
    product_slug: str
    name: str
    sku: str
    options: dict[str, str]
    image_key: str
    hsn_code: str
    gst_bps: int
    commission_bps: int
    currency: str
    quantity: int
    price_minor: int
    price_seen_minor: int
    list_price_minor: int | None
    free: int
    sellable: bool

    @property
    def problem(self) -> Problem:
        if not self.sellable:
            return "unavailable"
        if self.free < self.quantity:
            return "not_enough" if self.free > 0 else "out_of_stock"
        return "" if self.price_minor == self.price_seen_minor else "price_changed"

    @property
    def priced_as(self) -> Line:
        return Line(
            variant_id=self.variant_id,
            seller_id=self.seller_id,
            quantity=self.quantity,
            unit_price_minor=self.price_minor,
            gst_bps=self.gst_bps,
            commission_bps=self.commission_bps,
        )


class CartItemView(msgspec.Struct, frozen=True, kw_only=True):
    """`available` is how many could be bought now; `problem` says what stands in the way of buying."""

    id: UUID
    variant_id: UUID
    product_slug: str
    name: str
    sku: str
    options: dict[str, str]
    image_key: str
    seller_slug: str
    seller_name: str
    quantity: int
    available: int
    unit_price_minor: int
    price_seen_minor: int
    list_price_minor: int | None
    goods_minor: int
    problem: Problem


class CartView(msgspec.Struct, frozen=True, kw_only=True):
    """Totals are of the items that can be bought; `tax_minor` is contained in the total."""

    items: list[CartItemView]
    count: int
    currency: str
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    ready: bool


LINES = """
SELECT i.id AS item_id, v.id AS variant_id, p.id AS product_id, s.id AS seller_id, s.slug AS seller_slug,
       s.name AS seller_name, p.slug AS product_slug, p.name, v.sku, v.options,
       coalesce((SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id LIMIT 1), '') AS image_key,
       p.hsn_code, p.gst_bps, coalesce(c.commission_bps, s.commission_bps) AS commission_bps, p.currency,
       i.quantity, v.price_minor, i.price_seen_minor, v.list_price_minor, coalesce(k.on_hand - k.reserved, 0) AS free,
       p.state = 'active' AND s.state = 'approved' AND v.state = 'active' AS sellable
  FROM cart_item i
  JOIN variant v ON v.id = i.variant_id
  JOIN product p ON p.id = v.product_id
  JOIN seller s ON s.id = p.seller_id
  LEFT JOIN category c ON c.id = p.category_id
  LEFT JOIN stock k ON k.variant_id = v.id
 WHERE i.cart_id = {cart} AND NOT i.saved_for_later
 ORDER BY i.created_at, i.id
"""
OF_CART = LINES.format(cart="$1")


async def lines_of(connection: Connection | Pool, cart_id: UUID) -> list[BasketLine]:
    """The items of a cart, oldest first."""
    return [_line(row) for row in await connection.fetch(OF_CART, cart_id)]


async def read_cart(shopper: Shopper, terms: Terms) -> CartView:
    """The shopper's cart with current prices; an empty view where there is none."""
    column, value = shopper.owner
    rows = await pool().fetch(LINES.format(cart=f"(SELECT id FROM cart WHERE {column} = $1)"), value)
    return view_of([_line(row) for row in rows], terms)


def price_lines(lines: Sequence[BasketLine], terms: Terms) -> Price:
    currency = lines[0].currency if lines else terms.currency
    return price([line.priced_as for line in lines], terms.shipping_in(currency))


def view_of(lines: Sequence[BasketLine], terms: Terms) -> CartView:
    """What cannot be bought is listed and not charged."""
    total = price_lines([line for line in lines if line.sellable and line.free > 0], terms)
    return CartView(
        items=[_item(line, terms) for line in lines],
        count=sum(line.quantity for line in lines),
        currency=lines[0].currency if lines else terms.currency,
        subtotal_minor=total.subtotal_minor,
        discount_minor=total.discount_minor,
        shipping_minor=total.shipping_minor,
        tax_minor=total.tax_minor,
        total_minor=total.total_minor,
        ready=bool(lines) and all(line.problem in ("", "price_changed") for line in lines),
    )


def _item(line: BasketLine, terms: Terms) -> CartItemView:
    return CartItemView(
        id=line.item_id,
        variant_id=line.variant_id,
        product_slug=line.product_slug,
        name=line.name,
        sku=line.sku,
        options=line.options,
        image_key=line.image_key,
        seller_slug=line.seller_slug,
        seller_name=line.seller_name,
        quantity=line.quantity,
        available=max(0, min(line.free, terms.quantity_max)) if line.sellable else 0,
        unit_price_minor=line.price_minor,
        price_seen_minor=line.price_seen_minor,
        list_price_minor=line.list_price_minor,
        goods_minor=line.price_minor * line.quantity,
        problem=line.problem,
    )


def _line(row: dict[str, object]) -> BasketLine:
    return msgspec.convert({**row, "options": msgspec.json.decode(str(row["options"]))}, BasketLine)
