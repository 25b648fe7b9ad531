"""What the gateway sends: signed webhooks, and buyers who come back from its payment page.

A webhook is answered 2xx only after its transaction is committed; anything else makes the gateway send it again.
"""

import msgspec
import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from models.crash import point
from models.errors import Declined, NotFound, Unauthenticated, Unavailable
from models.payment import find_number
from models.settlement import receive_event, settle
from server.decode import legible
from server.http import context
from server.integrations.razorpay_events import read_event
from server.metrics import WEBHOOKS

blueprint = Blueprint("webhooks")
log = structlog.get_logger("webhooks")


class _Failure(msgspec.Struct):
    order_id: str = ""


@blueprint.post("/webhooks/razorpay")
async def razorpay_webhook(request: Request) -> HTTPResponse:
    """401 for a bad signature, with nothing written; 404 where no secret is set."""
    shared = context(request)
    point("webhook.before_verify")
    if not shared.gateway.takes_webhooks:
        raise NotFound("This shop takes no webhooks.")
    if not shared.gateway.webhook_is_signed(request.body, request.headers.get("x-razorpay-signature", "")):
        WEBHOOKS.labels("forged").inc()
        log.warning("a webhook with a bad signature was refused")
        raise Unauthenticated("The signature does not hold.", code="signature")
    event = read_event(request.body, request.headers.get("x-razorpay-event-id", ""))
    outcome = await receive_event(event, keyring=shared.keyring)
    WEBHOOKS.labels(outcome).inc()
    point("webhook.before_answer")
    return json({"outcome": outcome})


@blueprint.post("/payments/return")
async def payment_return(request: Request) -> HTTPResponse:
    """Where the payment page posts the buyer: a signed success settles at once, then the order's page tells."""
    shared = context(request)
    order_id, payment_id = _field(request, "razorpay_order_id"), _field(request, "razorpay_payment_id")
    if shared.gateway.return_is_signed(order_id, payment_id, _field(request, "razorpay_signature")):
        try:
            await settle(await shared.gateway.get_charge(payment_id))
        except (Unavailable, Declined) as error:
            log.warning("a paid order is confirmed later, by the webhook", error=error.detail)
    number = await find_number(legible(order_id or _failed_order(request)))
    return redirect(f"/orders/{number}" if number else "/orders", status=303)


def _field(request: Request, name: str) -> str:
    return (request.form.get(name) or "") if request.form else ""


def _failed_order(request: Request) -> str:
    """The gateway's order in the fields of a failed attempt, which are unsigned: good for a redirect only."""
    try:
        return msgspec.json.decode(_field(request, "error[metadata]") or "{}", type=_Failure).order_id
    except msgspec.DecodeError:
        return ""
