"""A page with one form on it, as signing in and its side doors have many: what it says, asks for and leads to."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages.shop import local_path, shop_page


class Field(NamedTuple):
    """`more`: further attributes of the control."""

    name: str
    label: str
    type: str = "text"
    hint: str = ""
    more: Mapping[str, str] = {}


class More(NamedTuple):
    """Where else one may go."""

    text: str
    label: str
    url: str


MAIL = Field("email", "E-mail", "email", more={"autocomplete": "username", "maxlength": "254"})
PASSWORD = Field("password", "Password", "password", more={"autocomplete": "current-password", "maxlength": "256"})
NEW_PASSWORD = Field(
    "password",
    "New password",
    "password",
    "8 characters or more, and not one that everybody tries",
    {"autocomplete": "new-password", "minlength": "8", "maxlength": "256"},
)
CODE = Field(
    "code", "Code of six digits", more={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "7"}
)


async def step(
    request: Request,
    title: str,
    lines: Sequence[str] = (),
    *,
    action: str = "",
    fields: Sequence[Field] = (),
    button: str = "Go on",
    hidden: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    onward: tuple[str, str] | None = None,
    links: Sequence[More] = (),
) -> HTTPResponse:
    """422 where there are errors; one of a field that is not shown stands on top. No password or code comes back.

    `onward`: the label and the address of a link that looks like the button.
    """
    known = {field.name for field in fields}
    errors = {name if name in known else "": text for name, text in (errors or {}).items()}
    shown = {name: value for name, value in (form or {}).items() if "password" not in name and name != "code"}
    values: dict[str, Any] = {
        "title": title,
        "lines": lines,
        "action": action,
        "fields": fields,
        "button": button,
        "hidden": list((hidden or {}).items()),
        "form": shown,
        "errors": errors,
        "onward": onward,
        "links": links,
    }
    return await shop_page(request, "shop/step.html", 422 if errors else 200, **values)


def next_of(request: Request, form: Mapping[str, str] | None = None) -> str:
    """Where somebody was going, if that is a path of ours; else nothing."""
    following = (form or {}).get("next") or request.args.get("next", "")
    return local_path(following) if following else ""
