"""An order that never was, with all that can happen to one: what the previews of mails are filled with."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LINE: dict[str, Any] = {
    "id": "l", "name": "Rosewood coffee table", "sku": "RCT-90", "options": {"size": "90 cm"}, "quantity": 2,
    "unit_price_minor": 1_249_900, "seller_name": "Chennai Craft House", "seller_slug": "chennai-craft-house",
}  # fmt: skip
DELIVERY = {
    "name": "Meera Iyer", "phone": "+919876543210", "line1": "14, 2nd Cross", "line2": "Indiranagar",
    "city": "Bengaluru", "region": "Karnataka", "pin_code": "560038",
}  # fmt: skip
ORDER: dict[str, Any] = {
    "id": "o", "number": "H7KQ2M9XD", "currency": "INR", "payment_kind": "online", "email": "meera@example.in",
    "subtotal_minor": 2_499_800, "discount_minor": 100_000, "shipping_minor": 0, "tax_minor": 366_071,
    "total_minor": 2_399_800, "gift_card_minor": 0, "created_at": AT, "paid_at": AT, "expires_at": AT,
    "delivery": DELIVERY, "lines": [LINE], "payment": {"state": "open", "error": "Your bank declined the payment."},
}  # fmt: skip
ASKED = {"id": "r", "quantity": 1, "reason": "damaged", "comment": "One leg is bent.", "state": "requested",
         "answer": "It was used for a month."}  # fmt: skip
SAMPLE: dict[str, Any] = {
    "order": ORDER,
    "lines": [LINE],
    "line": LINE,
    "asked": ASKED,
    "parcel": {"id": "p", "carrier": "India Post", "tracking_number": "EM123456789IN", "value_minor": 2_399_800,
               "seller_name": LINE["seller_name"]},
    "refund": {"id": "f", "amount_minor": 1_199_900, "gift_card_minor": 200_000, "bank_minor": 0, "currency": "INR"},
    "review": {"product_name": LINE["name"], "state": "published", "rejection": ""},
    "product": {"name": LINE["name"], "slug": "rosewood-coffee-table"},
    "reason": "What you sent back has arrived.",
    "by": "seller",
    "days": 10,
    "address": "7, Market Road, Chennai 600001",
    "seller_name": LINE["seller_name"],
    "subject": "Your code",
    "heading": "Here is your code",
    "label": "Go on",
    "text": "What you have on sale can be found from now on.",
    "invitation": {"seller_name": LINE["seller_name"], "email": "ravi@example.in", "grants": ["orders"]},
    "decided": {"seller_name": LINE["seller_name"], "product_name": LINE["name"], "state": "rejected",
                "reason": "The picture shows another table."},
    "dispute": {"number": ORDER["number"], "gateway_dispute_id": "disp_AHfqOvkldwsbqt", "amount_minor": 1_199_900,
                "lost_minor": 0, "currency": "INR", "reason": "goods_not_received", "phase": "chargeback",
                "borne_by": "seller", "respond_by": AT},
    "stage": "open",
    "payout": {"id": "y", "amount_minor": 1_057_000, "currency": "INR", "seller_name": LINE["seller_name"],
               "account_known": True, "sent_at": AT,
               "error": "The bank says: reversed, the beneficiary's account is closed."},
    "for_seller": True,
    "outcome": {"seller_name": LINE["seller_name"], "product_name": LINE["name"], "state": "rejected",
                "reason": "The picture shows another table."},
}  # fmt: skip
