"""The seller's forms as new products and as changes, of which only what was altered is sent on: sales, an import, the
operator or another tab may have changed the rest since the page was opened.
"""

import re
from collections.abc import Collection
from typing import Any

from handlers.pages.category_choice import read_category
from handlers.pages.forms import read_money, read_number, read_units, read_whole
from handlers.pages.meanwhile import Edit, carrying, changed_meanwhile, read_was, rebased
from handlers.pages.product_view import COUNTRIES
from handlers.pages.specification_form import (
    MARK,
    ROWS,
    filled_lines,
    mark_of,
    present_specifications,
    read_lines,
    words_of,
)
from handlers.pages.variant_form import (
    STATES,
    filled_variants,
    mark_of_options,
    present_variants,
    read_variants,
    words_of_options,
)
from models.category_tree import Tree
from models.errors import FieldError, Invalid
from models.listing import ListedVariant, Listing
from models.product_change import WaitingChange
from models.product_input import (
    BRAND_MAX,
    DESCRIPTION_MAX,
    NAME_MAX,
    SKU_MAX,
    NewProduct,
    ProductChange,
    VariantChange,
)
from models.product_write import granted, looks_first, outlasts
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
ONCE_AGREED = "On sale, once the market agrees"
NOT_ASKED = "The market is not asked any more for a variant that you altered: the change was refused or taken back."
FACTS = ("hsn_code", "country_of_origin", "buyer_limit")
TEXTS = {"brand": BRAND_MAX, "description": DESCRIPTION_MAX, "sku": SKU_MAX}
BLANK = {"name": "", "category": "", "brand": "", "description": "", "sku": "", "price": "", "mrp": "", "stock": "",
    "hsn_code": "", "country_of_origin": "IN", "buyer_limit": ""}  # fmt: skip


def filled(listing: Listing, change: WaitingChange | None) -> dict[str, str]:
    """The form as it is first shown; `change` is what waits for the market, if something does."""
    form = {"name": listing.name, "description": listing.description, "status": listing.status,
            "category": listing.category or "", "brand": listing.brand,
            "hsn_code": listing.hsn_code, "country_of_origin": listing.country_of_origin,
            "buyer_limit": str(listing.buyer_limit or "")}  # fmt: skip
    lines = filled_lines(present_specifications(listing, change))
    return carrying({**form, **filled_variants(present_variants(listing, change)), **lines}, _whole_of)


def edited(sent: dict[str, str], listing: Listing, change: WaitingChange | None, *, trusted: bool) -> Edit:
    """The form as it was sent, onto the product as it is now."""
    was = read_was(sent).get("status", "")
    if granted(sent.get("status", ""), trusted=trusted, old=was) == listing.status:
        sent = {**sent, "status": listing.status}
    variants = present_variants(listing, change).variants
    marks = {f"options-{variant.id}": mark_of_options(sent, str(variant.id)) for variant in variants}
    return rebased({**sent, **marks, MARK: mark_of(sent)}, filled(listing, change), _whole_of)


def filled_quickly(price_minor: int, stock: int) -> dict[str, str]:
    """The fields of a row in the list, of a product of one variant."""
    return carrying({"price": rupees(price_minor), "stock": str(stock)})


def offered_states(state: str, *, trusted: bool) -> list[tuple[str, str]]:
    """The present state, then those that a seller may ask for."""
    others = ("active", "draft", "archived") if state != "rejected" else ("pending", "archived")
    labels = LABELS if trusted else {**LABELS, "active": ONCE_AGREED}
    return [(state, NOW_LABELS[state]), *((new, labels[new]) for new in others if PRODUCT.allows(state, new))]


def read_new(form: dict[str, str], tree: Tree) -> NewProduct:
    """A draft. Raises Invalid with every field that cannot be read."""
    wrong: list[FieldError] = []
    name = _name(form.get("name", ""), wrong)
    texts = {field: _text(field, form.get(field, ""), wrong) for field in TEXTS}
    facts = _facts({**BLANK, **form}, FACTS, wrong)
    price = read_number(read_money, "price", {"price": "", **form}, wrong)
    mrp = read_number(read_money, "mrp", form, wrong) if form.get("mrp", "").strip() else None
    if price is not None and mrp is not None and mrp < price:
        wrong.append(FieldError("mrp", "the MRP is not below the price"))
    stock = read_number(read_units, "stock", form, wrong) if form.get("stock", "").strip() else 0
    category = read_category(form.get("category", ""), tree, wrong)
    specifications = read_lines(form, wrong)
    if wrong or price is None or stock is None:
        raise Invalid("The form cannot be read.", fields=wrong)
    return NewProduct(
        name=name, brand=texts["brand"], description=texts["description"], sku=texts["sku"] or None, category=category,
        price_minor=price, list_price_minor=mrp, stock=stock, specifications=specifications, **facts,
    )  # fmt: skip


def read_change(
    edit: Edit, listing: Listing, change: WaitingChange | None, tree: Tree, *, trusted: bool
) -> ProductChange:
    """What was altered of the product, or of what waits for the market. Raises Invalid with every field that cannot be
    read, or that was changed elsewhere too.
    """
    form, wrong = edit.form, list[FieldError]()
    values: dict[str, Any] = {}
    if edit.alters("name"):
        values["name"] = _name(form["name"], wrong)
    for field in ("brand", "description"):
        if edit.alters(field):
            values[field] = _text(field, form[field], wrong)
    if edit.alters("category"):
        values["category"] = read_category(form["category"], tree, wrong)
    if edit.alters("status"):
        values["status"] = _state(form["status"], listing.status, wrong)
    values |= _facts(form, [name for name in FACTS if edit.alters(name)], wrong)
    if edit.alters(MARK):
        values["specifications"] = read_lines(form, wrong)
    old, status = listing.status, granted(form["status"], trusted=trusted, old=listing.status)
    waiting = change if outlasts(old, status) else None
    values |= read_variants(edit, listing, waiting, wrong, judged=looks_first(old, status, trusted=trusted))
    wrong += [_moved(name, edit, tree) for name in edit.moved]
    if wrong:
        raise Invalid("The form cannot be read.", fields=wrong)
    return ProductChange(**values)


def read_quick_change(edit: Edit, variant: ListedVariant) -> ProductChange:
    """What was altered of price and stock. Raises Invalid likewise."""
    wrong: list[FieldError] = []
    values: dict[str, Any] = {}
    if edit.alters("price"):
        values["price_minor"] = read_number(read_money, "price", edit.form, wrong)
    if edit.alters("stock"):
        values["stock"] = read_number(read_units, "stock", edit.form, wrong)
        values["stock_seen"] = variant.stock
    wrong += [changed_meanwhile(name, edit.now[name]) for name in edit.moved]
    if wrong:
        raise Invalid("The row cannot be read.", fields=wrong)
    return ProductChange(variants=[VariantChange(id=variant.id, **values)] if values else [])


def _whole_of(name: str) -> str:
    """What is altered as a whole: the specifications, the options of a variant."""
    if name.startswith("option-"):
        return f"options-{name.split('-', 3)[-1]}"
    return MARK if name.startswith(ROWS) else name


def _moved(name: str, edit: Edit, tree: Tree) -> FieldError:
    """With the present value, as the page says it."""
    if name not in edit.now:
        return FieldError("", NOT_ASKED)
    kind, _, at = name.partition("-")
    text = edit.now[name]
    if kind == "options":
        return changed_meanwhile(f"option-0-value-{at}", words_of_options(edit.now, at))
    if name == MARK:
        return changed_meanwhile(MARK, words_of(edit.now))
    if name == "category" and text in tree.nodes:
        text = tree.nodes[text].name
    labels = {"status": NOW_LABELS, "state": dict(STATES), "country_of_origin": COUNTRIES}.get(kind, {})
    return changed_meanwhile(name, labels.get(text, text))


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


def _facts(form: dict[str, str], names: Collection[str], wrong: list[FieldError]) -> dict[str, Any]:
    """Those of HSN code, country and limit that are named."""
    values: dict[str, Any] = {name: form[name].strip() for name in names}
    if not HSN.fullmatch(values.get("hsn_code", "")):
        wrong.append(FieldError("hsn_code", "write 2, 4, 6 or 8 digits, or leave it empty"))
    if values.get("country_of_origin", "IN") not in COUNTRIES:
        wrong.append(FieldError("country_of_origin", "choose one of the list"))
    if limit := values.get("buyer_limit"):
        values["buyer_limit"] = read_whole(limit)
        if not 0 < (values["buyer_limit"] or 0) <= BUYER_LIMIT_MAX:
            wrong.append(FieldError("buyer_limit", f"write a whole number from 1 to {BUYER_LIMIT_MAX}, or nothing"))
    elif limit == "":
        values["buyer_limit"] = None
    return values


def _state(wanted: str, old: str, wrong: list[FieldError]) -> str:
    if wanted not in dict(offered_states(old, trusted=True)):
        wrong.append(FieldError("status", "choose one of the list"))
    return wanted
