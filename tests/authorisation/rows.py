"""The rows of the matrix: for each route that names something or writes, whose that is and what a good request sends.

A route of the app that needs a row and has none fails `test_matrix.py`; so does a row without a route.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tests.authorisation.world import World

Given = dict[str, Any]
Make = Callable[[World], Awaitable[Given]]
SHOPPERS, SELLERS, SELF, PROOF = "shopper", "seller", "self", "proof"


class Row(NamedTuple):
    """`make` gives the values of the path's names, and under `send` the body (JSON or form) or bytes, `query`.

    `whose`: to everybody else it is not found; SELF: everybody acts on what is their own, and only the shopper has it.
    `kept`: a query that counts what a stranger must not have changed.
    """

    make: Make
    whose: str = ""
    kept: str = ""


async def nothing(_: World) -> Given:
    return {}


def sends(**body: Any) -> Make:
    async def make(_: World) -> Given:
        return {"send": body}

    return make


PLAIN = Row(nothing)
