"""The operator's API of the search's words: synonyms and stop words. Every write is audited."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint
from sanic.request import Request

from models.errors import Conflict, Invalid, NotFound
from models.vocabulary import (
    TERM_MAX,
    WORD_MAX,
    WORDS_MAX,
    Kind,
    StopWord,
    Synonym,
    add_stop_word,
    add_synonym,
    change_synonym,
    list_stop_words,
    list_synonyms,
    remove_stop_word,
    remove_synonym,
)
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("admin_vocabulary_api")
SYNONYMS, STOP_WORDS = "/api/v1/admin/search/synonyms", "/api/v1/admin/search/stop-words"


class NewSynonym(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`mutual`: each of `words` finds the others, without a term; `one_way`: `term` finds `words` as well."""

    kind: Kind
    term: Annotated[str, Meta(max_length=TERM_MAX)] = ""
    words: Annotated[list[Annotated[str, Meta(max_length=TERM_MAX)]], Meta(max_length=WORDS_MAX)]


class SynonymChange(NewSynonym, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` as it was read."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class NewStopWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    word: Annotated[str, Meta(max_length=WORD_MAX)]


class Synonyms(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Synonym]


class StopWords(msgspec.Struct, frozen=True, kw_only=True):
    items: list[StopWord]


@endpoint(
    blueprint, "GET", SYNONYMS, summary="List the synonyms", access=Access.ADMIN, limit="seller", answer=Synonyms
)  # fmt: skip
async def show_synonyms(_: Request) -> Synonyms:
    return Synonyms(items=await list_synonyms())


@endpoint(
    blueprint,
    "POST",
    SYNONYMS,
    summary="Add a synonym; searches know it in a moment",
    access=Access.ADMIN,
    limit="seller",
    body=NewSynonym,
    answer=Synonym,
    status=201,
    errors=(Invalid, Conflict),
)
async def create_synonym(request: Request, *, body: NewSynonym) -> Synonym:
    return await add_synonym(body.kind, body.term, body.words, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "PUT",
    f"{SYNONYMS}/<synonym_id:uuid>",
    summary="Change a synonym that nobody has changed meanwhile",
    access=Access.ADMIN,
    limit="seller",
    body=SynonymChange,
    answer=Synonym,
    errors=(Invalid, NotFound, Conflict),
)
async def update_synonym(request: Request, synonym_id: UUID, *, body: SynonymChange) -> Synonym:
    actor_id = request.ctx.caller.user_id
    return await change_synonym(synonym_id, body.kind, body.term, body.words, version=body.version, actor_id=actor_id)


@endpoint(
    blueprint,
    "DELETE",
    f"{SYNONYMS}/<synonym_id:uuid>",
    summary="Remove a synonym that nobody has changed meanwhile",
    access=Access.ADMIN,
    limit="seller",
    query=Version,
    status=204,
    errors=(NotFound, Conflict),
)
async def delete_synonym(request: Request, synonym_id: UUID, *, query: Version) -> None:
    await remove_synonym(synonym_id, version=query.version, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint, "GET", STOP_WORDS, summary="List the stop words", access=Access.ADMIN, limit="seller", answer=StopWords
)  # fmt: skip
async def show_stop_words(_: Request) -> StopWords:
    return StopWords(items=await list_stop_words())


@endpoint(
    blueprint,
    "POST",
    STOP_WORDS,
    summary="Add a word that searches pass over",
    access=Access.ADMIN,
    limit="seller",
    body=NewStopWord,
    answer=StopWord,
    status=201,
    errors=(Invalid, Conflict),
)
async def create_stop_word(request: Request, *, body: NewStopWord) -> StopWord:
    return await add_stop_word(body.word, actor_id=request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "DELETE",
    f"{STOP_WORDS}/<stop_word_id:uuid>",
    summary="Remove a stop word",
    access=Access.ADMIN,
    limit="seller",
    status=204,
    errors=(NotFound,),
)
async def delete_stop_word(request: Request, stop_word_id: UUID) -> None:
    await remove_stop_word(stop_word_id, actor_id=request.ctx.caller.user_id)
