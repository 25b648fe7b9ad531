"""What Razorpay does not have, under /sim: paying without a browser, chaos, sums of money, the list of webhooks."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from aiohttp import web

from devstack.razorpay.api import Api, Outage, read_object
from devstack.razorpay.disputes import Asked, Verdict, decide, open_dispute
from devstack.razorpay.entities import Event, Order, Payment
from devstack.razorpay.errors import ApiError, not_found
from devstack.razorpay.ledger import Attempt, Ledger, RefundOutcome
from devstack.razorpay.webhooks import EVERY, Chaos, Courier


class Control:
    def __init__(self, api: Api, ledger: Ledger, *, courier: Courier, key_secret: str) -> None:
        self._api = api
        self._ledger = ledger
        self._courier = courier
        self._key_secret = key_secret.encode()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sim/orders/{id}/pay", self.pay),
            web.post("/sim/payments/{id}/dispute", self.dispute),
            web.post("/sim/disputes/{id}/{verdict:under_review|action_required|won|lost|closed}", self.decide_dispute),
            web.post("/sim/refunds/{id}/{outcome:processed|failed}", self.end_refund),
            web.post("/sim/payouts/{id}/reverse", self.reverse_payout),
            web.get("/sim/chaos", self.show_chaos),
            web.post("/sim/chaos", self.set_chaos),
            web.delete("/sim/chaos", self.clear_chaos),
            web.post("/sim/config", self.configure),
            web.get("/sim/ledger", self.sums),
            web.get("/sim/events", self.list_events),
            web.delete("/sim/events", self.forget_events),
            web.post("/sim/events/{id}/redeliver", self.redeliver),
        ]

    async def pay(self, request: web.Request) -> web.Response:
        """What the callback would carry; a failed attempt answers with Razorpay's error and the payment's id."""
        attempt = convert(await read_object(request), Attempt)
        payment = self._ledger.pay(request.match_info["id"], attempt)
        return web.json_response(self.callback_fields(payment))

    def callback_fields(self, payment: Payment) -> dict[str, Any]:
        """The fields that the payment page posts to the shop."""
        if payment.status == "failed":
            metadata = {"payment_id": payment.id, "order_id": payment.order_id}
            error = ApiError(payment.error_description or "").body()["error"]
            return {"error": {**error, "reason": payment.error_reason, "metadata": metadata}}
        message = f"{payment.order_id}|{payment.id}".encode()
        return {
            "razorpay_payment_id": payment.id,
            "razorpay_order_id": payment.order_id,
            "razorpay_signature": hmac.new(self._key_secret, message, hashlib.sha256).hexdigest(),
        }

    async def dispute(self, request: web.Request) -> web.Response:
        """The buyer's bank wants `amount` (all of it) back."""
        asked = convert(await read_object(request), Asked)
        return web.json_response(open_dispute(self._ledger, request.match_info["id"], asked).public())

    async def decide_dispute(self, request: web.Request) -> web.Response:
        verdict = convert(request.match_info["verdict"], Verdict)
        return web.json_response(decide(self._ledger, request.match_info["id"], verdict).public())

    async def end_refund(self, request: web.Request) -> web.Response:
        """What becomes of a pending refund."""
        outcome = convert(request.match_info["outcome"], RefundOutcome)
        return web.json_response(self._ledger.end_refund(request.match_info["id"], outcome).public())

    async def reverse_payout(self, request: web.Request) -> web.Response:
        """{"description": ...}: why the bank gives it back."""
        why = str((await read_object(request)).get("description") or "The beneficiary's account is closed.")
        return web.json_response(self._ledger.reverse_payout(request.match_info["id"], why).public())

    async def show_chaos(self, _: web.Request) -> web.Response:
        events = {name: msgspec.to_builtins(chaos) for name, chaos in self._courier.chaos.items()}
        told = {"events": events, "api": msgspec.to_builtins(self._api.outage), "refunds": self._ledger.refund_outcome}
        return web.json_response(told)

    async def set_chaos(self, request: web.Request) -> web.Response:
        """{"events": {"payment.captured" or "*": {duplicate, delay_ms, reorder, drop}}, "api": {delay_ms, status}},
        and "refunds": "pending" or "failed" for what becomes of them.
        """
        body = await read_object(request)
        if body.keys() - {"events", "api", "refunds"}:
            raise ApiError('Chaos is {"events": {name: {...}}, "api": {...}, "refunds": "failed"}')
        self._ledger.refund_outcome = convert(body.get("refunds", "processed"), RefundOutcome)
        events = convert(body.get("events", {}), dict[str, Chaos])
        if any(chaos.reorder for name, chaos in events.items() if name != EVERY):
            raise ApiError(f'Only "{EVERY}" can be reordered: it concerns the events of one action')
        self._api.outage = convert(body.get("api", {}), Outage)
        self._courier.chaos = events
        return await self.show_chaos(request)

    async def clear_chaos(self, request: web.Request) -> web.Response:
        self._api.outage, self._courier.chaos, self._ledger.refund_outcome = Outage(), {}, "processed"
        return await self.show_chaos(request)

    async def configure(self, request: web.Request) -> web.Response:
        """{"webhook_url": ...}: where webhooks go from now on, waiting ones included."""
        url = (await read_object(request)).get("webhook_url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise ApiError("webhook_url must be an http address", field="webhook_url")
        self._courier.url = url
        return web.json_response({"webhook_url": url})

    async def sums(self, request: web.Request) -> web.Response:
        """Money in and out, in paise: in all, and for each order (of one `receipt` when given)."""
        receipt = request.query.get("receipt")
        orders = [order for order in self._ledger.orders.values() if receipt in (None, order.receipt)]
        payments = [payment for order in orders for payment in self._ledger.payments_of(order.id)]
        body = {
            "orders": len(orders),
            "paid_orders": sum(order.status == "paid" for order in orders),
            "payments": Counter(payment.status for payment in payments),
            **money(payments),
            "by_order": [self._sum_of(order) for order in orders] if "detail" in request.query or receipt else [],
        }
        return web.json_response(body)

    def _sum_of(self, order: Order) -> dict[str, Any]:
        payments = self._ledger.payments_of(order.id)
        ids = [payment.id for payment in payments if payment.captured]
        return {"id": order.id, "receipt": order.receipt, "status": order.status, "captured": ids, **money(payments)}

    async def list_events(self, request: web.Request) -> web.Response:
        """Webhooks, oldest first; ?event= and ?order_id= narrow it, `quiet` is true when none is on its way."""
        name, order_id = request.query.get("event"), request.query.get("order_id")
        events = (event for event in self._courier.events.values() if name in (None, event.event))
        found = [event for event in events if order_id is None or order_id in event.body]
        return web.json_response({"quiet": self._courier.is_quiet(), "items": [show_event(event) for event in found]})

    async def forget_events(self, _: web.Request) -> web.Response:
        """No event that is still on its way is sent any more."""
        await self._courier.forget()
        return web.json_response({"quiet": self._courier.is_quiet()})

    async def redeliver(self, request: web.Request) -> web.Response:
        event = self._courier.events.get(request.match_info["id"])
        if event is None:
            raise not_found()
        self._courier.redeliver(event)
        return web.json_response(show_event(event))


def money(payments: Iterable[Payment]) -> dict[str, int]:
    captured = [payment for payment in payments if payment.captured]
    taken, returned = sum(payment.amount for payment in captured), sum(payment.amount_refunded for payment in captured)
    return {"captured_minor": taken, "refunded_minor": returned, "net_minor": taken - returned}


def show_event(event: Event) -> dict[str, Any]:
    return {**msgspec.to_builtins(event), "body": msgspec.json.decode(event.body)}


def convert(body: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise ApiError(str(error)) from None
