"""What a browser would send of a form that it was shown: every field as it stands, an emptied one not at all."""

from html.parser import HTMLParser

from tests.handlers.pages.visitor import Seen


class Filled(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.name = action, False, ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = found.get("action") == self.action
        if not self.inside:
            return
        if tag in {"select", "textarea"}:
            self.name = found["name"]
        if tag == "input" and found.get("type") not in {"file", "submit", "checkbox"}:
            self.fields[found["name"]] = found.get("value", "")
        if tag == "option" and "selected" in found:
            self.fields[self.name] = found["value"]

    def handle_data(self, data: str) -> None:
        if self.inside and self.get_starttag_text() and self.get_starttag_text().startswith("<textarea"):  # type: ignore[union-attr]
            self.fields.setdefault(self.name, data)


def filled_form(seen: Seen, action: str) -> dict[str, str]:
    """Without its token."""
    reader = Filled(action)
    reader.feed(seen.html)
    return {name: value for name, value in reader.fields.items() if value and name != "csrf_token"}
