"""GST invoices and credit notes as PDFs: for those who may see the order, and for the seller who issued them."""

from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from handlers.pages.orders import own_order_page
from handlers.pages.seller import seller_of
from handlers.pages.shell import page
from handlers.pages.shop import shop_page
from models.invoice import InvoiceView, get_invoice, list_invoices
from server.auth import Access
from server.http import context
from server.invoice_pdf import invoice_pdf

blueprint = Blueprint("invoice_pages")
LABELS = {"invoice": "Tax invoice", "credit_note": "Credit note"}


@page(blueprint, "GET", "/orders/<number:str>/invoices")
async def invoices(request: Request, number: str) -> HTTPResponse:
    order = await own_order_page(request, number)
    rows = [
        {"label": f"{LABELS[row.kind]} {row.number}", "url": f"/orders/{order.number}/invoices/{row.id}",
         "issued_at": row.created_at}
        for row in await list_invoices(order.id)
    ]  # fmt: skip
    return await shop_page(request, "shop/invoices.html", number=order.number, invoices=rows)


@page(blueprint, "GET", "/orders/<number:str>/invoices/<invoice_id:uuid>")
async def invoice(request: Request, number: str, invoice_id: UUID) -> HTTPResponse:
    order = await own_order_page(request, number)
    found = await get_invoice(invoice_id, keyring=context(request).keyring, order_number=order.number)
    return _pdf(request, found)


@page(blueprint, "GET", "/seller/invoices/<invoice_id:uuid>", access=Access.ORDERS, limit="seller")
async def own_invoice(request: Request, invoice_id: UUID) -> HTTPResponse:
    return _pdf(request, await get_invoice(invoice_id, keyring=context(request).keyring, seller_id=seller_of(request)))


def _pdf(request: Request, found: InvoiceView) -> HTTPResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{found.number}.pdf"',
        "Cache-Control": "no-store",
    }
    body = invoice_pdf(found, site=context(request).settings.site.name)
    return raw(body, content_type="application/pdf", headers=headers)
