"""What is in a cart right now: current prices, taxes, carriage, stock and what has changed since each item was added.

Cart and checkout read the same lines by the same statement, so the shopper sees what the order will say.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from models.database import Connection, pool
from models.offers import COUPONS, GIFT_CARDS, Offers, offers_of
from models.pricing import Line
from models.shipping import RULE, ShippingRule
from models.tax import Rate, is_intra_state

Problem = Literal["", "unavailable", "out_of_stock", "not_enough", "name_changed", "options_changed", "price_changed"]
TOLD: tuple[Problem, ...] = ("", "name_changed", "options_changed", "price_changed")
"""What the shopper is told, and agrees to by ordering: the others are in the way."""


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
    """What the shop charges beside the goods where no rate is set, and its limits. Amounts are in `currency`."""

    currency: str
    shipping: ShippingRule
    quantity_max: int
    hold_s: int


class Place(NamedTuple):
    """Where the goods go: it decides carriage and taxes. Unknown parts are empty."""

    pin_code: str = ""
    region: str = ""


class BasketLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it stands now. `free` units are neither sold nor reserved; `sellable` is false once withdrawn.

    `name_seen` and `options_seen` are those that it was added with. `wanted`: how many were asked for when a merge had
    to cap them. `carriage` and `zone` are of the seller's parcel. `gst_bps` holds where none of `rates` does.
    """

    item_id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    seller_slug: str
    seller_name: str
    product_slug: str
    name: str
    name_seen: str
    sku: str
    options: dict[str, str]
    options_seen: dict[str, str]
    image_key: str
    hsn_code: str
    gst_bps: int
    rates: tuple[Rate, ...]
    commission_bps: int
    quantity: int
    price_minor: int
    price_seen_minor: int
    list_price_minor: int | None
    free: int
    sellable: bool
    weight_grams: int
    buyer_limit: int | None
    wanted: int | None
    saved_for_later: bool
    intra_state: bool
    zone: str
    carriage: ShippingRule | None

    @property
    def problem(self) -> Problem:
        if not self.sellable:
            return "unavailable"
        if self.free < self.quantity:
            return "not_enough" if self.free > 0 else "out_of_stock"
        if self.renamed:
            return "name_changed"
        if self.options != self.options_seen:
            return "options_changed"
        return "" if self.price_minor == self.price_seen_minor else "price_changed"

    @property
    def renamed(self) -> bool:
        """What is written large or small only is the same."""
        return self.name.casefold() != self.name_seen.casefold()

    @property
    def priced_as(self) -> Line:
        return Line(
            variant_id=self.variant_id,
            seller_id=self.seller_id,
            quantity=self.quantity,
            unit_price_minor=self.price_minor,
            gst_bps=self.gst_bps,
            commission_bps=self.commission_bps,
            weight_grams=self.weight_grams,
            intra_state=self.intra_state,
            carriage=self.carriage,
            rates=self.rates,
        )


class Basket(NamedTuple):
    """The lines of a cart, oldest first, its offers and where it goes."""

    lines: list[BasketLine]
    offers: Offers
    place: Place


def mark_of(lines: Iterable[BasketLine]) -> str:
    """Tells the variants, how many of each, their names and options: the same where a shopper reads the same."""
    said = [(line.variant_id, line.quantity, line.name.casefold(), line.options) for line in lines]
    return hashlib.sha256(msgspec.json.encode(sorted(said, key=lambda one: one[0]))).hexdigest()[:16]


LINE = """
SELECT i.id AS item_id, v.id AS variant_id, p.id AS product_id, s.id AS seller_id, s.slug AS seller_slug,
       s.name AS seller_name, p.slug AS product_slug, p.name, v.sku, v.options,
       coalesce(i.name_seen, p.name) AS name_seen, coalesce(i.options_seen, v.options) AS options_seen,
       coalesce((SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id LIMIT 1), '') AS image_key,
       p.hsn_code, coalesce(c.commission_bps, s.commission_bps) AS commission_bps,
       ARRAY(SELECT ARRAY[t.over_minor, t.rate_bps] FROM tax_rate t
              WHERE t.hsn_prefix IN (left(p.hsn_code, 2), left(p.hsn_code, 4), left(p.hsn_code, 6), p.hsn_code)
                AND t.valid_from <= (now() AT TIME ZONE 'Asia/Kolkata')::date
              ORDER BY length(t.hsn_prefix) DESC, t.over_minor DESC, t.valid_from DESC) AS rates, p.gst_bps,
       i.quantity, v.price_minor, i.price_seen_minor, v.list_price_minor, coalesce(k.on_hand - k.reserved, 0) AS free,
       p.state = 'active' AND s.state = 'approved' AND v.state = 'active' AS sellable,
       v.weight_grams, p.buyer_limit, i.wanted, i.saved_for_later, i.created_at, s.region,
       r.zone, r.flat_minor, r.free_over_minor, r.base_grams, r.step_grams, r.step_minor, r.days_min, r.days_max
  FROM cart_item i
  JOIN variant v ON v.id = i.variant_id
  JOIN product p ON p.id = v.product_id
  JOIN seller s ON s.id = p.seller_id
  LEFT JOIN category c ON c.id = p.category_id
  LEFT JOIN stock k ON k.variant_id = v.id
  LEFT JOIN LATERAL ({rule}) r ON true
 WHERE i.cart_id = {cart}
"""
LINES = f"""
{LINE.format(cart="$1", rule=RULE.format(carrier="s.id", pin="$2::text", from_pin="s.pin_code"))}
   AND NOT i.saved_for_later ORDER BY i.created_at, i.id
"""
CART = f"""
WITH cart AS (
    SELECT c.id, coalesce(nullif($2, ''), c.pin_code) AS to_pin, coalesce(nullif($3, ''), c.region) AS to_region,
           {COUPONS} AS coupons, {GIFT_CARDS} AS gift_cards
      FROM cart c WHERE c.{{column}} = $1)
SELECT cart.*, l.* FROM cart LEFT JOIN LATERAL (
{LINE.format(cart="cart.id", rule=RULE.format(carrier="s.id", pin="cart.to_pin", from_pin="s.pin_code"))}
OFFSET 0) l ON true
 ORDER BY l.created_at, l.item_id
"""
"""OFFSET 0: planned apart from the cart, in a third of the time."""
MADE = {"options", "options_seen", "rates", "intra_state", "zone", "carriage"}
AS_READ = [name for name in BasketLine.__struct_fields__ if name not in MADE]
CARRIAGE = ("flat_minor", "free_over_minor", "base_grams", "step_grams", "step_minor", "days_min", "days_max")


async def lines_of(connection: Connection, cart_id: UUID, place: Place) -> list[BasketLine]:
    """What is to be bought of a cart, oldest first, as it would go to this place."""
    rows = await connection.fetch(LINES, cart_id, place.pin_code)
    return [_line(row, place) for row in rows]


async def read_basket(shopper: Shopper, place: Place | None = None) -> Basket:
    """What the shopper's cart holds, with what is saved for later; nothing where there is no cart.

    Goods go to `place`, else where the shopper said last.
    """
    column, owner = shopper.owner
    rows = await pool().fetch(CART.format(column=column), owner, *(place or Place()))
    if not rows:
        return Basket([], Offers(), place or Place())
    cart = rows[0]
    to = Place(cart["to_pin"], cart["to_region"])
    return Basket(
        [_line(row, to) for row in rows if row["item_id"]], offers_of(cart["coupons"], cart["gift_cards"]), to
    )


def _line(row: asyncpg.Record, place: Place) -> BasketLine:
    zone, options = row["zone"], msgspec.json.decode(row["options"])
    same = row["options_seen"] == row["options"]
    return BasketLine(
        **{name: row[name] for name in AS_READ},
        options=options,
        options_seen=options if same else msgspec.json.decode(row["options_seen"]),
        rates=tuple(Rate(over, bps) for over, bps in row["rates"]),
        intra_state=is_intra_state(row["region"], place.region),
        zone=zone or "",
        carriage=ShippingRule(**{name: row[name] for name in CARRIAGE}) if zone else None,
    )
