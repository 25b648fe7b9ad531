"""Rows that the search tests need beyond `tests/factories.py`."""

from uuid import UUID

from models.database import pool
from tests.factories import insert


async def make_specification(
    product_id: UUID, name: str, text: str, *, number: float | None = None, unit: str = "", kind: str = ""
) -> UUID:
    kind = kind or ("text" if number is None else "number")
    return await insert(
        "specification", product_id=product_id, name=name, kind=kind, text=text, number=number, unit=unit
    )


async def make_image(product_id: UUID, key: str, *, position: int = 0) -> UUID:
    return await insert("product_image", product_id=product_id, key=key, alt=f"Picture {key}", position=position)


async def link(parent_id: UUID, child_id: UUID) -> UUID:
    return await insert("category_link", parent_id=parent_id, child_id=child_id)


async def waiting() -> list[UUID]:
    """Products that the feed names, each once."""
    rows = await pool().fetch("SELECT DISTINCT product_id FROM search_change ORDER BY 1")
    return [row["product_id"] for row in rows]


async def forget_changes() -> None:
    await pool().execute("DELETE FROM search_change")
