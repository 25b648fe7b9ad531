"""Sample contexts of the pages of shops, staff, people, changes and the audit trail."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from tests.web.desk_pages import desk
from tests.web.samples import NAV, NOW, REGIONS, TOKEN, card

ID = UUID(int=7)
SHOP: dict[str, Any] = {"nav": NAV, "q": "", "path": "/sell", "csrf_token": TOKEN}
KINDS = {"identity": "Proof of identity (PAN card)", "tax": "GST certificate", "bank": "Cancelled cheque"}
GRANTS = {"products": "Products: add and edit them", "orders": "Orders: pack and send", "money": "Money: payouts"}
PAPER = SimpleNamespace(
    url="/api/v1/documents/1", document=SimpleNamespace(id=ID, kind="tax", name="gst-certificate.pdf")
)
STEPS = [
    SimpleNamespace(name="profile", words="Name, legal name and a few words about the shop", done=True),
    SimpleNamespace(name="gstin", words="The GSTIN", done=False),
]
FIELDS = ("name", "legal_name", "gstin", "description", "address_line", "city", "region", "pin_code")


def shop(state: str, reason: str = "") -> SimpleNamespace:
    values = dict.fromkeys(FIELDS, "Jaipur Craft House")
    return SimpleNamespace(**values, id=ID, slug="x", state=state, reason=reason, steps=STEPS, ready=False)


def own_shop(state: str, errors: dict[str, str], reason: str = "") -> dict[str, Any]:
    return {
        "path": "/seller/shop",
        **desk("Seller"),
        "shop": shop(state, reason),
        "papers": {"tax": PAPER},
        "kinds": KINDS,
        "form": {**dict.fromkeys(FIELDS, "Jaipur Craft House"), "region": "Goa"},
        "errors": errors,
        "regions": REGIONS,
    }


def seller(state: str) -> dict[str, Any]:
    return {
        "path": "/admin/sellers/7",
        **desk("Admin"),
        "seller": SimpleNamespace(
            id=ID,
            name="Jaipur Craft House",
            state=state,
            products=14,
            has_owner=state != "suspended",
            left_at=NOW if state == "suspended" else None,
        ),
        "shop": shop(state, "Fakes" if state == "suspended" else ""),
        "papers": [PAPER],
        "kinds": KINDS,
        "account": "fa_00000000000001",
    }


STAFF: dict[str, Any] = {
    "path": "/seller/staff",
    **desk("Seller"),
    "people": [SimpleNamespace(user_id=ID, name="Ravi Menon", email="ravi@example.in", grants=["orders"], since=NOW)],
    "invited": [SimpleNamespace(id=ID, email="sita@example.in", grants=[], expires_at=NOW)],
    "grants": GRANTS,
    "form": {"email": "", **{f"grant-{name}": "" for name in GRANTS}},
    "errors": {},
}
INVITED = SimpleNamespace(id=ID, email="ravi@example.in", seller_name="Jaipur Craft House")
PEOPLE = [
    SimpleNamespace(
        id=UUID(int=number), name="Ravi Menon", email="ravi@example.in", role="shopper", state=state,
        shop="Jaipur Craft House" if number == 1 else None, orders=number, created_at=NOW,
    )
    for number, state in enumerate(("active", "active", "suspended"))
]  # fmt: skip
ROLES = [("", "Any role"), ("shopper", "Shopper"), ("seller", "Seller"), ("support", "Support"), ("admin", "Admin")]
USERS: dict[str, Any] = {
    "path": "/admin/users", **desk("Admin"), "people": PEOPLE, "form": {"q": "", "state": "", "role": ""},
    "states": [("", "Any state")], "roles": ROLES, "decides": True, "error": "", "params": [], "page": 1, "pages": 2,
}  # fmt: skip
ENTRY = SimpleNamespace(
    id=9, at=NOW, actor_id=ID, actor="Ravi Menon", action="seller.suspend", subject_id=ID, person_id=ID,
    origin={"address": "203.0.113.9"}, personal={"email": "x@example.in"},
)  # fmt: skip
CHANGE = {
    "id": ID,
    "version": "0" * 64,
    "moved": False,
    "reason": "",
    "name": "Cotton Kurta",
    "slug": "cotton-kurta",
    "seller": "Jaipur Craft House",
    "waiting_since": NOW,
    "texts": [("Name", [("same", "Cotton"), ("gone", "Kurta"), ("new", "Shirt")])],
    "variants": [
        [("same", "Size:"), ("gone", "M"), ("new", "S"), ("same", "· SKU K-M")],
        [("new", "Size: XL · SKU K-XL · ₹1,299 · no MRP · 7 in stock")],
    ],
    "added": [card(1).picture],
    "removed": [],
}
MOVED = {**CHANGE, "moved": True, "reason": "It is a kurta."}
TRAIL_FORM = dict.fromkeys(("actor", "action", "subject", "first_day", "last_day"), "")
PEOPLE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/sell": ("shop/sell.html", {**SHOP, "form": {"name": ""}, "errors": {"name": "Must not be blank."}}),
    "/seller/shop": ("seller/shop.html", own_shop("draft", {"document-bank": "Is no PDF, JPEG or PNG."})),
    "/seller/shop/rejected": ("seller/shop.html", own_shop("rejected", {"": "Still missing: the gstin."}, "No GSTIN")),
    "/seller/shop/approved": ("seller/shop.html", own_shop("approved", {})),
    "/seller/staff": ("seller/staff.html", STAFF),
    "/seller/staff/nobody": ("seller/staff.html", {**STAFF, "people": [], "invited": [], "errors": {"email": "No."}}),
    "/invitations/7": (
        "shop/invitation.html",
        {**SHOP, "invitation": INVITED, "grants": list(GRANTS.values()), "until": "1", "key": "x"},
    ),
    **{f"/admin/sellers/{s}": ("admin/seller.html", seller(s)) for s in ("draft", "pending", "approved", "suspended")},
    "/admin/users": ("admin/users.html", USERS),
    "/admin/users/none": ("admin/users.html", {**USERS, "people": [], "error": "This account is suspended."}),
    "/admin/audit": (
        "admin/audit.html",
        {
            "path": "/admin/audit", **desk("Admin"), "form": TRAIL_FORM, "params": [], "older_than": 8,
            "entries": [{"row": ENTRY, "changes": [("state", "approved", "suspended")]}],
        },
    ),
    "/admin/products/changes": (
        "admin/changes.html",
        {
            "path": "/admin/products/changes", **desk("Admin"), "changes": [CHANGE, MOVED],
            "total": 2, "page": 1, "pages": 1,
        },
    ),
}  # fmt: skip
