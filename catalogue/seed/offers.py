"""The demo's delivery zones and charges, and a few coupons that a visitor can try."""

from typing import Any
from uuid import UUID

from catalogue.seed.generator import EPOCH
from catalogue.seed.ids import CATEGORY, SELLER, Ids

METRO = "110 400 500 560 600 700 380 411"
REMOTE = "19 744 682551 682555 737 78 79"
"""Delhi to Pune; Jammu, Kashmir and Ladakh, the Andamans, Lakshadweep, Sikkim and the north-east."""
RATES = {
    "local": (2_900, 500, 19_900, 1, 2),
    "metro": (3_900, 800, 39_900, 2, 4),
    "national": (4_900, 1_000, 49_900, 3, 6),
    "remote": (9_900, 2_500, 149_900, 6, 10),
}
"""Up to 5 kg, more for each started kilogram beyond, free from; in minor units; days."""
COUPONS = (
    ("NAMASTE10", "10 % off your first order", "percent", 1_000, 50_000, 49_900, False, True, 1),
    ("HAAT100", "100 rupees off", "amount", 10_000, None, 99_900, False, True, 5),
    ("DELIVERFREE", "Free delivery", "free_shipping", 0, None, 0, False, True, None),
    ("DEMO15", "15 % off at Demo Bazaar, borne by the seller", "percent", 1_500, 100_000, 0, True, False, None),
)
OWN = 5_000_000
"""Places of these rows among those of sellers and categories, which are few."""

OFFER_COLUMNS: dict[str, tuple[str, ...]] = {
    "shipping_zone": ("prefix", "zone"),
    "shipping_rate": (
        "id", "zone", "flat_minor", "base_grams", "step_grams", "step_minor", "free_over_minor", "days_min", "days_max",
    ),
    "coupon": (
        "id", "code", "title", "kind", "value", "cap_minor", "minimum_minor", "seller_id", "borne_by", "stackable",
        "buyer_limit", "starts_at",
    ),
}  # fmt: skip


def offer_rows(ids: Ids) -> dict[str, list[tuple[Any, ...]]]:
    """Rows for COPY; the demo seller keeps a coupon of its own."""
    zones = [(prefix, zone) for zone, prefixes in (("metro", METRO), ("remote", REMOTE)) for prefix in prefixes.split()]
    rates = [
        (ids.row(CATEGORY, OWN + place), zone, flat, 5_000, 1_000, step, free, least, most)
        for place, (zone, (flat, step, free, least, most)) in enumerate(RATES.items())
    ]
    coupons = [_coupon(ids, place) for place in range(len(COUPONS))]
    return {"shipping_zone": zones, "shipping_rate": rates, "coupon": coupons}


def _coupon(ids: Ids, place: int) -> tuple[Any, ...]:
    code, title, kind, value, cap, minimum, own, stackable, limit = COUPONS[place]
    seller_id: UUID | None = ids.row(SELLER, 0) if own else None
    bearer = "seller" if own else "platform"
    own_id = ids.row(SELLER, OWN + place)
    return own_id, code, title, kind, value, cap, minimum, seller_id, bearer, stackable, limit, EPOCH
