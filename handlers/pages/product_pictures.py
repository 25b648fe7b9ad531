"""The pictures of a seller's product on its page: what is shown, what waits for the market, adding and taking away.

A script sends files one by one and straight to where they are kept; without it this form brings them.
"""

from uuid import UUID

from sanic import Blueprint
from sanic.request import File, Request
from sanic.response import HTTPResponse

from handlers.media import take_picture
from handlers.pages import flash
from handlers.pages.forms import errors_of
from handlers.pages.product_edit import Opened, edit_page, open_product
from handlers.pages.seller import seller_of
from handlers.pages.shell import Form, go, page
from models.errors import Conflict, Invalid
from models.pictures import remove_picture
from models.product_change import Wanted
from server.auth import Access

blueprint = Blueprint("product_picture_pages")
HERE = "/seller/products/<product_id:uuid>/pictures"


@page(blueprint, "POST", HERE, access=Access.PRODUCTS, limit="seller", upload=True)
async def add_pictures(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:  # noqa: ARG001 (the token)
    sent: list[File] = request.files.getlist("picture", []) if request.files else []
    try:
        files = [file.body for file in sent if file.body]
        if not files:
            raise Invalid.field("picture", "choose a picture")
        for picture in files:
            await take_picture(request, product_id, picture)
    except (Invalid, Conflict) as error:
        opened, said = await open_product(request, product_id), errors_of(error)
        return await edit_page(request, opened, opened.filled(), {"picture": next(iter(said.values()))})
    opened = await open_product(request, product_id)
    code = "pictures-wait" if opened.looks_first else _beside("pictures-added", opened)
    return flash.leave(request, go(request, f"/seller/products/{product_id}#pictures"), code)


@page(blueprint, "POST", f"{HERE}/<image_id:uuid>/remove", access=Access.PRODUCTS, limit="seller")
async def take_away(request: Request, product_id: UUID, image_id: UUID, *, form: Form) -> HTTPResponse:  # noqa: ARG001
    waited = image_id in {picture.id for picture in (await open_product(request, product_id)).waiting.added}
    await remove_picture(seller_of(request), product_id, image_id, actor_id=request.ctx.caller.user_id)
    opened = await open_product(request, product_id)
    if waited:
        code = "picture-unasked"
    else:
        code = "picture-leaves" if opened.looks_first else _beside("picture-removed", opened)
    return flash.leave(request, go(request, f"/seller/products/{product_id}#pictures"), code)


def _beside(code: str, opened: Opened) -> str:
    """What was done at once, beside a change that has waited since the seller was not trusted yet."""
    return f"{code}-beside" if opened.waiting != Wanted() else code
