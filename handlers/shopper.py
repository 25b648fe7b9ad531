"""Who shops: the user who is logged in, or the holder of a cart token. A new guest gets a token on the first item.

Pages carry the token in an httpOnly cookie, API clients in the `X-Cart-Token` header; only its hash is stored.
"""

import re
from uuid import UUID

from sanic.request import Request
from sanic.response import HTTPResponse

from models.basket import Shopper, Terms
from models.cart import merge_guest_cart
from models.errors import Invalid
from models.keyring import token_hash
from models.shipping import ShippingRule
from server.auth import cookie_name, new_secret, set_cookie
from server.http import context
from server.settings import Settings

HEADER = "X-Cart-Token"
COOKIE = "cart"
COOKIE_TTL_S = 30 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def cart_token(request: Request) -> str | None:
    """The guest's token, the header before the cookie. Raises Invalid for a header that is none of ours."""
    header: str | None = request.headers.get(HEADER)
    if header is not None:
        if not TOKEN.fullmatch(header):
            raise Invalid.field(HEADER, "wants the token that the first answer gave")
        return header
    cookie: str = request.cookies.get(cookie_name(context(request).settings, COOKIE)) or ""
    return cookie if TOKEN.fullmatch(cookie) else None


def shopper_of(request: Request) -> Shopper:
    """The caller as a shopper; one without user and token has no cart and no orders."""
    caller, token = request.ctx.caller, cart_token(request)
    return Shopper(caller.user_id if caller else None, token_hash(token) if token else None)


def shopper_with_cart(request: Request) -> tuple[Shopper, str | None]:
    """Like `shopper_of`, but makes a token for a guest who has none, and returns it."""
    shopper = shopper_of(request)
    if shopper.user_id or shopper.token_hash:
        return shopper, None
    token = new_secret()
    return Shopper(token_hash=token_hash(token)), token


async def keep_cart(request: Request, user_id: UUID) -> None:
    """At log-in: what the guest had in the cart, and ordered, is the user's from now on."""
    token = cart_token(request)
    if token:
        quantity_max = context(request).settings.checkout.quantity_max
        await merge_guest_cart(token_hash(token), user_id, quantity_max=quantity_max)


def give_token(response: HTTPResponse, settings: Settings, token: str | None) -> HTTPResponse:
    if token:
        set_cookie(response, settings, COOKIE, token, ttl_s=COOKIE_TTL_S)
        response.headers[HEADER] = token
    return response


def terms_of(settings: Settings) -> Terms:
    checkout = settings.checkout
    return Terms(
        currency=settings.site.currency,
        shipping=ShippingRule(checkout.shipping_minor, checkout.free_shipping_over_minor),
        quantity_max=checkout.quantity_max,
        hold_s=checkout.hold_s,
    )
