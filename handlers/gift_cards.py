"""Gift cards over the API as their holders see them: what is on one, by its code, and the cards that one has used."""

from typing import Annotated

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.errors import Invalid
from models.gift_card_view import CardView, list_own_gift_cards, read_gift_card
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("gift_cards")


class CardCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """However it is written: blanks, dashes and case do not count."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class OwnCards(msgspec.Struct, frozen=True):
    items: list[CardView]


@endpoint(
    blueprint,
    "POST",
    "/api/v1/gift-cards/balance",
    summary="What is on a gift card, when it ends and what it was used for; few tries, for a code is money",
    limit="gift_card",
    body=CardCode,
    answer=CardView,
    errors=(Invalid,),
)
async def show_balance(request: Request, *, body: CardCode) -> CardView:
    caller = request.ctx.caller
    return await read_gift_card(body.code, user_id=caller.user_id if caller else None)


@endpoint(
    blueprint,
    "GET",
    "/api/v1/gift-cards",
    summary="The gift cards that I have used or have on my cart",
    access=Access.USER,
    limit="read",
    answer=OwnCards,
)
async def my_gift_cards(request: Request) -> OwnCards:
    return OwnCards(await list_own_gift_cards(request.ctx.caller.user_id))
