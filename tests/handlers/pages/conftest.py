"""Visitors of the pages, and people whose passwords they know."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import aiohttp
import pytest

from models.database import transaction
from models.sign_in import register
from server.context import Context
from tests.factories import make_seller
from tests.handlers.pages.visitor import Visitor
from tests.people import set_up_app

PASSWORD = "correct horse battery"


@pytest.fixture
def visitor(http: aiohttp.ClientSession) -> Visitor:
    return Visitor(http)


@pytest.fixture
def person(context: Context) -> Callable[..., Awaitable[tuple[str, UUID]]]:
    """A builder of accounts: the e-mail and the id."""

    async def build(email: str = "asha@example.in", role: str = "shopper") -> tuple[str, UUID]:
        async with transaction() as connection:
            hashed = await context.passwords.hash(PASSWORD)
            user_id = await register(
                connection, context.keyring, email=email, name="Asha Rao", password_hash=hashed, role=role
            )
        if role in {"admin", "support"}:
            await set_up_app(context, user_id, email)
        return email, user_id

    return build


@pytest.fixture
async def seller(visitor: Visitor, person: Callable[..., Awaitable[tuple[str, UUID]]]) -> UUID:
    """The visitor is signed in as this seller."""
    email, user_id = await person("seller@example.in", role="seller")
    seller_id = await make_seller(user_id=user_id)
    assert (await visitor.sign_in(email, PASSWORD)).location == "/seller"
    return seller_id


@pytest.fixture
async def operator(visitor: Visitor, person: Callable[..., Awaitable[tuple[str, UUID]]]) -> UUID:
    """The visitor is signed in as the operator."""
    email, user_id = await person("admin@example.in", role="admin")
    assert (await visitor.sign_in(email, PASSWORD)).location == "/admin"
    return user_id
