"""What people do with their own data over the API: addresses, a picture of themselves, a copy of it all, erasure."""

import asyncio
import io
import zipfile
from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from handlers.guesses import count_guess, of_caller
from models.base import uuid7
from models.delivery import Delivery, check_contact
from models.erasure import erase_person
from models.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from models.export import Export, export_person
from models.keyring import normalise_email
from models.profile import (
    SavedAddress,
    change_address,
    drop_address,
    is_fresh,
    keep_address,
    list_addresses,
    make_default,
    password_of,
    set_avatar,
)
from models.sign_in import get_profile
from server.auth import Access, forget_session
from server.http import context, endpoint
from server.integrations.media import Media
from server.pictures import fit

blueprint = Blueprint("personal")
ADDRESSES = "/api/v1/me/addresses"


class Addresses(msgspec.Struct, frozen=True):
    items: list[SavedAddress]


class Avatar(msgspec.Struct, frozen=True):
    key: str


class Erasure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accounts without a password send their mail address in its place, within ten minutes of their log-in."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


@endpoint(
    blueprint, "GET", ADDRESSES, summary="My addresses, the usual one first", access=Access.USER, limit="read",
    answer=Addresses,
)  # fmt: skip
async def my_addresses(request: Request) -> Addresses:
    return await _addresses(request)


@endpoint(
    blueprint, "POST", ADDRESSES, summary="Keep an address", access=Access.USER, body=Delivery, answer=Addresses,
    status=201, errors=(Invalid,),
)  # fmt: skip
async def add_address(request: Request, *, body: Delivery) -> Addresses:
    await keep_address(request.ctx.caller.user_id, await checked(request, body), keyring=context(request).keyring)
    return await _addresses(request)


@endpoint(
    blueprint, "PUT", f"{ADDRESSES}/<address_id:uuid>", summary="Change an address", access=Access.USER,
    body=Delivery, answer=Addresses, errors=(Invalid, NotFound),
)  # fmt: skip
async def edit_address(request: Request, address_id: UUID, *, body: Delivery) -> Addresses:
    user_id, keyring = request.ctx.caller.user_id, context(request).keyring
    await change_address(user_id, address_id, await checked(request, body), keyring=keyring)
    return await _addresses(request)


@endpoint(
    blueprint, "PUT", f"{ADDRESSES}/<address_id:uuid>/default", summary="Make it the usual one", access=Access.USER,
    answer=Addresses, errors=(NotFound,),
)  # fmt: skip
async def choose_address(request: Request, address_id: UUID) -> Addresses:
    await make_default(request.ctx.caller.user_id, address_id)
    return await _addresses(request)


@endpoint(
    blueprint, "DELETE", f"{ADDRESSES}/<address_id:uuid>", summary="Forget an address", access=Access.USER,
    status=204, errors=(NotFound,),
)  # fmt: skip
async def delete_address(request: Request, address_id: UUID) -> None:
    await drop_address(request.ctx.caller.user_id, address_id)


@endpoint(
    blueprint, "POST", "/api/v1/me/avatar", summary="A picture of me: the bytes as the body", access=Access.USER,
    upload=True, answer=Avatar, status=201, errors=(Invalid, NotFound, Unavailable),
)  # fmt: skip
async def upload_avatar(request: Request) -> Avatar:
    return Avatar(await keep_avatar(request, request.body))


@endpoint(
    blueprint, "DELETE", "/api/v1/me/avatar", summary="Take my picture away", access=Access.USER, status=204,
    errors=(NotFound,),
)  # fmt: skip
async def delete_avatar(request: Request) -> None:
    await set_avatar(request.ctx.caller.user_id, "")


@endpoint(
    blueprint, "GET", "/api/v1/me/export", summary="All that is kept about me, as a ZIP of JSON, papers and pictures",
    access=Access.USER, limit="export", errors=(NotFound,),
)  # fmt: skip
async def export(request: Request) -> HTTPResponse:
    return await exported(request)


@endpoint(
    blueprint, "POST", "/api/v1/me/erasure", summary="Erase me: orders stay without a name, all else is deleted",
    access=Access.USER, limit="auth", body=Erasure, status=204, errors=(Conflict, Forbidden, NotFound, Unavailable),
)  # fmt: skip
async def erase(request: Request, *, body: Erasure) -> None:
    await erase_caller(request, body.password)


async def checked(request: Request, delivery: Delivery) -> Delivery:
    """Raises Invalid naming each wrong field."""
    email = (await get_profile(context(request).keyring, request.ctx.caller.user_id)).email
    return check_contact(email, delivery).delivery


async def keep_avatar(request: Request, picture: bytes) -> str:
    """The key of the stored picture; the one before is deleted by a job. Raises Invalid; NotFound for who was erased
    meanwhile, and then no file of it is left.
    """
    media: Media = context(request).media
    key = await media.store(f"avatars/{uuid7()}", await fit(picture))
    try:
        await set_avatar(request.ctx.caller.user_id, key)
    except NotFound:
        await media.remove(key)
        raise
    return key


async def exported(request: Request) -> HTTPResponse:
    shared = context(request)
    found = await export_person(request.ctx.caller.user_id, keyring=shared.keyring)
    pictures = {key: await shared.media.read(key) for key in found.pictures if not key.startswith("http")}
    body = await asyncio.to_thread(_zip, found, pictures)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="haat-my-data.zip"'}
    return raw(body, headers=headers, content_type="application/zip")


async def erase_caller(request: Request, password: str) -> None:
    """Raises Forbidden for a wrong password, TooMany after many, Conflict while something is open."""
    shared, caller = context(request), request.ctx.caller
    hashed = await password_of(caller.user_id)
    if hashed:
        await count_guess(request, of_caller(request))
        known = await shared.passwords.verify(password, hashed)
    else:
        mail = (await get_profile(shared.keyring, caller.user_id)).email
        known = normalise_email(password) == mail and await is_fresh(caller.session_id)
    if not known:
        words = "The password is wrong." if hashed else "Log in again, and within ten minutes give your mail address."
        raise Forbidden(words, code="credentials")
    for session_id in await erase_person(caller.user_id, keyring=shared.keyring):
        await forget_session(shared.redis, shared.settings, session_id)


async def _addresses(request: Request) -> Addresses:
    return Addresses(await list_addresses(request.ctx.caller.user_id, keyring=context(request).keyring))


def _zip(found: Export, pictures: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in found.documents.items():
            archive.writestr(f"{name}.json", msgspec.json.format(msgspec.json.encode(document), indent=2))
        for name, paper in found.files.items():
            archive.writestr(f"papers/{name}", paper)
        for key, picture in pictures.items():
            archive.writestr(f"pictures/{key.replace('/', '-')}", picture)
    return out.getvalue()
