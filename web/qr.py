"""A QR code as one SVG path: black squares on white, four squares of quiet around them (ISO/IEC 18004)."""

from typing import NamedTuple

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4


class Square(NamedTuple):
    """`size` squares on each side, the quiet zone included; `path` draws the dark ones."""

    size: int
    path: str


def qr(text: str) -> Square:
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    dark = ((x, y) for y in range(count) for x in range(count) if code.isDark(y, x))
    return Square(count + 2 * QUIET, "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for x, y in dark))
