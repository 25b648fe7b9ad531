"""Texts that people bring with mark-up in them, as plain text: nh3 takes all but blocks away, which become lines.

What is kept is text and is escaped wherever it is shown, so that nothing of it can run even where this is forgotten.
"""

import html
import re

import nh3

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
BREAK = re.compile(r"</?(?:ul|ol)>|</?(?:p|br|div|tr|table|h[1-6])\b[^>]*>", re.IGNORECASE)
BULLET = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"</?([a-z][a-z0-9]*)(?=[\s/>])", re.IGNORECASE)
ELEMENT = re.compile(
    "a|abbr|article|audio|b|base|blockquote|body|br|button|center|code|div|em|embed|font|form|frame|h[1-6]|head|hr|html"
    "|i|iframe|img|input|li|link|main|mark|math|meta|object|ol|option|p|pre|s|script|section|select|small|span|strike"
    "|strong|style|sub|sup|svg|table|tbody|td|template|textarea|th|thead|title|tr|u|ul|video",
    re.IGNORECASE,
)
"""Of HTML, so that `<5 kg` and `size <M>` stay what they are; asked of names alone, for it is slow to begin."""
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
"""Joiners, soft hyphens, marks of direction: some keyboards write them, others do not; words are compared without."""
SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r"\n{3,}")


def has_element(text: str) -> bool:
    return any(ELEMENT.fullmatch(tag[1]) for tag in TAG.finditer(text))


def plain_text(text: str) -> str:
    """Several lines: a description, an answer. What has no mark-up in it stays as it was typed."""
    text = text.strip()
    if not has_element(text):
        return text
    lines = "\n".join(line.strip() for line in SPACES.sub(" ", without_tags(text, "\n")).split("\n"))
    return LINES.sub("\n\n", lines).strip()


def without_tags(text: str, breaks: str) -> str:
    """Only the tags of the allowlist survive the cleaner; they become breaks and bullets."""
    safe = nh3.clean(text, tags=BLOCKS, clean_content_tags={"script", "style"}, attributes={})
    safe = BREAK.sub(breaks, BULLET.sub(f"{breaks}• ", safe.replace("</li>", "")))
    return html.unescape(safe)


def plain_cell(value: object) -> object:
    """Text that a spreadsheet would take for a formula begins with an apostrophe (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value
