"""Pages from a first shop to an approved one: opening it, the checklist with profile and papers, the operator."""

from uuid import UUID

from sanic import Blueprint
from sanic.request import File, Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.checkout import REGION_OPTIONS
from handlers.pages.forms import errors_of, read_form
from handlers.pages.seller import seller_of, seller_page
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import shop_page
from handlers.shop import papers_of, start_shop
from models.errors import Conflict, Invalid
from models.onboarding import FIELDS, ShopProfile, change_profile, get_shop, submit
from models.seller import find_payout_account, get_seller
from models.seller_documents import KINDS, drop_document, keep_document
from server.auth import Access
from server.http import context

blueprint = Blueprint("onboarding_pages")
SHOP = "/seller/shop"


@page(blueprint, "GET", "/sell", access=Access.USER)
async def sell(request: Request) -> HTTPResponse:
    if request.ctx.caller.seller_id:
        return go(request, "/seller")
    return await shop_page(request, "shop/sell.html", form={"name": ""}, errors={})


@page(blueprint, "POST", "/sell", access=Access.USER, limit="default")
async def open_shop(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await start_shop(request, form.get("name", ""))
    except (Invalid, Conflict) as error:
        said = " ".join(errors_of(error).values())
        return await shop_page(
            request, "shop/sell.html", 422, form={"name": form.get("name", "")}, errors={"name": said}
        )
    return flash.leave(request, go(request, SHOP), "shop-opened")


@page(blueprint, "GET", SHOP, access=Access.OWNER, limit="seller")
async def shop(request: Request) -> HTTPResponse:
    return await _shop(request, {}, {})


@page(blueprint, "POST", SHOP, access=Access.OWNER, limit="seller")
async def save_profile(request: Request, *, form: Form) -> HTTPResponse:
    try:
        wanted = read_form({name: form[name] for name in FIELDS if name in form}, ShopProfile)
        await change_profile(seller_of(request), wanted, actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as error:
        return await _shop(request, form, errors_of(error))
    return flash.leave(request, go(request, SHOP), "profile-saved")


@page(blueprint, "POST", f"{SHOP}/submit", access=Access.OWNER, limit="seller")
async def send_in(request: Request, **_: Form) -> HTTPResponse:
    try:
        await submit(seller_of(request), actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as error:
        return await _shop(request, {}, {"": error.detail})
    return flash.leave(request, go(request, SHOP), "shop-sent")


@page(blueprint, "POST", f"{SHOP}/documents", access=Access.OWNER, limit="seller")
async def hand_in(request: Request, *, form: Form) -> HTTPResponse:
    sent: File | None = request.files.get("document") if request.files else None
    kind, who = form.get("kind", ""), request.ctx.caller.user_id
    try:
        if kind not in KINDS:
            raise Invalid.field("document", "say which paper it is")
        if sent is None or not sent.body:
            raise Invalid.field("document", "choose a file")
        keyring = context(request).keyring
        await keep_document(seller_of(request), kind, sent.name or kind, sent.body, actor_id=who, keyring=keyring)
    except (Invalid, Conflict) as error:
        return await _shop(request, {}, {f"document-{kind}": " ".join(errors_of(error).values())})
    return flash.leave(request, go(request, SHOP), "profile-saved")


@page(blueprint, "POST", f"{SHOP}/documents/<document_id:uuid>/remove", access=Access.OWNER, limit="seller")
async def take_back(request: Request, document_id: UUID, **_: Form) -> HTTPResponse:
    try:
        await drop_document(seller_of(request), document_id, actor_id=request.ctx.caller.user_id)
    except Conflict as error:
        return await _shop(request, {}, {"": error.detail})
    return flash.leave(request, go(request, SHOP), "profile-saved")


@page(blueprint, "GET", "/admin/sellers/<seller_id:uuid>", access=Access.ADMIN, limit="seller")
async def review_seller(request: Request, seller_id: UUID) -> HTTPResponse:
    return await admin_page(
        request,
        "admin/seller.html",
        await numbers_of(request),
        seller=await get_seller(seller_id),
        shop=await get_shop(seller_id),
        papers=await papers_of(request, seller_id),
        kinds=KINDS,
        account=await find_payout_account(seller_id),
    )


async def _shop(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    found = await get_shop(seller_of(request))
    papers = {paper.document.kind: paper for paper in await papers_of(request, found.id)}
    return await seller_page(
        request,
        "seller/shop.html",
        422 if errors else 200,
        shop=found,
        papers=papers,
        kinds=KINDS,
        form={name: form.get(name, getattr(found, name)) for name in FIELDS},
        errors=errors,
        regions=REGION_OPTIONS,
    )
