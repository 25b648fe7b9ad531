"""Short builders of rows, each with the least that the database accepts; tests say only what they are about."""

from typing import Any
from uuid import UUID

from models.base import uuid7
from models.database import pool
from models.keyring import Keyring
from models.sessions import start_session
from models.slug import slugify, with_suffix
from server.auth import new_secret, sign_token
from server.settings import Settings


async def insert(table: str, **columns: Any) -> UUID:
    """A row with a new id. Returns the id."""
    columns.setdefault("id", uuid7())
    marks = ", ".join(f"${i + 1}" for i in range(len(columns)))
    await pool().execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())
    found: UUID = columns["id"]
    return found


async def make_user(settings: Settings | None = None, *, role: str = "shopper", name: str = "Asha Rao") -> UUID:
    keys = (settings or Settings()).keys
    keyring = Keyring(keys.ring, keys.lookup)
    user_id = uuid7()
    email = f"{user_id.hex}@example.com"
    return await insert(
        "users",
        id=user_id,
        email_hash=keyring.email_hash(email),
        email_encrypted=keyring.encrypt(email),
        name=name,
        role=role,
    )


async def make_seller(
    *, name: str = "Asha Stores", state: str = "approved", trusted: bool = True, user_id: UUID | None = None
) -> UUID:
    seller_id = uuid7()
    return await insert(
        "seller",
        id=seller_id,
        user_id=user_id,
        slug=with_suffix(slugify(name, limit=60), seller_id, limit=80),
        name=name,
        legal_name=f"{name} Private Limited",
        state=state,
        trusted=trusted,
    )


async def make_category(name: str = "Sofas", *, parent_id: UUID | None = None) -> UUID:
    parent = await pool().fetchrow("SELECT path, depth FROM category WHERE id = $1", parent_id)
    slug = slugify(name)
    return await insert(
        "category",
        parent_id=parent_id,
        slug=slug,
        name=name,
        path=f"{parent['path']}/{slug}" if parent else slug,
        depth=parent["depth"] + 1 if parent else 1,
    )


async def make_product(
    seller_id: UUID,
    *,
    name: str = "Cotton Kurta",
    price_minor: int = 129_900,
    stock: int = 10,
    state: str = "active",
    variants: int = 1,
    **columns: Any,
) -> UUID:
    """A product with `variants` variants, each with `stock` units."""
    product_id = uuid7()
    slug = with_suffix(slugify(name), product_id)
    await insert(
        "product", **{"id": product_id, "seller_id": seller_id, "sku": slug[-40:], "slug": slug, "name": name,
                      "state": state, **columns}
    )  # fmt: skip
    for position in range(variants):
        await make_variant(product_id, price_minor=price_minor, stock=stock, position=position)
    return product_id


async def make_variant(
    product_id: UUID, *, price_minor: int = 129_900, stock: int = 10, position: int = 0, **columns: Any
) -> UUID:
    if position:
        columns.setdefault("options", f'{{"Size": "{position}"}}')
    variant_id = await insert(
        "variant",
        product_id=product_id,
        sku=f"{product_id.hex[-8:]}-{position}",
        price_minor=price_minor,
        position=position,
        **columns,
    )
    await pool().execute("INSERT INTO stock (variant_id, on_hand) VALUES ($1, $2)", variant_id, stock)
    await pool().execute(
        "INSERT INTO stock_movement (variant_id, kind, on_hand_change) VALUES ($1, 'stocked', $2)", variant_id, stock
    )
    return variant_id


async def log_in_as(settings: Settings, user_id: UUID) -> dict[str, str]:
    """The header of a caller with a session of this user."""
    session_id = await start_session(
        pool(),
        user_id,
        refresh_token=new_secret(),
        user_agent="tests",
        ttl_s=settings.auth.refresh_ttl_s,
        second_factor=True,
    )
    token = sign_token(settings, session_id, "access", ttl_s=settings.auth.access_ttl_s)
    return {"Authorization": f"Bearer {token}"}
