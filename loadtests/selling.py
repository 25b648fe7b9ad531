"""A seller at work: names are changed at a steady rate, and the public search is asked until it shows each change.

Runs under gevent, in a load process only.
"""

import re
import secrets
from urllib.parse import urlencode

import msgspec

from loadtests.journeys import OUTSIDE, SEARCH
from loadtests.shopper import Shopper

PRODUCTS = "/api/v1/seller/products"
FRESH = f"{SEARCH}, asked until it is fresh"
POLL_S = 0.025
TOKEN_S = 600
MARK = re.compile(r"( zq[0-9a-f]{10})+$")


class Desk(msgspec.Struct):
    """The seller's log-in and products; an access token lives 15 minutes, so a new one is taken in time. `edited` are
    products whose edit is still looked for: another one would hide it.
    """

    token: str = ""
    taken_at_s: float = 0.0
    products: list[tuple[str, str]] = []
    edited: set[str] = set()

    def headers(self, shopper: Shopper) -> dict[str, str]:
        run = shopper.run
        if not self.token or run.now_s - self.taken_at_s > TOKEN_S:
            assert run.plan.seller is not None
            login = msgspec.to_builtins(run.plan.seller)
            self.token = shopper.send_json("POST", "/api/v1/auth/login", login, kind=OUTSIDE)["access_token"]
            self.taken_at_s = run.now_s
        return {"Authorization": f"Bearer {self.token}"}

    def next_product(self, shopper: Shopper) -> tuple[str, str]:
        """Id and plain name, one after the other; it is the caller's until it is out of `edited` again."""
        if not self.products:
            page = f"{PRODUCTS}?status=active&per_page=200"
            found = shopper.get_json(page, headers=self.headers(shopper), kind=OUTSIDE)["items"]
            if not found:
                shopper.give_up("the seller has no product that is on sale")
            self.products = [(item["id"], MARK.sub("", item["name"])) for item in found]
        in_turn = (self.products[next(shopper.run.numbers) % len(self.products)] for _ in self.products)
        free = next((product for product in in_turn if product[0] not in self.edited), None)
        if free is None:
            shopper.give_up("each product of the seller is being edited")
        self.edited.add(free[0])
        return free


_DESK = Desk()


def edit(shopper: Shopper) -> None:
    """A new word into a name, found by the public search; then the plain name again."""
    product_id, name = _DESK.next_product(shopper)
    try:
        _edit(shopper, product_id, name)
    finally:
        _DESK.edited.discard(product_id)


def _edit(shopper: Shopper, product_id: str, name: str) -> None:
    word = f"zq{secrets.token_hex(5)}"
    _search(shopper, word)
    rename(shopper, product_id, f"{name} {word}")
    answered_s, fresh = shopper.due_s, False
    try:
        shopper.until(lambda: product_id in _search(shopper, word), what="an edit is not findable", poll_s=POLL_S)
        fresh = True
    finally:
        lag_ms = (shopper.run.now_s - answered_s) * 1000
        shopper.run.recording.add("freshness", "edit", lag_ms, at_s=answered_s, ok=fresh)
    rename(shopper, product_id, name)


def rename(shopper: Shopper, product_id: str, name: str) -> None:
    path = f"{PRODUCTS}/{product_id}"
    headers = _DESK.headers(shopper)
    shopper.ask("PATCH", path, name=f"{PRODUCTS}/:id", body={"name": name}, headers=headers)


def _search(shopper: Shopper, word: str) -> set[str]:
    """Ids of what the public search finds."""
    found = shopper.get_json(f"{SEARCH}?{urlencode({'q': word, 'facets': 'none'})}", name=FRESH, kind=OUTSIDE)
    return {hit["id"] for hit in found["hits"]}
