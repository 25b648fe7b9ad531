"""The operator's pages of merchandising: the list, and a draft beside the results that it would give."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.admin_rules import preview
from handlers.pages import flash
from handlers.pages.admin_frame import search_page
from handlers.pages.admin_vocabulary import read_version
from handlers.pages.desk import read_page
from handlers.pages.forms import errors_of
from handlers.pages.search_view import card
from handlers.pages.shell import Form, go, page
from handlers.search import find_products
from models.errors import Conflict, DomainError, Invalid
from models.merchandising import (
    Rule,
    RuleInput,
    change_rule,
    create_rule,
    get_rule,
    list_rules,
    publish_rule,
    remove_rule,
    unpublish_rule,
)
from search.answer import Hit
from search.query import Q_MAX, SearchQuery
from server.auth import Access
from server.decode import decode_json
from web.filters import INDIA

blueprint = Blueprint("admin_rules_pages")
PATH = "/admin/search/rules"
PER_PAGE = 20
FOUND = 12
DONE = {"publish": "rule-published", "unpublish": "rule-unpublished"}


@page(blueprint, "GET", PATH, access=Access.ADMIN, limit="seller")
async def rules(request: Request) -> HTTPResponse:
    return await _list(request, {})


@page(blueprint, "POST", PATH, access=Access.ADMIN, limit="seller")
async def create(request: Request, *, form: Form) -> HTTPResponse:
    """Of a query, unless it was the slug of a category that was given."""
    try:
        wanted = _input({"name": form.get("name", ""), "query": form.get("query", ""),
                         "category": form.get("category", "")})  # fmt: skip
        rule = await create_rule(wanted, actor_id=request.ctx.caller.user_id)
    except Invalid as error:
        return await _list(request, form, error)
    return go(request, f"{PATH}/{rule.id}")


@page(blueprint, "GET", f"{PATH}/<rule_id:uuid>", access=Access.ADMIN, limit="seller")
async def rule(request: Request, rule_id: UUID) -> HTTPResponse:
    return await _show(request, await get_rule(rule_id))


@page(blueprint, "POST", f"{PATH}/<rule_id:uuid>", access=Access.ADMIN, limit="seller")
async def change(request: Request, rule_id: UUID, *, form: Form) -> HTTPResponse:
    """Save, publish, unpublish or remove, add or take away an item, as the pressed button says."""
    actor_id, known = request.ctx.caller.user_id, await get_rule(rule_id)
    do = form.get("do", "")
    try:
        version = read_version(form)
        if do == "remove":
            await remove_rule(rule_id, version=version, actor_id=actor_id)
            return flash.leave(request, go(request, PATH), "rule-removed")
        if do == "unpublish":
            await unpublish_rule(rule_id, version=version, actor_id=actor_id)
        else:
            saved = await change_rule(rule_id, _changed(known, do, form), version=version, actor_id=actor_id)
            if do == "publish":
                await publish_rule(rule_id, version=saved.version, actor_id=actor_id)
    except (Invalid, Conflict) as error:
        return await _show(request, await get_rule(rule_id), form, error)
    return flash.leave(request, go(request, f"{PATH}/{rule_id}"), DONE.get(do, "rule-saved"))


def _changed(known: Rule, do: str, form: Form) -> RuleInput:
    """The rule as it is to be. Raises Invalid."""
    items = [_item(item.action, item.product_id, item.brand, item.position) for item in known.items]
    values = {"name": known.name, "query": known.query, "category": known.category,
              "starts_at": known.starts_at, "ends_at": known.ends_at}  # fmt: skip
    if do == "add":
        product, brand = form.get("product_id", ""), form.get("brand", "")
        position = form.get("position", "") if form.get("action") == "pin" else ""
        items = [item for item in items if not product or item.get("product_id") != product]
        items.append(_item(form.get("action", ""), product, brand, int(position) if position.isdecimal() else None))
    elif do.startswith("drop-"):
        items = [item for place, item in enumerate(items) if do != f"drop-{place}"]
    else:
        values |= {"name": form.get("name", ""), "starts_at": _moment("starts_at", form),
                   "ends_at": _moment("ends_at", form)}  # fmt: skip
    return _input({**values, "items": items})


def _item(action: str, product: UUID | str | None, brand: str | None, position: int | None) -> dict[str, Any]:
    named = {"product_id": str(product)} if product else {"brand": brand or ""}
    return {"action": action, **named, "position": position}


def _input(values: dict[str, Any]) -> RuleInput:
    """Checked as strictly as the API's body. Raises Invalid."""
    return decode_json(msgspec.json.encode(values), RuleInput)


def _moment(field: str, form: Form) -> datetime | None:
    """What a date field of the browser gives is Indian time."""
    text = form.get(field, "")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=INDIA) if text else None
    except ValueError as error:
        raise Invalid.field(field, "write a date and a time") from error


async def _list(request: Request, form: Form, error: DomainError | None = None) -> HTTPResponse:
    number = read_page(request)
    found, total = await list_rules(page=number, per_page=PER_PAGE)
    return await search_page(
        request,
        "admin/rules.html",
        422 if error else 200,
        rules=found,
        form=form,
        errors=errors_of(error) if error else {},
        page=number,
        pages=-(-total // PER_PAGE),
    )


async def _show(
    request: Request, rule: Rule, form: Form | None = None, error: DomainError | None = None
) -> HTTPResponse:
    find = request.args.get("find", "").strip()[:Q_MAX]
    answer = await preview(request, rule, page=read_page(request))
    others = await find_products(request, SearchQuery(q=find, per_page=FOUND, facets=("none",))) if find else None
    first = (answer.page - 1) * answer.per_page + 1
    filled = {"name": rule.name, "starts_at": _local(rule.starts_at), "ends_at": _local(rule.ends_at)}
    return await search_page(
        request,
        "admin/rule.html",
        200 if error is None else 409 if isinstance(error, Conflict) else 422,
        rule=rule,
        form={**filled, **(form or {})},
        errors=errors_of(error) if error else {},
        find=find,
        results=[_result(rule, hit, place) for place, hit in enumerate(answer.hits, start=first)],
        others=[_result(rule, hit, 1) for hit in others.hits] if others else [],
        total=answer.total,
        page=answer.page,
        pages=min(answer.pages, 100),
    )


def _result(rule: Rule, hit: Hit, place: int) -> dict[str, Any]:
    brand = hit.brand.casefold()
    done = next((item.action for item in rule.items if str(item.product_id) == hit.id), "")
    done = done or next((item.action for item in rule.items if item.brand and item.brand.casefold() == brand), "")
    return {"id": hit.id, "place": place, "done": done, **card(hit)._asdict()}


def _local(moment: datetime | None) -> str:
    return moment.astimezone(INDIA).strftime("%Y-%m-%dT%H:%M") if moment else ""
