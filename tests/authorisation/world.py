"""Everybody whom the matrix knows, with sessions of their own, and builders of what they own.

Whatever a route names is shopper Asha's, or the seller Asha Stores': everybody else is a stranger to it.
"""

import hashlib
import hmac
import itertools
from typing import Any, NamedTuple
from uuid import UUID

from models.basket import Shopper
from models.cart import add_item
from models.database import pool
from models.sessions import start_session
from models.settlement import settle
from server.auth import Caller, new_secret, sign_token
from server.context import Context
from tests.buying import variant_of
from tests.factories import insert, make_category, make_product, make_seller, make_user
from tests.fulfilling import Bought, bought, bring, seal_with
from tests.ordering import charge, new_order

SHOPPER, STRANGER, OWNER, RIVAL = "shopper", "other shopper", "owner", "other owner"
GRANTS = ("products", "orders", "money")
MARKET = ("support", "admin")
STAFF = tuple(f"staff: {grant}" for grant in GRANTS)
ACTORS = ("anonymous", SHOPPER, STRANGER, OWNER, *STAFF, RIVAL, *MARKET)
BROWSER = "a-browser"
CLOUD = "cloudinary://key:secret@haat"
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


class Actor(NamedTuple):
    name: str
    caller: Caller | None
    headers: dict[str, str]
    csrf_token: str


class World:
    """`seller_id` is Asha Stores; `fresh` gives the shopper a new account, so that carts do not fill up.

    `touched`: something was made or written since.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.actors: dict[str, Actor] = {}
        self.seller_id = self.rival_id = UUID(int=0)
        self.category = ""
        self.touched = True

    async def people(self) -> None:
        settings = self.context.settings
        owner, rival = [await make_user(settings, role="seller") for _ in range(2)]
        self.seller_id = await make_seller(user_id=owner)
        self.rival_id = await make_seller(name="Rival Stores", user_id=rival)
        self.category = await pool().fetchval("SELECT slug FROM category WHERE id = $1", await make_category())
        self.actors["anonymous"] = self._actor("anonymous", None, {})
        for name, user_id in ((OWNER, owner), (RIVAL, rival)):
            await self._enter(name, user_id)
        for name, grant in zip(STAFF, GRANTS, strict=True):
            user_id = await make_user(settings)
            await pool().execute("INSERT INTO seller_staff VALUES ($1, $2, $3)", user_id, self.seller_id, [grant])
            await self._enter(name, user_id)
        for role in MARKET:
            await self._enter(role, await make_user(settings, role=role))
        await self._enter(STRANGER, await make_user(settings))
        await self.fresh()

    async def fresh(self) -> None:
        await self._enter(SHOPPER, await make_user(self.context.settings))

    async def reopen(self) -> None:
        """Both shops approved, whatever was done to them, and nobody else's."""
        ours = [self.seller_id, self.rival_id]
        await pool().execute("UPDATE seller SET state = 'approved' WHERE id = ANY($1) AND state <> 'approved'", ours)
        owners = [self.user_id(OWNER), self.user_id(RIVAL)]
        if await pool().execute("DELETE FROM seller WHERE user_id <> ALL($1)", owners) != "DELETE 0":
            await self.context.redis.flushdb()

    async def anew(self, name: str) -> None:
        """Another session of the same person, where the last one was ended."""
        caller = self.actors[name].caller
        if caller:
            await self._enter(name, caller.user_id)

    async def _enter(self, name: str, user_id: UUID) -> None:
        settings = self.context.settings
        session_id = await start_session(
            pool(),
            user_id,
            refresh_token=new_secret(),
            user_agent="matrix",
            ttl_s=settings.auth.refresh_ttl_s,
            second_factor=True,
        )
        role = await pool().fetchval("SELECT role FROM users WHERE id = $1", user_id)
        working = name in STAFF or name == OWNER
        seller_id = self.seller_id if working else self.rival_id if name == RIVAL else None
        grants = ("owner", *GRANTS) if name in (OWNER, RIVAL) else (name.removeprefix("staff: "),)
        caller = Caller(session_id, user_id, role, seller_id, grants if seller_id else ())
        token = sign_token(settings, session_id, "access", ttl_s=3600)
        self.actors[name] = self._actor(name, caller, {"Authorization": f"Bearer {token}"})

    def _actor(self, name: str, caller: Caller | None, headers: dict[str, str]) -> Actor:
        session = caller.session_id if caller else ""
        key = self.context.settings.auth.secret.encode()
        token = hmac.new(key, f"csrf:{BROWSER}:{session}".encode(), hashlib.sha256).hexdigest()
        return Actor(name, caller, headers, token)

    @property
    def shopper(self) -> Shopper:
        return Shopper(user_id=self.user_id(SHOPPER))

    def user_id(self, name: str) -> UUID:
        caller = self.actors[name].caller
        assert caller
        return caller.user_id

    async def product(self, **columns: Any) -> UUID:
        return await make_product(self.seller_id, **columns)

    async def variant(self) -> UUID:
        return await variant_of(await self.product())

    async def item(self) -> UUID:
        """In the shopper's cart."""
        await add_item(self.shopper, await self.variant(), quantity=1, quantity_max=10)
        found: UUID = await pool().fetchval(
            "SELECT i.id FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE c.user_id = $1 ORDER BY i.id DESC",
            self.shopper.user_id,
        )
        return found

    async def pending(self) -> str:
        """The number of an order of the shopper that waits for its money."""
        order = await new_order(await self.variant(), shopper=self.shopper)
        await seal_with(self.context.keyring)
        return await number_of(order.order_id)

    async def paid(self, *, quantity: int = 1) -> Bought:
        variant_id = await self.variant()
        order = await new_order(variant_id, shopper=self.shopper, quantity=quantity)
        assert await settle(charge(order)) == "paid"
        await seal_with(self.context.keyring)
        return await bought(order, [self.seller_id], [variant_id])

    async def delivered(self) -> Bought:
        one = await self.paid()
        await bring(self.seller_id, one.shipments[0])
        return one

    async def review(self, *, state: str = "pending") -> UUID:
        product_id = await self.product()
        return await insert(
            "review", product_id=product_id, user_id=self.user_id(SHOPPER), rating=5, text="Good", state=state
        )

    async def parked_job(self) -> int:
        found: int = await pool().fetchval(
            "INSERT INTO pgqueuer (priority, entrypoint, payload, status) VALUES (0, 'products.counts', '{}', 'failed')"
            " RETURNING id"
        )
        return found


def word() -> str:
    """A word that nothing else has, the same in every process."""
    return f"word{next(_numbers)}"


async def number_of(order_id: UUID) -> str:
    found: str = await pool().fetchval("SELECT number FROM orders WHERE id = $1", order_id)
    return found
