"""One plausible context for every page, so that each template is rendered and looked at without any server."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from handlers.pages.search_view import Card

NOW = datetime(2026, 3, 14, 10, 5, tzinfo=UTC)
TOKEN = "token-of-this-session"
COLOURS = ("teal", "marigold", "rani", "indigo", "walnut", "slate", "sage", "brick")
NAMES = (
    ("Kaveri Solid Mango Wood Coffee Table with Two Drawers, Walnut Finish", "Kaveri", 1_249_900, 1_899_900),
    ("Handloom Cotton Cushion Covers, Set of 5", "Dhaga", 89_900, 129_900),
    ("Brass Diya Stand", "Pital & Co", 149_950, None),
    ("Noise-cancelling Wireless Headphones with 40 Hour Battery", "Sangeet Audio", 699_900, 999_900),
    ("Terracotta Water Pot, 8 Litres", "Mitti", 54_900, None),
    ("Block-printed Kurta in Natural Indigo", "Neelkamal", 164_900, 219_900),
    ("Stainless Steel Tiffin, Three Tiers", "Annapurna", 79_900, 99_900),
    ("4G Smartphone, 6.5 inch, 128 GB, Dual SIM", "Vayu", 1_149_900, 1_349_900),
)
NAV = [
    SimpleNamespace(name=name, slug=name.lower().replace(" & ", "-").replace(" ", "-"))
    for name in ("Furniture", "Home & Kitchen", "Fashion", "Electronics", "Beauty", "Toys & Books", "Sports", "Garden")
]
SELLER = SimpleNamespace(
    name="Jaipur Craft House",
    slug="jaipur-craft-house",
    address="14, Johari Bazaar, Jaipur, Rajasthan 302003",
)


def card(index: int, **changes: Any) -> Card:
    name, brand, price, mrp = NAMES[index % len(NAMES)]
    values: dict[str, Any] = {
        "slug": f"product-{index}",
        "name": name,
        "brand": brand,
        "price_minor": price,
        "list_price_minor": mrp,
        "currency": "INR",
        "rating": 3.4 + index % 7 * 0.25,
        "rating_count": (index * 37) % 2400,
        "in_stock": index % 7 != 5,
        "seller_name": SELLER.name,
        "picture": f"/media/demo/thing-{COLOURS[index % len(COLOURS)]}-{index}.svg",
        "highlighted": None,
    }
    return Card(**{**values, **changes})


def cards(count: int, start: int = 0) -> list[Card]:
    return [card(start + i) for i in range(count)]


def facet(name: str, label: str, values: tuple[str, ...], chosen: str = "", kind: str = "check") -> SimpleNamespace:
    options = [
        SimpleNamespace(value=v.lower(), label=v, count=240 // (i + 1), selected=v == chosen)
        for i, v in enumerate(values)
    ]
    return SimpleNamespace(name=name, label=label, kind=kind, open=True, options=options)


def search(**changes: Any) -> SimpleNamespace:
    price = SimpleNamespace(
        name="price", label="Price (₹)", kind="range", open=True, from_name="price_from", to_name="price_to"
    )
    price.__dict__.update(from_value="500", to_value="", low=120, high=24_999, spoken="in rupees", options=[])
    price.bars = [
        SimpleNamespace(low=str(low), high=str(low * 2), height=tall, top=36 - tall, within=low >= 500, count=tall * 3,
                        url=f"/search?q=coffee+table&price_min={low}", text=f"₹{low} to ₹{low * 2}")
        for low, tall in ((120, 8), (240, 20.5), (480, 36), (960, 0), (1920, 12))
    ]  # fmt: skip
    tree = [
        SimpleNamespace(
            name=name, url=f"/search?category={name}", count=count, depth=depth, above=above, current=current
        )
        for name, count, depth, above, current in (
            ("All categories", None, 0, True, False),
            ("Furniture", 320, 0, True, False),
            ("Tables", 120, 1, True, True),
            *((f"Tables of kind {i}", 20 - i, 2, False, False) for i in range(12)),
        )
    ]
    brands = ("Kaveri", "Dhaga", "Mitti", "Vayu", "Neelkamal", "Annapurna", "Pital & Co", "Sangeet Audio", "Godhuli")
    values: dict[str, Any] = {
        "title": "coffee table",
        "heading": "Results for “coffee table”",
        "path": "/search",
        "params": [("q", "coffee table"), ("brand", "kaveri"), ("price_from", "500")],
        "q": "coffee table",
        "category": "Tables",
        "total": 1234,
        "page": 3,
        "pages": 52,
        "first": 49,
        "tree": tree,
        "hits": [
            card(0, highlighted="Kaveri Solid Mango Wood <mark>Coffee</mark> <mark>Table</mark> with Two Drawers"),
            *cards(11, 1),
        ],
        "facets": [
            facet("brand", "Brand", brands, chosen="Kaveri"),
            price,
            facet("rating_min", "Rating", ("Any", "4 ★ and up", "3 ★ and up"), kind="radio"),
            facet("in_stock", "Availability", ("In stock only",)),
            facet("spec.Material", "Material", ("Mango wood", "Sheesham", "Steel", "Cotton")),
            facet("seller", "Seller", ("Jaipur Craft House", "Chennai Electronics")),
        ],
        "chips": [
            SimpleNamespace(label="Kaveri", url="/search?q=coffee+table&price_from=500"),
            SimpleNamespace(label="From ₹500", url="/search?q=x"),
        ],
        "clear_url": "/search?q=coffee+table",
        "bare": False,
        "children": [],
        "sorts": [
            ("", "Relevance"),
            ("price", "Price, low first"),
            ("-price", "Price, high first"),
            ("newest", "Newest"),
        ],
        "sort": "",
        "degraded": False,
        "relaxed": False,
        "dropped": (),
        "searched": None,
        "meant": SimpleNamespace(text="coffee tables", url="/search?q=coffee+tables"),
        "instead": None,
        "took_ms": 11,
        "id": "0" * 32,
        "engine": "meilisearch",
    }
    return SimpleNamespace(**{**values, **changes})


def product(**changes: Any) -> SimpleNamespace:
    pictures = [
        SimpleNamespace(
            url=f"/media/demo/thing-{colour}-0.svg",
            absolute_url=f"https://x/media/{colour}",
            alt=f"Coffee table, picture {i}",
        )
        for i, colour in enumerate(COLOURS[:4], start=1)
    ]
    values: dict[str, Any] = {
        "id": "p",
        "slug": "kaveri-coffee-table",
        "name": NAMES[0][0],
        "brand": "Kaveri",
        "summary": "A low table of solid mango wood with two drawers that run on wooden rails.",
        "paragraphs": ["A low table of solid mango wood with two drawers.", "• Oiled by hand"],
        "pictures": pictures,
        "crumbs": [
            SimpleNamespace(name="Furniture", url="/c/furniture"),
            SimpleNamespace(name="Coffee tables", url="/c/coffee-tables"),
        ],
        "specs": [
            SimpleNamespace(name="Material", text="Mango wood"),
            SimpleNamespace(name="Width", text="110 cm"),
            SimpleNamespace(name="Weight", text="18 kg"),
        ],
        "price_minor": 1_249_900,
        "list_price_minor": 1_899_900,
        "currency": "INR",
        "rating": 4.3,
        "rating_count": 1287,
        "variant": SimpleNamespace(id="v1", sku="KVR-CT-110-WAL", in_stock=True, free=3, many=False),
        "options": [
            SimpleNamespace(
                name="Finish",
                values=[
                    SimpleNamespace(label="Walnut", url="/p/product-0?variant=v1", selected=True, in_stock=True),
                    SimpleNamespace(label="Honey", url="/p/product-0?variant=v2", selected=False, in_stock=True),
                    SimpleNamespace(label="Charcoal", url="/p/product-0?variant=v3", selected=False, in_stock=False),
                ],
            )
        ],
        "quantity_max": 10,
        "delivery": "Delivered in 3 to 6 days. Free from ₹499.",
        "seller": SELLER,
        "country_of_origin": "India",
    }
    return SimpleNamespace(**{**values, **changes})


def cart(**changes: Any) -> SimpleNamespace:
    def line(index: int, **more: Any) -> SimpleNamespace:
        name, _, price, mrp = NAMES[index]
        values: dict[str, Any] = {
            "id": f"line-{index}",
            "name": name,
            "slug": f"product-{index}",
            "options": "Finish: Walnut" if index == 0 else "",
            "picture": f"/media/demo/thing-{COLOURS[index]}-{index}.svg",
            "quantity": index + 1,
            "quantity_max": 10,
            "price_minor": price,
            "list_price_minor": mrp,
            "line_minor": price * (index + 1),
            "review_url": f"/p/product-{index}/review" if index == 0 else "",
            "problem": "",
            "blocking": True,
            "note": "At most 2 for each buyer." if index == 1 else "",
        }
        return SimpleNamespace(**{**values, **more})

    def parcel(missing: int) -> SimpleNamespace:
        return SimpleNamespace(
            shipping_minor=4_900 if missing else 0, missing_to_free_minor=missing, days_min=3, days_max=6
        )

    other = SimpleNamespace(
        name="Chennai Electronics", slug="chennai-electronics", address="8, Ritchie Street, Chennai, Tamil Nadu 600002"
    )
    values: dict[str, Any] = {
        "goods_mark": "0123456789abcdef",
        "currency": "INR",
        "groups": [
            SimpleNamespace(seller=SELLER, lines=[line(0), line(1)], parcel=parcel(0)),
            SimpleNamespace(seller=other, lines=[line(3, problem="Only 2 are left")], parcel=parcel(12_000)),
        ],
        "totals": SimpleNamespace(
            items_minor=4_229_300,
            discount_minor=50_000,
            shipping_minor=4_900,
            tax_minor=637_900,
            total_minor=4_184_200,
            count=7,
            coupons=[SimpleNamespace(code="DIWALI10", amount_minor=50_000)],
            cgst_minor=318_950,
            sgst_minor=318_950,
            igst_minor=0,
            gift_card_minor=100_000,
            payable_minor=4_084_200,
            kept_back_minor=40,
        ),
        "saved_minor": 890_000,
        "can_checkout": True,
        "too_little": False,
        "saved": [line(2)],
        "coupons": [SimpleNamespace(id="c", code="DIWALI10", title="10 % off", problem="Wants ₹200 more in goods.")],
        "gift_cards": [SimpleNamespace(id="g", last4="7QXZ", balance_minor=100_000)],
        "pin_code": "560038",
    }
    return SimpleNamespace(**{**values, **changes})


def order(**changes: Any) -> SimpleNamespace:
    basket = cart()
    values: dict[str, Any] = {
        "number": "HT-26C14-7KQ2M",
        "url": "/orders/HT-26C14-7KQ2M",
        "placed_at": NOW,
        "mark": "paid-captured",
        "state": "paid",
        "currency": "INR",
        "headline": "Thank you for your order",
        "detail": "Paid. The sellers have been told and are packing your things.",
        "tone": "good",
        "confirming": False,
        "payable": False,
        "cash": False,
        "cancellable": True,
        "returnable": True,
        "returns": [
            SimpleNamespace(
                name=NAMES[0][0], quantity=1, state="refused", words="Refused", answer="It was used.", at=NOW
            )
        ],
        "refunds": [SimpleNamespace(amount_minor=89_900, words="on its way back", at=NOW)],
        "history": [SimpleNamespace(at=NOW, label="Ordered"), SimpleNamespace(at=NOW, label="Paid")],
        "hold_until": NOW + timedelta(minutes=15),
        "steps": [
            SimpleNamespace(label="Ordered", at=NOW, state="done"),
            SimpleNamespace(label="Paid", at=NOW + timedelta(minutes=2), state="done"),
            SimpleNamespace(label="Packed", at=None, state="current"),
            SimpleNamespace(label="Shipped", at=None, state=""),
            SimpleNamespace(label="Delivered", at=None, state=""),
        ],
        "shipments": [
            SimpleNamespace(
                id=state,
                cancellable=state == "waiting",
                due_minor=0,
                seller=group.seller,
                state=state,
                label="",
                carrier="India Post",
                tracking=tracking,
                cancel_reason="",
                lines=group.lines,
            )
            for group, state, tracking in zip(basket.groups, ("packed", "waiting"), ("EM123456789IN", ""), strict=True)
        ],
        "totals": basket.totals,
        "address": ADDRESS,
        "email": "meera@example.in",
        "payment": SimpleNamespace(method="Razorpay", state="captured", label="Received", reference="pay_Q1w2E3r4T5"),
    }
    return SimpleNamespace(**{**values, **changes})


ADDRESS = SimpleNamespace(
    id="a1",
    name="Meera Iyer",
    phone="98450 12345",
    line1="22, 4th Cross, Indiranagar",
    line2="Near the park",
    city="Bengaluru",
    region="Karnataka",
    pin_code="560038",
    is_default=False,
)
REGIONS = [("KA", "Karnataka"), ("MH", "Maharashtra"), ("TN", "Tamil Nadu")]
FIELDS = (
    "email",
    "phone",
    "name",
    "line1",
    "line2",
    "pin_code",
    "city",
    "region",
    "address_id",
    "save_address",
    "number",
)
FORM = dict.fromkeys(FIELDS, "")
DISPUTES = [
    SimpleNamespace(
        id=state, number="H7K2M9QXW", state=state, is_open=state in ("open", "under_review"), amount_minor=118_000,
        reason="goods_or_services_not_received", lost_minor=118_000 if state == "lost" else 0, currency="INR",
        created_at=NOW, respond_by=NOW, gateway_dispute_id="disp_1", shipment_id="7",
        borne_by="platform" if state in ("under_review", "won") else "seller",
    )
    for state in ("open", "under_review", "lost", "won", "closed")
]  # fmt: skip
