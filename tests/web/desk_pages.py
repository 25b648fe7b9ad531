"""Sample contexts of the seller's and the operator's pages."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from handlers.pages.specification_form import Line
from models.checklist import Step
from tests.web.samples import ADDRESS, DISPUTES, NOW, SELLER, TOKEN, card, order

TABS = [
    SimpleNamespace(label="All", url="?", current=True, count=128),
    SimpleNamespace(label="Waiting", url="?state=waiting", current=False, count=3),
    SimpleNamespace(label="Done", url="?state=done", current=False, count=None),
]
SALES = [
    SimpleNamespace(label=f"{day} Mar", value=(day * 7919) % 90_000, text=f"₹{(day * 7919) % 900}")
    for day in range(1, 29)
]


def desk(app: str) -> dict[str, Any]:
    links = {
        "Seller": (
            ("Overview", "/seller", "chart", None),
            ("Products", "/seller/products", "tag", None),
            ("Orders", "/seller/orders", "box", 3),
        ),
        "Admin": (
            ("Overview", "/admin", "chart", None),
            ("Sellers", "/admin/sellers", "store", 2),
            ("Products", "/admin/products", "tag", 14),
            ("Jobs", "/admin/jobs", "gear", 1),
            ("Search", "/admin/search", "pulse", None),
        ),
    }[app]
    entries = [SimpleNamespace(label=label, url=url, icon=icon, count=count) for label, url, icon, count in links]
    return {
        "desk": SimpleNamespace(app=app, home=links[0][1], links=entries, who="meera@example.in"),
        "csrf_token": TOKEN,
        "flash": None,
    }


def stat(label: str, value: str, note: str = "", tone: str = "", href: str = "") -> SimpleNamespace:
    return SimpleNamespace(label=label, value=value, note=note, tone=tone, href=href)


def shipment(index: int) -> SimpleNamespace:
    return SimpleNamespace(
        id=str(index),
        number=f"HT-26C14-{index}KQ2M",
        created_at=NOW,
        region="Karnataka",
        units=index + 1,
        total_minor=129_900 * (index + 1),
        currency="INR",
        state=("waiting", "packed", "shipped")[index % 3],
    )


def row(index: int, **changes: Any) -> SimpleNamespace:
    shown = card(index)
    values = {
        "id": str(index),
        "name": shown.name,
        "slug": shown.slug,
        "sku": f"JCH-{index:04}",
        "picture": shown.picture,
        "price_minor": shown.price_minor,
        "currency": "INR",
        "free": index * 3,
        "reserved": index % 3,
        "variants": 1 if index % 4 else 3,
        "variant_id": str(index) if index % 4 else None,
        "form": {"price": "1499.50", "stock": str(index * 3), "was": '{"price":"1499.50"}'},
        "status": ("active", "draft", "pending", "rejected")[index % 4],
        "errors": {"price": "Write a price such as 1299, 1,299 or 1299.50."} if index == 1 else {},
        "saved": False,
    }
    return SimpleNamespace(**{**values, **changes})


EDIT_FORM = {
    "name": "Brass Diya Stand",
    "description": "Cast brass.",
    "status": "active",
    "hsn_code": "830629",
    "country_of_origin": "IN",
    "buyer_limit": "",
    "category": "decor",
    "brand": "",
    "price-1": "1499.50",
    "mrp-1": "",
    "stock-1": "12",
    "sku-1": "JCH-0002",
    "state-1": "archived",
    "was": '{"name":"Brass Diya Stand"}',
}
LINES = [
    Line("spec-0-", "Material", "Brass", "", "text"),
    Line("spec-1-", "Height", "tall", "cm", "number"),
    Line("spec-2-", "Polished", "", "", "boolean", "Polished"),
    Line("spec-3-", "", "", "", ""),
]
USUAL = [SimpleNamespace(name="Height", kind="number", unit="cm"), SimpleNamespace(name="Finish", kind="text", unit="")]
ROWS = {
    "lines": LINES,
    "line_kinds": [("", "As it is written"), ("text", "Text"), ("number", "Number"), ("boolean", "Yes or no")],
    "usual": USUAL,
    "usual_words": ["Finish"],
    "unsaved": False,
}
PAIRS = [SimpleNamespace(number=0, name="Finish", value="Honey"), SimpleNamespace(number=1, name="", value="")]
STATES = [("active", "Sold"), ("archived", "No longer sold")]
VARIANT = SimpleNamespace(
    at="1", title="Finish: Honey", sku="JCH-0002", reserved=2, status="archived", pairs=PAIRS, states=STATES,
    note="Its SKU or options below wait for the market; shoppers see this",
)  # fmt: skip
CATEGORY_GROUPS = [
    SimpleNamespace(name="Home", options=[("decor", "Décor"), ("lamps", "Décor › Lamps")]),
    SimpleNamespace(name="Toys", options=[("toys", "Toys")]),
]
DRAFT = {
    "change": None,
    "product": SimpleNamespace(
        id="7", name="Brass Bell", slug="brass-bell", status="draft", updated_at=NOW, category_name=None,
    ),
    "pictures": [],
    "statuses": [("draft", "Draft, not shown"), ("active", "On sale, once the market agrees")],
    "steps": [
        Step("pictures", "A picture, best two or three", False),
        Step("category", "The category, by which shoppers find it", True),
        Step("hsn_code", "The HSN code, which decides the GST rate", False, needed=False),
    ],
}  # fmt: skip
NEW_FORM = {
    "name": "Brass Bell", "category": "decor", "brand": "", "description": "", "sku": "JCH-0003", "price": "cheap",
    "mrp": "", "stock": "", "hsn_code": "", "country_of_origin": "IN", "buyer_limit": "",
}  # fmt: skip
NEW = {**ROWS, "form": NEW_FORM, "errors": {}, "once": "0f3a", "made": "", "may_write": True, "reason": "",
    "category_groups": CATEGORY_GROUPS, "countries": [("IN", "India"), ("CN", "China")]}  # fmt: skip
EDIT = {
    "lines_wait": True,
    "variants_wait": True,
    "change": SimpleNamespace(state="pending", created_at=NOW, reason=""),
    "product": SimpleNamespace(
        id="9",
        name="Brass Diya Stand",
        slug="brass-diya-stand",
        status="active",
        updated_at=NOW,
        category_name="Décor",
    ),
    "pictures": [
        {"id": "1", "url": "/media/demo/thing-rani-2.svg", "note": ""},
        {"id": "2", "url": "/media/products/0_320_640.webp", "note": "Waits for the market"},
    ],
    "pictures_max": 12,
    "rejection": "",
    "steps": [],
    "trusted": False,
    "category_groups": CATEGORY_GROUPS,
    "statuses": [("active", "On sale"), ("draft", "Draft"), ("archived", "Archived")],
    "countries": [("IN", "India"), ("CN", "China")],
    "form": EDIT_FORM,
    "variants": [VARIANT],
    "new_variants": [("new-0", PAIRS)],
    **ROWS,
    "errors": {},
}
HEALTH = SimpleNamespace(
    verdict="Every change is findable.",
    tone="good",
    stats=[
        stat("Queue", "0"),
        stat("Oldest change", "0 ms"),
        stat("Lag, p95", "212 ms", "limit 2 s", "good"),
        stat("Drift", "0"),
    ],
    facts=[("Documents", "1,03,291"), ("Engine", "Meilisearch 1.21"), ("Breaker", "closed")],
)

LINE = SimpleNamespace(line_id="1", name="Brass Diya Stand", sku="JCH-0002", quantity=3, options={}, image_key="")
SOLD_LINE = SimpleNamespace(id="1", name="Brass Diya Stand", quantity=3, total_minor=449_850)


def parcel(state: str, *, cash: bool = False) -> dict[str, Any]:
    row = SimpleNamespace(
        id="7",
        number="HT-26C14-7KQ2M",
        part=1,
        parts=2,
        state=state,
        carrier="India Post" if state == "shipped" else "",
        tracking_number="EM123456789IN" if state == "shipped" else "",
        value_minor=449_850,
        currency="INR",
        created_at=NOW,
        delivery=ADDRESS,
        seller_name=SELLER.name,
        seller_address=SELLER.address,
    )
    lines = [SimpleNamespace(line=LINE, options="", picture=None)]
    return {"parcel": SimpleNamespace(row=row, lines=lines, units=3, cash=cash)}


def back(state: str, *, overdue: bool = False) -> SimpleNamespace:
    row = SimpleNamespace(
        id=f"{state}{overdue}",
        number="HT-26C14-7KQ2M",
        name="Brass Diya Stand",
        quantity=1,
        state=state,
        overdue=overdue,
        comment="Its foot is bent.",
        answer="It was used." if state == "refused" else "",
        created_at=NOW,
    )
    return SimpleNamespace(row=row, options="", picture=None, reason="Came damaged")


REVIEW = SimpleNamespace(
    row=SimpleNamespace(
        id="1",
        rating=4,
        product_name="Brass Diya Stand",
        product_slug="product-0",
        seller_name=SELLER.name,
        author="Meera",
        created_at=NOW,
        title="Bright",
        text="Heavy and bright.",
        version="1",
        answer="Thank you.",
    ),
    photos=["/media/demo/thing-rani-2.svg"],
)
RAW = SimpleNamespace(
    shipments=[
        SimpleNamespace(
            id="7",
            seller_name=SELLER.name,
            state="packed",
            lines=[SimpleNamespace(line_id="1", quantity=3)],
            value_minor=449_850,
            carrier="",
            tracking_number="",
            cancel_reason="",
        )
    ],
    paid_at=NOW,
    payment_kind="cash",
    payment=SimpleNamespace(state="captured"),
    refunds=[
        SimpleNamespace(
            id=state,
            amount_minor=89_900,
            gift_card_minor=0,
            bank_minor=5_000,
            state=state,
            reason="return",
            created_at=NOW,
        )
        for state in ("failed", "requested")
    ],
)

DESK_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"/seller/orders/{state}": (
            "seller/parcel.html",
            {
                "path": "/seller/orders/7",
                **desk("Seller"),
                **parcel(state, cash=state == "shipped"),
                "disputes": DISPUTES if state == "delivered" else [],
                "form": {},
                "errors": {"": "Say why.", "reason": "Say why."} if state == "packed" else {},
            },
        )
        for state in ("waiting", "packed", "shipped", "delivered")
    },
    "/seller/orders/7/slip": (
        "seller/slip.html",
        {"path": "/seller/orders/7/slip", **desk("Seller"), **parcel("packed", cash=True)},
    ),
    "/seller/returns": (
        "seller/returns.html",
        {
            "path": "/seller/returns",
            **desk("Seller"),
            "returns": [*map(back, ("requested", "approved", "received", "refused")), back("approved", overdue=True)],
            "days": 14,
            "error": "Say why.",
            "tabs": TABS,
            "params": [],
            "page": 1,
            "pages": 1,
        },
    ),
    "/seller/stock": (
        "seller/stock.html",
        {
            "path": "/seller/stock",
            **desk("Seller"),
            "low": [SimpleNamespace(id="1", name="Brass Diya Stand", variant="", free=0, picture=None)],
            "money": True,
        },
    ),
    "/seller/reviews": (
        "seller/reviews.html",
        {"path": "/seller/reviews", **desk("Seller"), "reviews": [REVIEW], "page": 1, "pages": 1},
    ),
    "/admin/orders": (
        "admin/orders.html",
        {
            "path": "/admin/orders",
            **desk("Admin"),
            "orders": [
                SimpleNamespace(
                    number="HT-26C14-7KQ2M",
                    state="paid",
                    region="Karnataka",
                    currency="INR",
                    total_minor=449_850,
                    sellers=[SELLER.name],
                    created_at=NOW,
                )
            ],
            "form": dict.fromkeys(("number", "email", "state", "seller", "first_day", "last_day"), ""),
            "states": [("", "Any state"), ("paid", "Paid")],
            "params": [],
            "page": 1,
            "pages": 2,
        },
    ),
    "/admin/orders/7": (
        "admin/order.html",
        {
            "path": "/admin/orders/7",
            **desk("Admin"),
            "order": order(),
            "raw": RAW,
            "disputes": DISPUTES,
            "decides": True,
            "lines": [SimpleNamespace(line=SOLD_LINE, options="", left=2)],
            "returns": [
                SimpleNamespace(
                    row=SimpleNamespace(
                        line_id="1", quantity=1, state="refused", reason="damaged", comment="Bent", answer="Used"
                    ),
                    words="Refused",
                    reason="It came damaged",
                )
            ],
            "names": {"1": "Brass Diya Stand"},
            "causes": {"return": "for what was sent back"},
            "history": [SimpleNamespace(at=NOW, label="Ordered")],
            "key": "k",
            "error": "Say why.",
        },
    ),
    "/admin/reviews": (
        "admin/reviews.html",
        {"path": "/admin/reviews", **desk("Admin"), "reviews": [REVIEW], "total": 1, "page": 1, "pages": 1},
    ),
    "/seller": (
        "seller/dashboard.html",
        {
            "path": "/seller",
            **desk("Seller"),
            "shop": SimpleNamespace(
                name=SELLER.name,
                slug=SELLER.slug,
                state="pending",
                reason="Your shop is being checked. You can prepare products meanwhile.",
            ),
            "sees": {"money": True, "orders": True},
            "stats": [
                stat("To send", "3", "oldest 2 h", "warn", "/seller/orders"),
                stat("Sold, 28 days", "₹4,18,420"),
                stat("On sale", "128"),
                stat("Sold out", "4", "", "bad"),
            ],
            "first": True,
            "unpaid": True,
            "sales": SALES,
            "sales_total_minor": 41_842_000,
            "currency": "INR",
            "shipments": [shipment(i) for i in range(3)],
            "low": [
                SimpleNamespace(
                    id=str(i),
                    name=card(i).name,
                    variant="Finish: Honey" if i == 0 else "",
                    free=i,
                    picture=card(i).picture,
                )
                for i in range(4)
            ],
        },
    ),
    "/seller/products": (
        "seller/products.html",
        {
            "path": "/seller/products",
            **desk("Seller"),
            "rows": [row(i) for i in range(8)],
            "q": "",
            "tabs": TABS,
            "params": [],
            "total": 128,
            "page": 1,
            "pages": 7,
            "first": False,
            "may_write": True,
            "reason": "",
        },
    ),
    "/seller/products/9": ("seller/product.html", {"path": "/seller/products/9", **desk("Seller"), **EDIT}),
    "/seller/products/7": ("seller/product.html", {"path": "/seller/products/7", **desk("Seller"), **EDIT, **DRAFT}),
    "/seller/products/new": (
        "seller/product_new.html",
        {
            "path": "/seller/products/new",
            **desk("Seller"),
            **NEW,
            "errors": {"price": "Write a price such as 1299 or 1299.50.", "sku": "You have a product with this SKU."},
        },
    ),
    "/seller/products/new?made": (
        "seller/product_new.html",
        {
            "path": "/seller/products/new",
            **desk("Seller"),
            **NEW,
            "category_groups": [],
            "errors": {"": "This made Brass Bell already."},
            "made": "7",
        },
    ),
    "/seller/products/8": (
        "seller/product.html",
        {
            "path": "/seller/products/8",
            **desk("Seller"),
            **EDIT,
            "errors": {
                "price-1": "Write a price such as 1499.50.",
                "name": "Give it a name.",
                "spec-1-value": "Please give a number.",
                "specifications": "Changed meanwhile: it is “Material: Brass; Height: 40 cm” now. Save again to keep"
                " what you typed.",
                "option-0-value-1": "Are those of another variant.",
                "sku-new-0": "At most 64 characters.",
            },
            "unsaved": True,
        },
    ),
    "/seller/orders": (
        "seller/orders.html",
        {
            "path": "/seller/orders",
            **desk("Seller"),
            "shipments": [shipment(i) for i in range(9)],
            "tabs": TABS,
            "params": [],
            "page": 1,
            "pages": 1,
        },
    ),
    "/admin": (
        "admin/dashboard.html",
        {
            "path": "/admin",
            **desk("Admin"),
            "stats": [
                stat("Paid today", "₹1,28,420", "34 orders"),
                stat("Sellers waiting", "2", "", "warn", "/admin/sellers"),
                stat("Parked jobs", "1", "", "bad", "/admin/jobs"),
                stat("Search lag, p95", "212 ms", "", "good", "/admin/search"),
            ],
            "sales": SALES,
            "sales_total_minor": 941_842_000,
            "currency": "INR",
            "orders": [
                SimpleNamespace(
                    number=f"HT-26C14-{i}",
                    created_at=NOW - timedelta(minutes=i),
                    state=s,
                    total_minor=99_900 * i,
                    currency="INR",
                    region="Karnataka",
                )
                for i, s in enumerate(("paid", "pending", "expired", "refunded"), start=1)
            ],
        },
    ),
    "/admin/sellers": (
        "admin/sellers.html",
        {
            "path": "/admin/sellers",
            **desk("Admin"),
            "words": "",
            "decides": True,
            "tabs": TABS,
            "params": [],
            "page": 1,
            "pages": 1,
            "sellers": [
                SimpleNamespace(
                    id=str(i),
                    name=SELLER.name,
                    legal_name="Jaipur Craft House LLP",
                    address=SELLER.address,
                    gstin="08AAACJ1234F1Z5" if i else None,
                    state=s,
                    applied_at=NOW,
                    products=i * 14,
                )
                for i, s in enumerate(("pending", "pending", "approved"))
            ],
        },
    ),
    "/admin/products": (
        "admin/products.html",
        {
            "path": "/admin/products",
            **desk("Admin"),
            "total": 3,
            "page": 1,
            "pages": 3,
            "products": [
                SimpleNamespace(
                    id=str(i),
                    name=card(i).name,
                    slug="x",
                    seller=SELLER.name,
                    category="Décor",
                    price_minor=card(i).price_minor,
                    list_price_minor=card(i).price_minor + 50_000 if i else None,
                    variants=["Size: M · ₹1,299 · MRP ₹1,799 · SKU TABLE-M", "Size: L · ₹1,399 · no MRP · SKU TABLE-L"][
                        i:
                    ],
                    version=f"{i:064}",
                    moved=i == 0,
                    reason="The picture shows another table." if i == 0 else "",
                    currency="INR",
                    pictures=[card(i).picture, card(0).picture][: 2 - i],
                    paragraphs=["A low table of solid mango wood with two drawers.", "Oiled by hand."][: 2 - i],
                    brand="Kaveri",
                    specifications=["Material: Mango wood", "Width: 90 cm"][: 2 - i],
                    hsn_code="",
                    country="India",
                    submitted_at=NOW,
                    state="pending",
                )
                for i in range(3)
            ],
        },
    ),
    "/admin/decided": (
        "admin/decided.html",
        {
            "label": SELLER.name,
            "outcome": "approved",
            "flash": SimpleNamespace(text="Approved.", tone="good", url="", label=""),
        },
    ),
    "/admin/jobs": (
        "admin/jobs.html",
        {
            "path": "/admin/jobs",
            **desk("Admin"),
            "stats": [
                stat("Parked", "1", "", "bad"),
                stat("Queued", "12"),
                stat("Oldest queued", "4.2 s"),
                stat("Done, last hour", "1,204"),
            ],
            "page": 1,
            "pages": 1,
            "jobs": [
                SimpleNamespace(
                    id="17",
                    name="mail.order_paid",
                    attempts=8,
                    error="SMTP 451: try again later",
                    parked_at=NOW,
                    ids={"order_id": "0195…"},
                )
            ],
        },
    ),
    "/admin/search": (
        "admin/search.html",
        {"path": "/admin/search", **desk("Admin"), "tabs": TABS, "health": HEALTH},
    ),
}
