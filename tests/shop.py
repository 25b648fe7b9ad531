"""A shop with something to buy, its buyers and their bank."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from uuid import UUID

import aiohttp
import pytest

from models.database import Pool
from tests.buying import Bank, Buyer, variant_of
from tests.factories import make_product, make_seller
from tests.oracle import broken_promises


@pytest.fixture
async def bank(stack: Mapping[str, str], gateway_webhooks: None) -> AsyncIterator[Bank]:
    """The gateway, behaving well before and after the test."""
    async with aiohttp.ClientSession(stack["HAAT_PAYMENTS__BASE_URL"]) as client:
        yield Bank(client)
        async with client.delete("/sim/chaos") as response:
            response.raise_for_status()


@pytest.fixture
def buyer(http: aiohttp.ClientSession) -> Buyer:
    return Buyer(http)


@pytest.fixture
def variant(database: Pool) -> Callable[..., Awaitable[UUID]]:
    """A builder of sellable variants, each of a product and a seller of its own."""

    async def build(**columns: object) -> UUID:
        return await variant_of(await make_product(await make_seller(), **columns))

    return build


@pytest.fixture
async def sound(database: Pool) -> AsyncIterator[None]:
    """Whatever the test did, every invariant holds at its end."""
    yield
    assert await broken_promises(database) == {}
