"""The owner's page of staff and invitations, and the page where an invited person says yes."""

from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.forms import errors_of, read_form
from handlers.pages.seller import seller_page
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import shop_page
from handlers.staff import NewInvitation, join, log_out
from models.errors import Conflict, Invalid, TooMany
from models.staff import get_invitation, invite, list_staff, remove, set_grants, withdraw
from server.auth import Access
from server.http import context
from server.links import demand_signed

blueprint = Blueprint("staff_pages")
GRANTS = {
    "products": "Products: add and edit them, prices and stock",
    "orders": "Orders: pack, send, answer returns and reviews",
    "money": "Money: payouts, coupons, delivery charges",
}


@page(blueprint, "GET", "/seller/staff", access=Access.OWNER, limit="seller")
async def staff(request: Request) -> HTTPResponse:
    return await _staff(request, {}, {})


@page(blueprint, "POST", "/seller/staff", access=Access.OWNER, limit="default")
async def invite_by_mail(request: Request, *, form: Form) -> HTTPResponse:
    caller = request.ctx.caller
    try:
        wanted = read_form({"email": form.get("email", "")}, NewInvitation)
        await invite(
            caller.seller_id, wanted.email, _grants(form), actor_id=caller.user_id, keyring=context(request).keyring
        )
    except (Invalid, Conflict, TooMany) as error:
        said = errors_of(error)
        return await _staff(request, form, {"email": said.get("email") or " ".join(said.values())})
    return flash.leave(request, go(request, "/seller/staff"), "invited")


@page(blueprint, "POST", "/seller/staff/<user_id:uuid>", access=Access.OWNER, limit="seller")
async def change(request: Request, user_id: UUID, *, form: Form) -> HTTPResponse:
    """New grants, or good-bye, as the pressed button says; either ends the person's log-ins."""
    caller = request.ctx.caller
    if form.get("do") == "remove":
        ended = await remove(caller.seller_id, user_id, actor_id=caller.user_id)
    else:
        ended = await set_grants(caller.seller_id, user_id, _grants(form), actor_id=caller.user_id)
    await log_out(request, ended)
    return flash.leave(request, go(request, "/seller/staff"), "profile-saved")


@page(blueprint, "POST", "/seller/staff/invitations/<invitation_id:uuid>/remove", access=Access.OWNER, limit="seller")
async def withdraw_invitation(request: Request, invitation_id: UUID, **_: Form) -> HTTPResponse:
    await withdraw(request.ctx.caller.seller_id, invitation_id, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, "/seller/staff"), "profile-saved")


@page(blueprint, "GET", "/invitations/<invitation_id:uuid>", access=Access.USER)
async def invitation(request: Request, invitation_id: UUID) -> HTTPResponse:
    shared, until, key = context(request), request.args.get("until", ""), request.args.get("key", "")
    demand_signed(shared.settings, request.path, until=until, key=key)
    found = await get_invitation(invitation_id, keyring=shared.keyring)
    words = [GRANTS[grant] for grant in found.grants]
    return await shop_page(request, "shop/invitation.html", invitation=found, grants=words, until=until, key=key)


@page(blueprint, "POST", "/invitations/<invitation_id:uuid>", access=Access.USER, limit="default")
async def accept(request: Request, invitation_id: UUID, *, form: Form) -> HTTPResponse:
    await join(request, invitation_id, until=form.get("until", ""), key=form.get("key", ""))
    return flash.leave(request, go(request, "/seller"), "welcome")


def _grants(form: Form) -> list[str]:
    return [grant for grant in GRANTS if form.get(f"grant-{grant}")]


async def _staff(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    people, invited = await list_staff(request.ctx.caller.seller_id, keyring=context(request).keyring)
    return await seller_page(
        request,
        "seller/staff.html",
        422 if errors else 200,
        people=people,
        invited=invited,
        grants=GRANTS,
        form={name: form.get(name, "") for name in ("email", *(f"grant-{grant}" for grant in GRANTS))},
        errors=errors,
    )
