"""The sizes of a picture that a browser may choose from, read from its address: AVIF for those that know it, else WebP.

The shop's own pictures have the widths in their names (`ID_320_640_1280.webp` lies beside `ID_320.avif` and so on);
Cloudinary makes them when they are asked for. Others, such as drawn ones, have one size.
"""

import re
from functools import lru_cache
from typing import NamedTuple

OWN = re.compile(r"(/media/[a-z]+/[a-z0-9-]+)((?:_[0-9]{1,4})+)\.webp")
CLOUD = re.compile(r"(https?://[^?#\s]+/image/upload)/((?:v[0-9]+/)?(?:products|reviews|avatars)/[a-f0-9/-]{36,73})")
CLOUD_WIDTHS = (320, 640, 1280, 1600)


class Sizes(NamedTuple):
    """Values for `srcset`."""

    avif: str
    webp: str


@lru_cache(maxsize=2_000)
def picture_sizes(url: str | None) -> Sizes | None:
    """None where there is one size only."""
    if own := OWN.fullmatch(url or ""):
        stem, widths = own[1], own[2].removeprefix("_").split("_")
        return Sizes(
            ", ".join(f"{stem}_{width}.avif {width}w" for width in widths),
            ", ".join([*(f"{stem}_{width}.webp {width}w" for width in widths[:-1]), f"{url} {widths[-1]}w"]),
        )
    if cloud := CLOUD.fullmatch(url or ""):
        return Sizes(_from_cloud(cloud, "avif"), _from_cloud(cloud, "webp"))
    return None


def _from_cloud(cloud: re.Match[str], kind: str) -> str:
    """Never enlarged (c_limit): where the picture is narrower, the widest are the same."""
    made = (f"{cloud[1]}/c_limit,f_{kind},q_auto,w_{width}/{cloud[2]} {width}w" for width in CLOUD_WIDTHS)
    return ", ".join(made)
