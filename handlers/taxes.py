"""The operator's API of GST rates: what holds now, what held before, and what will hold from a day on."""

import msgspec
from sanic import Blueprint
from sanic.request import Request

from models.errors import Invalid
from models.tax_rates import TaxRateInput, TaxRateRow, list_tax_rates, set_tax_rate
from server.auth import Access
from server.http import endpoint

blueprint = Blueprint("taxes_api")
PATH = "/api/v1/admin/tax-rates"


class TaxRates(msgspec.Struct, frozen=True):
    items: list[TaxRateRow]


@endpoint(
    blueprint, "GET", PATH, summary="GST rates by HSN prefix", access=Access.ADMIN, limit="seller", answer=TaxRates
)
async def show_rates(_: Request) -> TaxRates:
    return TaxRates(await list_tax_rates())


@endpoint(
    blueprint,
    "PUT",
    PATH,
    summary="Set the GST rate of an HSN prefix from a day on",
    access=Access.ADMIN,
    limit="seller",
    body=TaxRateInput,
    answer=TaxRates,
    errors=(Invalid,),
)
async def set_rate(request: Request, *, body: TaxRateInput) -> TaxRates:
    await set_tax_rate(body, actor_id=request.ctx.caller.user_id)
    return TaxRates(await list_tax_rates())
