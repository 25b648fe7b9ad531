"""The hosted payment page, driven as a browser without scripts would."""

import html
import re
from typing import Any

import msgspec
import pytest
import requests

from tests.devstack.conftest import Gateway

CALLBACK = "http://127.0.0.1:1/orders/H-1/paid"
CANCEL = "http://127.0.0.1:1/orders/H-1"


def open_page(gateway: Gateway, order_id: str, /, **changes: str) -> requests.Response:
    fields = {
        "key_id": gateway.client.auth[0],
        "order_id": order_id,
        "name": "Haat",
        "callback_url": CALLBACK,
        "cancel_url": CANCEL,
        "prefill[email]": "buyer@example.com",
        **changes,
    }
    return requests.post(f"{gateway.url}/v1/checkout/embedded", data=fields, timeout=5)


def submit(gateway: Gateway, page: str, action: str) -> requests.Response:
    target = re.search(r'action="(/sim/checkout/[^"]+)"', page)
    assert target is not None
    fields = {**inputs(page), "action": action, "method": "card"}
    return requests.post(gateway.url + target[1], data=fields, timeout=5, allow_redirects=False)


def inputs(page: str) -> dict[str, str]:
    found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_paying_posts_a_signature_back_that_the_client_accepts(gateway: Gateway) -> None:
    order_id = gateway.order(129_900)
    page = open_page(gateway, order_id).text
    assert "₹1,299.00" in page
    assert "buyer@example.com" in page
    back = submit(gateway, page, "captured").text
    assert f'action="{CALLBACK}"' in back
    assert gateway.client.utility.verify_payment_signature(inputs(back))
    payment = gateway.client.order.payments(order_id)["items"][0]
    assert (payment["status"], payment["method"], payment["email"]) == ("captured", "card", "buyer@example.com")


def test_a_failure_posts_the_error_back(gateway: Gateway) -> None:
    order_id = gateway.order()
    fields = inputs(submit(gateway, open_page(gateway, order_id).text, "failed").text)
    metadata: dict[str, Any] = msgspec.json.decode(fields["error[metadata]"])
    assert (fields["error[code]"], metadata["order_id"]) == ("BAD_REQUEST_ERROR", order_id)
    assert "razorpay_signature" not in fields


def test_cancelling_leads_back_and_attempts_nothing(gateway: Gateway) -> None:
    order_id = gateway.order()
    answer = submit(gateway, open_page(gateway, order_id).text, "cancel")
    assert (answer.status_code, answer.headers["Location"]) == (303, CANCEL)
    assert gateway.client.order.fetch(order_id)["attempts"] == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key_id": "rzp_test_other"}, 401),
        ({"order_id": "order_00000000000000"}, 400),
        ({"callback_url": "javascript:alert(1)"}, 400),
        ({"callback_url": ""}, 400),
        ({"cancel_url": "data:text/html,x"}, 400),
    ],
)
def test_a_wrong_form_gets_no_page(gateway: Gateway, changes: dict[str, str], status: int) -> None:
    assert open_page(gateway, gateway.order(), **changes).status_code == status


def test_what_the_shop_sends_is_escaped(gateway: Gateway) -> None:
    page = open_page(gateway, gateway.order(), description="<script>alert(1)</script>").text
    assert "<script>alert(1)" not in page
