"""Orders live as the model says, whatever is done to them in whatever order; done at once, nothing breaks either."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models.checkout import NewOrder
from models.closing import cancel_order, expire_order
from models.database import close_pool, open_pool, pool, transaction
from models.errors import Conflict, DomainError, OutOfStock
from models.settlement import receive_event
from models.stock import set_free
from tests.factories import make_product, make_seller
from tests.oracle import broken_promises
from tests.ordering import KEYRING, charge, end_hold, event, guest, new_order, order_state, stock_of
from tests.shop import variant_of

QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def run(settings):
    """Runs coroutines one after the other on a loop of this test's own, where the database pool is open."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(open_pool(settings.database.url, pool_min=4, pool_max=12))
    yield loop.run_until_complete
    loop.run_until_complete(close_pool())
    loop.close()


class OrderLife(RuleBasedStateMachine):
    """The model: units on hand and held by variant, and the state that each order must be in."""

    orders = Bundle("orders")

    def __init__(self, run: Any) -> None:
        super().__init__()
        self.wait = run
        self.on_hand: dict[Any, int] = {}
        self.held: dict[Any, int] = {}
        self.state: dict[Any, str] = {}
        self.units: dict[Any, dict[Any, int]] = {}

    @initialize(stocks=st.lists(st.integers(0, 5), min_size=2, max_size=2))
    def open_shop(self, stocks):
        async def build():
            return [await variant_of(await make_product(await make_seller(), stock=units)) for units in stocks]

        for variant_id, units in zip(self.wait(build()), stocks, strict=True):
            self.on_hand[variant_id], self.held[variant_id] = units, 0
        self.variants = list(self.on_hand)

    def free(self, variant_id):
        return self.on_hand[variant_id] - self.held[variant_id]

    @rule(target=orders, which=st.sampled_from([(0,), (1,), (0, 1), (1, 0)]), quantity=st.integers(1, 3))
    def place(self, which, quantity):
        wanted = [self.variants[i] for i in which]
        enough = all(self.free(variant_id) >= quantity for variant_id in wanted)
        try:
            order = self.wait(new_order(*wanted, quantity=quantity))
        except OutOfStock:
            assert not enough
            return None
        assert enough
        for variant_id in wanted:
            self.held[variant_id] += quantity
        self.state[order.order_id], self.units[order.order_id] = "pending", dict.fromkeys(wanted, quantity)
        return order

    @rule(order=orders, copies=st.integers(1, 3))
    def pay(self, order, copies):
        if order is None:
            return
        old, units = self.state[order.order_id], self.units[order.order_id]
        outcomes = [self.receive(charge(order)) for _ in range(copies)]
        if old == "pending" or (old == "expired" and all(self.free(v) >= q for v, q in units.items())):
            assert outcomes[0] == "paid"
            for variant_id, quantity in units.items():
                self.on_hand[variant_id] -= quantity
                self.held[variant_id] -= quantity if old == "pending" else 0
            self.state[order.order_id] = "paid"
        elif old in ("expired", "cancelled"):
            assert outcomes[0] == "refunded"
            self.state[order.order_id] = f"{old}, refunded"
        else:
            assert outcomes[0] == "known"
        assert set(outcomes[1:]) <= {"known"}

    @rule(order=orders, attempt=st.integers(1, 3))
    def pay_twice(self, order, attempt):
        if order is None or self.state[order.order_id] not in ("paid", "expired, refunded", "cancelled, refunded"):
            return
        second = charge(order, payment_id=f"pay_{attempt}_{order.claim.receipt}")
        assert self.receive(second) in ("refunded", "known")
        assert self.receive(second) == "known"

    @rule(order=orders)
    def decline(self, order):
        if order is not None:
            declined = charge(order, status="failed", payment_id=f"pay_no_{order.claim.receipt}")
            assert self.receive(declined, "payment.failed") == "failed"

    @rule(order=orders)
    def expire(self, order):
        if order is None:
            return
        self.wait(end_hold(order.order_id))
        assert self.wait(expire_order(order.order_id))
        self.end(order, "expired")

    @rule(order=orders)
    def cancel(self, order):
        if order is None:
            return
        try:
            self.wait(cancel_order(order.order_id))
        except Conflict:
            assert self.state[order.order_id].split(",")[0] in ("paid", "expired")
        else:
            assert self.state[order.order_id].split(",")[0] in ("pending", "cancelled")
            self.end(order, "cancelled")

    @rule(which=st.integers(0, 1), units=st.integers(0, 6))
    def restock(self, which, units):
        async def write():
            async with transaction() as connection:
                await set_free(connection, {self.variants[which]: units})

        self.wait(write())
        self.on_hand[self.variants[which]] = self.held[self.variants[which]] + units

    def receive(self, charged, kind="payment.captured"):
        return self.wait(receive_event(event(charged, kind), keyring=KEYRING))

    def end(self, order, new):
        if self.state[order.order_id] == "pending":
            for variant_id, quantity in self.units[order.order_id].items():
                self.held[variant_id] -= quantity
            self.state[order.order_id] = new

    @invariant()
    def the_shop_is_as_the_model_says(self):
        for variant_id in self.on_hand:
            assert self.wait(stock_of(variant_id)) == (self.on_hand[variant_id], self.held[variant_id])

    @invariant()
    def no_promise_is_broken(self):
        assert self.wait(broken_promises(pool())) == {}


def test_an_order_lives_as_the_model_says(run):
    limits = settings(QUICK, max_examples=15, stateful_step_count=20)
    run_state_machine_as_test(lambda: OrderLife(run), settings=limits)


async def quietly(doing: Coroutine[Any, Any, Any]) -> None:
    with contextlib.suppress(DomainError):
        await doing


async def everything_at_once(stock: int, fates: list[tuple[int, list[str]]]) -> None:
    """Each order is placed, then all that is to happen to all of them happens at once."""
    chair, lamp = [await variant_of(await make_product(await make_seller(), stock=stock)) for _ in range(2)]
    wanted = [(chair, lamp), (lamp, chair), (chair,), (lamp,)]

    async def live(n: int, quantity: int, fate: list[str]) -> None:
        try:
            order = await new_order(*wanted[n % 4], shopper=guest(), quantity=quantity)
        except OutOfStock:
            return
        happenings = {
            "pay": lambda: receive_event(event(charge(order)), keyring=KEYRING),
            "pay other": lambda: receive_event(
                event(charge(order, payment_id=f"pay_{n}_{order.order_id}")), keyring=KEYRING
            ),
            "cancel": lambda: cancel_order(order.order_id),
            "expire": lambda: end_and_expire(order),
        }
        await asyncio.gather(*(quietly(happenings[name]()) for name in fate))
        assert await order_state(order) in ("pending", "paid", "expired", "cancelled")

    await asyncio.gather(*(live(n, quantity, fate) for n, (quantity, fate) in enumerate(fates)))
    assert await broken_promises(pool()) == {}


async def end_and_expire(order: NewOrder) -> None:
    await end_hold(order.order_id)
    await expire_order(order.order_id)


def test_nothing_breaks_when_everything_happens_at_once(run):
    fate = st.lists(st.sampled_from(["pay", "pay", "pay other", "cancel", "expire"]), max_size=4)
    fates = st.lists(st.tuples(st.integers(1, 2), fate), min_size=2, max_size=8)

    @settings(QUICK, max_examples=20)
    @given(st.integers(1, 6), fates)
    def law(stock, lives):
        run(everything_at_once(stock, lives))

    law()
