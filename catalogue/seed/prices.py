"""Prices as shops write them, in paise: just below a round number, and an MRP above most of them."""

from collections.abc import Callable

MINOR = 100
DEAR_CLOTHES_MINOR = 2_625 * MINOR
"""2,500 rupees and the 5 % on them."""
GST_DEAR_BPS = 1_800
CLOTHES = ("61", "62", "63", "64")
STEPS = ((100, 10), (1_000, 10), (5_000, 50), (20_000, 100))
"""Up to so many rupees, prices end one rupee below a multiple of so many."""
STEP_ABOVE = 500
LEAST = 19


def shop_price(rupees: float) -> int:
    """The nearest price that ends in 9, in paise: 387 becomes 389.00, 12,340 becomes 12,299.00."""
    step = next((step for limit, step in STEPS if rupees < limit), STEP_ABOVE)
    return max(round(rupees / step) * step - 1, LEAST) * MINOR


def list_price(price_minor: int, rand: Callable[[], float]) -> int | None:
    """The MRP that a discount is shown against; one product in six has none."""
    draw = rand()
    if draw < 1 / 6:
        return None
    rupees = price_minor / MINOR * (1.08 + 0.9 * draw * draw)
    return max(shop_price(rupees), price_minor)


def gst_bps(kind_bps: int, hsn_code: str, price_minor: int) -> int:
    """Clothes, linen and shoes above 2,500 rupees before tax leave the lower rate (GST Council, 56th meeting)."""
    dear = price_minor > DEAR_CLOTHES_MINOR and hsn_code.startswith(CLOTHES)
    return GST_DEAR_BPS if dear and kind_bps else kind_bps
