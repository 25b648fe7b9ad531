"""What must hold before a cart becomes an order: goods that can be had, a price that was seen, offers that still hold.

Each refusal names the item or the field and what would be right.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from models.basket import Basket, BasketLine, Shopper, Terms, mark_of
from models.cart_view import view_of
from models.crash import guarded
from models.database import Connection
from models.errors import Conflict, FieldError, Invalid, OutOfStock
from models.quote import Quote

LOCK_LIMITS = """
SELECT pg_advisory_xact_lock(hashtextextended('limit:' || $1 || product_id, 0)) FROM unnest($2::text[]) AS product_id
"""
BOUGHT = """
SELECT l.product_id, sum(l.quantity)::int AS units FROM order_line l JOIN orders o ON o.id = l.order_id
 WHERE l.product_id = ANY($1) AND o.state IN ('pending', 'confirmed', 'paid', 'partly_refunded')
   AND (o.user_id = $2 OR o.email_hash = $3)
 GROUP BY l.product_id
"""
ENDED = """
SELECT o.user_id, o.email_hash, l.product_id, sum(l.quantity)::int AS units, p.buyer_limit,
       bool_and(v.state = 'active' AND p.state = 'active' AND s.state = 'approved') AS sellable
  FROM orders o JOIN order_line l ON l.order_id = o.id JOIN variant v ON v.id = l.variant_id
  JOIN product p ON p.id = l.product_id JOIN seller s ON s.id = l.seller_id
 WHERE o.id = $1 GROUP BY o.id, l.product_id, p.buyer_limit
"""
COUPON_PROBLEMS = {
    "not_yet": "does not hold yet",
    "ended": "has ended",
    "used_up": "has been used as often as it may be",
    "alone": "goes with no other coupon; keep one of them",
    "other_goods": "is for other goods than those in the cart",
}


def demand_sellable(lines: Sequence[BasketLine]) -> None:
    """Raises Invalid, Conflict or OutOfStock."""
    if not lines:
        raise Invalid("The cart is empty.", code="empty_cart")
    withdrawn = [
        FieldError(f"items.{line.item_id}", f"{line.name} is no longer sold") for line in lines if not line.sellable
    ]
    if withdrawn:
        raise Conflict(f"{withdrawn[0].detail}. Remove it to go on.", code="not_for_sale", fields=withdrawn)
    free = {line.variant_id: line.free for line in lines if line.free < line.quantity}
    if free and guarded("stock"):
        raise out_of_stock(lines, free)


async def demand_limits(connection: Connection, shopper: Shopper, email_hash: str, lines: Sequence[BasketLine]) -> None:
    """A product may say how many one buyer can have, all orders together. Raises Conflict.

    Orders of one buyer for one such product take turns, so that two at once do not both find room.
    """
    limits = {line.product_id: line.buyer_limit for line in lines if line.buyer_limit}
    if not limits:
        return
    bought = await _bought(connection, list(limits), shopper.user_id, email_hash)
    over = []
    for line in lines:
        limit = limits.get(line.product_id)
        wanted = sum(other.quantity for other in lines if other.product_id == line.product_id)
        had = bought.get(line.product_id, 0)
        if limit and had + wanted > limit:
            left = max(0, limit - had)
            over.append(FieldError(f"items.{line.item_id}", f"{line.name}: {limit} a buyer, {left} left for you"))
    if over:
        raise Conflict(f"{over[0].detail}.", code="buyer_limit", fields=over)


async def may_still_be_had(connection: Connection, order_id: UUID) -> bool:
    """Whether an order that ended unpaid could be placed again: its goods are for sale, and its buyer has had no others
    since that make them too many.
    """
    rows = await connection.fetch(ENDED, order_id)
    limited = {row["product_id"]: row["buyer_limit"] - row["units"] for row in rows if row["buyer_limit"]}
    if not all(row["sellable"] for row in rows):
        return False
    had = await _bought(connection, list(limited), rows[0]["user_id"], rows[0]["email_hash"]) if limited else {}
    return all(had.get(product_id, 0) <= room for product_id, room in limited.items())


async def _bought(
    connection: Connection, product_ids: list[UUID], user_id: UUID | None, email_hash: str
) -> dict[UUID, int]:
    """How many units this buyer has; nobody else finds out for these until the transaction ends."""
    await connection.execute(LOCK_LIMITS, email_hash, sorted(str(product_id) for product_id in product_ids))
    rows = await connection.fetch(BOUGHT, product_ids, user_id, email_hash)
    return {row["product_id"]: row["units"] for row in rows}


def demand_seen(
    basket: Basket, costs: Quote, terms: Terms, *, total_minor: int | None, payable_minor: int | None
) -> None:
    """Nobody pays a price that was not shown: the total that the client saw, else the price at the time of adding; nor
    more than was left after gift cards, where the client says how much that was.

    Nor is anything ordered that costs less than can be collected. Raises Conflict with the new breakdown.
    """
    refused = [
        (coupon.code, word, missing)
        for coupon in basket.offers.coupons
        for word, missing in [costs.refused.get(coupon.id, ("", 0))]
        if word
    ]
    if refused:
        wrong = [
            FieldError(f"coupons.{code}", COUPON_PROBLEMS.get(word, f"wants {missing} more in goods"))
            for code, word, missing in refused
        ]
        first, word, _ = refused[0]
        detail = f"Coupon {first} {COUPON_PROBLEMS.get(word, 'wants more in goods than are in the cart')}."
        raise _changed(detail, "coupon", wrong, basket, terms)
    if total_minor not in (None, costs.price.total_minor):
        wrong = [FieldError("total_minor", f"is {costs.price.total_minor} by now")]
        raise _changed("The total has changed. Look at the cart again.", "price_changed", wrong, basket, terms)
    if payable_minor not in (None, costs.payable_minor):
        wrong = [FieldError("payable_minor", f"is {costs.payable_minor} by now")]
        raise _changed("A gift card pays another part by now.", "price_changed", wrong, basket, terms)
    if not costs.collectable:
        raise _changed("Orders begin at one rupee: add something.", "too_little", [], basket, terms)
    if total_minor is not None:
        return
    changed = [
        FieldError(f"items.{line.item_id}", f"{line.name} costs {line.price_minor} now, not {line.price_seen_minor}")
        for line in basket.lines
        if line.price_minor != line.price_seen_minor
    ]
    if changed:
        raise _changed("A price has changed. Look at the cart again.", "price_changed", changed, basket, terms)


def demand_same_goods(basket: Basket, terms: Terms, mark: str | None) -> None:
    """Nobody gets another thing, size or colour than was shown: the goods that the client saw, by their mark, else with
    the name and options that they were added with. Raises Conflict with the cart as it is now.
    """
    changed = [
        FieldError(f"items.{line.item_id}", f"{line.name} is called so now, and was {line.name_seen}")
        for line in basket.lines
        if line.renamed
    ] + [
        FieldError(f"items.{line.item_id}", f"{line.name} is {_said(line.options)} now, not {_said(line.options_seen)}")
        for line in basket.lines
        if line.options != line.options_seen
    ]
    if changed if mark is None else mark != mark_of(basket.lines):
        detail = "What is in the cart has changed. Look at it again."
        raise _changed(detail, "goods_changed", changed, basket, terms)


def _said(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in options.items()) or "without options"


def _changed(detail: str, code: str, wrong: Sequence[FieldError], basket: Basket, terms: Terms) -> Conflict:
    return Conflict(detail, code=code, fields=wrong, facts={"cart": view_of(basket, terms)})


def out_of_stock(lines: Sequence[BasketLine], free: dict[UUID, int]) -> OutOfStock:
    short = [
        FieldError(
            f"items.{line.item_id}", f"{max(0, free[line.variant_id])} of {line.name} left, {line.quantity} wanted"
        )
        for line in lines
        if line.variant_id in free
    ]
    return OutOfStock(f"Not enough in stock: {'; '.join(field.detail for field in short)}.", fields=short)
