"""Headphones, speakers and watches."""

from catalogue.drawing.paint import (
    GOLD,
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    SCREEN,
    WHITE,
    Drawing,
    Paint,
    circle,
    drawn,
    ellipse,
    faint,
    ground,
    line,
    path,
    rect,
    ring,
    turned,
)
from catalogue.drawing.props import landscape


def earbuds(p: Paint, v: int) -> str:
    def bud(x: int, flip: int) -> str:
        return drawn(
            line(f"M{x} 118v70", p.main, 24),
            circle(x, 112, 32, p.main),
            ellipse(x + 20 * flip, 112, 15, 21, p.deep),
            faint(0.45, circle(x - 8, 98, 8, WHITE)),
            rect(x - 6, 190, 12, 8, METAL, 3),
        )

    case = drawn(
        rect(106, 228, 188, 96, p.dark, 46),
        path("M106 262q0-40 46-40h96q46 0 46 40z", p.main),
        rect(120, 214, 160, 30, p.deep, 15) if v % 2 else "",
        circle(200, 290, 6, "#58b368"),
        line("M110 264H290", p.deep, 3),
    )
    return drawn(ground(110, y=330), case, bud(152, 1), bud(248, -1))


def headphones(p: Paint, v: int) -> str:
    return drawn(
        ground(110, y=338),
        line("M92 226V196a108 108 0 0 1 216 0v30", p.dark, 22),
        line("M104 178a98 98 0 0 1 192 0", p.light, 8),
        rect(70, 196, 60, 120, p.main, 28),
        rect(270, 196, 60, 120, p.main, 28),
        rect(116, 206, 30, 100, p.deep, 15),
        rect(254, 206, 30, 100, p.deep, 15),
        faint(0.35, rect(80, 212, 10, 88, WHITE, 5), rect(280, 212, 10, 88, WHITE, 5)),
        drawn(line("M100 316q10 40 70 34", p.dark, 7), circle(176, 350, 9, p.accent)) if v % 2 else "",
    )


def speaker(p: Paint, v: int) -> str:
    if v % 3 == 1:
        return drawn(
            ground(160),
            line("M112 168Q112 116 200 116T288 168", p.dark, 12),
            rect(44, 160, 312, 150, p.main, 70),
            circle(106, 235, 52, p.deep),
            circle(106, 235, 34, p.dark),
            circle(106, 235, 12, p.pale),
            circle(294, 235, 52, p.deep),
            circle(294, 235, 34, p.dark),
            circle(294, 235, 12, p.pale),
            rect(168, 206, 64, 58, p.light, 12),
            *(circle(x, 284, 5, p.pale) for x in (180, 200, 220)),
        )
    if v % 3 == 2:
        mesh = drawn(*(circle(x, y, 3.5, p.deep) for x in range(136, 270, 16) for y in range(150, 290, 16)))
        return drawn(
            ground(90),
            rect(116, 92, 168, 222, p.main, 60),
            mesh,
            ellipse(200, 112, 70, 22, p.light),
            ring(200, 112, 16, p.accent, 5),
        )
    return drawn(
        ground(100),
        rect(108, 56, 184, 260, p.main, 22),
        rect(120, 68, 160, 236, p.dark, 16),
        circle(200, 124, 36, p.deep),
        circle(200, 124, 18, p.light),
        circle(200, 228, 62, p.deep),
        circle(200, 228, 46, p.main),
        circle(200, 228, 18, p.pale),
    )


def soundbar(p: Paint, v: int) -> str:
    box = (
        drawn(rect(266, 136, 96, 172, p.deep, 12), circle(314, 228, 34, p.dark), circle(314, 228, 16, p.light))
        if v % 2
        else ""
    )
    tv = drawn(rect(74, 66, 220, 132, SCREEN, 8), landscape(82, 74, 204, 116, p))
    return drawn(
        ground(165),
        tv,
        box,
        rect(30, 232, 300 if v % 2 else 340, 62, p.main, 26),
        *(circle(x, y, 3, p.deep) for x in range(56, 300 if v % 2 else 346, 14) for y in (252, 264, 276)),
        circle(180, 242, 4, "#58b368"),
        rect(60, 292, 30, 12, INK, 4),
        rect(270, 292, 30, 12, INK, 4),
    )


def watch(p: Paint, v: int) -> str:
    strap = drawn(
        path("M164 40h72l10 96h-92z", p.main),
        path("M154 264h92l-10 96h-72z", p.main),
        *(circle(200, y, 4, p.deep) for y in (300, 318, 336)),
        line("M176 60L168 130M224 60L232 130", p.dark, 3),
    )
    if v % 2:
        face = drawn(
            rect(122, 112, 156, 176, METAL_DARK, 44),
            rect(132, 122, 136, 156, INK, 36),
            ring(178, 186, 26, "#e2574c", 8),
            ring(178, 186, 14, "#58b368", 7),
            rect(216, 164, 34, 8, WHITE, 4),
            rect(216, 184, 26, 8, p.accent, 4),
            *(rect(152 + i * 16, 250 - (i * 13) % 26, 9, 12 + (i * 13) % 26, "#4aa3df", 3) for i in range(6)),
            rect(278, 178, 10, 34, METAL, 4),
        )
    else:
        face = drawn(
            circle(200, 200, 88, METAL_DARK),
            circle(200, 200, 78, GOLD if v == 2 else METAL_LIGHT),
            circle(200, 200, 68, PAPER if v < 4 else p.deep),
            *(turned(a, rect(197, 138, 6, 14, p.dark if v < 4 else PAPER, 3)) for a in range(0, 360, 30)),
            line("M200 200V158", INK if v < 4 else PAPER, 6),
            line("M200 200L232 216", INK if v < 4 else PAPER, 5),
            line("M200 200L180 240", "#e2574c", 2.5),
            circle(200, 200, 6, "#e2574c"),
            rect(286, 192, 14, 16, METAL_DARK, 4),
        )
    return drawn(faint(0.12, ellipse(212, 214, 92, 96, "#224")), strap, face)


SOUND: dict[str, Drawing] = {
    "earbuds": earbuds,
    "headphones": headphones,
    "speaker": speaker,
    "soundbar": soundbar,
    "watch": watch,
}
