"""From raw counts, whichever engine counted, to facets that people can choose from: labels, order, what is chosen."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

import msgspec

from search.answer import Facet, FacetValue
from search.bars import number_bars, price_bars
from search.document import SEPARATOR
from search.index import MAX_FACET_VALUES
from search.names import CategoryName
from search.query import Search
from search.slots import Known

SPECS_SHOWN = 30
SPECS_AT_HAND = 12
"""Where no category was chosen, and most of the results are in one."""
MOST = 0.5
VALUES_SHOWN = 60
SPEC_VALUES_SHOWN = 30
"""Nobody reads more of a list; what is chosen is always among them."""
RATINGS = (4, 3, 2, 1)
DISCOUNTS = (10, 25, 50, 70)
LABELS = {"category": "Category", "brand": "Brand", "seller": "Seller", "price": "Price", "rating": "Rating",
    "discount": "Discount", "in_stock": "Availability"}  # fmt: skip


class SpecField(NamedTuple):
    """A specification that products at hand have."""

    key: str
    name: str
    kind: str = "text"
    unit: str = ""

    @classmethod
    def read(cls, text: str) -> "SpecField":
        """From a value of `spec_fields`."""
        return cls(*text.split(SEPARATOR, 3))

    @classmethod
    def of(cls, key: str) -> "SpecField":
        """A chosen one that the category at hand does not name."""
        return cls(key, key.replace("_", " ").capitalize())


class Counts(msgspec.Struct, frozen=True):
    """By group: how many products have each value; the lowest and highest number."""

    values: dict[str, dict[str, int]]
    ends: dict[str, tuple[float, float]]

    def add(self, group: str, counts: Mapping[str, int]) -> None:
        """Of two counts of one value the higher stays: one of them was made within the group's own choice."""
        if not (known := self.values.setdefault(group, {})):
            known.update(counts)
            return
        for value, count in counts.items():
            known[value] = max(count, known.get(value, 0))

    def has(self, group: str) -> bool:
        return group in self.values or group in self.ends

    def take_over(self, group: str, others: "Counts") -> None:
        """What others counted of a group, without the choice in it."""
        self.add(group, others.values.get(group, {}))
        if group in others.ends:
            self.ends[group] = others.ends[group]

    def learn(self, group: str, known: Known) -> None:
        """What a slot tells of one specification."""
        if known.values:
            self.add(group, known.values)
        if known.ends:
            self.ends[group] = known.ends


class Labels(NamedTuple):
    categories: Mapping[str, CategoryName]
    sellers: Mapping[str, str]


def commonest(fields: Mapping[str, int]) -> list[SpecField]:
    """The specifications most products have, each key once."""
    found: dict[str, SpecField] = {}
    for text, _ in sorted(fields.items(), key=lambda item: (-item[1], item[0])):
        field = SpecField.read(text)
        found.setdefault(field.key, field)
    return list(found.values())[:SPECS_SHOWN]


def at_hand(counts: Counts, total: int) -> list[str]:
    """The categories that most of what was found is in, of these the emptiest; the deepest of them is the one meant."""
    held = {slug: count for slug, count in counts.values.get("category", {}).items() if count > total * MOST}
    least = min(held.values(), default=0)
    return sorted(slug for slug, count in held.items() if count == least)


def describe(search: Search, counts: Counts, fields: Iterable[SpecField], labels: Labels) -> tuple[Facet, ...]:
    specs = {f"spec.{field.key}": field for field in fields}
    chosen = search.chosen()
    facets = [
        _spec(search, counts, group, specs[group]) if group in specs else _facet(search, counts, group, labels)
        for group in (*search.facets, *specs)
        if group in counts.values or group in counts.ends or group in chosen
    ]
    return tuple(facet for facet in facets if facet.values or facet.low is not None or facet.name in chosen)


def _facet(search: Search, counts: Counts, group: str, labels: Labels) -> Facet:
    values = counts.values.get(group, {})
    label = LABELS[group]
    if group == "price":
        low, high = counts.ends.get(group, (None, None))
        return Facet(name=group, label=label, kind="range", unit="minor", low=low, high=high, bars=price_bars(values))
    if group == "rating":
        return Facet(
            name=group, label=label, kind="minimum", unit="stars", values=_minimum(values, RATINGS, search.rating_min)
        )
    if group == "discount":
        shown = _minimum(values, DISCOUNTS, search.discount_min)
        return Facet(name=group, label=label, kind="minimum", unit="%", values=shown)
    if group == "in_stock":
        value = FacetValue(value="1", label="In stock", count=values.get("true", 0), selected=search.in_stock)
        return Facet(name=group, label=label, kind="values", values=(value,))
    if group == "category":
        return Facet(name=group, label=label, kind="values", values=_categories(search, values, labels.categories))
    chosen = search.brands if group == "brand" else search.sellers
    texts = labels.sellers if group == "seller" else {}
    return Facet(name=group, label=label, kind="values", values=_values(values, chosen, texts, VALUES_SHOWN))


def _values(
    counts: Mapping[str, int], chosen: Iterable[str], labels: Mapping[str, str], most: int
) -> tuple[FacetValue, ...]:
    """The commonest first; what is chosen stays, also where nothing has it."""
    found = [item for item in counts.items() if item[0]]
    selected: set[str] = set()
    if folded := {value.casefold(): value for value in chosen}:
        have = {value.casefold() for value in counts}
        found += [(value, 0) for key, value in folded.items() if key not in have]
        selected = {value for value, _ in found if value.casefold() in folded}
    found.sort()
    found.sort(key=itemgetter(1), reverse=True)
    if selected:
        found.sort(key=lambda item: item[0] not in selected)
    return tuple(
        FacetValue(value=value, label=labels.get(value, value), count=count, selected=value in selected)
        for value, count in found[: max(most, len(selected))]
    )


def _categories(search: Search, found: Mapping[str, int], names: Mapping[str, CategoryName]) -> tuple[FacetValue, ...]:
    """What is chosen stays, also where nothing is in it."""
    counts = {search.category: 0, **found} if search.category else found
    return tuple(
        FacetValue(
            value=slug,
            label=names[slug].name,
            count=count,
            selected=slug == search.category,
            parent=names[slug].parent,
        )
        for slug, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if slug in names
    )


def _minimum(counts: Mapping[str, int], steps: Iterable[int], chosen: float | None) -> tuple[FacetValue, ...]:
    numbers = [(float(value), count) for value, count in counts.items()]
    return tuple(
        FacetValue(
            value=str(step),
            label=f"{step} and up",
            count=sum([count for number, count in numbers if number >= step]),
            selected=chosen == step,
        )
        for step in steps
    )


def _spec(search: Search, counts: Counts, group: str, field: SpecField) -> Facet:
    """Numbers as a range, with bars where all their values are known; a boolean as a toggle."""
    chosen = [text for spec in search.specs if spec.key == field.key for text in spec.texts]
    low, high = counts.ends.get(group, (None, None))
    found = counts.values.get(group, {})
    values = _values(found, chosen, {"true": "Yes", "false": "No"}, SPEC_VALUES_SHOWN)
    if field.kind == "boolean":
        return Facet(name=group, label=field.name, kind="toggle", values=values)
    if field.kind != "number":
        return Facet(name=group, label=field.name, kind="values", unit=field.unit, values=values, low=low, high=high)
    values = tuple(sorted(values, key=lambda value: (_number(value.value), value.value)))
    bars = number_bars({_number(text): count for text, count in found.items()}) if len(found) < MAX_FACET_VALUES else ()
    return Facet(
        name=group, label=field.name, kind="range", unit=field.unit, values=values, low=low, high=high, bars=bars
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
