"""How values are written for people: rupees in Indian grouping, times as Indian ones say them, matches marked.

Filters return plain text that the template escapes, except `highlight`, which escapes for itself.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from markupsafe import Markup, escape

from web.pictures import picture_sizes

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
"""Asia/Kolkata: one offset all year, since 1945."""
SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
MARKED = re.compile(r"&lt;(mark|em)&gt;(.*?)&lt;/\1&gt;", re.DOTALL)


def money(minor: int, currency: str = "INR") -> str:
    """123456700 becomes ₹12,34,567; paise are shown only where there are some."""
    whole, rest = divmod(abs(minor), 100)
    digits = grouped(whole) if currency == "INR" else f"{whole:,}"
    sign = "−" if minor < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{digits}" + (f".{rest:02}" if rest else "")


def grouped(number: int) -> str:
    """Indian grouping: the last three digits, then pairs (12,34,567)."""
    head, tail = divmod(number, 1000)
    if not head:
        return str(tail)
    pairs = []
    while head:
        head, pair = divmod(head, 100)
        pairs.append(f"{pair:02}" if head else str(pair))
    return ",".join([*reversed(pairs), f"{tail:03}"])


def rupees(minor: int | None) -> str:
    """The same amount as a person types it into a field: 129900 becomes 1299, 129950 becomes 1299.50."""
    if minor is None:
        return ""
    whole, rest = divmod(minor, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def percent_off(price_minor: int, mrp_minor: int | None) -> int:
    """Whole percent below the MRP, rounded down so that no more is promised than is given."""
    if not mrp_minor or mrp_minor <= price_minor:
        return 0
    return (mrp_minor - price_minor) * 100 // mrp_minor


def date(moment: datetime) -> str:
    local = _local(moment)
    return f"{local.day} {local:%b %Y}"


def date_time(moment: datetime) -> str:
    """With its zone, for whoever reads it elsewhere."""
    local = _local(moment)
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {local:%b %Y}, {local.hour % 12 or 12}:{local:%M} {half} {local.tzname()}"


def iso(moment: datetime) -> str:
    """For the datetime attribute of <time>."""
    return (
        moment.astimezone(UTC).isoformat(timespec="seconds") if moment.tzinfo else moment.isoformat(timespec="seconds")
    )


def _local(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(INDIA)


def duration(seconds: float) -> str:
    """In the unit that matters: 0.4 ms, 850 ms, 4.2 s, 3 min, 2 h, 5 days."""
    if 0 < seconds < 0.00095:
        return f"{max(seconds * 1000, 0.1):.1f} ms"
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def number(value: float) -> str:
    """5.0 becomes 5, 5.25 stays; never an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")


def compact(number: int) -> str:
    """1234 becomes 1.2K, 345678 becomes 3.4L, as Indian shops count."""
    for size, letter in ((10_000_000, "Cr"), (100_000, "L"), (1_000, "K")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + letter
    return str(number)


def plural(number: int, one: str, many: str | None = None) -> str:
    """1 review, 12,345 reviews."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def phone(number: str) -> str:
    """+919845012345 becomes +91 98450 12345; anything else stays as it is."""
    local = number.removeprefix("+91")
    return f"+91 {local[:5]} {local[5:]}" if number.startswith("+91") and len(local) == 10 else number


def options_text(options: dict[str, str]) -> str:
    """What tells a variant from its siblings: Colour: Teal, Size: L."""
    return ", ".join(f"{name}: {value}" for name, value in options.items())


def highlight(text: str) -> Markup:
    """Escapes everything, then brings back pairs of bare <mark> or <em>, the only mark-up a search answer may carry."""
    return Markup(MARKED.sub(r"<mark>\2</mark>", str(escape(text))))  # noqa: S704 (escaped in the same breath)


def marked(text: str, typed: str) -> Markup:
    """The text, escaped, with what was typed of it marked where a word begins so."""
    found = re.search(rf"(?<!\w){re.escape(typed)}", text, re.IGNORECASE) if typed else None
    if found is None:
        return escape(text)
    start, end = found.span()
    return Markup("{}<mark>{}</mark>{}").format(text[:start], text[start:end], text[end:])


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "grouped": grouped,
    "rupees": rupees,
    "percent_off": percent_off,
    "date": date,
    "date_time": date_time,
    "iso": iso,
    "compact": compact,
    "plural": plural,
    "phone": phone,
    "options_text": options_text,
    "highlight": highlight,
    "marked": marked,
    "picture_sizes": picture_sizes,
}
