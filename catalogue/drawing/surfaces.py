"""Rolls, rods, tiles and mouldings."""

from catalogue.drawing.paint import (
    PAPER,
    WHITE,
    WOOD,
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
    ring,
    turned,
)


def roll(p: Paint, v: int) -> str:
    if v % 2:
        pattern = drawn(
            *(
                path(f"M{x} {y}q14-18 28 0q-14 18-28 0z", p.pale)
                for x in range(150, 290, 40)
                for y in range(130, 300, 40)
            )
        )
        return drawn(
            ground(120),
            path("M132 96h160q20 0 20 20v200H152V116z", p.main),
            pattern,
            ellipse(140, 106, 26, 26, p.dark),
            ellipse(140, 106, 13, 13, PAPER),
            path("M114 106v180q0 26 26 26t26-26V120q-10 14-26 12t-26-26z", p.light),
        )
    return drawn(
        faint(0.12, rect(92, 118, 228, 190, "#224", 10)),
        rect(96, 96, 208, 20, p.main, 10),
        circle(96, 106, 16, p.dark),
        circle(304, 106, 16, p.dark),
        rect(130, 84, 140, 74, WHITE, 34),
        path("M130 120h140v176q-12 12-24 0t-24 0t-24 0t-24 0t-24 0t-20 0z", "#f6f3ee"),
        line("M130 222H270", "#e2dbd0", 3),
        faint(0.5, rect(142, 92, 116, 14, WHITE, 7)),
    )


def rod(p: Paint, v: int) -> str:
    rings = drawn(*(drawn(ring(x, 200, 20, p.dark, 6), line(f"M{x} 220v16", p.dark, 4)) for x in range(130, 290, 35)))
    plates = drawn(
        *(
            drawn(rect(x - 12, 206, 24, 70, p.dark, 6), circle(x, 222, 4, p.pale), circle(x, 262, 4, p.pale))
            for x in (104, 296)
        )
    )
    rail = drawn(
        rect(40, 176, 320, 18, p.main, 6),
        *(
            drawn(rect(x - 12, 150, 24, 96, p.dark, 6), circle(x, 172, 22, p.main), circle(x, 172, 8, p.pale))
            for x in (130, 270)
        ),
        rect(92, 246, 216, 110, WOOD, 4),
        *(line(f"M{x} 248V354", WOOD_DARK, 3) for x in (146, 200, 254)),
    )
    if v % 3 == 2:
        return rail
    return drawn(
        plates,
        rings if v % 2 else "",
        rect(44, 170, 312, 16, p.main, 8),
        rect(44, 170, 312, 6, p.light, 3),
        circle(40, 178, 20, p.main),
        circle(360, 178, 20, p.main),
        circle(36, 172, 6, p.pale),
        circle(356, 172, 6, p.pale),
    )


def tile(p: Paint, v: int) -> str:
    def one(x: int, y: int, odd: bool) -> str:  # noqa: FBT001
        ground_colour = p.pale if odd else p.main
        ink = p.main if odd else p.pale
        motif = (
            drawn(
                *(
                    turned(a, path(f"M{x + 38} {y + 38}q14-16 0-32q-14 16 0 32z", ink), x=x + 38, y=y + 38)
                    for a in range(0, 360, 90)
                ),
                circle(x + 38, y + 38, 7, p.accent),
            ),
            drawn(path(f"M{x} {y}h38a38 38 0 0 1-38 38zM{x + 76} {y + 76}h-38a38 38 0 0 1 38-38z", ink)),
            drawn(path(f"M{x + 38} {y + 6}l32 32l-32 32l-32-32z", ink), circle(x + 38, y + 38, 10, p.accent)),
        )[v % 3]
        return drawn(rect(x, y, 76, 76, ground_colour, 3), motif)

    return drawn(
        faint(0.14, rect(50, 52, 318, 318, "#224", 6)),
        rect(38, 38, 324, 324, WHITE, 4),
        *(one(42 + c * 80, 42 + r * 80, (c + r) % 2 == 1 and v < 3) for c in range(4) for r in range(4)),
    )


def molding(p: Paint, v: int) -> str:
    panels = drawn(
        *(
            drawn(
                rect(x, 96, 108, 130, p.light, 2),
                rect(x + 8, 104, 92, 114, p.dark, 2),
                rect(x + 12, 108, 88, 110, p.main, 2),
            )
            for x in (60, 232)
        ),
        rect(176, 96, 48, 130, p.light, 2),
        rect(182, 102, 36, 118, p.main, 2),
    )
    return drawn(
        rect(30, 62, 340, 276, p.main, 4),
        rect(24, 50, 352, 16, p.light, 4),
        rect(30, 66, 340, 7, p.dark),
        panels,
        rect(30, 246, 340, 14, p.light),
        rect(30, 260, 340, 5, p.dark),
        rect(30, 300, 340, 38, p.light, 3),
        rect(30, 306, 340, 5, p.dark),
        *(line(f"M{x} 270V298", p.dark, 2) for x in range(50, 370, 24)) if v % 2 else (),
    )


SURFACES: dict[str, Drawing] = {
    "roll": roll,
    "rod": rod,
    "tile": tile,
    "molding": molding,
}
