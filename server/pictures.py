"""Pictures from outside made fit to show: decoded with bounds, turned upright, scaled down, stripped, one format."""

import asyncio
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from models.errors import Invalid

SIDE_MAX = 1600
PIXELS_MAX = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
CONTENT_TYPE = "image/webp"
SUFFIX = ".webp"


async def fit(raw: bytes) -> bytes:
    """WebP of at most SIDE_MAX pixels a side, without metadata. Raises Invalid for what is no picture."""
    return await asyncio.to_thread(_fit, raw)


def _fit(raw: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Invalid.field("picture", f"has more than {PIXELS_MAX // 1_000_000} million pixels")
            upright = ImageOps.exif_transpose(image).convert("RGBA" if "A" in image.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid.field("picture", "is no JPEG, PNG, WebP or GIF that can be read") from error
    upright.thumbnail((SIDE_MAX, SIDE_MAX))
    out = io.BytesIO()
    upright.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()
