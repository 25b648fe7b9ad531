"""The personal part of pages that are otherwise the same for everybody: who is greeted, the cart's count, the token."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf, flash
from handlers.pages.shell import page, personal, render
from handlers.shopper import shopper_of
from models.header import read_header

blueprint = Blueprint("fragments")


@page(blueprint, "GET", "/fragments/header")
async def header(request: Request) -> HTTPResponse:
    found = await read_header(shopper_of(request))
    body = render(
        request,
        "fragments/header.html",
        user={"name": found.name} if found.name else None,
        cart_count=found.units,
        csrf_token=csrf.token_for(request),
        flash=flash.take(request),
    )
    return personal(body)
