"""The simulators as processes of their own, once for all these tests, and a shop that takes their webhooks."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import razorpay
import requests

import devstack
from tests.devstack.receiver import Receiver, receiving


class Gateway(NamedTuple):
    """The simulator, the official client on it, and the secret of its webhooks."""

    url: str
    client: Any
    webhook_secret: str

    def order(self, amount: int = 50_000, **fields: Any) -> str:
        created: dict[str, str] = self.client.order.create({"amount": amount, "currency": "INR", **fields})
        return created["id"]

    def pay(self, order_id: str, **attempt: Any) -> dict[str, Any]:
        return self.call("POST", f"/sim/orders/{order_id}/pay", attempt)

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = requests.request(method, self.url + path, json=body, timeout=30)
        decoded: dict[str, Any] = answer.json()
        return decoded


@pytest.fixture(scope="session")
def simulators() -> Iterator[dict[str, str]]:
    with devstack.launched(("razorpay", "inbox")) as env:
        yield env


@pytest.fixture
def shop() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def gateway(simulators: dict[str, str], shop: Receiver) -> Iterator[Gateway]:
    """The simulator, calm, with its webhooks going to this test's shop."""
    gateway = connect(simulators)
    gateway.call("DELETE", "/sim/events")
    gateway.call("POST", "/sim/config", {"webhook_url": shop.url})
    yield gateway
    gateway.call("DELETE", "/sim/chaos")
    gateway.client.session.close()


def connect(env: dict[str, str]) -> Gateway:
    url = env["HAAT_PAYMENTS__BASE_URL"]
    login = (env["HAAT_PAYMENTS__KEY_ID"], env["HAAT_PAYMENTS__KEY_SECRET"])
    return Gateway(url, razorpay.Client(auth=login, base_url=url), env["HAAT_PAYMENTS__WEBHOOK_SECRETS"])
