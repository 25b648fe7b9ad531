"""Phones, tablets and what keeps them going."""

from catalogue.drawing.paint import (
    INK,
    METAL,
    METAL_DARK,
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
from catalogue.drawing.props import TILES, landscape


def phone(p: Paint, v: int) -> str:
    back = drawn(
        rect(206, 66, 126, 262, p.dark, 24),
        rect(200, 62, 126, 262, p.main, 24),
        rect(214, 78, 54, 92, p.dark, 16),
        *(
            drawn(
                circle(232 + (i % 2) * 20, 100 + i * 24, 12, INK),
                circle(232 + (i % 2) * 20, 100 + i * 24, 5, "#5b7f9c"),
            )
            for i in range(3)
        ),
        faint(0.25, line("M306 90V290", WHITE, 5)),
    )
    front = drawn(
        rect(86, 74, 130, 262, p.deep, 24),
        rect(92, 80, 118, 250, INK, 20),
        landscape(98, 88, 106, 234, p),
        circle(151, 98, 4, INK),
    )
    apps = (
        drawn(*(rect(108 + (i % 3) * 31, 262 + (i // 3) * 27, 22, 20, TILES[i], 6) for i in range(6)))
        if v % 2
        else drawn(rect(112, 120, 78, 12, WHITE, 6), rect(124, 140, 54, 7, WHITE, 3))
    )
    return drawn(ground(110, y=342), back, front, apps)


def phonecase(p: Paint, v: int) -> str:
    motif = (
        drawn(*(circle(x, y, 8, p.pale) for x in range(150, 270, 32) for y in range(178, 330, 30))),
        drawn(
            *(
                line(f"M132 {y}q34-20 68 0t68 0", p.pale if i % 2 else p.accent, 7)
                for i, y in enumerate(range(190, 330, 28))
            )
        ),
        drawn(path("M200 190q54 36 0 108q-54-72 0-108z", p.pale), path("M200 214q28 24 0 62q-28-38 0-62z", p.accent)),
    )[v % 3]
    return drawn(
        ground(84, y=346),
        rect(122, 54, 156, 288, p.dark, 34),
        rect(128, 54, 144, 282, p.main, 30),
        rect(144, 70, 60, 82, p.deep, 18),
        circle(166, 94, 13, INK),
        circle(166, 128, 13, INK),
        circle(190, 112, 7, "#f7f2d8"),
        motif,
    )


def tablet(p: Paint, v: int) -> str:
    pen = (
        drawn(turned(24, rect(318, 110, 14, 190, WHITE, 7), path("M318 298h14l-7 20z", METAL_DARK), x=325, y=205))
        if v % 2
        else ""
    )
    return drawn(
        ground(140, y=326),
        rect(60, 88, 270, 226, p.dark, 20),
        rect(60, 84, 264, 224, p.main, 20),
        rect(72, 96, 240, 200, INK, 12),
        landscape(80, 104, 224, 184, p),
        *(rect(100 + i * 32, 250, 24, 24, TILES[i], 6) for i in range(6)),
        pen,
    )


def charger(p: Paint, v: int) -> str:
    cord = line("M200 268q0 60 62 52t40-66t44-60", p.dark, 10)
    bolt = path("M208 150l-34 54h24l-8 44l38-60h-26z", p.accent)
    if v % 3 == 2:
        return drawn(
            ground(110),
            cord,
            ellipse(190, 262, 116, 34, p.deep),
            ellipse(190, 248, 116, 34, p.main),
            ellipse(190, 246, 76, 20, p.light),
            turned(
                -6,
                rect(140, 92, 96, 150, INK, 16),
                rect(148, 100, 80, 134, "#8fc3e0", 10),
                path("M192 134l-20 34h14l-5 28l24-38h-16z", WHITE),
                x=190,
                y=170,
            ),
        )
    return drawn(
        ground(90),
        cord,
        line("M168 106V70M232 106V70", METAL, 13),
        rect(124, 100, 152, 176, p.main, 30),
        faint(0.3, rect(136, 116, 14, 140, WHITE, 7)),
        bolt,
        rect(184, 262, 32, 20, INK, 5),
        *(rect(150 + i * 70, 256, 30, 10, INK, 4) for i in range(2)) if v % 2 else (),
    )


def powerbank(p: Paint, v: int) -> str:
    cells = drawn(*(circle(150 + i * 26, 286, 7, "#58b368" if i < 3 else p.dark) for i in range(4)))
    return drawn(
        ground(100, y=334),
        rect(118, 76, 172, 252, p.deep, 30),
        rect(110, 72, 172, 252, p.main, 30),
        faint(0.3, rect(124, 92, 12, 210, WHITE, 6)),
        path("M204 140l-40 62h28l-10 52l46-72h-32z", p.accent),
        cells,
        rect(150, 84, 34, 12, INK, 5),
        rect(208, 84, 34, 12, INK, 5),
        line("M166 76Q166 36 226 44t60 60", p.dark, 8) if v % 2 else "",
    )


def cable(p: Paint, v: int) -> str:
    loops = drawn(*(ring(200, 196, r, p.dark if i % 2 else p.main, 13) for i, r in enumerate((96, 80, 64))))
    braid = (
        drawn(*(turned(a, rect(196, 92, 8, 12, p.pale, 3), x=200, y=196) for a in range(0, 360, 12))) if v % 2 else ""
    )
    return drawn(
        faint(0.13, ring(206, 208, 90, "#224", 44)),
        loops,
        braid,
        line("M270 250Q320 290 316 324", p.main, 13),
        turned(-6, rect(296, 300, 40, 46, p.deep, 8), rect(303, 344, 26, 24, METAL, 3), x=316, y=330),
        line("M136 256Q90 296 96 322", p.main, 13),
        rect(76, 300, 40, 46, p.deep, 8),
        rect(85, 344, 22, 20, METAL, 3),
        rect(168, 270, 64, 22, p.accent, 8),
    )


def holder(p: Paint, v: int) -> str:
    device = drawn(rect(146, 60, 108, 196, INK, 18), landscape(153, 70, 94, 176, p))
    if v % 2:
        return drawn(
            ground(100),
            line("M200 250L132 316M200 250L268 316M200 240V312", p.main, 13),
            circle(200, 246, 18, p.dark),
            device,
            rect(132, 140, 18, 56, p.main, 8),
            rect(250, 140, 18, 56, p.main, 8),
        )
    return drawn(
        ground(100),
        ellipse(200, 300, 92, 18, p.dark),
        line("M200 296V220", p.main, 20),
        device,
        rect(130, 236, 140, 22, p.main, 10),
        circle(200, 270, 12, p.light),
    )


PHONES: dict[str, Drawing] = {
    "phone": phone,
    "phonecase": phonecase,
    "tablet": tablet,
    "charger": charger,
    "powerbank": powerbank,
    "cable": cable,
    "holder": holder,
}
