"""Things with doors, drawers and shelves."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
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
)
from catalogue.drawing.props import books, legs


def drawers(p: Paint, v: int) -> str:
    columns, rows = (2, 3) if v % 2 else (1, 5 if v > 2 else 4)
    left, wide = (66, 268) if columns == 2 else (106, 188)
    w, h = (wide - 20) / columns, 168 / rows
    faces = [
        drawn(
            rect(left + 10 + c * w + 3, 122 + r * h + 3, w - 6, h - 6, p.light, 5),
            *(
                circle(left + 10 + c * w + w * s, 122 + r * h + h / 2, 4.5, p.deep)
                for s in ((0.3, 0.7) if w > 150 else (0.5,))
            ),
        )
        for c in range(columns)
        for r in range(rows)
    ]
    return drawn(
        ground(wide / 2),
        legs(left + 20, left + wide - 20, top=294, colour=p.deep),
        rect(left - 8, 102, wide + 16, 16, p.dark, 6),
        rect(left, 114, wide, 184, p.main, 8),
        *faces,
    )


def cabinet(p: Paint, v: int) -> str:
    cane = drawn(*(line(f"M{x} 148V276", p.dark, 1.5) for x in (*range(98, 190, 12), *range(222, 312, 12))))
    panels = drawn(rect(90, 138, 104, 148, p.light, 6), rect(206, 138, 104, 148, p.light, 6))
    top = drawn(books(96, 112, 5), path("M262 112q-12-26 10-40q22 14 10 40z", p.accent))
    return drawn(
        ground(135),
        legs(92, 308, top=292, colour=p.deep),
        top,
        rect(66, 112, 268, 14, p.dark, 5),
        rect(74, 122, 252, 174, p.main, 8),
        panels,
        cane if v % 2 else "",
        rect(182, 196, 6, 34, p.deep, 3),
        rect(212, 196, 6, 34, p.deep, 3),
    )


def wardrobe(p: Paint, v: int) -> str:
    doors = 3 if v % 2 else 2
    w = 176 / doors
    faces = [
        drawn(
            rect(112 + i * w + 3, 62, w - 6, 236, p.light, 5),
            rect(112 + i * w + (w - 14 if i % 2 == 0 else 10), 168, 5, 34, p.deep, 2),
        )
        for i in range(doors)
    ]
    mirror = (
        drawn(
            rect(112 + (doors - 1) * w + 9, 74, w - 18, 150, GLASS, 4),
            faint(0.6, line(f"M{122 + (doors - 1) * w + 10:g} 196l30-60", WHITE, 5)),
        )
        if v > 2
        else ""
    )
    return drawn(
        ground(110),
        legs(122, 278, top=300, colour=p.deep),
        rect(96, 42, 208, 14, p.dark, 5),
        rect(104, 50, 192, 258, p.main, 8),
        *faces,
        mirror,
    )


def shelf(p: Paint, v: int) -> str:
    tiers = 4 if v % 2 else 3
    h = 246 / tiers
    shelves = []
    for i in range(tiers):
        floor = 62 + (i + 1) * h - 8
        goods = (
            books(118 + (i % 2) * 60, floor, 6, i),
            drawn(
                path(f"M220 {floor:g}q-16-30 12-40q26 10 12 40z", p.accent), line(f"M232 {floor - 38:g}v-10", LEAF, 4)
            ),
            rect(200, floor - 34, 64, 34, "#cfa273", 5),
        )
        shelves.append(drawn(goods[0], goods[1 + (i + v) % 2] if i % 2 == 0 else "", rect(106, floor, 188, 8, p.dark)))
    return drawn(
        ground(110),
        rect(96, 50, 208, 266, p.dark, 8),
        rect(106, 60, 188, 248, p.pale, 3),
        *shelves,
        rect(96, 50, 12, 266, p.main, 5),
        rect(292, 50, 12, 266, p.main, 5),
        rect(96, 48, 208, 14, p.main, 5),
    )


def wallshelf(p: Paint, v: int) -> str:
    one = drawn(
        books(118, 190, 7, v),
        path("M262 190q-18-34 12-46q28 12 12 46z", p.accent),
        rect(86, 190, 228, 18, p.main, 6),
        rect(86, 190, 228, 7, p.light, 3),
    )
    two = drawn(
        rect(146, 268, 24, 30, WHITE, 5),
        books(196, 298, 4, 2),
        rect(116, 298, 168, 16, p.main, 6),
        rect(116, 298, 168, 6, p.light, 3),
    )
    return drawn(
        faint(0.12, rect(92, 208, 216, 10, "#224", 5)),
        one,
        two if v % 2 else drawn(line("M112 208v30h30", p.dark, 7), line("M288 208v30h-30", p.dark, 7)),
    )


def tvstand(p: Paint, v: int) -> str:
    tv = drawn(
        rect(92, 84, 216, 126, SCREEN, 8),
        path("M102 94h196v106H102z", "#4c6f8f"),
        path("M102 200l60-66l44 40l34-28l58 54z", "#6f9a86"),
        rect(180, 208, 40, 12, METAL_DARK, 3),
    )
    doors = drawn(
        rect(58, 236, 88, 52, p.light, 5),
        rect(254, 236, 88, 52, p.light, 5),
        rect(152, 236, 96, 52, p.deep, 4),
        line("M156 262H244", p.dark, 4),
    )
    slats = (
        drawn(*(line(f"M{x} 240V284", p.dark, 2) for x in (*range(68, 142, 10), *range(264, 338, 10)))) if v % 2 else ""
    )
    return drawn(
        ground(165),
        tv,
        legs(72, 328, top=292, colour=p.deep),
        rect(40, 218, 320, 12, p.dark, 5),
        rect(48, 228, 304, 68, p.main, 7),
        doors,
        slats,
    )


def chest(p: Paint, v: int) -> str:
    slats = (
        drawn(*(line(f"M74 {y}H326", p.dark, 3) for y in (230, 254, 278)))
        if v % 2
        else drawn(*(line(f"M{x} 214V296", p.dark, 3) for x in range(100, 320, 28)))
    )
    return drawn(
        ground(150),
        rect(66, 196, 268, 116, p.main, 12),
        slats,
        path("M58 170q142-28 284 0v34H58z", p.light),
        rect(184, 190, 32, 34, METAL, 6),
        circle(200, 210, 5, METAL_DARK),
    )


def vanity(p: Paint, v: int) -> str:
    basin = drawn(
        path("M136 142h128q-8 44-64 44t-64-44z", WHITE),
        ellipse(200, 142, 64, 9, METAL_LIGHT),
        line("M200 138V98q0-12 14-12h6v14", METAL_DARK, 8),
    )
    faces = drawn(
        *(drawn(rect(x, 206, 92, 78, p.light, 6), rect(x + 40, 214, 12, 6, p.deep, 3)) for x in (84, 224)),
        drawn(*(rect(182, y, 36, 24, p.light, 4) for y in (206, 233, 260)))
        if v % 2
        else rect(182, 206, 36, 78, p.light, 5),
    )
    return drawn(
        ground(140),
        legs(88, 312, top=294, colour=p.deep),
        basin,
        rect(60, 180, 280, 16, "#eee9e2", 6),
        rect(70, 194, 260, 104, p.main, 8),
        faces,
    )


def lectern(p: Paint, v: int) -> str:
    front = (
        ring(200, 232, 22, p.dark, 6)
        if v % 2
        else drawn(line("M168 222H232", p.dark, 6), line("M168 246H232", p.dark, 6))
    )
    return drawn(
        ground(90),
        rect(126, 302, 148, 18, p.deep, 6),
        path("M146 160h108l10 144H136z", p.main),
        path("M158 176h84l7 116h-98z", p.light),
        front,
        path("M92 168L126 108h148l34 60z", p.dark),
        path("M134 154l16-36h46l-2 36zM206 154l-2-36h46l16 36z", WHITE),
        rect(86, 164, 228, 14, p.deep, 6),
        line("M262 110Q270 70 246 56", METAL_DARK, 5),
        circle(244, 54, 9, INK),
    )


CABINETS: dict[str, Drawing] = {
    "drawers": drawers,
    "cabinet": cabinet,
    "wardrobe": wardrobe,
    "shelf": shelf,
    "wallshelf": wallshelf,
    "tvstand": tvstand,
    "chest": chest,
    "vanity": vanity,
    "lectern": lectern,
}
