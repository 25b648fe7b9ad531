"""Pictures from outside made fit to show: decoded with bounds, turned upright, scaled down, stripped, in several sizes.

One picture at a time is worked on in each process, off the loop: the largest takes 250 MB meanwhile.
"""

import io
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from models.errors import Invalid
from server.one_thread import OneThread

SIDE_MAX = 1600
PIXELS_MAX = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WIDTHS = (320, 640, 1280)
QUALITY = 82
QUALITY_AVIF = 60
SPEED_AVIF = 9
"""The encoder's fast end: a few per cent larger than at its default, and made four to eight times sooner."""
WAITING_MAX = 8
STRIP = 64
CONTENT_TYPES = {".webp": "image/webp", ".avif": "image/avif"}
SUFFIX = ".webp"

_thread = OneThread(
    "pictures",
    waiting_max=WAITING_MAX,
    code="picture_queue",
    full="Too many pictures at this moment. Try again shortly.",
)


class Size(NamedTuple):
    width: int
    webp: bytes
    avif: bytes


async def fit(raw: bytes) -> bytes:
    """WebP of at most SIDE_MAX pixels a side, without metadata. Raises Invalid for what is no picture, Unavailable."""
    return await _thread.run(_fit, raw)


async def sizes(picture: bytes) -> list[Size]:
    """What `fit` made, in each of WIDTHS that is narrower and in its own width; never enlarged. Raises Unavailable."""
    return await _thread.run(_sizes, picture)


def widths_of(own: int) -> list[int]:
    """What a picture of this width is kept in."""
    return [*(width for width in WIDTHS if width < own), own]


def _fit(raw: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Invalid.field("picture", f"has more than {PIXELS_MAX // 1_000_000} million pixels")
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a JPEG need not be decoded larger than it is shown
            small = _reduced(image)
            small.thumbnail((SIDE_MAX, SIDE_MAX))
            upright = ImageOps.exif_transpose(small)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid.field("picture", "is no JPEG, PNG, WebP or GIF that can be read") from error
    return _encoded(upright, "WEBP", quality=QUALITY)


def _reduced(image: Image.Image) -> Image.Image:
    """With colours instead of a palette, and roughly SIDE_MAX; strip by strip, as a copy would double the memory."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    factor = max(1, max(image.size) // SIDE_MAX)
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        small.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    if exif := image.info.get("exif"):
        small.info["exif"] = exif
    return small


def _sizes(picture: bytes) -> list[Size]:
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as image:
        image.load()
        own = Size(image.width, picture, _avif(image))
        return [*(_narrowed(image, width) for width in widths_of(image.width)[:-1]), own]


def _narrowed(image: Image.Image, width: int) -> Size:
    small = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
    return Size(width, _encoded(small, "WEBP", quality=QUALITY), _avif(small))


def _avif(image: Image.Image) -> bytes:
    return _encoded(image, "AVIF", quality=QUALITY_AVIF, speed=SPEED_AVIF, max_threads=1)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, exif=b"", **options)
    return out.getvalue()
