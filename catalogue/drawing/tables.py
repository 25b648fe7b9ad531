"""Tables, desks and what stands on wheels."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    SCREEN,
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
    ring,
)
from catalogue.drawing.props import BOOKS, books, legs


def table(p: Paint, v: int) -> str:
    legs = (
        drawn(path("M188 214h24l6 90h-36z", p.dark), rect(140, 300, 120, 18, p.dark, 9))
        if v % 3 == 0
        else drawn(path("M84 214h20l-10 104h-12zM296 214h20l2 104h-12z", p.dark), line("M104 226H296", p.deep, 6))
    )
    vase = drawn(
        path("M190 160q10-14 20 0l6 32h-32z", p.accent),
        line("M200 162Q196 130 180 118", LEAF, 4),
        line("M200 162Q206 128 222 122", LEAF, 4),
    )
    plates = drawn(ellipse(136, 192, 30, 6, WHITE), ellipse(264, 192, 30, 6, WHITE))
    return drawn(
        ground(150),
        legs,
        vase,
        plates if v % 2 else "",
        rect(52, 194, 296, 24, p.main, 10),
        rect(52, 194, 296, 9, p.light, 4),
    )


def coffeetable(p: Paint, v: int) -> str:
    base = {
        0: drawn(rect(120, 236, 160, 78, p.dark, 12), *(line(f"M{x} 240V310", p.deep, 2) for x in range(136, 280, 16))),
        1: drawn(
            line("M96 240L80 316", INK, 7),
            line("M120 240L92 316", INK, 7),
            line("M304 240L320 316", INK, 7),
            line("M280 240L308 316", INK, 7),
        ),
        2: drawn(
            rect(84, 240, 22, 76, p.dark, 6), rect(294, 240, 22, 76, p.dark, 6), rect(96, 286, 208, 14, p.dark, 4)
        ),
    }[v % 3]
    cup = drawn(
        rect(224, 196, 30, 26, WHITE, 6),
        ring(258, 208, 8, WHITE, 4),
        rect(136, 212, 66, 10, p.accent, 2),
        rect(142, 203, 54, 9, BOOKS[1], 2),
    )
    return drawn(ground(150), base, cup, rect(56, 220, 288, 24, p.main, 12), rect(56, 220, 288, 9, p.light, 4))


def sidetable(p: Paint, v: int) -> str:
    pot = drawn(
        path("M176 154h48l-6 34h-36z", p.accent),
        *(line(f"M200 156Q{x} 126 {x - 6 if x < 200 else x + 6} 100", LEAF, 6) for x in (176, 200, 224)),
    )
    cup = drawn(rect(184, 166, 34, 24, WHITE, 6), ring(222, 178, 8, WHITE, 4))
    return drawn(
        ground(80),
        line("M156 204L138 316", p.dark, 10),
        line("M244 204L262 316", p.dark, 10),
        line("M200 204V316", p.deep, 9) if v % 2 else rect(150, 270, 100, 12, p.dark, 6),
        pot if v > 2 else cup,
        rect(120, 190, 160, 20, p.main, 10),
        rect(120, 190, 160, 8, p.light, 4),
    )


def console(p: Paint, v: int) -> str:
    lamp = drawn(
        path("M112 92h52l14 46H98z", p.accent), line("M138 138V176", WOOD_DARK, 7), rect(120, 172, 36, 8, WOOD_DARK, 4)
    )
    frame = drawn(rect(214, 96, 84, 80, p.dark, 6), rect(222, 104, 68, 64, GLASS, 3))
    drawers = drawn(
        *(drawn(rect(66 + i * 92, 198, 84, 30, p.light, 5), circle(108 + i * 92, 213, 5, p.deep)) for i in range(3))
    )
    return drawn(
        ground(150),
        lamp,
        frame if v % 2 else books(220, 180, 6),
        legs(72, 328, top=230, colour=p.dark),
        rect(50, 180, 300, 12, p.dark, 5),
        rect(56, 190, 288, 44, p.main, 6),
        drawers,
    )


def desk(p: Paint, v: int) -> str:
    screen = drawn(
        rect(138, 104, 124, 76, SCREEN, 8),
        rect(146, 112, 108, 58, "#5d87a6", 4),
        line("M200 180V198", METAL_DARK, 10),
        line("M176 200H224", METAL_DARK, 8),
    )
    lamp = drawn(line("M300 198V150L270 122", p.accent, 7), path("M252 112l30 4l-6 26z", p.accent))
    return drawn(
        ground(158),
        screen
        if v % 2
        else drawn(
            rect(150, 138, 100, 58, METAL, 6),
            rect(156, 144, 88, 46, "#5d87a6", 3),
            rect(136, 194, 128, 8, METAL_DARK, 4),
        ),
        lamp,
        rect(48, 200, 304, 20, p.main, 8),
        rect(48, 200, 304, 8, p.light, 4),
        rect(236, 218, 100, 96, p.dark, 6),
        *(
            drawn(rect(243, 225 + i * 30, 86, 25, p.main, 4), rect(274, 235 + i * 30, 24, 5, p.deep, 2))
            for i in range(3)
        ),
        path("M68 220h18l-6 98h-10z", p.dark),
    )


def nightstand(p: Paint, v: int) -> str:
    lamp = drawn(
        path("M176 84h48l16 50h-80z", p.accent), line("M200 134V172", WOOD_DARK, 8), ellipse(200, 174, 24, 6, WOOD_DARK)
    )
    rows = 2 if v % 2 else 1
    height = 92 / rows
    faces = [
        drawn(
            rect(130, 194 + i * height, 140, height - 8, p.light, 6),
            rect(184, 194 + i * height + height / 2 - 7, 32, 6, p.deep, 3),
        )
        for i in range(rows)
    ]
    return drawn(
        ground(95),
        lamp,
        legs(132, 268, top=284, colour=p.deep),
        rect(112, 174, 176, 14, p.dark, 6),
        rect(120, 184, 160, 106, p.main, 8),
        *faces,
    )


def dressing(p: Paint, v: int) -> str:
    glass = drawn(
        ellipse(200, 118, 66, 76, p.dark),
        ellipse(200, 118, 56, 66, GLASS),
        faint(0.7, line("M176 142L216 82", WHITE, 7)),
    )
    bulbs = (
        drawn(
            *(
                circle(x, y, 6, "#fff3c4")
                for x, y in ((140, 84), (132, 120), (142, 156), (260, 84), (268, 120), (258, 156))
            )
        )
        if v % 2
        else ""
    )
    seat = drawn(
        ellipse(200, 276, 44, 12, p.accent),
        line("M174 282L168 318", WOOD_DARK, 7),
        line("M226 282L232 318", WOOD_DARK, 7),
    )
    return drawn(
        ground(135),
        glass,
        bulbs,
        legs(86, 314, top=250, colour=p.deep),
        rect(64, 196, 272, 14, p.dark, 6),
        rect(72, 206, 256, 50, p.main, 7),
        *(drawn(rect(82 + i * 82, 213, 74, 36, p.light, 5), circle(119 + i * 82, 231, 5, p.deep)) for i in range(3)),
        seat,
    )


def trolley(p: Paint, v: int) -> str:
    tiers = (150, 216, 282) if v % 2 else (164, 270)
    goods = drawn(
        rect(150, tiers[0] - 42, 24, 40, p.accent, 6),
        rect(182, tiers[0] - 30, 30, 28, WHITE, 5),
        path(f"M232 {tiers[0]}q-12-36 16-44q22 12 8 44z", LEAF),
    )
    wheels = drawn(*(drawn(circle(x, 312, 11, INK), circle(x, 312, 4, METAL)) for x in (124, 276)))
    return drawn(
        ground(105),
        line("M118 120V304", METAL_DARK, 8),
        line("M282 120V304", METAL_DARK, 8),
        line("M118 122H92", METAL_DARK, 9),
        goods,
        *(drawn(rect(108, y, 184, 20, p.main, 7), rect(108, y, 184, 7, p.light, 3)) for y in tiers),
        wheels,
    )


TABLES: dict[str, Drawing] = {
    "table": table,
    "coffeetable": coffeetable,
    "sidetable": sidetable,
    "console": console,
    "desk": desk,
    "nightstand": nightstand,
    "dressing": dressing,
    "trolley": trolley,
}
