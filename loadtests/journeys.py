"""What simulated people do, step by step, over the same HTTP that browsers and API clients speak.

Runs under gevent, in a load process only. A journey ends by returning, or by Abandoned when a step failed.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from loadtests import people
from loadtests.catalogue import mistyped
from loadtests.shopper import KEY_S, Left, Over, Shopper

SEARCH, SUGGEST, CART = "/api/v1/search", "/api/v1/search/suggest", "/api/v1/cart"
FIRST_KEYS = 2
TYPO_SHARE = 0.05
PAID_POLL_S = 0.1
OUTSIDE = "outside"
"""Requests that are no shopper's: to the gateway, or of the measurement itself."""


def browse(shopper: Shopper) -> None:
    """Home, a category, its second page, a product or two."""
    shopper.ask("GET", "/")
    shopper.think()
    category = shopper.run.draw(shopper.run.catalogue.categories)
    shopper.ask("GET", f"/c/{category}", name="/c/:slug")
    shopper.think()
    shopper.ask("GET", f"/c/{category}?page=2", name="/c/:slug")
    for _ in range(shopper.rng.choice((1, 2))):
        shopper.think()
        slug = shopper.run.draw(shopper.run.catalogue.products)
        shopper.ask("GET", f"/p/{slug}", name="/p/:slug")


def search(shopper: Shopper) -> None:
    """A query key by key, its results, a filter out of the facets, a second page, a product."""
    query = shopper.run.draw(shopper.run.catalogue.queries)
    typed = mistyped(query, shopper.rng) if shopper.rng.random() < TYPO_SHARE else query
    for length in range(FIRST_KEYS, len(typed) + 1):
        shopper.ask("GET", f"{SUGGEST}?q={quote(typed[:length])}")
        shopper.pause(KEY_S)
    found = results(shopper, q=typed)
    shopper.think()
    brand = _facet_value(found, "brand", shopper)
    if brand:
        found = results(shopper, q=typed, brand=brand)
        shopper.think()
    if found["pages"] > 1:
        found = results(shopper, q=typed, **({"brand": brand} if brand else {}), page=2)
        shopper.think()
    if found["hits"]:
        look_at(shopper, shopper.run.draw(found["hits"])["slug"])


def fill_cart(shopper: Shopper) -> None:
    """A product into the cart, the cart read again, one more of it, and away."""
    add_to_cart(shopper)
    shopper.think()
    cart = shopper.get_json(CART)
    shopper.think()
    item = cart["items"][0]["id"]
    shopper.ask("PATCH", f"{CART}/items/{item}", name=f"{CART}/items/:id", body={"quantity": 2})


def add_and_read(shopper: Shopper) -> None:
    """The least that a cart can be asked: one unit in, the cart read."""
    add_to_cart(shopper)
    shopper.ask("GET", CART)


def buy(shopper: Shopper) -> None:
    """Search, product, cart, order, payment at the gateway, and the order page until it says paid."""
    add_to_cart(shopper)
    shopper.think()
    shopper.ask("GET", CART)
    shopper.think()
    order = place_order(shopper)
    shopper.think()
    pay(shopper, order)


def buy_at_once(shopper: Shopper) -> None:
    """The same without a pause: what the checkout costs."""
    add_to_cart(shopper)
    shopper.ask("GET", CART)
    pay(shopper, place_order(shopper))


def flash(shopper: Shopper) -> None:
    """One unit of a wanted thing in the cart, then all at once at the barrier; the losers get 409 and pay nothing."""
    run = shopper.run
    if run.now_s > run.plan.barrier_at_s:
        raise Over
    target = run.plan.targets[next(run.numbers) % len(run.plan.targets)]
    put_into_cart(shopper, target.variant_id)
    shopper.wait_until(run.plan.barrier_at_s)
    try:
        order = place_order(shopper)
    except Left:
        run.recording.count("refused")
        raise
    run.recording.count("placed")
    pay(shopper, order)
    run.recording.count("paid")


def results(shopper: Shopper, **parameters: Any) -> Any:
    return shopper.get_json(f"{SEARCH}?{urlencode(parameters)}")


def look_at(shopper: Shopper, slug: str) -> Any:
    return shopper.get_json(f"/api/v1/products/{slug}", name="/api/v1/products/:slug")


def add_to_cart(shopper: Shopper) -> None:
    """A product in stock, drawn by popularity; who finds it sold out looks at another."""
    for _ in range(10):
        product = look_at(shopper, shopper.run.draw(shopper.run.catalogue.products))
        free = [variant["id"] for variant in product["variants"] if variant["free"] > 0]
        if free:
            put_into_cart(shopper, shopper.rng.choice(free))
            return
        shopper.think()
    raise Left


def put_into_cart(shopper: Shopper, variant_id: str) -> None:
    answer = shopper.ask("POST", f"{CART}/items", expect=(201,), body={"variant_id": variant_id, "quantity": 1})
    shopper.headers["X-Cart-Token"] = answer.headers["X-Cart-Token"]


def place_order(shopper: Shopper) -> Any:
    """Raises Left where the stock is gone by now, as 409 says."""
    body, key = people.order_body(), people.idempotency_key()
    answer = shopper.ask("POST", "/api/v1/checkout", expect=(201, 409), body=body, headers=key)
    order = json.loads(answer.content)
    if answer.status_code == 409 and order["code"] != "out_of_stock":
        shopper.give_up(f"POST /api/v1/checkout: 409 {order['code']}")
    if answer.status_code == 409:
        raise Left
    return order


def pay(shopper: Shopper, order: Any) -> None:
    """At the gateway's page, by its simulator; then one asks until the webhook has come, and looks at the order."""
    gateway_order = order["payment"]["gateway_order_id"] or _opened(shopper, order["number"])
    shopper.ask(
        "POST",
        f"{shopper.run.plan.gateway}/sim/orders/{gateway_order}/pay",
        name="gateway: pay",
        body={"method": "upi"},
        kind=OUTSIDE,
    )
    path = f"/api/v1/orders/{order['number']}"

    def paid() -> bool:
        answer = shopper.get_json(f"{path}/payment", name="/api/v1/orders/:number/payment")
        return bool(answer["order_state"] == "paid")

    shopper.until(paid, what="an order is not paid", poll_s=PAID_POLL_S)
    shopper.get_json(path, name="/api/v1/orders/:number")


def _opened(shopper: Shopper, number: str) -> Any:
    """The gateway was slow, so a job opens the payment: ask until it has."""
    found: list[Any] = []

    def opened() -> bool:
        path = f"/api/v1/orders/{number}/pay"
        answer = shopper.send_json("POST", path, None, name="/api/v1/orders/:number/pay")
        found[:] = [answer["payment"]["gateway_order_id"]]
        return found[0] is not None

    shopper.until(opened, what="a payment is not opened", poll_s=0.5)
    return found[0]


def _facet_value(found: Any, name: str, shopper: Shopper) -> str:
    """A value of a facet, one with many products most often; empty where the facet has none."""
    for facet in found["facets"]:
        if facet["name"] == name and facet["values"]:
            value: str = shopper.run.draw(facet["values"])["value"]
            return value
    return ""


JOURNEYS: dict[str, Callable[[Shopper], None]] = {
    "browse": browse,
    "search": search,
    "cart": fill_cart,
    "add_and_read": add_and_read,
    "buy": buy,
    "buy_at_once": buy_at_once,
    "flash": flash,
}
