"""Pages of gift cards for their holders: what is on one, by its code, and the cards of an account."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.gift_cards import CardCode
from handlers.pages.account import section
from handlers.pages.forms import read_form
from handlers.pages.shell import Form, page
from handlers.pages.shop import shop_page
from models.errors import Invalid
from models.gift_card_view import CardView, list_own_gift_cards, read_gift_card
from server.auth import Access

blueprint = Blueprint("gift_card_pages")
WRONG = "This is no gift card of this shop. Look at the spelling."
MOVEMENTS = {
    "issued": "Issued",
    "redeemed": "Paid for an order",
    "released": "Back: the order was not paid",
    "refunded": "Back: refunded",
}
STANDINGS = {
    "usable": ("Can be used", "good"),
    "spent": ("Used up", ""),
    "expired": ("Has ended", "bad"),
    "blocked": ("Blocked by the market", "bad"),
}


@page(blueprint, "GET", "/gift-cards")
async def ask(request: Request) -> HTTPResponse:
    return await _balance(request, card=None, errors={})


@page(blueprint, "POST", "/gift-cards", limit="gift_card")
async def balance(request: Request, *, form: Form) -> HTTPResponse:
    """The code is in no address and not on the answer."""
    caller = request.ctx.caller
    try:
        code = read_form(form, CardCode).code
        card = await read_gift_card(code, user_id=caller.user_id if caller else None)
    except Invalid:
        return await _balance(request, card=None, errors={"code": WRONG})
    return await _balance(request, card=card, errors={})


@page(blueprint, "GET", "/account/gift-cards", access=Access.USER)
async def own(request: Request) -> HTTPResponse:
    cards = await list_own_gift_cards(request.ctx.caller.user_id)
    return await section(
        request,
        "shop/account_gift_cards.html",
        "gift-cards",
        cards=cards,
        movements=MOVEMENTS,
        standings=STANDINGS,
    )


async def _balance(request: Request, *, card: CardView | None, errors: dict[str, str]) -> HTTPResponse:
    shown = {"card": card, "movements": MOVEMENTS, "standings": STANDINGS, "errors": errors}
    return await shop_page(request, "shop/gift_cards.html", 422 if errors else 200, **shown)
