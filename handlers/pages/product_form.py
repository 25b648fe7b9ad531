"""The seller's forms as new products and as changes, of which only what was altered is sent on, above all the stock,
which sales move too.
"""

import re
from typing import Any

from msgspec import UNSET

from handlers.pages.category_choice import read_category
from handlers.pages.forms import read_money, read_number, read_units
from handlers.pages.product_view import COUNTRIES
from handlers.pages.specification_form import filled_lines, read_lines
from handlers.pages.variant_form import filled_variants, read_variants
from models.category_tree import Tree
from models.errors import FieldError, Invalid
from models.listing import Listing
from models.onboarding import Step
from models.product_input import (
    BRAND_MAX,
    DESCRIPTION_MAX,
    NAME_MAX,
    SKU_MAX,
    NewProduct,
    ProductChange,
)
from models.states import PRODUCT

HSN = re.compile(r"(([0-9]{2}){1,4})?")
BUYER_LIMIT_MAX = 1_000
LABELS = {
    "draft": "Draft, not shown",
    "pending": "Ask for approval",
    "active": "On sale",
    "rejected": "Rejected",
    "archived": "Archived",
}
NOW_LABELS = {**LABELS, "pending": "Waiting for approval"}
ONCE_AGREED = "On sale, once the market agrees"
TEXTS = {"brand": BRAND_MAX, "description": DESCRIPTION_MAX, "sku": SKU_MAX}
BLANK = {"name": "", "category": "", "brand": "", "description": "", "sku": "", "price": "", "mrp": "", "stock": "",
    "hsn_code": "", "country_of_origin": "IN", "buyer_limit": ""}  # fmt: skip


def filled(listing: Listing) -> dict[str, str]:
    """The form as it is first shown."""
    form = {"name": listing.name, "description": listing.description, "status": listing.status,
            "category": listing.category or "", "brand": listing.brand,
            "hsn_code": listing.hsn_code, "country_of_origin": listing.country_of_origin,
            "buyer_limit": str(listing.buyer_limit or "")}  # fmt: skip
    return {**form, **filled_variants(listing), **filled_lines(listing)}


def typed(form: dict[str, str], listing: Listing) -> dict[str, str]:
    """The form as it was sent: a field that somebody emptied is absent from what a browser's request is read as."""
    return {**dict.fromkeys(filled(listing), ""), **form} if "country_of_origin" in form else form


def offered_states(state: str, *, trusted: bool) -> list[tuple[str, str]]:
    """The present state, then those that a seller may ask for."""
    others = ("active", "draft", "archived") if state != "rejected" else ("pending", "archived")
    labels = LABELS if trusted else {**LABELS, "active": ONCE_AGREED}
    return [(state, NOW_LABELS[state]), *((new, labels[new]) for new in others if PRODUCT.allows(state, new))]


def checklist(listing: Listing) -> list[Step]:
    """What shoppers miss and the market asks for; each is named as the part of the page where it is mended."""
    return [
        Step("pictures", "A picture, best two or three", bool(listing.images)),
        Step("category", "The category, by which shoppers find it", listing.category is not None),
        Step("description", "A description", bool(listing.description.strip())),
        Step("hsn_code", "The HSN code, which decides the GST rate", bool(listing.hsn_code)),
        Step("variants", "Units in stock", listing.stock > 0),
    ]


def read_new(form: dict[str, str], tree: Tree) -> NewProduct:
    """A draft. Raises Invalid with every field that cannot be read."""
    wrong: list[FieldError] = []
    name = _name(form.get("name", ""), wrong)
    texts = {field: _text(field, form.get(field, ""), wrong) for field in TEXTS}
    facts = _facts(form, "", "IN", None, wrong)
    price = read_number(read_money, "price", {"price": "", **form}, wrong)
    mrp = read_number(read_money, "mrp", form, wrong) if form.get("mrp", "").strip() else None
    if price is not None and mrp is not None and mrp < price:
        wrong.append(FieldError("mrp", "the MRP is not below the price"))
    stock = read_number(read_units, "stock", form, wrong) if form.get("stock", "").strip() else 0
    category = read_category(form.get("category", ""), tree, wrong)
    if wrong or price is None or stock is None:
        raise Invalid("The form cannot be read.", fields=wrong)
    return NewProduct(
        name=name, brand=texts["brand"], description=texts["description"], sku=texts["sku"] or None, category=category,
        price_minor=price, list_price_minor=mrp, stock=stock, **facts,
    )  # fmt: skip


def read_change(form: dict[str, str], listing: Listing, tree: Tree) -> ProductChange:
    """Raises Invalid with every field that cannot be read."""
    form, wrong = typed(form, listing), list[FieldError]()
    values: dict[str, Any] = {}
    name = _name(form.get("name", listing.name), wrong)
    if name != listing.name:
        values["name"] = name
    for field in ("brand", "description"):
        old: str = getattr(listing, field)
        text = _text(field, form.get(field, old), wrong)
        if text != old.strip():
            values[field] = text
    if form.get("category", listing.category or "") != (listing.category or ""):
        values["category"] = read_category(form["category"], tree, wrong)
    if form.get("status", listing.status) != listing.status:
        values["status"] = _state(form["status"], listing.status, wrong)
    if "country_of_origin" in form:
        values |= _facts(form, listing.hsn_code, listing.country_of_origin, listing.buyer_limit, wrong)
    specifications = read_lines(form, wrong)
    if specifications is not None:
        values["specifications"] = specifications
    values |= read_variants(form, listing, wrong)
    if wrong:
        raise Invalid("The form cannot be read.", fields=wrong)
    return ProductChange(**values)


def read_quick_change(form: dict[str, str]) -> ProductChange:
    """Price, and stock where it was altered, of a product of one variant. Raises Invalid."""
    altered = form.get("stock", "") != form.get("was_stock", "")
    return ProductChange(
        price_minor=read_money("price", form.get("price", "")),
        stock=read_units("stock", form.get("stock", "")) if altered else UNSET,
    )


def _name(text: str, wrong: list[FieldError]) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME_MAX:
        wrong.append(FieldError("name", f"give it a name of up to {NAME_MAX} characters"))
    return name


def _text(field: str, text: str, wrong: list[FieldError]) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > TEXTS[field]:
        wrong.append(FieldError(field, f"at most {TEXTS[field]:,} characters; these are {len(text):,}"))
    return text


def _facts(
    form: dict[str, str], old_hsn: str, old_country: str, old_limit: int | None, wrong: list[FieldError]
) -> dict[str, Any]:
    """HSN code, country and limit, where they were altered."""
    values: dict[str, Any] = {}
    hsn, limit = (form.get(name, "").strip() for name in ("hsn_code", "buyer_limit"))
    country = form.get("country_of_origin", old_country).strip()
    if hsn != old_hsn:
        if not HSN.fullmatch(hsn):
            wrong.append(FieldError("hsn_code", "write 2, 4, 6 or 8 digits, or leave it empty"))
        values["hsn_code"] = hsn
    if country != old_country:
        if country not in COUNTRIES:
            wrong.append(FieldError("country_of_origin", "choose one of the list"))
        values["country_of_origin"] = country
    if limit != str(old_limit or ""):
        if limit and not (limit.isascii() and limit.isdecimal() and 0 < int(limit[:5]) <= BUYER_LIMIT_MAX):
            wrong.append(FieldError("buyer_limit", f"write a whole number from 1 to {BUYER_LIMIT_MAX}, or nothing"))
        else:
            values["buyer_limit"] = int(limit) if limit else None
    return values


def _state(wanted: str, old: str, wrong: list[FieldError]) -> str:
    if wanted not in dict(offered_states(old, trusted=True)):
        wrong.append(FieldError("status", "choose one of the list"))
    return wanted
