"""Razorpay: its official SDK, off the event loop and never without a time-out; signatures over raw bytes are ours.

Whatever the SDK raises becomes Declined (Razorpay said no) or Unavailable (nobody knows what happened: ask again).
"""

import asyncio
import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache, partial
from importlib.metadata import version
from typing import Any, TypeVar

import msgspec
import razorpay
import requests
import structlog
from razorpay.errors import BadRequestError, GatewayError, ServerError

from models.crash import guarded
from models.errors import Declined, Unavailable
from models.gateway import Charge, GatewayDispute, GatewayPayout, GatewayRefund
from server.integrations.razorpay_disputes import fetch_dispute, list_disputes
from server.integrations.razorpay_payouts import find_payout, list_payouts, make_payout, mode_for
from server.settings import Payments

T = TypeVar("T")
API_URL = "https://api.razorpay.com"
HOSTED_PATH = "/v1/checkout/embedded"
PAGE = 100
THREADS = 8
OUR_FAULT = ("authentication failed", "api key", "too many requests")
"""What Razorpay also calls a bad request, though the next try may well succeed."""

MALFORMED = (ValueError, KeyError, TypeError, msgspec.MsgspecError)
"""What an answer that is not Razorpay's leads to, in the SDK or here."""

log = structlog.get_logger("razorpay")


class HostedCheckout(msgspec.Struct, frozen=True):
    """A form that leads the buyer's browser to the payment page: POST `fields` to `url`."""

    url: str
    fields: dict[str, str]


class RazorpayPayment(msgspec.Struct):
    id: str
    amount: int
    currency: str
    status: str
    order_id: str | None = None
    fee: int | None = None
    tax: int | None = None
    error_description: str | None = None


class RazorpayRefund(msgspec.Struct):
    id: str
    payment_id: str
    amount: int
    status: str = "processed"
    receipt: str | None = None


class _Client(razorpay.Client):
    """The SDK reads its own version from disk for every request."""

    def _get_version(self) -> str:
        return _sdk_version()


@cache
def _sdk_version() -> str:
    return version("razorpay")


def public_url(payments: Payments) -> str:
    """Where the shopper's browser reaches the payment page."""
    return payments.public_url or payments.base_url or API_URL


class Gateway:
    """Implements `models.gateway.Gateway`; `timeout_s` bounds each call in all."""

    def __init__(self, payments: Payments) -> None:
        self._settings = payments
        self._base_url = payments.base_url or API_URL
        self._public_url = public_url(payments)
        self._timeout_s = payments.timeout_ms / 1000
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="razorpay")
        self._local = threading.local()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def create_order(self, receipt: str, *, amount_minor: int, currency: str) -> str:
        data = {"amount": amount_minor, "currency": currency, "receipt": receipt, "payment_capture": True}
        return await self._call(lambda client, **how: str(client.order.create(data, **how)["id"]))

    async def find_order(self, receipt: str) -> str | None:
        def ask(client: Any, **how: Any) -> str | None:
            orders = client.order.all({"receipt": receipt}, **how)["items"]
            return next((str(order["id"]) for order in orders if order["receipt"] == receipt), None)

        return await self._call(ask)

    async def charges_of(self, order_id: str) -> list[Charge]:
        def ask(client: Any, **how: Any) -> list[Charge]:
            items = msgspec.convert(client.order.payments(order_id, **how)["items"], list[RazorpayPayment])
            return [charge_of(item) for item in items]

        return await self._call(ask)

    async def get_charge(self, payment_id: str) -> Charge:
        return await self._call(
            lambda client, **how: charge_of(msgspec.convert(client.payment.fetch(payment_id, **how), RazorpayPayment))
        )

    async def create_refund(self, payment_id: str, *, amount_minor: int, key: str) -> GatewayRefund:
        data, headers = {"amount": amount_minor, "receipt": key}, {"X-Refund-Idempotency": key}

        def ask(client: Any, **how: Any) -> GatewayRefund:
            made = client.payment.refund(payment_id, data, headers=headers, **how)
            return refund_of(msgspec.convert(made, RazorpayRefund))

        return await self._call(ask)

    async def find_refund(self, payment_id: str, key: str) -> GatewayRefund | None:
        def ask(client: Any, **how: Any) -> list[RazorpayRefund]:
            return msgspec.convert(
                client.payment.fetch_multiple_refund(payment_id, **how)["items"], list[RazorpayRefund]
            )

        refunds = [refund_of(item) for item in await self._call(ask)]
        return next((refund for refund in refunds if refund.key == key), None)

    async def get_refund(self, refund_id: str) -> GatewayRefund:
        return await self._call(
            lambda client, **how: refund_of(msgspec.convert(client.refund.fetch(refund_id, **how), RazorpayRefund))
        )

    async def capture(self, payment_id: str, *, amount_minor: int, currency: str) -> Charge:
        def ask(client: Any, **how: Any) -> Charge:
            taken = client.payment.capture(payment_id, amount_minor, {"currency": currency}, **how)
            return charge_of(msgspec.convert(taken, RazorpayPayment))

        return await self._call(ask)

    async def charges_between(self, first: datetime, last: datetime) -> list[Charge]:
        def ask(client: Any, page: dict[str, int], **how: Any) -> list[RazorpayPayment]:
            return msgspec.convert(client.payment.all(page, **how)["items"], list[RazorpayPayment])

        return [charge_of(item) for item in await self._every(ask, first, last)]

    async def refunds_between(self, first: datetime, last: datetime) -> list[GatewayRefund]:
        def ask(client: Any, page: dict[str, int], **how: Any) -> list[RazorpayRefund]:
            return msgspec.convert(client.refund.all(page, **how)["items"], list[RazorpayRefund])

        return [refund_of(item) for item in await self._every(ask, first, last)]

    async def disputes_between(self, first: datetime, last: datetime) -> list[GatewayDispute]:
        return await self._every(list_disputes, first, last)

    async def get_dispute(self, dispute_id: str) -> GatewayDispute:
        return await self._call(partial(fetch_dispute, dispute_id=dispute_id))

    async def create_payout(self, account: str, *, amount_minor: int, currency: str, reference: str) -> GatewayPayout:
        data = {
            "account_number": self._settings.payout_account,
            "fund_account_id": account,
            "amount": amount_minor,
            "currency": currency,
            "mode": mode_for(amount_minor),
            "purpose": "payout",
            "reference_id": reference,
            "queue_if_low_balance": True,
        }
        return await self._call(partial(make_payout, data=data))

    async def find_payout(self, reference: str) -> GatewayPayout | None:
        query = {"reference_id": reference, "account_number": self._settings.payout_account}
        return await self._call(partial(find_payout, query=query))

    async def payouts_between(self, first: datetime, last: datetime) -> list[GatewayPayout]:
        return await self._every(partial(list_payouts, account=self._settings.payout_account), first, last)

    def return_is_signed(self, order_id: str, payment_id: str, signature: str) -> bool:
        """Whether the fields that the payment page posted back come from Razorpay."""
        message = f"{order_id}|{payment_id}".encode()
        secrets = (self._settings.key_secret, self._settings.previous_key_secret)
        return any(_signed(message, signature, secret) for secret in secrets)

    def webhook_is_signed(self, body: bytes, signature: str) -> bool:
        """Whether any of the secrets in force signed these very bytes."""
        return not guarded("signature") or any(
            _signed(body, signature, secret) for secret in self._settings.webhook_secrets
        )

    @property
    def takes_webhooks(self) -> bool:
        return any(self._settings.webhook_secrets)

    def hosted_checkout(self, order_id: str, *, amount_minor: int, fields: Mapping[str, str]) -> HostedCheckout:
        """`fields` are Razorpay's further ones: currency, name, callback_url, cancel_url, prefill[email]."""
        own = {"key_id": self._settings.key_id, "order_id": order_id, "amount": str(amount_minor)}
        return HostedCheckout(self._public_url + HOSTED_PATH, {**own, **fields})

    async def _every(self, ask: Callable[..., list[T]], first: datetime, last: datetime) -> list[T]:
        """Page by page, until an incomplete one."""
        found: list[T] = []
        while True:
            page = {
                "from": int(first.timestamp()), "to": int(last.timestamp()), "count": PAGE, "skip": len(found),
            }  # fmt: skip
            more = await self._call(partial(ask, page=page))
            found += more
            if len(more) < PAGE:
                return found

    async def _call(self, ask: Callable[..., T]) -> T:
        try:
            return await asyncio.wait_for(
                asyncio.get_running_loop().run_in_executor(self._threads, self._ask, ask), self._timeout_s
            )
        except BadRequestError as error:
            if any(words in str(error).lower() for words in OUR_FAULT):
                raise self._unavailable(error) from error
            raise Declined(str(error) or "The payment service refused this.") from error
        except (GatewayError, ServerError, requests.RequestException, *MALFORMED, TimeoutError) as error:
            raise self._unavailable(error) from error

    def _ask(self, ask: Callable[..., T]) -> T:
        """One client for each thread: a requests session is not made to be shared."""
        client: Any = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = _Client(  # type: ignore[no-untyped-call]
                auth=(self._settings.key_id, self._settings.key_secret), base_url=self._base_url
            )
            client.session.trust_env = False
        return ask(client, timeout=self._timeout_s)

    def _unavailable(self, error: Exception) -> Unavailable:
        log.warning("razorpay does not answer", error=repr(error))
        return Unavailable("The payment service does not answer. Nothing was charged twice; try again in a minute.")


def charge_of(payment: RazorpayPayment) -> Charge:
    return Charge(
        payment_id=payment.id,
        order_id=payment.order_id or "",
        status=payment.status,
        amount_minor=payment.amount,
        currency=payment.currency,
        fee_minor=payment.fee or 0,
        fee_tax_minor=payment.tax or 0,
        error=payment.error_description or "",
    )


def refund_of(refund: RazorpayRefund) -> GatewayRefund:
    return GatewayRefund(
        refund_id=refund.id,
        payment_id=refund.payment_id,
        status=refund.status,
        amount_minor=refund.amount,
        key=refund.receipt or "",
    )


def _signed(message: bytes, signature: str, secret: str) -> bool:
    """Constant-time; an empty secret signs nothing."""
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
