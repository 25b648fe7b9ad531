"""Coupons, gift cards and shipping rates over the API: the operator's for the shop, each seller's for its own goods."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.carriage import Estimate, RateInput, RateRow, drop_rate, estimate, list_rates, set_rate
from models.coupon import CouponInput, CouponRow, create_coupon, list_coupons, switch_coupon
from models.errors import Conflict, Invalid, NotFound
from models.gift_card import GiftCardRow, IssuedGiftCard, issue_gift_card, list_gift_cards, switch_gift_card
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("offers")
Handler = Callable[..., Awaitable[Any]]


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    active: bool


class NewGiftCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    amount_minor: Annotated[int, msgspec.Meta(ge=1, le=5_000_000)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pin_code: str


class CouponList(msgspec.Struct, frozen=True):
    items: list[CouponRow]


class GiftCardList(msgspec.Struct, frozen=True):
    items: list[GiftCardRow]


class RateList(msgspec.Struct, frozen=True):
    items: list[RateRow]


@endpoint(
    blueprint,
    "GET",
    "/api/v1/products/<slug:str>/delivery",
    summary="What delivery to a pin code costs and how long it takes",
    limit="read",
    query=Pin,
    answer=Estimate,
    errors=(Invalid, NotFound),
)
async def delivery_of_product(_: Request, slug: str, *, query: Pin) -> Estimate:
    found = await estimate(slug, query.pin_code)
    if found is None:
        raise NotFound("Nobody has said how long this takes to that pin code.")
    return found


def _mine(request: Request) -> UUID | None:
    """The seller whose own they are; None on the operator's paths."""
    if request.path.startswith("/api/v1/admin/"):
        return None
    seller_id: UUID = request.ctx.caller.seller_id
    return seller_id


def both(method: str, suffix: str, summary: str, **declared: Any) -> Callable[[Handler], Handler]:
    """One handler at the operator's path and at the seller's; `_mine` tells whose rows it touches."""

    def register(handler: Handler) -> Handler:
        for who, access in (("admin", Access.ADMIN), ("seller", Access.MONEY)):

            async def call(request: Request, **arguments: Any) -> Any:
                return await handler(request, **arguments)

            call.__name__ = f"{who}_{handler.__name__}"
            path = f"/api/v1/{who}/{suffix}"
            endpoint(blueprint, method, path, summary=summary, access=access, limit="seller", **declared)(call)
        return handler

    return register


@both("GET", "coupons", "Coupons, live ones first", answer=CouponList)
async def coupons(request: Request) -> CouponList:
    return CouponList(await list_coupons(seller_id=_mine(request)))


@both("POST", "coupons", "A new coupon", body=CouponInput, answer=CouponList, status=201, errors=(Invalid, Conflict))
async def new_coupon(request: Request, *, body: CouponInput) -> CouponList:
    await create_coupon(body, seller_id=_mine(request), actor_id=request.ctx.caller.user_id)
    return CouponList(await list_coupons(seller_id=_mine(request)))


@both(
    "PATCH", "coupons/<coupon_id:uuid>", "Switch a coupon off or on", body=Switch, answer=CouponList, errors=(NotFound,)
)
async def change_coupon(request: Request, coupon_id: UUID, *, body: Switch) -> CouponList:
    await switch_coupon(coupon_id, active=body.active, seller_id=_mine(request), actor_id=request.ctx.caller.user_id)
    return CouponList(await list_coupons(seller_id=_mine(request)))


@both("GET", "shipping-rates", "Shipping rates by zone", answer=RateList)
async def rates(request: Request) -> RateList:
    return RateList(await list_rates(_mine(request)))


@both("PUT", "shipping-rates", "Set the rate of a zone", body=RateInput, answer=RateList, errors=(Invalid,))
async def change_rate(request: Request, *, body: RateInput) -> RateList:
    await set_rate(_mine(request), body, actor_id=request.ctx.caller.user_id)
    return RateList(await list_rates(_mine(request)))


@both("DELETE", "shipping-rates/<zone:str>", "Take a zone's rate away", answer=RateList, errors=(NotFound,))
async def remove_rate(request: Request, zone: str) -> RateList:
    await drop_rate(_mine(request), zone, actor_id=request.ctx.caller.user_id)
    return RateList(await list_rates(_mine(request)))


@endpoint(
    blueprint,
    "GET",
    "/api/v1/admin/gift-cards",
    summary="Gift cards, newest first",
    access=Access.ADMIN,
    limit="seller",
    answer=GiftCardList,
)
async def gift_cards(_: Request) -> GiftCardList:
    return GiftCardList(await list_gift_cards())


@endpoint(
    blueprint,
    "POST",
    "/api/v1/admin/gift-cards",
    summary="Issue a gift card; this answer alone has its code",
    access=Access.ADMIN,
    limit="seller",
    body=NewGiftCard,
    answer=IssuedGiftCard,
    status=201,
    errors=(Invalid,),
)
async def new_gift_card(request: Request, *, body: NewGiftCard) -> IssuedGiftCard:
    return await issue_gift_card(
        amount_minor=body.amount_minor,
        currency=context(request).settings.site.currency,
        actor_id=request.ctx.caller.user_id,
        expires_at=body.expires_at,
    )


@endpoint(
    blueprint,
    "PATCH",
    "/api/v1/admin/gift-cards/<card_id:uuid>",
    summary="Block a gift card, or free it",
    access=Access.ADMIN,
    limit="seller",
    body=Switch,
    answer=GiftCardList,
    errors=(NotFound,),
)
async def change_gift_card(request: Request, card_id: UUID, *, body: Switch) -> GiftCardList:
    await switch_gift_card(card_id, active=body.active, actor_id=request.ctx.caller.user_id)
    return GiftCardList(await list_gift_cards())
