"""Every template renders with its sample context, and keeps what the Content-Security-Policy and people rely on."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from tests.web.pages import PAGES, SITE
from tests.web.samples import card
from web import STATIC, TEMPLATES, environment, load_assets

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}


class Page(HTMLParser):
    """Collects what the tests look at, and whether every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.problems: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return environment(load_assets(STATIC), site=SITE)


def test_what_people_sent_hides_no_method_of_a_dict_and_what_is_missing_is_an_error(jinja: Environment) -> None:
    form = {"get": "1", "items": "2", "name": "lamp"}
    text = "{{ form.get('name') }} {{ form.name }} {{ form['get'] }} {{ form.items()|length }}"
    assert jinja.from_string(text).render(form=form) == "lamp lamp 1 3"
    with pytest.raises(UndefinedError, match="no attribute 'nowhere'"):
        jinja.from_string("{{ form.nowhere }}").render(form=form)


def test_the_scale_of_a_chart_is_in_the_words_of_its_tallest_bar(jinja: Environment) -> None:
    text = '{% from "components/desk.html" import bar_chart %}{{ bar_chart(bars, "Sales") }}'
    days = {"1 Mar": (129_900, "₹1,299"), "2 Mar": (0, "₹0"), "3 Mar": (90_000, "₹900")}
    bars = [{"label": day, "value": value, "text": told} for day, (value, told) in days.items()]
    drawn = jinja.from_string(text).render(bars=bars)
    assert '<text class="chart-text" x="0" y="13">₹1,299</text>' in drawn


def test_a_value_is_escaped_once_whatever_it_is_and_mark_up_is_not(jinja: Environment) -> None:
    odd = ["<b>&'\"", Markup("<b>"), 7, None, 1.5, SimpleNamespace(__html__=lambda: "<i>")]
    told = jinja.from_string("{% macro m(v) %}[{{ v }}]{% endmacro %}{% for v in odd %}{{ v }}{{ m(v) }}{% endfor %}")
    texts = ["&lt;b&gt;&amp;&#39;&#34;", "<b>", "7", "None", "1.5", "<i>"]
    assert told.render(odd=odd[:-1]) == "".join(f"{text}[{text}]" for text in texts[:-1])
    assert told.render(odd=odd[-1:]) == "<i>[<i>]"


def test_a_card_is_remembered_and_written_anew_as_soon_as_anything_of_it_has_changed(jinja: Environment) -> None:
    shelf = jinja.from_string('{% from "components/product.html" import shelf %}{{ shelf([item]) }}')
    item, again = card(1), jinja.globals["again"]
    changes = {
        "slug": "another", "name": "<Lamp>", "brand": "Nobody", "price_minor": 1, "list_price_minor": 99_999_900,
        "currency": "USD", "rating": 1.9, "rating_count": 7, "in_stock": not item.in_stock, "seller_name": "Nobody",
        "picture": "/x.svg", "highlighted": "a <mark>lamp</mark>",
    }  # fmt: skip
    assert changes.keys() == set(item._fields)
    before, remembered = shelf.render(item=item), again.cache_info().hits
    for name, value in changes.items():
        changed = shelf.render(item=item._replace(**{name: value}))
        assert changed != before, name
        assert "<Lamp>" not in changed
        assert shelf.render(item=item) == before
    assert again.cache_info().hits == remembered + len(changes)


@pytest.fixture(params=sorted(PAGES), scope="module")
def html(request: pytest.FixtureRequest, jinja: Environment) -> str:
    template, context = PAGES[request.param]
    return jinja.get_template(template).render(**context)


def test_the_mark_up_is_well_formed(html: str) -> None:
    page = Page(html)
    assert page.problems == []
    assert page.stack == []


def test_nothing_in_it_needs_inline_script_or_style(html: str) -> None:
    for tag, attributes in Page(html).tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith(("on", "hx-on"))]
        assert tag != "script" or attributes.get("src") or attributes.get("type") == "application/ld+json"


def test_ids_are_unique_and_labels_point_at_something(html: str) -> None:
    tags = Page(html).tags
    ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    assert sorted(ids) == sorted(set(ids))
    for _, attributes in tags:
        for name in ("for", "aria-labelledby", "form"):
            for target in (attributes.get(name) or "").split():
                assert target in ids, f"{name}={target}"


def test_every_control_and_picture_has_a_name_and_a_size(html: str) -> None:
    page = Page(html)
    labelled = {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    for tag, attributes in page.tags:
        if tag == "img":
            assert {"alt", "width", "height"} <= attributes.keys()
        if tag in {"select", "textarea"} or (
            tag == "input" and attributes.get("type") not in {"hidden", "checkbox", "radio"}
        ):
            assert attributes.get("aria-label") or attributes.get("id") in labelled, attributes


def test_every_form_that_changes_something_carries_the_token(jinja: Environment) -> None:
    template, context = PAGES["/cart"]
    html = jinja.get_template(template).render(**context)
    assert html.count('method="post"') == html.count('name="csrf_token"')


def test_cacheable_pages_hold_no_token(jinja: Environment) -> None:
    for path in ("/", "/search", "/p/product-0", "/categories", "/help"):
        template, context = PAGES[path]
        assert context["csrf_token"] not in jinja.get_template(template).render(**context)


def test_structured_data_cannot_end_its_script(jinja: Environment) -> None:
    template, context = PAGES["/p/product-0"]
    html = jinja.get_template(template).render(**context)
    assert "\\u003c/script\\u003e" in html


def test_every_page_is_rendered_by_these_tests() -> None:
    used = " ".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    shown = {template for template, _ in PAGES.values()}
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        if name.startswith("mail/"):
            continue
        assert name in shown or f'"{name}"' in used, name


def test_every_static_file_that_is_named_exists() -> None:
    built = {"build/haat.css", "build/htmx.min.js", "build/anek-latin-latin-wght-normal.woff2"}
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"static\('([^']+)'\)", path.read_text("utf-8")):
            assert name in built or (STATIC / name).is_file(), f"{path.name}: {name}"


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r'(?:icon\(|icon_name=|"icon": )"([a-z]+)"', path.read_text("utf-8")):
            assert name in drawn, f"{path.name}: {name}"


def test_our_scripts_stay_small() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "js").rglob("*.js")) < 26_000


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.css").write_text(name, "utf-8")
    assert load_assets(tmp_path / "a").url("page.css") != load_assets(tmp_path / "b").url("page.css")
