"""Sample contexts of the pages about money."""

from types import SimpleNamespace
from typing import Any

from handlers.pages.money import STATES
from tests.web.desk_pages import desk, stat
from tests.web.samples import DISPUTES, NAV, NOW, TOKEN

PAYOUT = SimpleNamespace(
    id="0195", state="sent", amount_minor=105_700, tcs_minor=500, currency="INR", error="", created_at=NOW,
    sent_at=NOW, reversed_at=None, seller_name="Kala Kendra", seller_id="7", account_known=True,
)  # fmt: skip
FAILED = SimpleNamespace(**{**vars(PAYOUT), "id": "0196", "state": "failed", "error": "The fund account is not valid"})
REVERSED = SimpleNamespace(
    **{
        **vars(PAYOUT),
        "id": "0197",
        "state": "reversed",
        "error": "The bank says: reversed.",
        "reversed_at": NOW,
        "account_known": False,
    }
)
LINE = SimpleNamespace(
    number="H7K2M9QXW", reason="sale", value_minor=100_000, tax_minor=18_000, commission_minor=11_800,
    shipping_minor=0, net_minor=106_200, at=NOW,
)  # fmt: skip
PAGED = {"page": 1, "pages": 1}
SHOP: dict[str, Any] = {"nav": NAV, "q": "", "csrf_token": TOKEN}

MONEY_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/admin/money": (
        "admin/money.html",
        {
            "path": "/admin/money",
            **desk("Admin"),
            **PAGED,
            "stats": [stat("The gateway owes us", "₹1,28,420"), stat("Differences", "1", "", "bad")],
            "currency": "INR",
            "balances": {"buyer": 0, "gateway": -12_842_000, "gateway_fee": -25_000, "seller": 12_867_000},
            "names": {"buyer": "Buyers: owed to them"},
            "differences": [("payment", "pay_00000000000001", None, 118_000, NOW)],
            "disputes": DISPUTES,
            "payouts": [PAYOUT, FAILED, REVERSED],
            "words": STATES,
        },
    ),
    "/orders/H7K2M9QXW/invoices": (
        "shop/invoices.html",
        {
            **SHOP,
            "path": "/orders/H7K2M9QXW/invoices",
            "number": "H7K2M9QXW",
            "invoices": [
                {"label": "Tax invoice I2526-000001", "url": "/orders/H7K2M9QXW/invoices/1", "issued_at": NOW}
            ],
        },
    ),
    "/seller/payouts": (
        "seller/payouts.html",
        {
            "path": "/seller/payouts",
            **desk("Seller"),
            **PAGED,
            "stats": [stat("Next payout", "₹1,057")],
            "disputes": DISPUTES,
            "payouts": [PAYOUT, FAILED, REVERSED],
            "words": STATES,
            "account": "fa_00000000000001",
            "wrong": "Write it as the market gave it to you.",
        },
    ),
    "/seller/payouts/0195": (
        "seller/statement.html",
        {"path": "/seller/payouts", **desk("Seller"), "payout": PAYOUT, "words": STATES, "lines": [LINE]},
    ),
}
