"""`haat pictures`: what was kept in one size is shown in all of them, and nobody loses a picture meanwhile."""

import asyncio
import io
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

import aiohttp
import msgspec
import pytest
from PIL import Image

from models.base import uuid7
from models.database import Pool
from models.product_change import NewPicture, Wanted
from models.resizing import exchange
from server.context import Context
from server.integrations.media import LocalMedia
from tests.buying import Buyer, run_jobs, variant_of
from tests.factories import insert, log_in_as, make_product, make_seller, make_user
from tests.handlers.pages.visitor import slug_of
from tests.wait import until

PRODUCT, PHOTO, AVATAR, WAITING, GONE = (UUID(int=number) for number in range(1, 6))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def media(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def environment(environment: dict[str, str], media: Path) -> dict[str, str]:
    return {**environment, "HAAT_MEDIA__FOLDER": str(media), "HAAT_LIMITS__ENABLED": "false"}


def keep(media: Path, key: str, size: tuple[int, int] = (700, 350)) -> str:
    """A picture as it was kept when there was one size."""
    out = io.BytesIO()
    Image.effect_noise(size, 40).save(out, "WEBP")
    path = media / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())
    return key


def sized(key: str, *widths: int) -> str:
    return key.removesuffix(".webp") + "".join(f"_{width}" for width in widths) + ".webp"


def files_of(media: Path, key: str) -> set[str]:
    folder, _, name = key.rpartition("/")
    return {path.name.removeprefix(name) for path in (media / folder).glob(f"{name}*")}


async def pictures(environment: dict[str, str], **more: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "server.resizing", "pictures"]
    running = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, **environment, **more}, stdout=-1, stderr=-1
    )
    out, errors = await running.communicate()
    return running.returncode or 0, out.decode(), errors.decode()


def anew(printed: str) -> int:
    """How many were made, of all kinds."""
    return sum(int(line.split("looked at")[1].split()[0]) for line in printed.splitlines())


async def show(product_id: UUID, key: str, number: UUID, position: int = 0) -> None:
    await insert("product_image", id=number, product_id=product_id, key=key, position=position)


async def test_pictures_of_one_size_are_made_anew_and_every_holder_follows(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None, media: Path,
    environment: dict[str, str],
) -> None:  # fmt: skip
    """A shop with an old picture wherever there can be one; the first run is killed, then two run at once."""
    user_id = await make_user(context.settings)
    product_id = await make_product(await make_seller(), name="Brass Lamp")
    live, gone, waits, photo, avatar = (
        keep(media, f"{folder}/{number}.webp", size)
        for folder, number, size in (
            ("products", PRODUCT, (700, 350)), ("products", GONE, (300, 200)), ("products", WAITING, (320, 100)),
            ("reviews", PHOTO, (1300, 20)), ("avatars", AVATAR, (100, 100)),
        )
    )  # fmt: skip
    await show(product_id, live, PRODUCT)
    buyer = Buyer(http, await log_in_as(context.settings, user_id))
    number = (await buyer.order(await variant_of(product_id)))["number"]
    await database.execute("UPDATE product_image SET id = $1, key = $2", GONE, gone)
    other = (await Buyer(http).order(await variant_of(product_id)))["number"]
    await database.execute("UPDATE product_image SET id = $1, key = $2", PRODUCT, live)
    wanted = msgspec.json.encode(Wanted(added=(NewPicture(WAITING, waits),))).decode()
    await insert("product_change", product_id=product_id, wanted=wanted, actor_id=user_id)
    review = await insert("review", product_id=product_id, user_id=user_id, rating=4, state="published")
    await insert("review_photo", id=PHOTO, review_id=review, key=photo)
    await database.execute("UPDATE users SET avatar_key = $2 WHERE id = $1", user_id, avatar)

    code, printed, _ = await pictures(environment, HAAT_CRASH_AT="pictures.after_write")
    assert (code, printed) == (-signal.SIGKILL, "")
    assert await database.fetchval("SELECT key FROM product_image") == live
    both = await asyncio.gather(pictures(environment), pictures(environment))
    assert [code for code, _, _ in both] == [0, 0], both
    assert await database.fetchval("SELECT key FROM product_image") == sized(live, 320, 640, 700)
    lines = "SELECT image_key FROM order_line JOIN orders o ON o.id = order_id WHERE number = $1"
    assert await database.fetchval(lines, number) == sized(live, 320, 640, 700)
    assert await database.fetchval(lines, other) == sized(gone, 300)
    assert sized(waits, 320) in await database.fetchval("SELECT wanted::text FROM product_change")
    assert await database.fetchval("SELECT key FROM review_photo") == sized(photo, 320, 640, 1280, 1300)
    assert await database.fetchval("SELECT avatar_key FROM users WHERE id = $1", user_id) == sized(avatar, 100)
    code, printed, _ = await pictures(environment)
    assert (code, anew(printed)) == (0, 0), printed

    async def found() -> bool:
        async with http.get("/api/v1/search?q=lamp") as response:
            hits = (await response.json())["hits"]
            return bool(hits) and hits[0]["image"] == sized(live, 320, 640, 700)

    await until(found)
    async with http.get(f"/p/{await slug_of(product_id)}") as response:
        page = await response.text()
    stem = f"/media/products/{PRODUCT}"
    assert f"{stem}_320.avif 320w, {stem}_640.avif 640w, {stem}_700.avif 700w" in page
    for path in (f"{stem}_320.avif", f"/media/{sized(live, 320, 640, 700)}", f"/media/{live}"):
        async with http.get(path) as response:
            assert response.status == 200, f"{path}: who has an old page open sees the old picture a while"

    await database.execute(
        "UPDATE order_line SET image_key = $1 WHERE image_key = $2", live, sized(live, 320, 640, 700)
    )
    assert await run_jobs(context, "media.retire") == 5
    assert await database.fetchval(lines, number) == sized(live, 320, 640, 700), "placed while the picture changed"
    assert files_of(media, f"products/{PRODUCT}") == {
        "_320.avif", "_640.avif", "_700.avif", "_320.webp", "_640.webp", "_320_640_700.webp",
    }  # fmt: skip
    assert files_of(media, f"avatars/{AVATAR}") == {"_100.avif", "_100.webp"}


async def test_what_cannot_be_made_anew_is_named_and_the_rest_is_done(
    database: Pool, media: Path, environment: dict[str, str]
) -> None:
    product_id = await make_product(await make_seller())
    keys = [f"products/{UUID(int=number)}.webp" for number in range(1, 5)]
    for position, key in enumerate(keys):
        await show(product_id, key, UUID(int=position + 1), position)
    await show(product_id, "https://elsewhere.example/a.webp", UUID(int=9), 9)
    keep(media, keys[0])
    (media / keys[1]).write_bytes(b"RIFF\0\0\0\0WEBPtorn")
    keep(media, keys[3], (200, 200))
    code, printed, errors = await pictures(environment)
    assert (code, anew(printed)) == (1, 2)
    assert [line for line in errors.splitlines() if keys[1] in line and "cannot be read" in line], errors
    assert [line for line in errors.splitlines() if keys[2] in line and "no such picture" in line], errors
    kept = [row[0] for row in await database.fetch("SELECT key FROM product_image ORDER BY position")]
    assert kept == [
        sized(keys[0], 320, 640, 700), keys[1], keys[2], sized(keys[3], 200), "https://elsewhere.example/a.webp"
    ]  # fmt: skip
    (media / f"products/{UUID(int=1)}_640.avif").unlink()
    (media / keys[1]).unlink()
    assert anew((await pictures(environment))[1]) == 1, "a file that is gone is made again"
    assert (media / f"products/{UUID(int=1)}_640.avif").is_file()
    assert await database.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'media.retire'") == 2


async def test_nothing_is_written_for_somebody_who_went_meanwhile(database: Pool) -> None:
    written = []

    async def write() -> None:
        written.append(1)

    user_id = await make_user()
    await database.execute("UPDATE users SET avatar_key = 'avatars/b.webp' WHERE id = $1", user_id)
    for row_id, old in ((user_id, "avatars/a.webp"), (uuid7(), "avatars/b.webp")):
        assert not await exchange("people", row_id, old=old, new="avatars/c_9.webp", write=write)
    assert written == []
    assert await exchange("people", user_id, old="avatars/b.webp", new="avatars/b_9.webp", write=write)
    assert await database.fetchval("SELECT avatar_key FROM users WHERE id = $1", user_id) == "avatars/b_9.webp"


async def test_files_that_old_and_new_widths_share_stay_and_erasure_takes_them_all(
    database: Pool, media: Path, environment: dict[str, str]
) -> None:
    stem = f"products/{UUID(int=1)}"
    old, new = f"{stem}_320_700.webp", f"{stem}_320_640_700.webp"
    await show(await make_product(await make_seller()), keep(media, old), UUID(int=1))
    assert anew((await pictures(environment))[1]) == 1
    assert await database.fetchval("SELECT key FROM product_image") == new
    kept = LocalMedia(media)
    sizes = {"_320.avif", "_640.avif", "_700.avif", "_320.webp", "_640.webp", "_320_640_700.webp"}
    await kept.retire(old, new=new)
    assert files_of(media, stem) == sizes
    keep(media, f"{stem}.webp")
    await kept.remove(new)
    assert files_of(media, stem) == set(), "also what a run that was killed had begun"
