"""What stands behind the options of the load tools: numbers that make sense, durations as people write them, addresses.

Each function is the `type` of an option: what it refuses argparse names together with the option.
"""

import argparse
import math
import re
from urllib.parse import urlsplit

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", re.ASCII)


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def from_zero(text: str) -> float:
    number = _number(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below 0")
    return number


def above_zero(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def duration(text: str) -> float:
    """Seconds, from 90, 90s, 3m, 1m30s or 1h."""
    found = DURATION.fullmatch(text)
    hours, minutes, seconds = found.groups() if found else (None, None, None)
    total = int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)
    if total <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90, 90s, 3m or 1h")
    return total


def address(text: str) -> str:
    """http(s)://host[:port], without what would end it."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        right = right and parts.path in ("", "/") and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as http://127.0.0.1:8000")
    return text.rstrip("/")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return number
