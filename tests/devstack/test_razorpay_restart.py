"""A simulator that is killed keeps its ledger, and delivers what it had not delivered."""

import os
import signal
from pathlib import Path

import devstack
from devstack.datafolder import DataFolder
from tests.devstack.conftest import connect
from tests.devstack.eventually import eventually
from tests.devstack.receiver import receiving


def test_money_and_waiting_webhooks_survive_a_kill(tmp_path: Path) -> None:
    with receiving() as shop, devstack.launched(("razorpay",), data=tmp_path) as env:
        gateway = connect(env)
        gateway.call("POST", "/sim/config", {"webhook_url": "http://127.0.0.1:1/nobody"})
        order_id = gateway.order(70_000)
        payment_id = gateway.pay(order_id)["razorpay_payment_id"]
        gateway.client.payment.refund(payment_id, {"amount": 20_000})
        state = DataFolder(tmp_path).read_state()
        assert state is not None
        process = state.services["razorpay"].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)

        sums = eventually(lambda: gateway.call("GET", "/sim/ledger"))
        assert (sums["captured_minor"], sums["refunded_minor"]) == (70_000, 20_000)
        gateway.call("POST", "/sim/config", {"webhook_url": shop.url})
        deliveries = shop.wait(5, timeout_s=20)
        assert {delivery.event["event"] for delivery in deliveries} == {
            "payment.authorized",
            "payment.captured",
            "order.paid",
            "refund.created",
            "refund.processed",
        }
        assert gateway.client.payment.fetch(payment_id)["amount_refunded"] == 20_000
        gateway.client.session.close()
