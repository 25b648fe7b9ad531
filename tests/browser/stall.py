"""A small shop: lamps of two brands, a table, a kurta in three sizes; pictures are the demo's."""

from typing import NamedTuple
from uuid import UUID

import aiohttp

from server.context import Context
from tests.browser.people import SELLER, make_person
from tests.factories import insert, make_category, make_product, make_seller, make_variant
from tests.wait import until

GOODS = (
    ("Brass Table Lamp", 249_900, "Pital", "Lamps", "lamp-antique-brass-0"),
    ("Terracotta Table Lamp", 89_900, "Mitti", "Lamps", "lamp-terracotta-2"),
    ("Cane Floor Lamp", 349_900, "Mitti", "Lamps", "lamp-beige-4"),
    ("Teak Coffee Table", 1_249_900, "Kaveri", "Tables", "coffeetable-walnut-1"),
)


class Stall(NamedTuple):
    seller_id: UUID
    products: dict[str, UUID]


async def open_stall(context: Context, http: aiohttp.ClientSession) -> Stall:
    """Kala's stall, whose every product can be found; she signs in as SELLER."""
    seller_id = await make_seller(
        name="Kala Kendra", user_id=await make_person(context, SELLER, role="seller", name="Kala Devi")
    )
    shelves = {name: await make_category(name) for name in ("Lamps", "Tables", "Clothes")}
    products = {}
    for name, price_minor, brand, shelf, picture in GOODS:
        products[name] = await make_product(
            seller_id, name=name, price_minor=price_minor, brand=brand, category_id=shelves[shelf]
        )
        await add_picture(products[name], picture)
    kurta = await make_product(
        seller_id, name="Block-Print Kurta", variants=0, brand="Bagru", category_id=shelves["Clothes"]
    )
    for position, (label, price_minor, stock) in enumerate((("S", 79_900, 4), ("M", 84_900, 4), ("L", 84_900, 0))):
        options = f'{{"Size": "{label}"}}'
        await make_variant(kurta, price_minor=price_minor, stock=stock, position=position, options=options)
    await add_picture(kurta, "kurta-indigo-1")
    products["Block-Print Kurta"] = kurta
    await until_found(http, len(products))
    return Stall(seller_id, products)


async def add_picture(product_id: UUID, drawing: str, *, position: int = 0) -> None:
    await insert("product_image", product_id=product_id, key=f"demo/{drawing}.svg", position=position)


async def until_found(http: aiohttp.ClientSession, count: int) -> None:
    """Until the search engine itself knows exactly so many products."""

    async def complete() -> bool:
        async with http.get("/api/v1/search", params={"facets": "none"}) as response:
            answer = await response.json()
            return answer["total"] == count and not answer["degraded"]

    await until(complete, timeout_s=30)
