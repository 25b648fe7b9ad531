"""The same filters as Meilisearch's, as SQL over `product_search`: every value is bound, no name comes from outside."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from search.match import Term, together
from search.plan import MARK, UNMARK
from search.query import Search, Spec

HEADLINE = f"HighlightAll=true, StartSel={MARK}, StopSel={UNMARK}"


class Filters:
    """One statement's conditions and the values that they bind."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def bind(self, value: object, kind: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def where(self, search: Search, terms: Sequence[Term], *, without: Collection[str] = ()) -> str:
        """The condition of a search for all terms; `without` leaves out the choices of some groups."""
        parts = [self._clause(search, group) for group in sorted(search.chosen().difference(without))]
        hidden = self.named(search.curation.hidden, search.curation.hidden_brands)
        parts += [f"NOT ({hidden})"] if hidden else []
        return " AND ".join([*([self.words(terms)] if terms else []), *parts]) or "true"

    def missed(self, search: Search, groups: Sequence[str]) -> str:
        """SQL of a number with a bit for each of the groups whose choice a product does not meet, the first lowest."""
        bits = (
            f"CASE WHEN {self._clause(search, group)} THEN 0 ELSE {1 << place} END"
            for place, group in enumerate(groups)
        )
        return " + ".join(bits) or "0"

    def unpinned(self, search: Search) -> str:
        """The condition that leaves the pinned products out, with its AND."""
        pins = self.named([product for _, product in search.curation.pins], ())
        return f" AND NOT ({pins})" if pins else ""

    def boosted(self, search: Search) -> str:
        """What stands first in an ORDER BY, with its comma."""
        boosted = self.named(search.curation.boosted, search.curation.boosted_brands)
        return f"({boosted}) DESC, " if boosted else ""

    def named(self, products: Sequence[str], brands: Sequence[str]) -> str:
        """Products by id or by brand; empty where none is named."""
        parts = [f"product_id = ANY({self.bind(list(products), 'uuid[]')})"] if products else []
        parts += [self._any("brand", brands)] if brands else []
        return " OR ".join(parts)

    def words(self, terms: Sequence[Term]) -> str:
        """The condition that all terms are there."""
        return f"words @@ {self._query(terms)}"

    def rank(self, terms: Sequence[Term]) -> str:
        """SQL that is higher for better matches."""
        return f"ts_rank(words, {self._query(terms)})" if terms else "0"

    def highlight(self, terms: Sequence[Term]) -> str:
        """SQL for the name with its matching words marked."""
        if not terms:
            return "NULL::text"
        return f"ts_headline('english', document->>'name', {self._query(terms)}, '{HEADLINE}')"

    def _query(self, terms: Sequence[Term]) -> str:
        text = self.bind(together(terms), "text")
        return f"(to_tsquery('english', haat_unaccent({text})) || to_tsquery('simple', haat_unaccent({text})))"

    def _clause(self, search: Search, group: str) -> str:
        match group:
            case "category":
                return f"categories @> ARRAY[{self.bind(search.category, 'text')}]"
            case "brand":
                return self._any("brand", search.brands)
            case "seller":
                return self._any("seller", search.sellers)
            case "price":
                return self._between("price_minor", search.price_min, search.price_max)
            case "rating":
                return f"rating >= {self.bind(search.rating_min, 'float8')}"
            case "discount":
                return f"discount >= {self.bind(search.discount_min, 'int')}"
            case "in_stock":
                return "in_stock"
        return next(self._spec(spec) for spec in search.specs if f"spec.{spec.key}" == group)

    def _any(self, column: str, values: Sequence[str]) -> str:
        return f"lower({column}) = ANY({self.bind([value.lower() for value in values], 'text[]')})"

    def _between(self, column: str, low: float | None, high: float | None) -> str:
        ends = [(">=", low), ("<=", high)]
        return " AND ".join(f"{column} {sign} {self.bind(end, 'float8')}" for sign, end in ends if end is not None)

    def _spec(self, spec: Spec) -> str:
        parts = [
            f"spec @> {self.bind(msgspec.json.encode({spec.key: form}).decode(), 'jsonb')}"
            for text in spec.texts
            for form in _forms(text)
        ]
        for low, high in spec.ranges:
            key = self.bind(spec.key, "text")
            number = f"CASE WHEN jsonb_typeof(spec->{key}) = 'number' THEN (spec->>{key})::float8 END"
            parts.append(f"({self._between(number, low, high)})")
        return f"({' OR '.join(parts)})"


def _forms(text: str) -> Iterator[object]:
    """The forms in which a document may hold a chosen value: text, one of several, number, boolean."""
    yield text
    yield [text]
    if text in {"true", "false"}:
        yield text == "true"
    try:
        yield float(text)
    except ValueError:
        return
