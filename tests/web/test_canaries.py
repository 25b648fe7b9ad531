"""Scripts in what people write: taken out of what sellers paste, inert in every mail and every highlighted hit."""

from html.parser import HTMLParser
from typing import Any

import nh3
import pytest

from handlers.pages.mail_sample import SAMPLE
from models.plain_text import plain_text
from server.settings import Site
from tests.browser.test_xss import PAYLOADS
from web.filters import highlight, marked
from web.mail import mail_names, mail_templates

PEOPLES = ("name", "line1", "line2", "city", "region", "comment", "answer", "reason", "carrier", "tracking_number",
           "seller_name", "product_name", "rejection", "label", "heading", "subject", "text", "address")  # fmt: skip
"""Fields of the samples that hold people's words."""
SITE = Site(address="<script>", legal_name="<script>", customer_care="<script>", grievance_officer="<script>")


class Shape(HTMLParser):
    """The elements of a page and the names of their attributes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def shape_of(page: str) -> list[tuple[str, tuple[str, ...]]]:
    shape = Shape()
    shape.feed(page)
    return shape.found


def said(value: Any, words: str) -> Any:
    """The sample, with these words in the place of people's."""
    if isinstance(value, dict):
        return {name: words if name in PEOPLES else said(inner, words) for name, inner in value.items()}
    return [said(inner, words) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", mail_names())
def test_no_word_of_anybody_becomes_mark_up_in_a_mail(name: str) -> None:
    template, fixed = mail_templates().get_template(f"{name}.html"), {"site": SITE, "url": "/x", "wishlist_url": "/w"}
    plain = template.render({**said(SAMPLE, "harmless"), **fixed})
    for payload in PAYLOADS:
        page = template.render({**said(SAMPLE, payload), **fixed})
        assert shape_of(page) == shape_of(plain), payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_highlighted_hit_holds_marks_and_nothing_else(payload: str) -> None:
    for page in (
        highlight(f"<mark>Lamp</mark> {payload}"),
        highlight(f"<mark>{payload}</mark>"),
        highlight(payload.replace("img", "<mark>img</mark>")),
        marked(f"Lamp {payload}", "lamp"),
        marked(payload, payload[:5]),
    ):
        assert {tag for tag, _ in shape_of(str(page))} <= {"mark"}
        assert not [names for _, names in shape_of(str(page)) if names]
        assert shape_of(nh3.clean(str(page), tags={"mark"}, attributes={})) == shape_of(str(page))


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if "<" in one])
def test_mark_up_that_a_seller_pastes_becomes_text(payload: str) -> None:
    kept = plain_text(f"<h2>Teak</h2><p>Two <b>drawers</b></p><ul><li>Solid</li><li>Oiled</li></ul>{payload}")
    assert kept.startswith("Teak")
    assert "• Solid\n• Oiled" in kept.replace("\n\n", "\n")
    assert shape_of(kept) == []


def test_what_has_no_mark_up_stays_as_it_was_typed() -> None:
    for text in ("Weighs <5 kg, and > 2 kg", "Sizes <M and XL>", "a  b\n\n\n\nc", "Tom & Jerry &amp; co", "if a<b: c"):
        assert plain_text(text) == text
