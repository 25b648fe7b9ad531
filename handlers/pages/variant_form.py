"""Variants on a seller's form: SKU, options, price, stock and whether each is sold, and rows for new ones.

Only what was altered is sent on, above all the stock, which sales move too. A new one that is sent twice is made once.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from handlers.pages.forms import read_money, read_number, read_units
from handlers.pages.meanwhile import Edit, meaning
from models.errors import FieldError, Invalid
from models.listing import ListedVariant, Listing
from models.product_change import WaitingChange, waiting_of
from models.product_input import (
    OPTION_NAME_MAX,
    OPTION_VALUE_MAX,
    OPTIONS_MAX,
    SKU_MAX,
    NewVariant,
    ProductChange,
    VariantChange,
)
from models.variant_wish import split, with_wishes
from web.filters import options_text, rupees

MORE = "more-variants"
NEW_MAX = 20
DOMAIN = re.compile(r"(new_)?variants\[(\d+)\]\.(\w+)")
FIELDS = {"options": "option-0-value", "status": "state", "list_price_minor": "mrp"}
"""Names of the domain's fields that the form calls otherwise."""
STATES = [("active", "Sold"), ("archived", "No longer sold")]
NEW_STATES = [("active", "Sold, once the market agrees"), ("archived", "Not wanted any more")]
COMES = "Waits for the market"
OTHERWISE = "Its SKU or options below wait for the market; shoppers see this"


class Pair(NamedTuple):
    """One option; `at` ends the names of its two fields."""

    number: int
    name: str
    value: str


class ShownVariant(NamedTuple):
    """`at` ends the names of its fields; title and SKU are what shoppers read, `note` says what waits."""

    at: str
    title: str
    sku: str
    reserved: int
    status: str
    pairs: list[Pair]
    states: list[tuple[str, str]]
    note: str


def present_variants(listing: Listing, change: WaitingChange | None) -> Listing:
    """The product with its variants as they wait for the market, where some do: its seller goes on with those."""
    return with_wishes(listing, waiting_of(change))


def filled_variants(listing: Listing) -> dict[str, str]:
    """The fields as they are first shown."""
    form: dict[str, str] = {}
    for variant in listing.variants:
        at = str(variant.id)
        form |= {f"price-{at}": rupees(variant.price_minor), f"mrp-{at}": rupees(variant.list_price_minor)}
        form |= {f"stock-{at}": str(variant.stock), f"sku-{at}": variant.sku, f"state-{at}": variant.status}
        for number, (name, value) in enumerate(variant.options.items()):
            form |= {f"option-{number}-name-{at}": name, f"option-{number}-value-{at}": str(value)}
        form[f"options-{at}"] = mark_of_options(form, at)
    return form


def mark_of_options(form: dict[str, str], at: str) -> str:
    """What stands for all options of a variant, in whatever order: they are altered together. Nothing for none."""
    pairs = sorted((pair.name, pair.value) for pair in _pairs(form, at) if pair.value)
    return msgspec.json.encode(pairs).decode() if pairs else ""


def words_of_options(form: dict[str, str], at: str) -> str:
    return options_text({pair.name: pair.value for pair in _pairs(form, at) if pair.value})


def shown_variants(form: dict[str, str], listing: Listing, present: Listing) -> list[ShownVariant]:
    """Each that there is, then those that wait; `present` has both."""
    live = {variant.id: variant for variant in listing.variants}
    return [_shown(form, live.get(variant.id), variant) for variant in present.variants]


def shown_new(form: dict[str, str], listing: Listing) -> list[tuple[str, list[Pair]]]:
    """Those of which something is filled in, and an empty one where it is asked for; it has the names of the others."""
    names = list(dict.fromkeys(name for variant in listing.variants for name in variant.options))
    begun = _begun(form)
    free = [at for at in map(_at, range(NEW_MAX)) if at not in begun]
    empty = [(at, _pairs({f"option-{i}-name-{at}": name for i, name in enumerate(names)}, at)) for at in free]
    return [*((at, _pairs(form, at)) for at in begun), *(empty[:1] if MORE in form else [])]


def read_variants(
    edit: Edit, listing: Listing, change: WaitingChange | None, wrong: list[FieldError], *, judged: bool
) -> dict[str, Any]:
    """Fields of a change; what is wrong is added to `wrong`, also what the variants cannot be together. `judged`: the
    market looks first at what they are called.
    """
    present = present_variants(listing, change)
    said = [one for variant in present.variants if (one := _variant(edit, variant, wrong))]
    begun = [at for at in _begun(edit.form) if not _made_before(edit, at, present)]
    new = [variant for at in begun if (variant := _new(edit.form, at, wrong))]
    if not wrong:
        try:
            split(listing, ProductChange(variants=said, new_variants=new), waiting_of(change), judged=judged)
        except Invalid as error:
            wrong += [_on_form(field, [str(one.id) for one in said], begun) for field in error.fields]
    return {"variants": said, "new_variants": new}


def _made_before(edit: Edit, at: str, listing: Listing) -> bool:
    """The form was sent twice: a variant that it did not know says the same."""
    form, sku = edit.form, " ".join(edit.form.get(f"sku-{at}", "").split())
    said = _options(form, at, []), meaning("price", form.get(f"price-{at}", ""))
    unknown = [one for one in listing.variants if one.status == "active" and f"price-{one.id}" not in edit.was]
    return bool(edit.was) and any(
        (_texts(one), rupees(one.price_minor)) == said and sku in ("", one.sku) for one in unknown
    )


def _on_form(field: FieldError, said: list[str], begun: list[str]) -> FieldError:
    found = DOMAIN.match(field.field)
    assert found
    at = (begun if found[1] else said)[int(found[2])]
    return FieldError(f"{FIELDS.get(found[3], found[3])}-{at}", field.detail)


def _variant(edit: Edit, variant: ListedVariant, wrong: list[FieldError]) -> VariantChange | None:
    at, form, values = str(variant.id), edit.form, dict[str, Any]()
    if edit.alters(f"price-{at}"):
        values["price_minor"] = read_number(read_money, f"price-{at}", form, wrong)
    if edit.alters(f"mrp-{at}"):
        blank = not form[f"mrp-{at}"].strip()
        values["list_price_minor"] = None if blank else read_number(read_money, f"mrp-{at}", form, wrong)
    if values:
        mrp = values.get("list_price_minor", variant.list_price_minor)
        _demand_mrp(mrp, values.get("price_minor") or variant.price_minor, at, wrong)
    if edit.alters(f"stock-{at}"):
        values["stock"] = read_number(read_units, f"stock-{at}", form, wrong)
        values["stock_seen"] = variant.stock
    values |= _parts(edit, at, wrong)
    return VariantChange(id=UUID(at), **values) if values else None


def _parts(edit: Edit, at: str, wrong: list[FieldError]) -> dict[str, Any]:
    values = dict[str, Any]()
    if edit.alters(f"sku-{at}"):
        sku = " ".join(edit.form[f"sku-{at}"].split())
        if not 0 < len(sku) <= SKU_MAX:
            wrong.append(FieldError(f"sku-{at}", f"give it a SKU of up to {SKU_MAX} characters"))
        values["sku"] = sku
    if edit.alters(f"options-{at}"):
        values["options"] = _options(edit.form, at, wrong)
    if edit.alters(f"state-{at}"):
        if edit.form[f"state-{at}"] not in dict(STATES):
            wrong.append(FieldError(f"state-{at}", "choose one of the list"))
        values["status"] = edit.form[f"state-{at}"]
    return values


def _new(form: dict[str, str], at: str, wrong: list[FieldError]) -> NewVariant | None:
    sku = form.get(f"sku-{at}", "").strip()
    if len(sku) > SKU_MAX:
        wrong.append(FieldError(f"sku-{at}", f"at most {SKU_MAX} characters"))
    price = read_number(read_money, f"price-{at}", {f"price-{at}": "", **form}, wrong)
    mrp = read_number(read_money, f"mrp-{at}", form, wrong) if form.get(f"mrp-{at}", "").strip() else None
    stock = read_number(read_units, f"stock-{at}", form, wrong) if form.get(f"stock-{at}", "").strip() else 0
    options = _options(form, at, wrong)
    _demand_mrp(mrp, price, at, wrong)
    if price is None or stock is None:
        return None
    return NewVariant(options=options, sku=sku or None, price_minor=price, list_price_minor=mrp, stock=stock)


def _options(form: dict[str, str], at: str, wrong: list[FieldError]) -> dict[str, str]:
    """A name without a value says nothing yet."""
    found: dict[str, str] = {}
    for number, name, value in _pairs(form, at):
        field = f"option-{number}-name-{at}"
        if value and (not name or len(name) > OPTION_NAME_MAX):
            wrong.append(FieldError(field, f"say what it is, such as Size, in up to {OPTION_NAME_MAX} characters"))
        elif value and name.casefold() in {known.casefold() for known in found}:
            wrong.append(FieldError(field, "is there twice"))
        elif value:
            found[name] = value
        if len(value) > OPTION_VALUE_MAX:
            wrong.append(FieldError(f"option-{number}-value-{at}", f"at most {OPTION_VALUE_MAX} characters"))
    return found


def _pairs(form: dict[str, str], at: str) -> list[Pair]:
    """Those that are filled in, and one more, of two at least."""
    pairs = [
        Pair(number, *(" ".join(form.get(f"option-{number}-{part}-{at}", "").split()) for part in ("name", "value")))
        for number in range(OPTIONS_MAX)
    ]
    last = max((pair.number for pair in pairs if pair.name or pair.value), default=-1)
    return pairs[: max(2, last + 2)]


def _begun(form: dict[str, str]) -> list[str]:
    """New variants of which more is said than what their options are called."""
    parts = ("sku", "price", "mrp", "stock", *(f"option-{number}-value" for number in range(OPTIONS_MAX)))
    return [at for at in map(_at, range(NEW_MAX)) if any(form.get(f"{part}-{at}", "").strip() for part in parts)]


def _shown(form: dict[str, str], live: ListedVariant | None, meant: ListedVariant) -> ShownVariant:
    seen, states = live or meant, STATES if live else NEW_STATES
    note = COMES if live is None else OTHERWISE if live != meant else ""
    pairs = _pairs(form, str(meant.id))
    return ShownVariant(str(meant.id), _title(seen), seen.sku, seen.reserved, seen.status, pairs, states, note)


def _title(variant: ListedVariant) -> str:
    return options_text(_texts(variant))


def _texts(variant: ListedVariant) -> dict[str, str]:
    return {name: str(value) for name, value in variant.options.items()}


def _at(number: int) -> str:
    return f"new-{number}"


def _demand_mrp(mrp: int | None, price: int | None, at: str, wrong: list[FieldError]) -> None:
    if mrp is not None and price is not None and mrp < price:
        wrong.append(FieldError(f"mrp-{at}", "the MRP is not below the price"))
