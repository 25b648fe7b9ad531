"""Pictures that are no pictures, or more than pictures: what is kept is our own encoding of the pixels, or nothing."""

import asyncio
import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from models.errors import Invalid, Unavailable
from server.pictures import PIXELS_MAX, SIDE_MAX, WAITING_MAX, fit

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(side: int, *, rows: int) -> bytes:
    """A PNG of a few kilobytes that says it has `side` times `side` pixels, and brings so many rows of them."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    pixels = zlib.compress(bytes(1 + -(-side // 8)) * rows)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", SCRIPT)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [b"", SVG, SCRIPT, b"\x89PNG\r\n\x1a\n" + SVG, b"GIF89a" + SCRIPT, b"%PDF-1.7", picture()[:60], b"BM" + b"\0" * 60,
     picture("TIFF"), picture("BMP"), picture("PPM")],
    ids=["empty", "svg", "html", "svg-as-png", "script-as-gif", "pdf", "torn", "bmp-head", "tiff", "bmp", "ppm"],
)  # fmt: skip
async def test_what_is_no_picture_by_its_bytes_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        await fit(raw)


async def test_a_polyglot_is_kept_as_its_pixels_only() -> None:
    for raw in (picture() + SCRIPT, picture("GIF") + zipped(), picture("JPEG", comment=SCRIPT), picture() + SVG):
        kept = await fit(raw)
        assert kept[:4] == b"RIFF"
        assert kept[8:12] == b"WEBP"
        assert b"script" not in kept
        assert b"PK\x03\x04" not in kept


async def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    assert await fit(bomb(400, rows=400))
    for side, rows in ((8_000, 8_000), (60_000, 1)):
        assert side * side > PIXELS_MAX
        assert len(bomb(side, rows=rows)) < 20_000
        with pytest.raises(Invalid):
            await fit(bomb(side, rows=rows))


async def test_metadata_is_stripped_and_sides_are_capped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (12.0, 58.0, 17.0)
    kept = await fit(picture("JPEG", (4_000, 1_000), exif=exif, comment=b"Secret Comment"))
    shown = Image.open(io.BytesIO(kept))
    assert max(shown.size) == SIDE_MAX
    assert not shown.getexif()
    assert b"Secret" not in kept


async def test_pictures_wait_in_a_short_queue_and_others_are_turned_away() -> None:
    """Each is decoded alone, so that a crowd of large ones takes no more memory than one."""
    large = picture("JPEG", (4_000, 4_000))
    answers = await asyncio.gather(*(fit(large) for _ in range(WAITING_MAX + 3)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert len(refused) == 3
    assert refused[0].retry_after_s
    assert len(answers) - len(refused) == WAITING_MAX


async def test_a_picture_is_turned_upright_and_keeps_what_is_clear() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(io.BytesIO(await fit(picture("JPEG", (40, 30), exif=exif)))).size == (30, 40)
    out = io.BytesIO()
    Image.new("P", (4, 4), 0).save(out, "PNG", transparency=0)
    shown = Image.open(io.BytesIO(await fit(out.getvalue())))
    assert shown.convert("RGBA").getpixel((0, 0))[3] == 0
