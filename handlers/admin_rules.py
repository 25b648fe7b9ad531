"""The operator's API of merchandising: rules drafted, previewed, published and taken back. Every write is audited."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from handlers.admin import PageQuery
from handlers.admin_vocabulary import Version
from models.errors import Conflict, Invalid, NotFound
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
from search.answer import SearchAnswer
from search.curation import Ruled
from search.engine import Engine
from search.query import PER_PAGE, SearchQuery, normalise
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("admin_rules_api")
PATH = "/api/v1/admin/search/rules"
ONE = f"{PATH}/<rule_id:uuid>"


class RuleChange(RuleInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` as it was read."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class PreviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    page: Annotated[int, Meta(ge=1, le=100)] = 1


class RulePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Rule]
    total: int
    page: int
    per_page: int


@endpoint(
    blueprint,
    "GET",
    PATH,
    summary="List the merchandising rules",
    access=Access.ADMIN,
    limit="seller",
    query=PageQuery,
    answer=RulePage,
)
async def show_rules(_: Request, *, query: PageQuery) -> RulePage:
    items, total = await list_rules(page=query.page, per_page=query.per_page)
    return RulePage(items=items, total=total, page=query.page, per_page=query.per_page)


@endpoint(
    blueprint,
    "POST",
    PATH,
    summary="Draft a merchandising rule",
    access=Access.ADMIN,
    limit="seller",
    body=RuleInput,
    answer=Rule,
    status=201,
    errors=(Invalid,),
)
async def draft_rule(request: Request, *, body: RuleInput) -> Rule:
    return await create_rule(body, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "GET",
    ONE,
    summary="A merchandising rule",
    access=Access.ADMIN,
    limit="seller",
    answer=Rule,
    errors=(NotFound,),
)
async def show_rule(_: Request, rule_id: UUID) -> Rule:
    return await get_rule(rule_id)


@endpoint(
    blueprint,
    "PUT",
    ONE,
    summary="Replace a draft that nobody has changed meanwhile",
    access=Access.ADMIN,
    limit="seller",
    body=RuleChange,
    answer=Rule,
    errors=(Invalid, NotFound, Conflict),
)
async def replace_rule(request: Request, rule_id: UUID, *, body: RuleChange) -> Rule:
    return await change_rule(rule_id, body, version=body.version, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "DELETE",
    ONE,
    summary="Remove a draft",
    access=Access.ADMIN,
    limit="seller",
    query=Version,
    status=204,
    errors=(NotFound, Conflict),
)
async def delete_rule(request: Request, rule_id: UUID, *, query: Version) -> None:
    await remove_rule(rule_id, version=query.version, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "POST",
    f"{ONE}/publish",
    summary="Publish a draft: shoppers see it within three seconds, or from its start",
    access=Access.ADMIN,
    limit="seller",
    body=Version,
    answer=Rule,
    errors=(Invalid, NotFound, Conflict),
)
async def publish(request: Request, rule_id: UUID, *, body: Version) -> Rule:
    return await publish_rule(rule_id, version=body.version, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "POST",
    f"{ONE}/unpublish",
    summary="Take a published rule back to a draft",
    access=Access.ADMIN,
    limit="seller",
    body=Version,
    answer=Rule,
    errors=(NotFound, Conflict),
)
async def unpublish(request: Request, rule_id: UUID, *, body: Version) -> Rule:
    return await unpublish_rule(rule_id, version=body.version, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "GET",
    f"{ONE}/preview",
    summary="The results as they would be with this rule, whatever its state and dates",
    access=Access.ADMIN,
    limit="seller",
    query=PreviewQuery,
    answer=SearchAnswer,
    errors=(NotFound,),
)
async def show_preview(request: Request, rule_id: UUID, *, query: PreviewQuery) -> SearchAnswer:
    return await preview(request, await get_rule(rule_id), page=query.page)


async def preview(request: Request, rule: Rule, *, page: int = 1) -> SearchAnswer:
    """Of the rule above those that hold now, as it will be the moment it is published. Never cached."""
    engine: Engine = context(request).search
    wanted = normalise(
        SearchQuery(q=rule.query, category=rule.category, page=page, per_page=PER_PAGE, facets=("none",))
    )
    over = [Ruled(item.action, str(item.product_id or ""), item.brand or "", item.position or 0) for item in rule.items]
    await engine.rules.find(wanted)
    return await engine.answer(msgspec.structs.replace(wanted, curation=engine.rules.curate(wanted, over=over)))
