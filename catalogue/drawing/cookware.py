"""Pots, pans and kitchen tools."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    WHITE,
    WOOD,
    WOOD_DARK,
    WOOD_LIGHT,
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
    turned,
)
from catalogue.drawing.props import steam


def pot(p: Paint, v: int) -> str:
    back = (
        drawn(
            rect(218, 176, 116, 84, p.dark, 14),
            ellipse(276, 176, 58, 12, METAL_LIGHT),
            line("M336 206h22", WOOD_DARK, 12),
        )
        if v % 2
        else ""
    )
    return drawn(
        ground(140),
        steam(160, 200),
        back,
        line("M76 226H50q-10 0-10 14t12 14h24M270 226h26q10 0 10 14t-12 14h-24", WOOD_DARK, 11),
        path("M76 192h196v94q0 30-32 30H108q-32 0-32-30z", p.main),
        faint(0.35, rect(94, 204, 16, 92, WHITE, 8)),
        path("M70 186q104-64 208 0z", GLASS if v > 2 else p.light),
        rect(64, 182, 220, 16, p.dark, 8),
        circle(174, 148, 14, WOOD_DARK),
    )


def cooker(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(120),
            steam(180, 220, top=66),
            path("M100 172h200v116q0 28-28 28H128q-28 0-28-28z", p.main),
            rect(160, 226, 80, 60, INK, 10),
            rect(172, 238, 56, 18, "#7fc4d9", 4),
            circle(186, 272, 6, METAL),
            circle(214, 272, 6, METAL),
            path("M92 172q108-76 216 0z", GLASS),
            rect(88, 164, 224, 16, p.dark, 8),
            circle(200, 128, 12, INK),
        )
    return drawn(
        ground(130),
        steam(200, top=40),
        rect(186, 104, 28, 34, METAL_DARK, 6),
        path("M96 182h176v108q0 26-28 26H124q-28 0-28-26z", p.main),
        faint(0.35, rect(112, 196, 16, 100, WHITE, 8)),
        path("M100 170q84-54 168 0z", p.light),
        rect(88, 166, 192, 18, p.dark, 8),
        rect(262, 160, 104, 26, INK, 12),
        rect(62, 196, 40, 20, INK, 10),
    )


def pan(p: Paint, v: int) -> str:
    food = (
        drawn(circle(160, 196, 34, WHITE), circle(158, 194, 14, "#f6b73c"))
        if v % 3 == 0
        else drawn(
            *(
                circle(x, y, 9, c)
                for x, y, c in (
                    (140, 190, "#6fa35a"),
                    (168, 206, "#d9532c"),
                    (190, 184, GOLD),
                    (150, 220, GOLD),
                    (186, 220, "#6fa35a"),
                )
            )
        )
        if v % 3 == 1
        else ""
    )
    kadhai = v > 2
    grip = (
        drawn(line("M44 206q-22-2-22-20M276 206q22-2 22-20", WOOD_DARK, 12))
        if kadhai
        else drawn(
            turned(-14, rect(256, 186, 124, 26, WOOD_DARK, 13), rect(250, 182, 40, 34, METAL_DARK, 8), x=260, y=200)
        )
    )
    return drawn(
        ground(120, x=170, y=312),
        grip,
        circle(160, 204, 118, p.deep),
        circle(160, 200, 114, p.main),
        circle(160, 204, 94, p.dark),
        faint(0.16, path("M84 180a80 80 0 0 1 90-60l-40 80z", WHITE)),
        food,
    )


def utensil(p: Paint, v: int) -> str:
    spoon = drawn(
        line("M138 172V330", p.main, 12), ellipse(138, 120, 32, 50, p.main), ellipse(138, 116, 22, 36, p.light)
    )
    fork = drawn(
        line("M200 160V330", p.dark, 12),
        *(line(f"M{x} 70V130", p.dark, 7) for x in (180, 193, 207, 220)),
        path("M177 122h46q2 44-23 48q-25-4-23-48z", p.dark),
    )
    turner = drawn(
        line("M262 170V330", p.main, 12),
        rect(236, 66, 52, 106, p.main, 10),
        *(line(f"M{x} 84V148", p.deep, 6) for x in (250, 262, 274)),
    )
    crock = (
        drawn(path("M112 234h176l-12 86q-2 8-10 8H134q-8 0-10-8z", p.accent), rect(106, 226, 188, 18, PAPER, 8))
        if v % 2
        else ""
    )
    return drawn(ground(96, y=334), spoon, fork, turner, crock)


def knife(p: Paint, v: int) -> str:
    wood = drawn(
        rect(70, 120, 260, 180, WOOD, 22),
        rect(70, 120, 260, 172, WOOD_LIGHT, 22),
        *(line(f"M96 {y}q100 14 208 0", WOOD, 3) for y in (160, 206, 252)),
        circle(304, 146, 10, WOOD_DARK),
    )
    blade = turned(
        -24,
        path("M70 188h170v44q-120 10-170-44z", METAL_LIGHT),
        path("M70 188h170v12H84z", METAL),
        rect(236, 182, 100, 30, p.main, 12),
        circle(262, 197, 4, p.pale),
        circle(300, 197, 4, p.pale),
    )
    herbs = drawn(
        circle(126, 262, 16, "#d9532c"),
        circle(152, 268, 13, "#d9532c"),
        line("M250 268l30-14", LEAF, 6),
    )
    return drawn(ground(140, y=312), wood, herbs if v % 2 else "", blade)


def colander(p: Paint, v: int) -> str:
    holes = drawn(
        *(
            circle(200 + dx, y, 5, p.deep)
            for y, n in ((206, 5), (230, 4), (254, 3), (276, 2))
            for dx in range(-n * 22, n * 22 + 1, 22)
        )
    )
    pasta = drawn(*(line(f"M{x} 178q12-34 30-10t30-4", "#f0cf7a", 8) for x in (120, 156, 196, 230))) if v % 2 else ""
    return drawn(
        ground(96),
        pasta,
        line("M82 184q-30 0-30 22t28 16M318 184q30 0 30 22t-28 16", p.dark, 10),
        path("M78 180h244q-8 116-86 122h-72q-78-6-86-122z", p.main),
        holes,
        rect(66, 170, 268, 18, p.light, 9),
        path("M150 300h100l10 18H140z", p.dark),
    )


COOKWARE: dict[str, Drawing] = {
    "pot": pot,
    "cooker": cooker,
    "pan": pan,
    "utensil": utensil,
    "knife": knife,
    "colander": colander,
}
