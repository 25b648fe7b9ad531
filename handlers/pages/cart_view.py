"""The cart as its page and the check-out show it: lines by seller, what each parcel costs, what is in the way."""

from typing import Any

from handlers.pages.pictures import picture_url
from models.basket import TOLD
from models.cart_view import CartItemView, CartView, CouponView
from web.filters import money, options_text


def cart_view(cart: CartView) -> dict[str, Any]:
    """What shop/_cart.html wants as `cart`."""
    groups: dict[str, dict[str, Any]] = {}
    for item in cart.items:
        seller = {"name": item.seller_name, "slug": item.seller_slug}
        group = groups.setdefault(item.seller_slug, {"seller": seller, "lines": [], "parcel": None})
        group["lines"].append(_line(item, cart.currency))
    for parcel in cart.parcels:
        groups[parcel.seller_slug]["parcel"] = parcel
    return {
        "goods_mark": cart.goods_mark,
        "currency": cart.currency,
        "groups": list(groups.values()),
        "totals": {
            "count": sum(item.quantity for item in cart.items if item.available),
            "items_minor": cart.subtotal_minor,
            "discount_minor": cart.discount_minor,
            "shipping_minor": cart.shipping_minor,
            "tax_minor": cart.tax_minor,
            "total_minor": cart.total_minor,
            "coupons": cart.coupons,
            "cgst_minor": cart.cgst_minor,
            "sgst_minor": cart.sgst_minor,
            "igst_minor": cart.igst_minor if cart.region else 0,
            "gift_card_minor": cart.gift_card_minor,
            "payable_minor": cart.total_minor - cart.gift_card_minor,
            "kept_back_minor": cart.kept_back_minor,
        },
        "saved": [_line(item, cart.currency) for item in cart.saved],
        "coupons": [_coupon(coupon, cart.currency) for coupon in cart.coupons],
        "gift_cards": cart.gift_cards,
        "pin_code": cart.pin_code,
        "saved_minor": sum(_saved(item) for item in cart.items if item.available),
        "can_checkout": cart.ready,
        "too_little": cart.too_little,
    }


def _line(item: CartItemView, currency: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "slug": item.product_slug,
        "options": options_text(item.options),
        "picture": picture_url(item.image_key),
        "quantity": item.quantity,
        "quantity_max": max(item.available, 1),
        "price_minor": item.unit_price_minor,
        "list_price_minor": item.list_price_minor,
        "line_minor": item.goods_minor,
        "problem": _problem(item, currency),
        "blocking": item.problem not in TOLD,
        "note": _note(item),
    }


def _note(item: CartItemView) -> str:
    """What became of a quantity when two carts were joined, and what one buyer may have."""
    if item.wanted:
        return f"You had asked for {item.wanted} in all; {item.quantity} can be had."
    return f"At most {item.buyer_limit} for each buyer." if item.buyer_limit else ""


def _coupon(coupon: CouponView, currency: str) -> dict[str, Any]:
    problem = {
        "": "",
        "minimum": f"Wants {money(coupon.missing_minor, currency)} more in goods.",
        "not_yet": "Does not hold yet.",
        "ended": "Has ended.",
        "used_up": "Has been used as often as it may be.",
        "alone": "Goes with no other coupon. Keep one of them.",
        "other_goods": "Is for other goods than those in your cart.",
    }[coupon.problem]
    return {"id": coupon.id, "code": coupon.code, "title": coupon.title, "problem": problem}


def _problem(item: CartItemView, currency: str) -> str:
    before, now = money(item.price_seen_minor, currency), money(item.unit_price_minor, currency)
    dearer = [] if before == now else [f"The price went from {before} to {now} since you added it."]
    return {
        "unavailable": "This is no longer for sale. Please remove it.",
        "out_of_stock": "This is sold out now. Please remove it.",
        "not_enough": f"Only {item.available} left. Please take fewer.",
    }.get(item.problem) or " ".join(_altered(item) + dearer)


def _altered(item: CartItemView) -> list[str]:
    """As much of what it is as was changed, before and now."""
    seen, now = [], []
    if item.problem == "name_changed":
        seen, now = [item.name_seen], [item.name]
    if item.options != item.options_seen:
        seen.append(options_text(item.options_seen) or "without options")
        now.append(options_text(item.options) or "without options")
    was, became = ", ".join(seen), ", ".join(now)
    return [f"The seller has changed this since you added it: it was “{was}” and is “{became}” now."] if now else []


def _saved(item: CartItemView) -> int:
    return max(0, (item.list_price_minor or 0) - item.unit_price_minor) * item.quantity
