"""Sample contexts of the operator's pages of the search."""

from types import SimpleNamespace
from typing import Any

from tests.web.desk_pages import SALES, TABS, desk, stat
from tests.web.samples import NOW, card

SYNONYMS = [
    SimpleNamespace(id="1", kind="mutual", term="", words=("diya", "deepak", "oil lamp"), version=1),
    SimpleNamespace(id="2", kind="one_way", term="jhumka", words=("earring",), version=3),
]
WORDS: dict[str, Any] = {
    "path": "/admin/search/words",
    **desk("Admin"),
    "tabs": TABS,
    "synonyms": SYNONYMS,
    "stop_words": [SimpleNamespace(id="7", word="please")],
    "built_in": ["tv, television"],
    "built_in_stop_words": ["a", "the"],
    "form": {},
    "errors": {},
}

ITEMS = [
    SimpleNamespace(action="pin", brand=None, name="Brass Diya Stand", slug="brass-diya-stand", position=1),
    SimpleNamespace(action="boost", brand="Kaveri", name=None, slug=None, position=None),
]


def rule(state: str, *, live: bool) -> SimpleNamespace:
    return SimpleNamespace(
        id="9",
        name="Diwali",
        state=state,
        query="diya",
        category_name="",
        live=live,
        version=2,
        starts_at=NOW,
        ends_at=None,
        items=ITEMS,
    )


def rule_page(shown: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    results = [
        SimpleNamespace(**{**card(i)._asdict(), "id": str(i), "place": i + 1, "done": "pin" * (i == 0)})
        for i in range(3)
    ]
    return {
        "path": "/admin/search/rules/9",
        **desk("Admin"),
        "tabs": TABS,
        "rule": shown,
        "form": {"name": "Diwali", "starts_at": "2026-03-14T09:00", "ends_at": ""},
        "errors": {},
        "find": "",
        "results": results,
        "others": [],
        "total": 3,
        "page": 1,
        "pages": 1,
        **changes,
    }


RULES: dict[str, Any] = {
    "path": "/admin/search/rules",
    **desk("Admin"),
    "tabs": TABS,
    "rules": [rule("published", live=True), rule("draft", live=False)],
    "form": {},
    "errors": {},
    "page": 1,
    "pages": 1,
}
ROW = SimpleNamespace(query="brass diya", searches=1204, results=31, clicks=420, position=2.4)
STATISTICS: dict[str, Any] = {
    "path": "/admin/search/statistics",
    **desk("Admin"),
    "tabs": TABS,
    "spans": TABS,
    "stats": [stat("Searches", "12,040"), stat("Found nothing", "3%", "361", "warn")],
    "searches": SALES,
    "empty": SALES,
    "numbers": SimpleNamespace(searches=12_040, top=[ROW], without_results=[ROW]),
    "hidden": ["rude words"],
}
CURATION_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/admin/search/statistics": ("admin/statistics.html", STATISTICS),
    "/admin/search/rules": ("admin/rules.html", RULES),
    "/admin/search/rules, none yet": ("admin/rules.html", {**RULES, "rules": []}),
    "/admin/search/rules/9": ("admin/rule.html", rule_page(rule("draft", live=False))),
    "/admin/search/rules/9, live": ("admin/rule.html", rule_page(rule("published", live=True))),
    "/admin/search/rules/9, refused": (
        "admin/rule.html",
        rule_page(
            rule("draft", live=False),
            errors={"ends_at": "Must be after the start."},
            find="lamp",
            others=[SimpleNamespace(**{**card(5)._asdict(), "id": "5", "place": 1, "done": ""})],
        ),
    ),
    "/admin/search/words": ("admin/words.html", WORDS),
    "/admin/search/words, one refused": (
        "admin/words.html",
        {**WORDS, "form": {"id": "2", "words": ""}, "errors": {"words": "Please give 1 to 20 different words."}},
    ),
    "/admin/search/words, a new one refused": (
        "admin/words.html",
        {
            **WORDS,
            "form": {"kind": "mutual", "words": "x"},
            "errors": {"words": "Please give 2 to 20 different words."},
        },
    ),
}
