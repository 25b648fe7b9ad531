"""Pictures: uploaded, fetched, kept on disk or by Cloudinary's own SDK, made fit, and refused where they are none."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import aiohttp
import msgspec
import pytest
from aiohttp import web
from PIL import Image

from devstack.cloudinary import Cloud, make_app
from jobs.media import upload
from models.database import Pool
from models.errors import Invalid, NotFound, Unavailable
from models.pictures import add_linked
from server.context import Context
from server.fetch import fetch_picture
from server.integrations.media import LocalMedia, open_media
from server.pictures import SIDE_MAX, fit
from server.settings import Media
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.served import served
from web.pictures import picture_sizes

ACCOUNT = "cloudinary://key:secret@haat"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """Somebody else's server: a picture, a redirect to it or to anywhere, a text, a failure."""

    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query.get("to", "/a.png")})

    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=503)

    async def show(_: web.Request) -> web.Response:
        return web.Response(body=picture())

    async def tell(_: web.Request) -> web.Response:
        return web.Response(body=b"no picture")

    app = web.Application()
    app.router.add_get("/a.png", show)
    app.router.add_get("/text", tell)
    app.router.add_get("/moved", redirect)
    app.router.add_get("/broken", fail)
    async for address in served(app):
        yield address


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[tuple[Cloud, Media]]:
    simulated = Cloud(tmp_path / "cloud", ACCOUNT)
    async for address in served(make_app(simulated)):
        yield simulated, Media(url=ACCOUNT, api_base_url=address)


@pytest.fixture
def kept(context: Context, tmp_path: Path) -> Context:
    context.media = LocalMedia(tmp_path / "media")
    return context


async def test_an_uploaded_picture_is_shown_in_sizes_and_taken_away(
    http: aiohttp.ClientSession, kept: Context, database: Pool, tmp_path: Path
) -> None:
    user_id = await make_user(kept.settings, role="seller")
    product_id = await make_product(await make_seller(user_id=user_id))
    headers = await log_in_as(kept.settings, user_id)
    path = f"/api/v1/seller/products/{product_id}/images"
    async with http.post(path, data=picture(size=(4000, 1000)), headers=headers) as response:
        assert response.status == 201, await response.text()
        made = await response.json()
    found = picture_sizes(f"/media/{made['key']}")
    assert found
    for kind, srcset in (("webp", found.webp), ("avif", found.avif)):
        for address, width in (part.split() for part in srcset.split(", ")):
            async with http.get(address) as response:
                shown = Image.open(io.BytesIO(await response.read()))
                assert (response.content_type, shown.format) == (f"image/{kind}", kind.upper())
                assert shown.size == (int(width[:-1]), int(width[:-1]) // 4)
        assert [part.split()[1] for part in srcset.split(", ")] == ["320w", "640w", "1280w", f"{SIDE_MAX}w"]
    slug = await database.fetchval("SELECT slug FROM product")
    async with http.get(f"/p/{slug}") as response:
        page = await response.text()
    assert f'srcset="{found.avif}"' in page
    assert f'srcset="{found.webp}"' in page
    await kept.media.remove(made["key"])
    assert files_in(tmp_path) == []
    async with http.post(path, data=b"<svg onload=alert(1)>", headers=headers) as response:
        assert response.status == 422
    async with http.delete(f"{path}/{made['id']}", headers=headers) as response:
        assert response.status == 204
    async with http.delete(f"{path}/{made['id']}", headers=headers) as response:
        assert response.status == 404
    assert await database.fetchval("SELECT count(*) FROM product_image") == 0


async def test_a_stranger_adds_no_picture(http: aiohttp.ClientSession, kept: Context) -> None:
    product_id = await make_product(await make_seller())
    user_id = await make_user(kept.settings, role="seller")
    await make_seller(user_id=user_id)
    headers = await log_in_as(kept.settings, user_id)
    path = f"/api/v1/seller/products/{product_id}/images"
    async with http.post(path, data=picture(), headers=headers) as response:
        assert response.status == 404


async def test_no_path_leads_out_of_the_folder(http: aiohttp.ClientSession, kept: Context, tmp_path: Path) -> None:
    (tmp_path / "media" / "products").mkdir(parents=True)
    (tmp_path / "secret.webp").write_bytes(picture("WEBP"))
    for name in ("..%2f..%2fsecret.webp", "%2e%2e%2f%2e%2e%2fsecret.webp", "%2e%2e", "a%00b", "nothing.webp"):
        async with http.get(f"/media/products/{name}") as response:
            assert response.status == 404, name
    for key in ("products/../../secret.webp", f"{tmp_path}/secret.webp", "../secret.webp", "products/..\\secret.webp"):
        with pytest.raises(NotFound):
            await kept.media.read(key)
        await kept.media.remove(key)
    assert (tmp_path / "secret.webp").is_file()


async def test_an_imported_picture_is_copied_once(kept: Context, database: Pool, elsewhere: str) -> None:
    product_id = await make_product(await make_seller())
    async with database.acquire() as connection:
        (image_id,) = await add_linked(connection, {product_id: [f"{elsewhere}/moved"]})
    for _ in range(2):
        await upload(kept, {"image_id": str(image_id)})
        row = await database.fetchrow("SELECT key, source FROM product_image")
        assert tuple(row) == (f"products/{image_id}_40.webp", f"{elsewhere}/moved")
    assert (await kept.media.read(row["key"])).startswith(b"RIFF")


async def test_the_official_sdk_uploads_to_cloudinary(
    context: Context, database: Pool, elsewhere: str, cloud: tuple[Cloud, Media]
) -> None:
    simulated, settings = cloud
    context.media = open_media(settings)
    product_id = await make_product(await make_seller())
    async with database.acquire() as connection:
        (image_id,) = await add_linked(connection, {product_id: [f"{elsewhere}/a.png"]})
    simulated.refuse_with = 500
    with pytest.raises(Unavailable):
        await upload(context, {"image_id": str(image_id)})
    simulated.refuse_with = 0
    await upload(context, {"image_id": str(image_id)})
    key = await database.fetchval("SELECT key FROM product_image")
    assert re.fullmatch(rf"{settings.api_base_url}/haat/image/upload/v\d+/products/{image_id}", key)
    async with aiohttp.ClientSession() as client, client.get(key) as response:
        assert (await response.read()).startswith(b"RIFF")
    await context.media.remove(key)
    async with aiohttp.ClientSession() as client, client.get(key) as response:
        assert response.status == 404


async def test_a_browser_sends_a_picture_straight_to_cloudinary(
    http: aiohttp.ClientSession, context: Context, database: Pool, cloud: tuple[Cloud, Media]
) -> None:
    context.media = open_media(cloud[1])
    user_id = await make_user(context.settings, role="seller")
    seller_id = await make_seller(user_id=user_id)
    product_id, other_id = await make_product(seller_id), await make_product(seller_id)
    headers = await log_in_as(context.settings, user_id)
    path = f"/api/v1/seller/products/{product_id}/images"
    async with http.get(f"{path}/ticket", headers=headers) as response:
        ticket = await response.json()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    photo = picture("JPEG", (4_000, 1_000), exif=exif)
    forged = {**ticket["fields"], "public_id": f"products/{other_id}/{ticket['id']}"}
    assert await sent(ticket["url"], forged, photo) == (401, {"error": {"message": "Invalid Signature"}})
    late = {**ticket["fields"], "timestamp": "1700000000"}
    assert (await sent(ticket["url"], late, photo))[0] == 401
    for bad in (b"<svg onload=alert(1)>", picture("TIFF")):
        assert (await sent(ticket["url"], ticket["fields"], bad))[0] == 400
    status, taken = await sent(ticket["url"], ticket["fields"], photo)
    assert status == 200
    proof = {"id": ticket["id"], "version": taken["version"], "signature": taken["signature"]}
    tries = [(path, {**proof, "version": 1}, 422), (path.replace(str(product_id), str(other_id)), proof, 422),
             (path, {**proof, "signature": "a" * 40}, 422), (path, proof, 201), (path, proof, 409)]  # fmt: skip
    for where, body, wanted in tries:
        async with http.post(f"{where}/uploaded", json=body, headers=headers) as response:
            assert response.status == wanted, await response.text()
    key = await database.fetchval("SELECT key FROM product_image")
    assert key == taken["secure_url"]
    await sent(ticket["url"], ticket["fields"], picture(size=(9, 9)))  # never in the place of what was approved
    found = picture_sizes(key)
    assert found
    widths = {"320w": 320, "640w": 640, "1280w": 1280, "1600w": 1600}
    async with aiohttp.ClientSession() as client:
        for kind, srcset in (("AVIF", found.avif), ("WEBP", found.webp)):
            for address, width in (part.split() for part in srcset.split(", ")):
                async with client.get(address) as response:
                    body = await response.read()
                shown = Image.open(io.BytesIO(body))
                assert (shown.format, shown.width) == (kind, widths[width])
                assert b"Secret" not in body


async def test_a_shop_that_keeps_its_pictures_itself_asks_for_the_bytes(
    http: aiohttp.ClientSession, kept: Context
) -> None:
    user_id = await make_user(kept.settings, role="seller")
    product_id = await make_product(await make_seller(user_id=user_id))
    headers = await log_in_as(kept.settings, user_id)
    path = f"/api/v1/seller/products/{product_id}/images"
    async with http.get(f"{path}/ticket", headers=headers) as response:
        assert await response.json() | {"id": ""} == {"id": "", "url": path, "fields": {}}
    body = {"id": str(product_id), "version": 1, "signature": "a"}
    async with http.post(f"{path}/uploaded", json=body, headers=headers) as response:
        assert response.status == 409


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def sent(url: str, fields: dict[str, str], file: bytes) -> tuple[int, dict[str, Any]]:
    form = aiohttp.FormData(fields)
    form.add_field("file", file, filename="a")
    async with aiohttp.ClientSession() as client, client.post(url, data=form) as response:
        return response.status, await response.json()


async def test_a_wrong_secret_is_refused_by_cloudinary(cloud: tuple[Cloud, Media]) -> None:
    _, settings = cloud
    media = open_media(msgspec.structs.replace(settings, url=ACCOUNT.replace("secret", "guess")))
    with pytest.raises(Unavailable, match="Invalid Signature"):
        await media.store("products/a", picture())


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.png", "http://localhost:1/a.png", "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/a.png", "http://[::1]/a.png", "http://0.0.0.0/a.png", "http://１２７.0.0.1:1/a.png",
        "http://127。0。0。1:1/a.png", "http://[::ffff:127.0.0.1]:1/a.png", "http://[::127.0.0.1]:1/a.png",
        "http://[64:ff9b::a9fe:a9fe]/latest/meta-data", "http://[fec0::1]/a.png", "http://[x/a.png",
        "file:///etc/passwd", "ftp://example.com/a.png",
    ],
)  # fmt: skip
async def test_no_address_leads_into_the_operators_network(address: str) -> None:
    with pytest.raises(Invalid):
        await fetch_picture(address, local=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "http://10.0.0.1:1/a.png",
        "//[fd00::1]/a.png",
        "file:///etc/passwd",
        "/moved?to=x:",
        "http://[x/a.png",
    ],
)
async def test_each_redirect_is_checked_anew(elsewhere: str, address: str) -> None:
    """Loopback is allowed in development, so that the first address can be somebody's server here."""
    with pytest.raises(Invalid, match=r"public|web"):
        await fetch_picture(f"{elsewhere}/moved?to={quote(address)}", local=True)
    with pytest.raises(Invalid, match="too often"):
        await fetch_picture(f"{elsewhere}/moved?to={quote('/moved?to=/moved%3Fto=/moved%253Fto=/a.png')}", local=True)


async def test_a_fetch_tells_never_from_not_now(elsewhere: str) -> None:
    with pytest.raises(Unavailable):
        await fetch_picture(f"{elsewhere}/broken", local=True)
    with pytest.raises(Invalid):
        await fetch_picture(f"{elsewhere}/nowhere", local=True)
    with pytest.raises(Invalid):
        await fit(await fetch_picture(f"{elsewhere}/text", local=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_every_common_format_is_made_fit(kind: str) -> None:
    assert Image.open(io.BytesIO(await fit(picture(kind)))).format == "WEBP"


def test_ids_are_keys(tmp_path: Path) -> None:
    media = LocalMedia(tmp_path)
    assert media._path(f"products/{UUID(int=7)}.webp").parent == tmp_path / "products"
