"""The operator's page of the search's words: synonyms and stop words, those built in beside those added here."""

from typing import Any, cast, get_args
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import search_page
from handlers.pages.forms import errors_of
from handlers.pages.shell import Form, go, page
from models.errors import Conflict, DomainError, Invalid
from models.vocabulary import (
    Kind,
    add_stop_word,
    add_synonym,
    change_synonym,
    list_stop_words,
    list_synonyms,
    remove_stop_word,
    remove_synonym,
)
from search.vocabulary import BUILT_IN
from server.auth import Access

blueprint = Blueprint("admin_vocabulary_pages")
PATH = "/admin/search/words"


@page(blueprint, "GET", PATH, access=Access.ADMIN, limit="seller")
async def words(request: Request) -> HTTPResponse:
    return await _show(request, {})


@page(blueprint, "POST", f"{PATH}/synonyms", access=Access.ADMIN, limit="seller")
async def create(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await add_synonym(_kind(form), form.get("term", ""), _words(form), actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as error:
        return await _show(request, form, error)
    return flash.leave(request, go(request, PATH), "words-saved")


@page(blueprint, "POST", f"{PATH}/synonyms/<synonym_id:uuid>", access=Access.ADMIN, limit="seller")
async def change(request: Request, synonym_id: UUID, *, form: Form) -> HTTPResponse:
    """Save, or remove where that button was pressed."""
    actor_id, version = request.ctx.caller.user_id, read_version(form)
    try:
        if form.get("do") == "remove":
            await remove_synonym(synonym_id, version=version, actor_id=actor_id)
        else:
            await change_synonym(
                synonym_id, _kind(form), form.get("term", ""), _words(form), version=version, actor_id=actor_id
            )
    except (Invalid, Conflict) as error:
        return await _show(request, {"id": str(synonym_id), **form}, error)
    return flash.leave(request, go(request, PATH), "words-saved")


@page(blueprint, "POST", f"{PATH}/stop-words", access=Access.ADMIN, limit="seller")
async def create_stop_word(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await add_stop_word(form.get("word", ""), actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as error:
        return await _show(request, form, error)
    return flash.leave(request, go(request, PATH), "words-saved")


@page(blueprint, "POST", f"{PATH}/stop-words/<stop_word_id:uuid>/remove", access=Access.ADMIN, limit="seller")
async def delete_stop_word(request: Request, stop_word_id: UUID, **_: Form) -> HTTPResponse:
    await remove_stop_word(stop_word_id, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, PATH), "words-saved")


def read_version(form: Form) -> int:
    """Which version a form was made of. Raises Invalid."""
    text = form.get("version", "")
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10):
        raise Invalid.field("version", "is missing: load the page again")
    return int(text)


async def _show(request: Request, form: Form, error: DomainError | None = None) -> HTTPResponse:
    """`form` is what was sent and could not be saved: shown again in its place with what is wrong."""
    values: dict[str, Any] = {
        "synonyms": await list_synonyms(),
        "stop_words": await list_stop_words(),
        "built_in": [", ".join(group) for group in BUILT_IN.same],
        "built_in_stop_words": BUILT_IN.stop_words,
    }
    errors = errors_of(error) if error else {}
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 422
    return await search_page(request, "admin/words.html", status, form=form, errors=errors, **values)


def _kind(form: Form) -> Kind:
    kind = form.get("kind", "")
    if kind not in get_args(Kind):
        raise Invalid.field("kind", "choose one of the two")
    return cast("Kind", kind)


def _words(form: Form) -> list[str]:
    return [word for word in form.get("words", "")[:4_000].replace("\n", ",").split(",") if word.strip()]
