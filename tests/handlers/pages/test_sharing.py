"""What is kept for everybody holds nothing of the one who asked first: signed in or not, the answer is the same."""

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import aiohttp
import pytest
from redis.asyncio import Redis

from models.database import pool
from server.context import Context
from tests.browser.stall import until_found
from tests.factories import make_category, make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Visitor, slug_of

Person = Callable[..., Awaitable[tuple[str, UUID]]]
TOOK = re.compile(r'"took_ms":\d+')
NAME, EMAIL = "Zebulon Quark", "zebulon.quark@example.in"


@pytest.fixture
async def shop(http: aiohttp.ClientSession, worker: None) -> str:
    """The slug of a lamp on sale, which the search engine knows."""
    lamps = await make_category("Lamps")
    slug = await slug_of(await make_product(await make_seller(), name="Brass Lamp", category_id=lamps))
    await until_found(http, 1)
    return slug


@pytest.fixture
async def somebody(visitor: Visitor, person: Person, shop: str) -> Visitor:
    """Signed in by a name of his own, with a lamp in the cart and on the list of wishes."""
    email, user_id = await person(EMAIL)
    await pool().execute("UPDATE users SET name = $1 WHERE id = $2", NAME, user_id)
    await visitor.sign_in(email, PASSWORD)
    variant = await pool().fetchval("SELECT v.id FROM variant v JOIN product p ON p.id = v.product_id")
    await visitor.post("/cart/items", variant_id=variant, quantity=1)
    assert NAME.split(maxsplit=1)[0] in (await visitor.get("/fragments/header")).text
    return visitor


async def test_what_one_signed_in_asks_first_is_what_everybody_gets(
    somebody: Visitor, context: Context, redis: Redis, shop: str
) -> None:
    """Each address three times: signed in, as a stranger, and signed in again, from the cache."""
    stranger = Visitor(somebody.http)
    token = await somebody.token()
    own = (NAME.split(maxsplit=1)[0], "zebulon", token, *somebody.cookies.values())
    paths = (
        "/api/v1/search?q=lamp", "/api/v1/search?q=lamp&sort=newest&facets=none", "/api/v1/search/suggest?q=la",
        f"/api/v1/products/{shop}", "/", "/search?q=lamp", "/search?q=nothing-has-this", "/c/lamps", "/categories",
        f"/p/{shop}", "/help", "/fragments/suggest?q=la",
    )  # fmt: skip
    for path in paths:
        first, other, again = await somebody.get(path), await stranger.get(path), await somebody.get(path)
        assert first.status == other.status == 200, path
        assert first.headers["Cache-Control"].startswith("public"), path
        assert "Set-Cookie" not in first.headers, path
        assert [mark for mark in own if mark in first.html] == [], path
        assert len({TOOK.sub("", seen.html) for seen in (first, other, again)}) == 1, path
    kept = [key async for key in redis.scan_iter(f"{context.settings.redis.prefix}answer:*")]
    assert len(kept) > len(paths) / 2
    for key in kept:
        page = (await redis.get(key) or b"").decode(errors="replace")
        assert [mark for mark in own if mark in page] == [], key


async def test_what_is_personal_says_that_nobody_may_keep_it(somebody: Visitor) -> None:
    for path in ("/cart", "/account/orders", "/account/profile", "/fragments/header", "/api/v1/cart", "/api/v1/me"):
        assert (await somebody.get(path)).headers["Cache-Control"] == "no-store", path
