"""Which template is shown where, with its sample context: what the rendering test walks through."""

from types import SimpleNamespace
from typing import Any

from tests.web.account_pages import account_pages
from tests.web.curation_pages import CURATION_PAGES
from tests.web.desk_pages import DESK_PAGES
from tests.web.money_pages import MONEY_PAGES
from tests.web.offer_pages import OFFER_PAGES, wish
from tests.web.people_pages import PEOPLE_PAGES
from tests.web.samples import ADDRESS, FORM, NAV, NOW, REGIONS, TOKEN, card, cards, cart, order, product, search

SITE = SimpleNamespace(
    name="Haat",
    base_url="http://127.0.0.1:8000",
    currency="INR",
    legal_name="Haat Marketplace",
    address="1, Market Road, Bengaluru 560001",
    customer_care="care@haat.example",
    grievance_officer="Grievance Officer, grievance@haat.example",
)
SHOP: dict[str, Any] = {"nav": NAV, "q": "", "path": "/", "csrf_token": TOKEN}
USER = SimpleNamespace(name="Meera Iyer", email="meera@example.in", created_at=NOW)
NO_COUPON = SimpleNamespace(field="coupon", value="NOPE", detail="NOPE is no coupon of this shop.")
TREE = [
    SimpleNamespace(
        name=c.name,
        slug=c.slug,
        children=[SimpleNamespace(name=f"{c.name} {i}", slug=f"{c.slug}-{i}") for i in range(1, 15)],
    )
    for c in NAV
]
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/": (
        "shop/home.html",
        {
            **SHOP,
            "product_count": 103_291,
            "seller_count": 50,
            "deals": cards(8),
            "popular": cards(12, 3),
            "newest": cards(8, 5),
            "tiles": [SimpleNamespace(name=c.name, slug=c.slug, picture=card(i).picture) for i, c in enumerate(NAV)],
        },
    ),
    "/categories": ("shop/categories.html", {**SHOP, "path": "/categories", "tree": TREE}),
    "/search": (
        "shop/search.html",
        {
            **SHOP,
            "q": "coffee table",
            "search": search(),
            "crumbs": [],
            "description": "x",
            "canonical": "/search",
            "indexable": False,
        },
    ),
    "/search/none": (
        "shop/search.html",
        {
            **SHOP,
            "q": "zzxqj",
            "search": search(
                hits=[],
                total=0,
                pages=0,
                page=1,
                chips=[],
                bare=True,
                relaxed=True,
                dropped=("zzxqj",),
                searched=SimpleNamespace(text="lamp", url="/search?q=lamp"),
                instead=SimpleNamespace(
                    without=[SimpleNamespace(label="the brand filter", total=1, url="/search?q=zzxqj")],
                    category=SimpleNamespace(name="Lamps", url="/c/lamps"),
                    popular=cards(4, 2),
                ),
                degraded=True,
                q="zzxqj",
                heading="Results for “zzxqj”",
            ),
            "crumbs": [],
            "description": "x",
            "canonical": "/search",
            "indexable": False,
        },
    ),
    "/c/furniture": (
        "shop/search.html",
        {
            **SHOP,
            "path": "/c/furniture",
            "search": search(
                path="/c/furniture",
                q="",
                heading="Furniture",
                title="Furniture",
                chips=[],
                children=[
                    SimpleNamespace(name=n, slug=n.lower(), count=120)
                    for n in ("Sofas", "Beds", "Coffee tables", "Chairs", "Wardrobes")
                ],
            ),
            "crumbs": [SimpleNamespace(name="Home & Living", url="/c/home")],
            "description": "x",
            "canonical": "/c/furniture",
            "indexable": True,
        },
    ),
    "/p/product-0": (
        "shop/product.html",
        {
            **SHOP,
            "product": product(),
            "swapped": False,
            "canonical": "/p/kaveri-coffee-table",
            "json_ld": {"@type": "Product", "name": "</script>"},
            "histogram": [(5, 700), (4, 380), (3, 120), (2, 40), (1, 47)],
            "related": cards(8, 1),
            "reviews": [
                SimpleNamespace(
                    author="Asha",
                    rating=5,
                    title="Beautiful grain",
                    answer="",
                    text="Heavier than it looks. The drawers run well.",
                    created_at=NOW,
                    verified=True,
                    photos=["/media/demo/thing-rani-2.svg"],
                ),
                SimpleNamespace(
                    author="Ravi",
                    rating=3,
                    title="",
                    answer="",
                    text="Good, but one leg needed a felt pad.",
                    created_at=NOW,
                    verified=False,
                    photos=[],
                ),
            ],
        },
    ),
    "/p/gone": (
        "shop/product.html",
        {
            **SHOP,
            "product": product(
                rating_count=0,
                pictures=[],
                list_price_minor=None,
                variant=SimpleNamespace(id="v", sku="X", in_stock=False, free=0, many=False),
            ),
            "swapped": False,
            "canonical": "/p/x",
            "json_ld": {},
            "histogram": [],
            "related": [],
            "reviews": [],
        },
    ),
    "/cart": ("shop/cart.html", {**SHOP, "cart": cart(), "wrong": None, "suggested": []}),
    "/cart/wrong": ("shop/cart.html", {**SHOP, "cart": cart(), "wrong": NO_COUPON, "suggested": []}),
    "/cart/empty": ("shop/cart.html", {**SHOP, "cart": cart(groups=[]), "wrong": None, "suggested": cards(6)}),
    "/checkout": (
        "shop/checkout.html",
        {
            **SHOP,
            "cart": cart(),
            "cash": False,
            "idempotency_key": "k",
            "form": {**FORM, "email": "not-a-mail"},
            "errors": {"email": "This is not an e-mail address."},
            "addresses": [],
            "regions": REGIONS,
            "signed_in": False,
        },
    ),
    "/checkout/known": (
        "shop/checkout.html",
        {
            **SHOP,
            "cart": cart(),
            "cash": True,
            "idempotency_key": "k",
            "form": {**FORM, "address_id": "a1"},
            "errors": {},
            "addresses": [ADDRESS],
            "regions": REGIONS,
            "signed_in": True,
        },
    ),
    "/orders/paid": ("shop/order.html", {**SHOP, "order": order()}),
    "/orders/pending": (
        "shop/order.html",
        {
            **SHOP,
            "order": order(
                state="pending",
                headline="Almost done",
                detail="Waiting for your payment.",
                tone="warn",
                payable=True,
                cash=True,
                payment=None,
            ),
        },
    ),
    "/orders/pending/pay": (
        "shop/pay.html",
        {**SHOP, "order": order(), "checkout": SimpleNamespace(url="/pay", fields={"order_id": "o"})},
    ),
    "/orders/paid/return": (
        "shop/return.html",
        {
            **SHOP,
            "order": SimpleNamespace(number="HT-26C14-7KQ2M", url="/orders/HT-26C14-7KQ2M", currency="INR"),
            "lines": [SimpleNamespace(id="1", name="Brass Diya Stand", options="", picture=None, left=2)],
            "reasons": [("damaged", "It came damaged")],
            "days": 10,
            "form": {"units-1": "1"},
            "errors": {"": "Choose one of the reasons."},
        },
    ),
    "/p/product-0/review": (
        "shop/review.html",
        {
            **SHOP,
            "product": SimpleNamespace(name="Brass Diya Stand", slug="product-0"),
            "form": {},
            "errors": {"rating": "Choose one to five stars."},
            "photos_max": 4,
        },
    ),
    "/returns-policy": ("shop/returns_policy.html", {**SHOP, "days": 10}),
    "/orders/look-up": (
        "shop/look_up.html",
        {**SHOP, "form": FORM, "errors": {"": "No order has this number and e-mail."}},
    ),
    "/login": ("shop/login.html", {**SHOP, "form": FORM, "errors": {}, "next": "/checkout", "google": True}),
    "/register": (
        "shop/register.html",
        {**SHOP, "form": FORM, "errors": {"password": "Use 8 characters or more."}, "next": "", "google": False},
    ),
    "/account/orders": (
        "shop/account_orders.html",
        {
            **SHOP,
            "user": USER,
            "section": "orders",
            "page": 1,
            "pages": 2,
            "orders": [
                SimpleNamespace(
                    number=f"HT-26C1{i}-7KQ2M",
                    url="/orders/paid",
                    placed_at=NOW,
                    state=s,
                    label=s.capitalize(),
                    total_minor=418_420 * i,
                    currency="INR",
                    count=i,
                    name=card(i).name,
                    picture=card(i).picture,
                )
                for i, s in enumerate(("paid", "pending", "expired"), start=1)
            ],
        },
    ),
    "/account/addresses": (
        "shop/account_addresses.html",
        {
            **SHOP,
            "user": USER,
            "section": "addresses",
            "addresses": [ADDRESS],
            "edited": None,
            "form": FORM,
            "errors": {},
            "regions": REGIONS,
        },
    ),
    "/account/privacy": (
        "shop/account_privacy.html",
        {
            **SHOP,
            "user": USER,
            "section": "privacy",
            "avatar": "/media/avatars/0_96.webp",
            "sells": True,
            "has_password": True,
            "errors": {},
        },
    ),
    "/account/profile": (
        "shop/account_profile.html",
        {**SHOP, "user": USER, "section": "profile", "form": {"name": "Meera Iyer"}, "errors": {}},
    ),
    "/account/wishlist": (
        "shop/account_wishlist.html",
        {
            **SHOP,
            "user": USER,
            "section": "wishlist",
            "wishes": [wish(0), wish(1, in_stock=False, can_move=False), wish(2, on_sale=False, can_move=False)],
        },
    ),
    "/account/wishlist#empty": (
        "shop/account_wishlist.html",
        {**SHOP, "user": USER, "section": "wishlist", "wishes": []},
    ),
    "/p/product-0/delivery": ("shop/delivery.html", {**SHOP, "slug": "product-0", "text": "To 560001.", "wrong": True}),
    "/help": ("shop/help.html", {**SHOP}),
    "/confirm": (
        "shop/confirm.html",
        {
            **SHOP,
            "action": "/cart/items",
            "fields": [("variant_id", "v1")],
            "label": "Add to cart",
            "back": "/",
            "why": "x",
        },
    ),
    "/fragments/header": (
        "fragments/header.html",
        {
            "user": USER,
            "cart_count": 3,
            "csrf_token": TOKEN,
            "flash": SimpleNamespace(text="Welcome back, Meera.", tone="good", url="", label=""),
        },
    ),
    "/fragments/suggest": (
        "fragments/suggest.html",
        {
            "q": "cof",
            "queries": ["coffee table", "coffee mug"],
            "categories": [SimpleNamespace(name="Coffee tables", slug="coffee-tables")],
            "products": [card(0, highlighted="Kaveri Solid Mango Wood <mark>Cof</mark>fee Table"), card(6)],
        },
    ),
    "/404": (
        "errors/error.html",
        {
            "path": "/404",
            "status": 404,
            "title": "Nothing here",
            "detail": "The page may have moved, or the product is no longer sold.",
        },
    ),
    "/500": (
        "errors/error.html",
        {
            "path": "/500",
            "status": 500,
            "title": "Something broke on our side",
            "detail": "It has been noted. Please try again in a moment.",
        },
    ),
    **account_pages(SHOP),
    **DESK_PAGES,
    **CURATION_PAGES,
    **MONEY_PAGES,
    **OFFER_PAGES,
    **PEOPLE_PAGES,
}
