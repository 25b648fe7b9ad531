"""The frame of both dashboards: who it is for, its links with what waits behind each, and the sales chart's bars."""

from datetime import date, datetime
from typing import Any

import msgspec
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf, flash
from handlers.pages.shell import personal, render
from models.selling import Day
from models.sign_in import get_profile
from server.auth import Access, may
from server.http import context
from web.filters import INDIA, money


class Link(msgspec.Struct, frozen=True):
    label: str
    url: str
    icon: str
    count: int | None = None
    access: Access = Access.USER


class Stat(msgspec.Struct, frozen=True):
    label: str
    value: str
    note: str = ""
    tone: str = ""
    href: str = ""


async def desk_page(
    request: Request, template: str, app: str, links: list[Link], /, status: int = 200, **values: Any
) -> HTTPResponse:
    shared = context(request)
    profile = await get_profile(shared.keyring, request.ctx.caller.user_id)
    links = [link for link in links if may(request.ctx.caller, link.access)]
    body = render(
        request,
        template,
        path=request.path,
        desk={"app": app, "home": links[0].url, "links": links, "who": profile.email},
        csrf_token=csrf.token_for(request),
        flash=flash.take(request),
        **values,
    )
    return personal(body, status)


def today() -> date:
    return datetime.now(INDIA).date()


def midnight() -> datetime:
    return datetime.now(INDIA).replace(hour=0, minute=0, second=0, microsecond=0)


def bars(days: list[Day], currency: str) -> list[dict[str, Any]]:
    """The sales chart: a bar for each day."""
    return [
        {"label": f"{day.day.day} {day.day:%b}", "value": day.paid_minor, "text": money(day.paid_minor, currency)}
        for day in days
    ]


def state_tabs(
    path: str, labels: dict[str, str], counts: dict[str, int], *, chosen: str | None
) -> list[dict[str, Any]]:
    """All, then each state that has a label, with how many there are."""
    every = {"label": "All", "url": path, "current": chosen is None, "count": sum(counts.values())}
    return [
        every,
        *(
            {"label": label, "url": f"{path}?state={state}", "current": chosen == state, "count": counts.get(state, 0)}
            for state, label in labels.items()
        ),
    ]


def read_page(request: Request) -> int:
    """The page number of the address; nonsense is page 1."""
    text = request.args.get("page", "")
    return min(int(text[:6]), 10_000) or 1 if text.isascii() and text.isdecimal() else 1
