"""Razorpay's REST routes under /v1: basic authentication, JSON in and out, errors in its own shape."""

import asyncio
import base64
import hmac
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from devstack.razorpay.entities import Dispute, Order, Payment, Payout, Refund
from devstack.razorpay.errors import ApiError
from devstack.razorpay.ledger import Ledger, NewOrder

COUNT_DEFAULT, COUNT_MAX = 10, 100
T = TypeVar("T", Payment, Refund, Dispute, Payout)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Outage(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How the API misbehaves: a pause before each answer, and a status instead of one (0: none)."""

    delay_ms: int = 0
    status: int = 0


class Api:
    """The routes; `outage` applies to all of them and to nothing else."""

    def __init__(self, ledger: Ledger, *, key_id: str, key_secret: str) -> None:
        self._ledger = ledger
        self._login = f"{key_id}:{key_secret}".encode()
        self.outage = Outage()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/orders", self.create_order),
            web.get("/v1/orders", self.list_orders),
            web.get("/v1/orders/{id}", self.get_order),
            web.get("/v1/orders/{id}/payments", self.list_payments),
            web.get("/v1/payments", self.list_all_payments),
            web.get("/v1/payments/{id}", self.get_payment),
            web.post("/v1/payments/{id}/capture", self.capture),
            web.post("/v1/payments/{id}/refund", self.refund),
            web.get("/v1/payments/{id}/refunds", self.list_refunds),
            web.get("/v1/payments/{id}/refunds/{refund_id}", self.get_refund),
            web.post("/v1/refunds", self.refund),
            web.get("/v1/refunds", self.list_all_refunds),
            web.get("/v1/refunds/{refund_id}", self.get_refund),
            web.get("/v1/disputes", self.list_disputes),
            web.get("/v1/disputes/{id}", self.get_dispute),
            web.post("/v1/payouts", self.pay_out),
            web.get("/v1/payouts", self.list_payouts),
            web.get("/v1/payouts/{id}", self.get_payout),
        ]

    def guard(self) -> Any:
        """The middleware: authentication and outage for /v1, Razorpay's error shape everywhere."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                if request.path.startswith("/v1/") and not request.path.startswith("/v1/checkout/"):
                    await self._misbehave()
                    self._authenticate(request)
                return await handler(request)
            except ApiError as error:
                return web.json_response(error.body(), status=error.status)

        return guarded

    async def create_order(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        return shown(self._ledger.create_order(msgspec.convert(body, NewOrder)))

    async def list_orders(self, request: web.Request) -> web.Response:
        """Newest first, as Razorpay lists them; `receipt` finds the order of one purchase."""
        orders = reversed(self._ledger.orders.values())
        receipt = request.query.get("receipt")
        found = [order for order in orders if receipt is None or order.receipt == receipt]
        return collection(found, request)

    async def get_order(self, request: web.Request) -> web.Response:
        return shown(self._ledger.get_order(request.match_info["id"]))

    async def list_payments(self, request: web.Request) -> web.Response:
        return collection(self._ledger.payments_of(request.match_info["id"])[::-1], request)

    async def get_payment(self, request: web.Request) -> web.Response:
        return shown(self._ledger.get_payment(request.match_info["id"]))

    async def capture(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        return shown(
            self._ledger.capture(request.match_info["id"], amount=body.get("amount"), currency=body.get("currency"))
        )

    async def refund(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        payment_id = request.match_info.get("id") or str(body.get("payment_id"))
        speed = "normal" if body.get("speed") is None else str(body["speed"])
        refund = self._ledger.refund(
            payment_id,
            body.get("amount"),
            key=request.headers.get("X-Refund-Idempotency"),
            notes=body.get("notes") or [],
            receipt=body.get("receipt"),
            speed_requested=speed,
            speed_processed="instant" if speed == "optimum" else "normal",
        )
        return shown(refund)

    async def list_refunds(self, request: web.Request) -> web.Response:
        return collection(self._ledger.refunds_of(request.match_info["id"])[::-1], request)

    async def get_refund(self, request: web.Request) -> web.Response:
        return shown(self._ledger.get_refund(request.match_info["refund_id"]))

    async def list_all_payments(self, request: web.Request) -> web.Response:
        """Newest first; `from` and `to` (seconds) narrow it."""
        return collection(within(self._ledger.payments.values(), request), request)

    async def list_all_refunds(self, request: web.Request) -> web.Response:
        return collection(within(self._ledger.refunds.values(), request), request)

    async def list_disputes(self, request: web.Request) -> web.Response:
        return collection(within(self._ledger.disputes.values(), request), request)

    async def get_dispute(self, request: web.Request) -> web.Response:
        return shown(self._ledger.get_dispute(request.match_info["id"]))

    async def pay_out(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        key = request.headers.get("X-Payout-Idempotency", "")
        try:
            new = msgspec.convert({**body, "key": key, "status": "processed"}, Payout)
        except msgspec.ValidationError as error:
            raise ApiError(str(error)) from None
        return shown(self._ledger.pay_out(new))

    async def list_payouts(self, request: web.Request) -> web.Response:
        """Newest first; `reference_id` finds the payout that was made for it."""
        reference = request.query.get("reference_id")
        made = within(self._ledger.payouts.values(), request)
        return collection([payout for payout in made if reference in (None, payout.reference_id)], request)

    async def get_payout(self, request: web.Request) -> web.Response:
        return shown(self._ledger.get_payout(request.match_info["id"]))

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            login = base64.b64decode(encoded, validate=True)
        except ValueError:
            login = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(login, self._login):
            raise ApiError("Authentication failed", status=401)

    async def _misbehave(self) -> None:
        await asyncio.sleep(self.outage.delay_ms / 1000)
        if self.outage.status:
            raise ApiError(
                "We are facing some trouble completing your request", status=self.outage.status, code="SERVER_ERROR"
            )


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request (an empty body is an empty one); ApiError otherwise."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError("The request body is not a JSON object")
    return body


def shown(entity: Order | Payment | Refund | Dispute | Payout) -> web.Response:
    return web.json_response(entity.public())


def within(entities: Iterable[T], request: web.Request) -> list[T]:
    """Those made between `from` and `to`, newest first."""
    try:
        first, last = int(request.query.get("from", 0)), int(request.query.get("to", 1 << 62))
    except ValueError:
        raise ApiError("from and to are timestamps in seconds.", field="from") from None
    return [entity for entity in entities if first <= entity.created_at <= last][::-1]


def collection(entities: list[Any], request: web.Request) -> web.Response:
    """One page by `count` and `skip`."""
    try:
        count, skip = int(request.query.get("count", COUNT_DEFAULT)), int(request.query.get("skip", 0))
    except ValueError:
        raise ApiError("The count must be an integer.", field="count") from None
    page = entities[max(skip, 0) :][: min(max(count, 1), COUNT_MAX)]
    return web.json_response(
        {"entity": "collection", "count": len(page), "items": [entity.public() for entity in page]}
    )
