"""The seller's edit forms as changes: only what was altered is sent on, above all the stock, which sales move too."""

import re
from typing import Any

from msgspec import UNSET

from handlers.pages.forms import read_money, read_units
from handlers.pages.product_view import COUNTRIES
from models.errors import FieldError, Invalid
from models.listing import ListedVariant, Listing
from models.product_input import NAME_MAX, ProductChange, VariantChange
from models.states import PRODUCT
from web.filters import rupees

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


def filled(listing: Listing) -> dict[str, str]:
    """The form as it is first shown."""
    form = {"name": listing.name, "description": listing.description, "status": listing.status,
            "hsn_code": listing.hsn_code, "country_of_origin": listing.country_of_origin,
            "buyer_limit": str(listing.buyer_limit or "")}  # fmt: skip
    for variant in listing.variants:
        form[f"price-{variant.id}"] = rupees(variant.price_minor)
        form[f"mrp-{variant.id}"] = rupees(variant.list_price_minor)
        form[f"stock-{variant.id}"] = str(variant.stock)
    return form


def offered_states(state: str) -> list[tuple[str, str]]:
    """The present state, then those that a seller may ask for."""
    others = ("active", "draft", "archived") if state != "rejected" else ("pending", "archived")
    return [(state, NOW_LABELS[state]), *((new, LABELS[new]) for new in others if PRODUCT.allows(state, new))]


def read_change(form: dict[str, str], listing: Listing) -> ProductChange:
    """Raises Invalid with every field that cannot be read."""
    wrong: list[FieldError] = []
    values: dict[str, Any] = {}
    name = " ".join(form.get("name", listing.name).split())
    if not 0 < len(name) <= NAME_MAX:
        wrong.append(FieldError("name", f"give it a name of up to {NAME_MAX} characters"))
    elif name != listing.name:
        values["name"] = name
    description = form.get("description", listing.description).replace("\r\n", "\n").strip()
    if description != listing.description.strip():
        values["description"] = description
    if form.get("status", listing.status) != listing.status:
        values["status"] = _state(form["status"], listing.status, wrong)
    values |= _facts(form, listing, wrong)
    changes = [_variant(form, variant, wrong) for variant in listing.variants]
    if wrong:
        raise Invalid("The form cannot be read.", fields=wrong)
    return ProductChange(**values, variants=[change for change in changes if change])


def read_quick_change(form: dict[str, str]) -> ProductChange:
    """Price, and stock where it was altered, of a product of one variant. Raises Invalid."""
    altered = form.get("stock", "") != form.get("was_stock", "")
    return ProductChange(
        price_minor=read_money("price", form.get("price", "")),
        stock=read_units("stock", form.get("stock", "")) if altered else UNSET,
    )


def _facts(form: dict[str, str], listing: Listing, wrong: list[FieldError]) -> dict[str, Any]:
    """HSN code, country and limit, where they were altered. A field that was emptied is absent from what is sent."""
    values: dict[str, Any] = {}
    if "country_of_origin" not in form:
        return values
    hsn, country, limit = (form.get(name, "").strip() for name in ("hsn_code", "country_of_origin", "buyer_limit"))
    if hsn != listing.hsn_code:
        if not HSN.fullmatch(hsn):
            wrong.append(FieldError("hsn_code", "write 2, 4, 6 or 8 digits, or leave it empty"))
        values["hsn_code"] = hsn
    if country != listing.country_of_origin:
        if country not in COUNTRIES:
            wrong.append(FieldError("country_of_origin", "choose one of the list"))
        values["country_of_origin"] = country
    if limit != str(listing.buyer_limit or ""):
        if limit and not (limit.isascii() and limit.isdecimal() and 0 < int(limit[:5]) <= BUYER_LIMIT_MAX):
            wrong.append(FieldError("buyer_limit", f"write a whole number from 1 to {BUYER_LIMIT_MAX}, or nothing"))
        else:
            values["buyer_limit"] = int(limit) if limit else None
    return values


def _state(wanted: str, old: str, wrong: list[FieldError]) -> str:
    if wanted not in dict(offered_states(old)):
        wrong.append(FieldError("status", "choose one of the list"))
    return wanted


def _variant(form: dict[str, str], variant: ListedVariant, wrong: list[FieldError]) -> VariantChange | None:
    values: dict[str, Any] = {}
    price = _read(read_money, f"price-{variant.id}", form, wrong)
    if price is not None and price != variant.price_minor:
        values["price_minor"] = price
    mrp_field = f"mrp-{variant.id}"
    mrp = _read(read_money, mrp_field, form, wrong) if form.get(mrp_field, "").strip() else None
    if mrp_field in form and mrp != variant.list_price_minor:
        values["list_price_minor"] = mrp
    if mrp is not None and mrp < (price or variant.price_minor):
        wrong.append(FieldError(mrp_field, "the MRP is not below the price"))
    stock_field = f"stock-{variant.id}"
    if form.get(stock_field) != form.get(f"was-{stock_field}"):
        stock = _read(read_units, stock_field, form, wrong)
        if stock is not None:
            values["stock"] = stock
    return VariantChange(id=variant.id, **values) if values else None


def _read(read: Any, field: str, form: dict[str, str], wrong: list[FieldError]) -> int | None:
    if field not in form:
        return None
    try:
        number: int = read(field, form[field])
    except Invalid as error:
        wrong.extend(error.fields)
        return None
    return number
