"""Prices as shops write them, read as a decimal amount and, where one is marked, a currency.

Of several prices the lowest counts. A comma before exactly three digits groups thousands, any other last comma is the
decimal one; a lone dot is the decimal point, several dots group: 1,299 and 1.299,00 are 1299; 1.299 is 1.30; 12,50 is
12.50.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "₹": "INR",
    "rs": "INR",
    "rs.": "INR",
    "inr": "INR",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
}
LENGTH_MAX = 40
NUMBER = r"\d(?:(?:[\d.,'’]|\s(?=\d{3}(?!\d)))*\d)?"
MARK = r"US\$|\$|₹|€|£|\b(?:USD|INR|EUR|GBP)\b|\bRs\b\.?"
MARKED = re.compile(
    rf"(?:(?P<before>{MARK})\s*(?P<first>{NUMBER}))|(?:(?P<second>{NUMBER})\s*(?P<after>{MARK}))", re.IGNORECASE
)
MARKS = re.compile(MARK, re.IGNORECASE)
PLAIN = re.compile(rf"\s*({NUMBER})\s*(?:/-)?\s*(?:(?:[-–—~]|to)\s*({NUMBER})\s*(?:/-)?)?\s*", re.IGNORECASE)
NEGATIVE = re.compile(rf"^\s*(?:[-−]\s*(?:{MARK})?|(?:{MARK})\s*[-−])\s*\d", re.IGNORECASE)
GROUPED = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


class Price(NamedTuple):
    """`currency` is None where the text names none."""

    amount: Decimal
    currency: str | None


def read_price(value: object) -> Price:
    """Raises ValueError with a reason that a person understands."""
    if isinstance(value, bool) or value is None or value == "":
        raise ValueError("no price")
    if isinstance(value, int | float):
        return _checked([Price(Decimal(repr(value)), None)])
    text = value if isinstance(value, str) else ""
    if NEGATIVE.match(text):
        raise ValueError("a price is above zero")
    marked = [_price(match) for match in MARKED.finditer(text)]
    plain = PLAIN.fullmatch(MARKS.sub(" ", text))
    if plain:
        currency = marked[0].currency if marked else None
        return _checked([Price(read_number(number), currency) for number in plain.groups() if number])
    if marked:
        return _checked(marked)
    raise ValueError("not a price")


def read_number(text: str) -> Decimal:
    """A number with group and decimal separators of any country. Raises ValueError."""
    text = GROUPED.sub("", text.strip()) if len(text) <= LENGTH_MAX else ""
    dot, comma = text.rfind("."), text.rfind(",")
    if dot >= 0 and comma >= 0:
        point = max(dot, comma)
        text = f"{_ungrouped(text[:point], '.,'.replace(text[point], ''))}.{text[point + 1 :]}"
    elif comma >= 0:
        grouping = text.count(",") > 1 or len(text) - comma - 1 == 3
        text = _ungrouped(text, ",") if grouping else text.replace(",", ".")
    elif text.count(".") > 1:
        text = _ungrouped(text, ".")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a price") from error


def _ungrouped(text: str, separator: str) -> str:
    """Without separators of thousands, or of lakhs: groups of two or three digits, the last of three."""
    first, *rest = text.split(separator)
    if rest and not (1 <= len(first) <= 3 and len(rest[-1]) == 3 and all(2 <= len(group) <= 3 for group in rest)):
        raise ValueError("not a price")
    return first + "".join(rest)


def _price(match: re.Match[str]) -> Price:
    mark, number = match["before"] or match["after"], match["first"] or match["second"]
    return Price(read_number(number), CURRENCIES[mark.lower()])


def _checked(prices: list[Price]) -> Price:
    lowest = min(prices, key=lambda price: price.amount)
    if not lowest.amount.is_finite() or lowest.amount <= 0:
        raise ValueError("a price is above zero")
    return lowest
