"""Sample contexts of the pages about coupons, gift cards, delivery charges and wishes."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from handlers.pages.offers import STANDINGS
from tests.web.account_pages import USER
from tests.web.desk_pages import desk
from tests.web.samples import NAV, NOW, TOKEN, card

SHOP: dict[str, Any] = {"nav": NAV, "q": "", "path": "/gift-cards", "csrf_token": TOKEN}

COUPON = SimpleNamespace(
    id="c",
    code="DIWALI10",
    title="Festival of lights",
    kind="percent",
    value=1_000,
    cap_minor=50_000,
    minimum_minor=99_900,
    seller_name=None,
    borne_by="platform",
    stackable=True,
    starts_at=NOW,
    ends_at=NOW,
    total_limit=1_000,
    buyer_limit=1,
    uses=211,
    active=True,
    standing="not_yet",
    cost_minor=4_210_000,
)
RATE = SimpleNamespace(
    zone="remote",
    flat_minor=9_900,
    base_grams=500,
    step_grams=500,
    step_minor=2_500,
    free_over_minor=None,
    days_min=6,
    days_max=10,
)
GIFT_CARD = SimpleNamespace(
    id="g", last4="7QXZ", currency="INR", issued_minor=100_000, balance_minor=42_000, active=True, created_at=NOW
)
ISSUED = SimpleNamespace(code="ABCD-EFGH-JKLM-7QXZ", amount_minor=100_000, currency="INR")
NAMES = {"remote": "Hills, islands, north-east"}
KINDS = [("percent", "Percent off"), ("amount", "Amount off")]


def wish(number: int, **changes: Any) -> SimpleNamespace:
    shown = card(number)
    values: dict[str, Any] = {
        "product_id": f"p{number}",
        "variant_id": f"v{number}",
        "slug": f"product-{number}",
        "name": shown.name,
        "seller_name": "Chennai Electronics",
        "picture": shown.picture,
        "currency": "INR",
        "price_minor": 129_900,
        "list_price_minor": 159_900,
        "on_sale": True,
        "in_stock": True,
        "can_move": True,
    }
    return SimpleNamespace(**{**values, **changes})


def coupons(app: str, base: str, **changes: Any) -> dict[str, Any]:
    shown = [
        COUPON,
        SimpleNamespace(**{**vars(COUPON), "kind": "amount", "active": False, "standing": "off", "ends_at": None}),
    ]
    values = {"coupons": shown, "standings": STANDINGS, "kinds": KINDS, "form": {}, "errors": {}}
    return {"path": f"{base}/coupons", **desk(app), "base": base, "currency": "INR", **values, **changes}


def charges(app: str, base: str, **changes: Any) -> dict[str, Any]:
    cash = None if base == "/admin" else True
    values = {"rates": [RATE], "zones": list(NAMES.items()), "names": NAMES, "cash": cash, "form": {}, "errors": {}}
    return {"path": f"{base}/shipping", **desk(app), "base": base, "currency": "INR", **values, **changes}


def zones(**changes: Any) -> dict[str, Any]:
    values = {
        "rows": [SimpleNamespace(prefix="79", zone="remote")],
        "zones": list(NAMES.items()),
        "names": NAMES,
        "form": {},
        "errors": {},
    }
    return {"path": "/admin/zones", **desk("Admin"), **values, **changes}


def taxes(**changes: Any) -> dict[str, Any]:
    rates = [
        SimpleNamespace(hsn_prefix="61", over_minor=over, rate_bps=rate, valid_from=date(2025, 9, 22), holds=holds)
        for over, rate, holds in ((0, 500, "now"), (262_500, 1_800, "later"), (0, 1_200, "before"))
    ]
    values = {"rates": rates, "code": "", "form": {}, "errors": {}}
    return {"path": "/admin/taxes", **desk("Admin"), "currency": "INR", **values, **changes}


def gift_cards(**changes: Any) -> dict[str, Any]:
    values = {"cards": [GIFT_CARD], "issued": ISSUED, "errors": {}}
    return {"path": "/admin/gift-cards", **desk("Admin"), "currency": "INR", **values, **changes}


def held_cards(**changes: Any) -> dict[str, Any]:
    moves = [
        SimpleNamespace(kind="redeemed", amount_minor=-100_000, at=NOW, order_number="H7KQ2M9XD"),
        SimpleNamespace(kind="issued", amount_minor=500_000, at=NOW, order_number=None),
    ]
    values = {"last4": "7QXZ", "currency": "INR", "balance_minor": 400_000, "standing": "usable", "expires_at": NOW}
    held = SimpleNamespace(**{**values, "movements": moves, **changes})
    words = {"redeemed": "Paid for an order", "issued": "Issued"}
    standings = {"usable": ("Can be used", "good"), "blocked": ("Blocked by the market", "bad")}
    return {**SHOP, "card": held, "cards": [held], "movements": words, "standings": standings, "errors": {}}


OFFER_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/admin/coupons": ("desk/coupons.html", coupons("Admin", "/admin")),
    "/seller/coupons": ("desk/coupons.html", coupons("Seller", "/seller", coupons=[], errors={"code": "Is taken."})),
    "/admin/shipping": ("desk/shipping.html", charges("Admin", "/admin")),
    "/seller/shipping": ("desk/shipping.html", charges("Seller", "/seller", rates=[], errors={"days_max": "Wants 4."})),
    "/admin/zones": ("admin/zones.html", zones()),
    "/admin/zones#none": ("admin/zones.html", zones(rows=[], errors={"prefix": "Write digits."})),
    "/admin/mails": (
        "admin/mails.html",
        {
            **desk("Admin"),
            "path": "/admin/mails",
            "mails": [{"name": "order_paid", "subject": "Order H7 is confirmed"}],
        },
    ),
    "/admin/taxes": ("admin/taxes.html", taxes()),
    "/admin/taxes#none": ("admin/taxes.html", taxes(rates=[], code="99")),
    "/admin/taxes#wrong": ("admin/taxes.html", taxes(form={"rate": "x"}, errors={"rate": "Write percent."})),
    "/gift-cards": ("shop/gift_cards.html", held_cards()),
    "/gift-cards#wrong": ("shop/gift_cards.html", {**held_cards(), "card": None, "errors": {"code": "This is none."}}),
    "/account/gift-cards": (
        "shop/account_gift_cards.html",
        {**held_cards(standing="blocked", expires_at=None), "user": USER, "section": "gift-cards"},
    ),
    "/account/gift-cards#none": (
        "shop/account_gift_cards.html",
        {**held_cards(), "cards": [], "user": USER, "section": "gift-cards"},
    ),
    "/admin/gift-cards": ("admin/gift_cards.html", gift_cards()),
    "/admin/gift-cards#none": ("admin/gift_cards.html", gift_cards(cards=[], issued=None)),
}
