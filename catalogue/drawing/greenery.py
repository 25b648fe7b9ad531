"""Plants, pots, wreaths and water."""

from catalogue.drawing.paint import (
    GOLD,
    LEAF,
    LEAF_DARK,
    LEAF_LIGHT,
    WHITE,
    WOOD_DARK,
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
from catalogue.drawing.props import GLOW


def plant(p: Paint, v: int) -> str:
    green = p.main if p.main.lower() in ("#1f7a55", "#9db08a", "#2c5540", "#6b7a3a") else LEAF
    if v % 2:
        leaves = drawn(
            *(
                path(
                    f"M200 240Q{200 + d} {240 - h} {200 + d * 2} {226 - h}Q{200 + d * 1.6:g} {262 - h / 2:g} 200 240z",
                    c,
                )
                for d, h, c in (
                    (-56, 70, LEAF_DARK),
                    (56, 70, green),
                    (-40, 130, green),
                    (44, 130, LEAF_DARK),
                    (-14, 160, LEAF_LIGHT),
                    (20, 150, green),
                )
            )
        )
    else:
        leaves = drawn(
            *(
                drawn(
                    line(f"M200 240Q{(200 + x) / 2:g} {y + 60} {x} {y}", LEAF_DARK, 5),
                    circle(x, y, 21, p.main),
                    circle(x, y, 9, p.accent),
                )
                for x, y in ((140, 130), (262, 128), (200, 94), (164, 180), (238, 176))
            )
        )
    return drawn(
        ground(74),
        leaves,
        path("M146 228h108l-14 80q-2 10-12 10h-56q-10 0-12-10z", "#c98a5e" if v > 2 else "#e8e2d8"),
        rect(138, 220, 124, 20, "#b57748" if v > 2 else "#d6cfc2", 8),
    )


def planter(p: Paint, v: int) -> str:
    leaves = drawn(
        *(
            path(
                f"M200 196Q{200 + d} {196 - h} {200 + d * 1.9:g} {190 - h}Q{200 + d * 1.4:g} {214 - h / 2:g} 200 196z",
                c,
            )
            for d, h, c in (
                (-44, 50, LEAF_DARK),
                (46, 54, LEAF),
                (-26, 96, LEAF),
                (30, 92, LEAF_LIGHT),
                (0, 112, LEAF_DARK),
            )
        )
    )
    bands = (
        drawn(*(line(f"M126 {y}q74 18 148 0", p.pale, 5) for y in (232, 258)))
        if v % 2
        else drawn(*(line(f"M{x} 216L{200 + (x - 200) * 0.82:g} 308", p.dark, 3) for x in range(136, 270, 16)))
    )
    return drawn(
        ground(92),
        leaves,
        path("M112 200h176l-18 108q-2 10-14 10H144q-12 0-14-10z", p.main),
        bands,
        rect(104, 188, 192, 24, p.light, 10),
    )


def wreath(p: Paint, v: int) -> str:
    leaf = path("M200 66q26 22 0 58q-26-36 0-58z", p.main)
    bow = (
        drawn(path("M200 300l-52-24v52zM200 300l52-24v52z", "#c6302b"), circle(200, 300, 12, "#a61e35"))
        if v % 2
        else ""
    )
    return drawn(
        *(turned(a, leaf) for a in range(0, 360, 15)),
        *(
            turned(a + 7, path("M200 82q18 16 0 46q-18-30 0-46z", LEAF if a % 30 else p.dark))
            for a in range(0, 360, 15)
        ),
        *(turned(a, circle(200, 100, 7, p.accent)) for a in range(10, 360, 40)),
        bow,
    )


def xmas(p: Paint, v: int) -> str:
    layers = drawn(
        *(
            path(f"M200 {y}L{200 + w} {y + 84}q-{w} 24-{2 * w} 0z", c)
            for y, w, c in ((190, 104, p.dark), (130, 84, p.main), (76, 62, p.light))
        )
    )
    balls = drawn(
        *(
            circle(x, y, 9, c)
            for x, y, c in (
                (170, 146, "#c6302b"),
                (228, 150, GOLD),
                (156, 210, GOLD),
                (206, 204, "#c6302b"),
                (250, 216, WHITE),
                (140, 268, "#c6302b"),
                (200, 262, GOLD),
                (262, 266, "#c6302b"),
            )
        )
    )
    return drawn(
        ground(84),
        rect(186, 274, 28, 44, WOOD_DARK, 4),
        layers,
        balls
        if v % 2
        else faint(
            0.8,
            *(
                circle(x, y, 5, GLOW)
                for x in range(130, 280, 28)
                for y in range(130, 280, 34)
                if abs(x - 200) < (y - 60) * 0.45
            ),
        ),
        path("M200 46l9 20l22 2l-17 14l6 21l-20-12l-20 12l6-21l-17-14l22-2z", GOLD),
    )


def fountain(p: Paint, v: int) -> str:
    water = faint(
        0.85,
        line("M200 88q-34 20-40 66", "#8cc6df", 6),
        line("M200 88q34 20 40 66", "#8cc6df", 6),
        line("M152 178q-30 20-36 64", "#8cc6df", 5),
        line("M248 178q30 20 36 64", "#8cc6df", 5),
    )
    return drawn(
        ground(120),
        rect(176, 250, 48, 60, p.dark, 6),
        path("M88 244h224q-12 54-112 54T88 244z", p.main),
        ellipse(200, 246, 112, 14, "#a9d6e6"),
        rect(188, 166, 24, 76, p.dark, 6),
        path("M142 160h116q-8 32-58 32t-58-32z", p.light),
        ellipse(200, 161, 58, 9, "#a9d6e6"),
        line("M200 158V96", p.dark, 8),
        circle(200, 88, 12 if v % 2 else 7, p.main),
        water,
        rect(130, 304, 140, 14, p.deep, 5),
    )


GREENERY: dict[str, Drawing] = {
    "plant": plant,
    "planter": planter,
    "wreath": wreath,
    "xmas": xmas,
    "fountain": fountain,
}
