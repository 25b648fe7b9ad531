"""How words are made comparable before an engine sees them, in documents and in queries alike.

Numbers with units become one word in one spelling ("16 GB", "16gb": `16gb`; `41"`, "41 inches": `41inch`), and so do
letters with dots ("T.V.": `TV`). What a product is gets a name of its own: the head of its name and of its category, in
the singular and the plural.
"""

import re
import unicodedata
from collections.abc import Iterable

from models.plain_text import INVISIBLE

# Every spelling of a unit, each after the one that words get.
UNITS = {
    "gb": ("gb", "gigabyte", "gigabytes"),
    "tb": ("tb", "terabyte", "terabytes"),
    "mb": ("mb", "megabyte", "megabytes"),
    "inch": ("inch", "inches", '"', "”", "″"),
    "ft": ("ft", "foot", "feet", "'", "’", "′"),
    "cm": ("cm", "cms", "centimetre", "centimetres", "centimeter", "centimeters"),
    "mm": ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    "m": ("m", "metre", "metres", "meter", "meters"),
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"),
    "g": ("g", "gm", "gms", "gram", "grams"),
    "l": ("l", "ltr", "ltrs", "litre", "litres", "liter", "liters"),
    "ml": ("ml", "millilitre", "millilitres", "milliliter", "milliliters"),
    "w": ("w", "watt", "watts"),
    "v": ("v", "volt", "volts"),
    "mah": ("mah",),
    "hz": ("hz", "hertz"),
    "mp": ("mp", "megapixel", "megapixels"),
    "ton": ("ton", "tons", "tonne", "tonnes"),
}
_UNFINISHED = tuple(one for one in UNITS if any(other != one and other.startswith(one) for other in UNITS))
_UNIT = {spelling: unit for unit, spellings in UNITS.items() for spelling in spellings}
_MEASURE = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,6})(?P<part>\.\d{1,3})?"
    rf"(?:[ -]?(?P<word>{'|'.join(sorted((u for u in _UNIT if u.isalpha()), key=len, reverse=True))})(?!\w)"
    rf"|(?P<mark>[{''.join(re.escape(u) for u in _UNIT if not u.isalpha())}])(?!\d))",
    re.IGNORECASE,
)
_MARKS = "".join(c for c in map(chr, range(0x300, 0x1000)) if unicodedata.category(c)[0] == "M")
_LETTER = rf"[^\W\d_][{_MARKS}]*"
_DOTTED = re.compile(rf"(?<![\w.{_MARKS}])(?:{_LETTER}\.)+{_LETTER}(?:\.(?!\w)|(?![\w{_MARKS}]))")
"""Two letters at least, each with its dot; the last one may go without. Of no word and no address is it a part."""
_WHOLE = re.compile(rf"\d+(?:p\d+)?(?:{'|'.join(UNITS)})")
_SIGN = "$£®™€₹"
_SIGNS = re.compile(f"[{_SIGN}]")
_QUOTES_AND_SIGNS = re.compile(f'["“”„«»`{_SIGN}]')
_MINUS = re.compile(r"(?<!\S)[-–—]+(?=\S)")
# Where the name of a thing ends and what it is for, made of, or comes with begins.
_AFTER = re.compile(r"\s(?:for|with|w/|in|by|of|from|compatible)\s|[(,:|]|\s[-–—]\s", re.IGNORECASE)
_AND = re.compile(r"(?<!\s)\s*(?:[&,/]|\band\b)\s*", re.IGNORECASE)


def measures(texts: Iterable[str]) -> list[str]:
    """Each number with its unit, in one word, once; a fraction's point becomes a letter, so that it stays one word."""
    return list(dict.fromkeys(_joined(found) for text in texts for found in _MEASURE.finditer(text)))


def undotted(text: str) -> str:
    """Each abbreviation in one word: "T.V. stand", "u.s.b" are TV stand, usb."""
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text) if "." in text else text


def is_finished(q: str) -> bool:
    """Whether it ends in an abbreviation with its last dot: "a.c." is no beginning of "acrylic"."""
    last = q[q.rfind(" ") + 1 :]
    return last.endswith(".") and _DOTTED.fullmatch(last) is not None


def undotted_words(texts: Iterable[str]) -> list[str]:
    """The abbreviations alone, each once."""
    found = (one[0].replace(".", "") for text in texts if "." in text for one in _DOTTED.finditer(text))
    return list(dict.fromkeys(found))


def spoken(q: str) -> str:
    """A query as engines get it: measures and abbreviations in one word, and no sign that an engine would take for an
    operator.
    """
    text = _MEASURE.sub(lambda found: f" {_joined(found)} ", undotted(q))
    return " ".join(_MINUS.sub("", _QUOTES_AND_SIGNS.sub(" ", text)).split())


def exactly(text: str) -> str:
    """What was `spoken`, its measures in quotes: to an engine 50 ml are a slip away from 500 ml. At the end some may be
    unfinished, as `16g` on the way to `16gb` is."""
    words = text.split(" ")
    last = len(words) - 1
    return " ".join(
        f'"{word}"' if _WHOLE.fullmatch(word) and not (place == last and word.endswith(_UNFINISHED)) else word
        for place, word in enumerate(words)
    )


def unsigned(text: str) -> str:
    """Without signs of money and of trade marks, which an engine that is told of them takes twice as long for at each
    search, and without what nobody sees."""
    return INVISIBLE.sub("", _SIGNS.sub(" ", text))


def signed_words(texts: Iterable[str]) -> list[str]:
    """Words that hold any of it, without, each once: `Dynex™` is found by Dynex and `$25` by 25."""
    signed = (word for text in texts for word in text.split() if unsigned(word) != word)
    return list(dict.fromkeys(part for word in signed for part in unsigned(word).split()))


def heads(name: str, brand: str, category: str) -> list[str]:
    """What the thing is, by its name and by its category, each in the singular and the plural.

    "Walnut Office Chair with Wheels" is a chair; "Chair Mat" is a mat; "Case for a Phone" is a case. Of a category of
    several things the name tells which: a "Hall Table" among "Sofa & Console Tables" is no sofa.
    """
    own = numbers(_last(subject(name, brand)))
    others = [numbers(_last(_AFTER.split(part)[0])) for part in _AND.split(category)]
    found = [own] if own in others else [own, *others]
    return list(dict.fromkeys(form for forms in found for form in forms if form))


def subject(name: str, brand: str) -> str:
    """The name without the brand before it, up to what the thing is for, made of, or comes with."""
    text = name.strip()
    if brand and text.casefold().startswith(brand.casefold()):
        text = text[len(brand) :].lstrip(" -–—:|")
    elif " - " in text:
        text = text.partition(" - ")[2]
    return _AFTER.split(text, maxsplit=1)[0].strip() or text


def head(q: str) -> str:
    """The word of a query that says what is wanted: the last one before what it is for, or comes with."""
    return _last(_AFTER.split(q, maxsplit=1)[0])


def numbers(word: str) -> tuple[str, ...]:
    """A word in the singular and in the plural: English rules, good enough to find each by the other."""
    if not word.isascii() or len(word) < 3:
        return (word,)
    one = singular(word)
    if one.endswith(("s", "x", "z", "ch", "sh")):
        return (one, f"{one}es")
    if one.endswith("y") and one[-2] not in "aeiou":
        return (one, f"{one[:-1]}ies")
    return (one, f"{one}s")


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _joined(found: re.Match[str]) -> str:
    number = found["number"].replace(",", "")
    part = (found["part"] or "").rstrip("0").rstrip(".").replace(".", "p")
    return f"{number}{part}{_UNIT[(found['word'] or found['mark']).casefold()]}"


def _last(text: str) -> str:
    """The last word that is no number and no model."""
    plain = INVISIBLE.sub("", undotted(text).casefold())
    kept = "".join(c if c.isalnum() or c in "'’" or unicodedata.category(c)[0] == "M" else " " for c in plain)
    words = [word.strip("'’") for word in kept.split()]
    return next((word for word in reversed(words) if len(word) > 1 and not any(map(str.isdigit, word))), "")
