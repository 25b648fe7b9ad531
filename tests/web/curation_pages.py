"""Sample contexts of the operator's pages of the search."""

from types import SimpleNamespace
from typing import Any

from tests.web.desk_pages import TABS, desk

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

CURATION_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
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
