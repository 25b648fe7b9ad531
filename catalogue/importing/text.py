"""Text from other people's files made fit for the shop: NFC, entities decoded, mark-up and control characters gone.

Descriptions end as plain text with line breaks and bullets, which templates escape: nothing imported can run.
"""

import contextlib
import html
import re
import unicodedata

import msgspec

from models.plain_text import LINES, SPACES, without_tags

TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
C1 = re.compile("[\x80-\x9f]")
GONE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
BROKEN_QUOTE = re.compile(r"(?<=\w)¿(?=\w)")
BROKEN_DASH = re.compile(r"(?<=\s)¿(?=\s)")
PLAIN = re.compile(r"[ -%'-;=?-~]*")  # printable ASCII without & < >


def clean_line(text: str) -> str:
    """One line: a name, a brand, a specification."""
    if PLAIN.fullmatch(text):
        return " ".join(text.split())
    return " ".join(_decoded(text, breaks=" ").split())


def clean_text(text: str) -> str:
    """Several lines: a description."""
    if not PLAIN.fullmatch(text):
        text = _decoded(text, breaks="\n")
    lines = "\n".join(line.strip() for line in SPACES.sub(" ", text).split("\n"))
    return LINES.sub("\n\n", lines).strip()


def listed(value: object) -> object:
    """The list that a text holds as JSON, or the value as it is."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError):
            decoded: object = msgspec.json.decode(value)
            return decoded
    return value


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending at a word where there is one."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    end = head.rfind(" ", limit // 2)
    return head[: end if end > 0 else None].rstrip() + "…"


def _decoded(text: str, *, breaks: str) -> str:
    for _ in range(2):  # some exports encode twice
        if TAG.search(text):
            text = without_tags(text, breaks)
        elif ENTITY.search(text):
            text = html.unescape(text)
    text = C1.sub(_windows_1252, unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = BROKEN_DASH.sub("–", BROKEN_QUOTE.sub("’", text))
    return GONE.sub("", text)


def _windows_1252(match: re.Match[str]) -> str:
    """A C1 control in a text is a character of Windows-1252 that somebody read as Latin-1."""
    return match[0].encode("latin-1").decode("cp1252", "ignore")
