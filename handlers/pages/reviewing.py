"""Writing a review with photos, for those who got the product; and the page that says how returns work."""

from contextlib import suppress

from sanic import Blueprint
from sanic.request import File, Request
from sanic.response import HTTPResponse

from handlers.media import keep_photo
from handlers.pages import flash
from handlers.pages.forms import errors_of
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import public_page, shop_page
from handlers.products import get_product
from models.errors import Conflict, Forbidden, Invalid
from models.review import PHOTOS_MAX, write_review
from server.auth import Access
from server.http import context
from server.pictures import fit

blueprint = Blueprint("review_pages")


@page(blueprint, "GET", "/p/<slug:str>/review", access=Access.USER)
async def review_form(request: Request, slug: str) -> HTTPResponse:
    return await _form(request, slug, {}, {})


@page(blueprint, "POST", "/p/<slug:str>/review", access=Access.USER, limit="default", upload=True)
async def review(request: Request, slug: str, *, form: Form) -> HTTPResponse:
    user_id = request.ctx.caller.user_id
    try:
        stars = form.get("rating", "")
        if stars not in ("1", "2", "3", "4", "5"):
            raise Invalid.field("rating", "choose one to five stars")
        photos = [await fit(file.body) for file in _files(request)]
        text = form.get("text", "")[:5000]
        review_id = await write_review(user_id, slug, rating=int(stars), title=form.get("title", "")[:120], text=text)
    except (Invalid, Conflict, Forbidden) as error:
        return await _form(request, slug, form, {name.replace("picture", "photo"): said
                                                 for name, said in errors_of(error).items()})  # fmt: skip
    with suppress(Conflict):  # the market has looked at the review already, which is written
        for picture in photos:
            await keep_photo(request, review_id, picture)
    return flash.leave(request, go(request, "/account/orders"), "review-sent")


@page(blueprint, "GET", "/returns-policy")
async def returns_policy(request: Request) -> HTTPResponse:
    return await public_page(request, "shop/returns_policy.html", days=context(request).settings.checkout.return_days)


def _files(request: Request) -> list[File]:
    """The photos that were chosen; browsers send an empty one where none was. Raises Invalid for too many."""
    sent: list[File] = request.files.getlist("photo", []) if request.files else []
    files = [file for file in sent if file.body]
    if len(files) > PHOTOS_MAX:
        raise Invalid.field("photo", f"send at most {PHOTOS_MAX} photos")
    return files


async def _form(request: Request, slug: str, form: Form, errors: dict[str, str]) -> HTTPResponse:
    found = await get_product(slug)
    return await shop_page(
        request,
        "shop/review.html",
        422 if errors else 200,
        product={"name": found.name, "slug": found.slug},
        form=form,
        errors=errors,
        photos_max=PHOTOS_MAX,
    )
