"""One row of a file as the shop wants it: every value read and limited, every refusal with its column and reason."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import msgspec

from catalogue.importing.columns import Columns
from catalogue.importing.lines import Damage
from catalogue.importing.paths import read_path
from catalogue.importing.pictures import read_pictures
from catalogue.importing.prices import Price, read_price
from catalogue.importing.source import Row
from catalogue.importing.specifications import EMPTY, read_specifications
from catalogue.importing.text import clean_line, clean_text, cut
from models.legible import is_legible
from models.money import MINOR_PER_MAJOR, round_half_up
from models.product_input import (
    BRAND_MAX,
    DESCRIPTION_MAX,
    NAME_MAX,
    PRICE_MAX_MINOR,
    SKU_MAX,
    SPECIFICATIONS_MAX,
    STOCK_MAX,
)
from models.specifications import Specification

SOLD_MAX = 2_000_000_000
WHOLE = re.compile(r"\+?((?:\d{1,3}(?:,\d{2,3})+|\d{1,15}))(?:\.0*)?")
T = TypeVar("T")
IN_STOCK, OUT_OF_STOCK = {"in stock", "yes", "true", "available"}, {"out of stock", "no", "false", "unavailable"}


class Item(msgspec.Struct, kw_only=True):
    """A product as a file gives it. None: the file says nothing of it, and what the shop has stays."""

    line: int
    sku: str
    name: str
    price_minor: int
    list_price_minor: int | None = None
    brand: str | None = None
    description: str | None = None
    category: tuple[str, ...] | None = None
    images: list[str] | None = None
    specifications: list[Specification] | None = None
    stock: int | None = None
    sold: int = 0


class Money(NamedTuple):
    """The shop's currency, that of prices without a mark, and what one unit of another is worth in the shop's."""

    shop: str
    unmarked: str
    rates: dict[str, Decimal]


class Reader:
    """Turns rows into items. `notices` counts what was read with a doubt or cut, without being refused."""

    def __init__(self, columns: Columns, money: Money) -> None:
        self._columns, self._money = columns, money
        self.notices: Counter[str] = Counter()

    def read(self, row: Row) -> Item | list[Damage]:
        """The item, or every reason why it cannot be one."""
        given = Given(row, self._columns)
        item = Item(
            line=row.line,
            sku=given.read("sku", _sku) or "",
            name=given.read("name", self._name, required=True) or "",
            price_minor=given.read("price", self._price, required=True) or 0,
            list_price_minor=given.read("list_price", self._list_price),
            brand=given.read("brand", self._brand),
            description=given.read("description", self._description),
            category=given.read("category", read_path),
            images=given.read("image", self._pictures),
            stock=given.read("stock", _stock),
            sold=given.read("sold", _sold) or 0,
            specifications=self._specifications(given.specifications),
        )
        if given.damage:
            return given.damage
        item.sku = item.sku or derived_sku(item)
        if item.list_price_minor is not None and item.list_price_minor < item.price_minor:
            item.list_price_minor = None
        return item

    def _price(self, value: object) -> int:
        return self._minor(read_price(value))

    def _list_price(self, value: object) -> int | None:
        """A list price that cannot be read is left out: the product can be sold without it."""
        try:
            return None if value is None else self._minor(read_price(value))
        except ValueError:
            self.notices["list prices that cannot be read were left out"] += 1
            return None

    def _minor(self, price: Price) -> int:
        """In minor units of the shop's currency. Raises ValueError for what the shop cannot hold."""
        currency = price.currency or self._money.unmarked
        rate = self._money.rates.get(currency, Decimal(1))
        if currency != self._money.shop and currency not in self._money.rates:
            said = f"prices in {currency} were taken as {self._money.shop}, number for number"
            self.notices[f"{said} (--rate {currency}=… converts)"] += 1
        exact = price.amount * rate * MINOR_PER_MAJOR
        if exact > PRICE_MAX_MINOR:
            raise ValueError(f"more than {PRICE_MAX_MINOR // MINOR_PER_MAJOR:,}")
        minor = round_half_up(*exact.as_integer_ratio())
        if minor < 1:
            raise ValueError("a price is above zero")
        return minor

    def _name(self, value: object) -> str:
        name = _line(value)
        if not name:
            raise ValueError("no name")
        if not is_legible(name):
            raise ValueError("a name wants a letter or a digit")
        return self._cut(name, NAME_MAX, "names")

    def _brand(self, value: object) -> str:
        """One that cannot be read is left out: the product can be sold without it."""
        brand = _line(value)
        if brand and not is_legible(brand):
            self.notices["brands in which nothing can be read were left out"] += 1
            return ""
        return self._cut(brand, BRAND_MAX, "brands")

    def _description(self, value: object) -> str:
        if isinstance(value, list):
            value = "\n".join(str(part) for part in value)
        return self._cut(clean_text(str(value or "")), DESCRIPTION_MAX, "descriptions")

    def _pictures(self, value: object) -> list[str]:
        addresses, wrong = read_pictures(value)
        if wrong:
            self.notices["picture addresses that are none were left out"] += wrong
        return addresses

    def _cut(self, text: str, limit: int, what: str) -> str:
        if len(text) > limit:
            self.notices[f"{what} longer than {limit:,} characters were cut"] += 1
        return cut(text, limit)

    def _specifications(self, given: list[tuple[str, Any]] | None) -> list[Specification] | None:
        if given is None:
            return None
        found: dict[str, Specification] = {}
        for name, value in given:
            for specification in read_specifications(name, value):
                if isinstance(specification, str):
                    self.notices[specification] += 1
                elif len(found) < SPECIFICATIONS_MAX:
                    found.setdefault(specification.name.casefold(), specification)
        return list(found.values())


class Given:
    """The values of one row by field; of several columns for one field, the first that says something."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.line, self.damage = row.line, list[Damage]()
        self.specifications: list[tuple[str, Any]] | None = None
        self._fields: dict[str, tuple[bool, int, str, Any]] = {}
        for column, value in row.values.items():
            role = columns.role(column)
            if role.field == "specification":
                self.specifications = self.specifications or []
                self.specifications.append((role.name, value))
            elif role.field:
                candidate = (is_empty(value), role.rank, column, value)
                held = self._fields.get(role.field)
                if held is None or candidate[:2] < held[:2]:
                    self._fields[role.field] = candidate

    def read(self, field: str, parse: Callable[[object], T], *, required: bool = False) -> T | None:
        """None where the file has no such column; an empty value is parsed as None. A ValueError becomes a refusal."""
        found = self._fields.get(field)
        if found is None and not required:
            return None
        empty, _, column, value = found or (True, 0, field, None)
        try:
            return parse(None if empty else value)
        except ValueError as error:
            self.damage.append(Damage(self.line, column, str(value if value is not None else "")[:200], str(error)))
            return None


def is_empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and value.strip().lower() in EMPTY)


def derived_sku(item: Item) -> str:
    """Stable for the same name, brand and first picture: what tells products apart where the seller gives no SKU.

    Real files hold several products of one name and brand, but none that share a picture too.
    """
    parts = (item.name.casefold(), (item.brand or "").casefold(), item.images[0] if item.images else "")
    return f"auto-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"


def _line(value: object) -> str:
    if isinstance(value, list | dict | bool):
        raise ValueError("not a text")  # noqa: TRY004 (every refusal of a value is a ValueError)
    return "" if value is None else clean_line(str(value))


def _sku(value: object) -> str:
    sku = _line(value)
    if len(sku) > SKU_MAX:
        raise ValueError(f"longer than {SKU_MAX} characters")
    return sku


def _stock(value: object) -> int | None:
    text = _line(str(value).lower() if isinstance(value, bool) else value).lower()
    if text in IN_STOCK or not text:
        return None
    if text in OUT_OF_STOCK:
        return 0
    return _whole(text, STOCK_MAX)


def _sold(value: object) -> int:
    return _whole(_line(value) or "0", SOLD_MAX)


def _whole(text: str, limit: int) -> int:
    match = WHOLE.fullmatch(text)
    if not match:
        raise ValueError("not a whole number of units")
    number = int(match[1].replace(",", ""))
    if number > limit:
        raise ValueError(f"more than {limit:,}")
    return number
