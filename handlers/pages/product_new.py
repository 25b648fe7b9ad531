"""A new product by form: kept as a draft, then on to its own page, where pictures are added and the checklist is.

The form carries a word of its own, so that what is sent twice makes one product.
"""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.category_choice import category_groups
from handlers.pages.forms import errors_of
from handlers.pages.product_form import BLANK, read_new
from handlers.pages.product_view import COUNTRIES
from handlers.pages.search import category_tree
from handlers.pages.seller import SHOP_STATES, seller_desk, seller_of
from handlers.pages.shell import Form, go, page
from handlers.pages.specification_form import reshaped, specification_rows
from models.errors import Conflict, Forbidden, Invalid
from models.product_new import create_product
from models.product_write import MAY_WRITE
from models.seller import get_seller
from server.auth import Access, new_secret

blueprint = Blueprint("product_new_pages")
NEW = "/seller/products/new"
FIELDS = {"list_price_minor": "mrp", "price_minor": "price"}
"""Names of the domain's fields that the form calls otherwise."""


@page(blueprint, "GET", NEW, access=Access.PRODUCTS, limit="seller")
async def new_product(request: Request) -> HTTPResponse:
    return await _form(request, BLANK, {})


@page(blueprint, "POST", NEW, access=Access.PRODUCTS, limit="seller")
async def make_product(request: Request, *, form: Form) -> HTTPResponse:
    once, actor_id = form.get("once", "")[:64], request.ctx.caller.user_id
    typed = {**dict.fromkeys(BLANK, ""), **form}
    if (other := reshaped(typed)) is not None:
        return await _form(request, other, {}, once=once, unsaved=True)
    try:
        new = read_new(form, await category_tree(request))
        made = await create_product(seller_of(request), new, actor_id=actor_id, once=once)
    except Conflict as error:
        if error.code == "made":
            return await _form(request, typed, {"": error.detail}, 409, made=error.fields[0].detail)
        return await _form(request, typed, {error.code: error.detail}, once=once)
    except Invalid as error:
        errors = {FIELDS.get(field, field): said for field, said in errors_of(error).items()}
        return await _form(request, typed, errors, once=once)
    except Forbidden as error:
        return await _form(request, typed, {"": error.detail}, 403, once=once)
    return flash.leave(request, go(request, f"/seller/products/{made.id}"), "draft-made")


async def _form(
    request: Request,
    form: Form,
    errors: dict[str, str],
    status: int = 200,
    *,
    once: str = "",
    made: str = "",
    unsaved: bool = False,
) -> HTTPResponse:
    """`made`: the id of the product that this form made before, when it said something else. `unsaved`: the form holds
    what is not kept yet, and nothing of it is wrong.
    """
    shop = await get_seller(seller_of(request))
    return await seller_desk(
        request,
        "seller/product_new.html",
        422 if errors and status == 200 else status,
        form=form,
        errors=errors,
        once=once or new_secret(),
        made=made,
        may_write=shop.state in MAY_WRITE,
        reason=SHOP_STATES.get(shop.state, ""),
        category_groups=category_groups(await category_tree(request)),
        countries=list(COUNTRIES.items()),
        unsaved=unsaved or bool(errors),
        **await specification_rows(form, offers=True),
    )
