"""Lamps, bulbs and fans."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
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
from catalogue.drawing.props import GLOW


def lantern(p: Paint, v: int) -> str:
    glow = circle(200, 222, 110, GLOW)
    if v % 3 == 2:
        return drawn(
            ground(70),
            faint(0.4, circle(200, 130, 80, GLOW)),
            line("M200 170V316", p.dark, 10),
            path("M160 96h80l-14 76h-52z", GLOW),
            path("M148 84h104l-8 20h-88z", p.main),
            path("M168 166h64l6 16h-76z", p.main),
            rect(164, 308, 72, 12, p.deep, 6),
        )
    return drawn(
        ground(74),
        faint(0.35, glow),
        ring(200, 84, 20, p.dark, 7),
        path("M156 128h88l14 30H142z", p.main),
        path("M172 104h56l16 26h-88z", p.dark),
        rect(148, 158, 104, 128, GLOW, 4),
        path("M200 196q24 38 0 60q-24-22 0-60z", "#f6b73c"),
        *(rect(x, 156, 8, 132, p.main, 3) for x in (146, 196, 246)),
        rect(138, 284, 124, 30, p.main, 6),
    )


def lamp(p: Paint, v: int) -> str:
    base = (
        drawn(
            path("M176 196q24-16 48 0q34 60 0 112h-48q-34-52 0-112z", p.main),
            faint(0.3, line("M178 220q-12 36 2 70", WHITE, 8)),
        ),
        drawn(line("M200 190V300", p.main, 12), ellipse(200, 308, 50, 10, p.dark)),
        drawn(circle(200, 268, 44, p.main), circle(200, 210, 22, p.dark), faint(0.3, circle(184, 252, 10, WHITE))),
    )[v % 3]
    return drawn(
        ground(64),
        faint(0.35, path("M110 190h180l50 128H60z", GLOW)),
        base,
        path("M150 84h100l40 108H110z", "#f4e7cf" if v % 2 else p.light),
        path("M150 84h100l4 12H146zM114 180h172l4 12H110z", p.dark),
        rect(176, 308, 48, 10, p.deep, 4),
    )


def pendant(p: Paint, v: int) -> str:
    body = (
        drawn(
            path("M112 226a88 88 0 0 1 176 0z", p.main), faint(0.3, path("M126 214a76 76 0 0 1 50-58l-14 58z", WHITE))
        ),
        drawn(circle(200, 212, 74, GLOW), ring(200, 212, 74, p.main, 10), line("M126 212H274", p.main, 6)),
        drawn(
            path("M160 130h80l54 96H106z", p.main),
            path("M160 130h80l6 12h-92z", p.dark),
            *(line(f"M{200 + d * 0.4:g} 140L{200 + d} 224", p.dark, 2) for d in (-60, -30, 0, 30, 60)) if v > 2 else (),
        ),
    )[v % 3]
    return drawn(
        line("M200 0V140", INK, 5),
        faint(0.4, path("M112 228h176l66 130H46z", GLOW)),
        ellipse(200, 228, 40, 16, GLOW),
        body,
        rect(184, 118, 32, 22, p.deep, 5),
    )


def chandelier(p: Paint, v: int) -> str:
    arms = drawn(
        *(
            drawn(
                line(f"M200 210Q{(200 + x) / 2:g} 268 {x} 214", p.main, 8),
                rect(x - 10, 176, 20, 38, "#f7f0e2", 4),
                path(f"M{x} 146q12 18 0 28q-12-10 0-28z", "#f6b73c"),
                ellipse(x, 216, 18, 6, p.dark),
            )
            for x in ((92, 146, 254, 308) if v % 2 else (104, 200, 296))
        )
    )
    drops = drawn(
        *(
            path(f"M{x} {y}q9 14 0 22q-9-8 0-22z", GLASS)
            for x, y in ((146, 252), (172, 262), (200, 270), (228, 262), (254, 252))
        )
    )
    return drawn(
        faint(0.4, circle(200, 196, 140, GLOW)),
        line("M200 0V120", METAL_DARK, 5),
        path("M180 116q20-16 40 0l8 96q-28 30-56 0z", p.dark),
        arms,
        drops,
        circle(200, 232, 16, p.main),
    )


def sconce(p: Paint, v: int) -> str:
    return drawn(
        faint(
            0.4, path("M130 180L70 40h260L270 180z", GLOW), path("M140 240L90 380h220L260 240z", GLOW) if v % 2 else ""
        ),
        rect(172, 150, 56, 150, p.dark, 12),
        line("M200 262q0 26 0 0", p.main, 8),
        path("M138 130h124l-24 112h-76z", "#f7ead0" if v % 3 else p.light),
        path("M138 130h124l-3 12H141zM160 230h80l-3 12h-74z", p.main),
        circle(200, 276, 9, p.light),
    )


def string(p: Paint, v: int) -> str:
    bulbs = [(x, 120 + 46 * ((x - 200) / 170) ** 2 * -1 + 46) for x in range(40, 380, 40)]
    low = [(x, y + 110) for x, y in bulbs]
    colours = (p.main, p.accent, p.light, "#ef7a66") if v % 2 else (p.main, p.light)
    return drawn(
        line("M20 106Q200 214 380 106", INK, 4),
        line("M20 216Q200 324 380 216", INK, 4),
        *(
            drawn(
                faint(0.35, circle(x, y + 22, 26, GLOW)),
                rect(x - 6, y - 4, 12, 12, INK, 3),
                path(f"M{x} {y + 6:g}q18 22 0 36q-18-14 0-36z", colours[i % len(colours)]),
            )
            for i, (x, y) in enumerate(bulbs + low)
        ),
    )


def bulb(p: Paint, v: int) -> str:
    coil = line("M178 190l12-26l10 26l10-26l12 26", "#e8892b", 5)
    return drawn(
        faint(0.45, circle(200, 176, 150, GLOW)),
        path(
            "M200 74a92 92 0 0 1 56 164q-16 14-18 36h-76q-2-22-18-36a92 92 0 0 1 56-164z",
            "#fdf3d3" if v % 2 else p.pale,
        ),
        coil,
        line("M178 190V270M222 190V270", "#d9b26a", 4),
        faint(0.7, path("M142 146q14-40 50-48l-30 60z", WHITE)),
        rect(164, 270, 72, 44, METAL, 8),
        *(line(f"M166 {y}H234", METAL_DARK, 4) for y in (282, 296)),
        rect(184, 312, 32, 12, INK, 6),
    )


def fan(p: Paint, v: int) -> str:
    blades = 4 if v % 2 else 3
    blade = drawn(path("M188 196L172 66q28-22 56 0L212 196z", p.main), path("M200 56q14 0 28 10L212 196h-12z", p.dark))
    return drawn(
        *(turned(i * 360 / blades + 30, blade) for i in range(blades)),
        circle(200, 200, 40, p.light),
        circle(200, 200, 30, GLOW if v > 2 else p.dark),
        circle(200, 200, 12, p.pale),
    )


def tablefan(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(
            ground(100),
            rect(136, 60, 128, 250, p.main, 30),
            *(line(f"M160 {y}H240", p.deep, 5) for y in range(92, 240, 16)),
            rect(168, 258, 64, 26, INK, 8),
            circle(184, 271, 5, "#58b368"),
            rect(150, 308, 22, 14, INK, 5),
            rect(228, 308, 22, 14, INK, 5),
        )
    blade = path("M200 160q-40-30-20-76q34 10 30 66z", p.light)
    return drawn(
        ground(80),
        rect(190, 240, 20, 66, p.dark),
        ellipse(200, 308, 74, 14, p.main),
        ring(200, 160, 96, p.main, 9),
        circle(200, 160, 90, "#eef3f6"),
        *(turned(a, blade, y=160) for a in (0, 120, 240)),
        *(ring(200, 160, r, METAL, 2) for r in (34, 62, 82)),
        circle(200, 160, 18, p.dark),
    )


def tubelight(p: Paint, v: int) -> str:
    coil = drawn(
        *(ring(200, 210, r, p.main if i % 2 else PAPER, 12) for i, r in enumerate((92, 76, 60))),
        *(turned(a, circle(200, 118, 5, GLOW), y=210) for a in range(0, 360, 18)),
        line("M280 256q50 30 46 70", PAPER, 12),
        rect(306, 318, 40, 26, INK, 6),
    )
    bars = drawn(
        *(
            drawn(
                faint(0.45, path(f"M70 {y + 24}h260l30 70H40z", GLOW)),
                rect(56, y, 288, 26, METAL_LIGHT, 10),
                rect(70, y + 10, 260, 14, GLOW, 7),
                rect(40, y - 2, 24, 30, p.main, 6),
                rect(336, y - 2, 24, 30, p.main, 6),
            )
            for y in ((120, 230) if v > 2 else (170,))
        )
    )
    return coil if v % 2 else bars


LIGHTS: dict[str, Drawing] = {
    "lantern": lantern,
    "lamp": lamp,
    "pendant": pendant,
    "chandelier": chandelier,
    "sconce": sconce,
    "string": string,
    "bulb": bulb,
    "fan": fan,
    "tablefan": tablefan,
    "tubelight": tubelight,
}
