"""Photos that come while somebody looks or leaves: what is shown was read, and what is refused leaves no file."""

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest
from PIL import Image

from models.database import Pool
from models.review import write_review
from server.context import Context
from server.integrations.media import LocalMedia
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.fulfilling import get_hold_of
from tests.wait import until

QUEUE = "/api/v1/admin/reviews"
WAITING = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


class Look:
    """An author, the operator, and where the shop keeps pictures."""

    def __init__(self, http: aiohttp.ClientSession, author_id: UUID, review_id: UUID, folder: Path) -> None:
        self.http, self.author_id, self.review_id, self.folder = http, author_id, review_id, folder
        self.author: Mapping[str, str] = {}
        self.operator: Mapping[str, str] = {}

    async def add(self) -> int:
        path = f"/api/v1/reviews/{self.review_id}/photos"
        async with self.http.post(path, data=picture(), headers=self.author) as response:
            return response.status

    async def entry(self) -> dict[str, Any]:
        async with self.http.get(QUEUE, headers=self.operator) as response:
            return msgspec.json.decode(await response.read())["items"][0]

    async def publish(self, version: str) -> tuple[int, str]:
        path, body = f"{QUEUE}/{self.review_id}/decision", {"action": "publish", "version": version}
        async with self.http.post(path, json=body, headers=self.operator) as response:
            told = await response.read()
            return response.status, msgspec.json.decode(told)["code"] if told else ""

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
async def look(http: aiohttp.ClientSession, context: Context, database: Pool, tmp_path: Path) -> Look:
    context.media = LocalMedia(tmp_path / "media")
    author_id, product_id = await make_user(context.settings), await make_product(await make_seller(), slug="lamp")
    await get_hold_of(author_id, product_id)
    await database.execute("UPDATE shipment SET state = 'delivered'")
    review_id = await write_review(author_id, "lamp", rating=5, title="Good", text="Very.")
    found = Look(http, author_id, review_id, tmp_path / "media")
    found.author = await log_in_as(context.settings, author_id)
    found.operator = await log_in_as(context.settings, await make_user(context.settings, role="admin"))
    return found


async def test_a_review_that_got_photos_meanwhile_is_not_shown_by_who_saw_none(look: Look) -> None:
    seen = await look.entry()
    assert await look.add() == 201
    assert await look.publish(seen["version"]) == (409, "review_changed")
    assert await look.publish((await look.entry())["version"]) == (204, "")


async def test_a_decision_that_waits_for_a_photo_sees_it(look: Look, database: Pool) -> None:
    seen = await look.entry()

    async def it_waits() -> bool:
        return bool(await database.fetchval(WAITING))

    async with database.acquire() as other, other.transaction():
        await other.execute("SELECT FROM review FOR NO KEY UPDATE")
        deciding = asyncio.create_task(look.publish(seen["version"]))
        await until(it_waits)
        await other.execute(
            "INSERT INTO review_photo (id, review_id, key) VALUES (gen_random_uuid(), $1, 'reviews/x.webp')",
            look.review_id,
        )
    assert await deciding == (409, "review_changed")


async def test_a_photo_that_comes_too_late_leaves_no_file(look: Look, database: Pool) -> None:
    async def it_waits() -> bool:
        return bool(await database.fetchval(WAITING))

    async with database.acquire() as other, other.transaction():
        await other.execute("SELECT FROM review FOR UPDATE")
        adding = asyncio.create_task(look.add())
        await until(it_waits)
        assert look.files()
        await other.execute("UPDATE review SET state = 'published'")
    assert await adding == 409
    assert look.files() == []


async def test_a_picture_of_somebody_who_is_erased_meanwhile_leaves_no_file(look: Look, database: Pool) -> None:
    async def it_waits() -> bool:
        return bool(await database.fetchval(WAITING))

    async with database.acquire() as other, other.transaction():
        await other.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", look.author_id)
        adding = asyncio.create_task(
            look.http.request("POST", "/api/v1/me/avatar", data=picture(), headers=look.author)
        )
        await until(it_waits)
        assert look.files()
        await other.execute("DELETE FROM review")
        await other.execute("UPDATE orders SET user_id = NULL")
        await other.execute("DELETE FROM users WHERE id = $1", look.author_id)
    async with await adding as response:
        assert response.status == 404
    assert look.files() == []
