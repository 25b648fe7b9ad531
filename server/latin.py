"""Names in Indian scripts as they are written in Latin letters, for papers whose fonts know no other.

Unicode names the letters of all of these scripts alike (DEVANAGARI LETTER KA, TAMIL LETTER KA), so one table does.
"""

import unicodedata
from itertools import groupby

VOWELS = {
    "A": "a", "AA": "a", "I": "i", "II": "i", "U": "u", "UU": "u", "VOCALIC R": "ri", "VOCALIC RR": "ri", "E": "e",
    "EE": "e", "AI": "ai", "O": "o", "OO": "o", "AU": "au", "CANDRA E": "e", "CANDRA O": "o", "SHORT E": "e",
    "SHORT O": "o", "CANDRA A": "a",
}  # fmt: skip
CONSONANTS = {"C": "ch", "CH": "chh", "SS": "sh", "TT": "t", "TTH": "th", "DD": "d", "DDH": "dh", "NN": "n", "NNN": "n",
              "LL": "l", "LLL": "zh", "RR": "r", "NG": "n", "NY": "ny"}  # fmt: skip
SIGNS = {"ANUSVARA": "n", "CANDRABINDU": "n", "VISARGA": "h", "TIPPI": "n", "BINDI": "n"}
DOTTED = (("ph", "f"), ("j", "z"))
"""What a dot below makes of a consonant."""
SILENT_AT_THE_END = {"DEVANAGARI", "GUJARATI", "GURMUKHI", "BENGALI", "ORIYA"}
"""Scripts whose languages do not speak the last consonant's own vowel."""
UNREADABLE = "?"


def in_latin(text: str) -> str:
    """What Latin-1 cannot write is transcribed, each word with a capital; the rest stays as it is."""
    parts = groupby(unicodedata.normalize("NFC", text), key=_is_plain)
    return "".join("".join(chars) if plain else _word(list(chars)) for plain, chars in parts)


def _is_plain(char: str) -> bool:
    return bool(char.encode("cp1252", "ignore"))


def _word(chars: list[str]) -> str:
    """A consonant carries an `a`, unless a vowel's sign or a virama follows."""
    written, own_vowel, script = "", False, ""
    for char in chars:
        script, _, rest = unicodedata.name(char, "").partition(" ")
        _, _, letter = rest.rpartition("LETTER ") if "LETTER " in rest else rest.rpartition("SIGN ")
        if letter == "NUKTA":
            written = next((written.removesuffix(old) + new for old, new in DOTTED if written.endswith(old)), written)
            continue
        if rest.startswith("VOWEL SIGN ") or letter == "VIRAMA":
            written, own_vowel = written + VOWELS.get(letter, ""), False
            continue
        written, own_vowel = written + "a" * own_vowel, False
        if "LETTER " in rest and letter not in VOWELS and letter.endswith("A"):
            written, own_vowel = written + CONSONANTS.get(letter[:-1], letter[:-1].lower()), True
        else:
            written += VOWELS.get(letter) or SIGNS.get(letter) or _other(char)
    if own_vowel and (script not in SILENT_AT_THE_END or len(chars) == 1):
        written += "a"
    return written.capitalize()


def _other(char: str) -> str:
    """Digits and joiners; letters of other scripts cannot be read here."""
    if unicodedata.category(char) in {"Cf", "Mn", "Mc"}:
        return ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode() or UNREADABLE
