"""Things with doors, drawers and tops: tables, cabinets, shelves and the machines that look like them."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
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

BOOKS = ("#c8663f", "#3d8b8b", "#e9b44c", "#6f3560", "#9db08a", "#22335c")


def _feet(left: float, right: float, top: float, colour: str = WOOD_DARK) -> str:
    return drawn(*(path(f"M{x - 7} {top:g}h14l-4 {320 - top:g}h-6z", colour) for x in (left, right)))


def _books(x: float, floor: float, count: int, start: int = 0) -> str:
    return drawn(
        *(
            rect(x + i * 13, floor - 34 - (i * 7 + start) % 12, 11, 34 + (i * 7 + start) % 12, BOOKS[(i + start) % 6], 2)
            for i in range(count)
        )
    )


def table(p: Paint, v: int) -> str:
    legs = (
        drawn(path("M188 214h24l6 90h-36z", p.dark), rect(140, 300, 120, 18, p.dark, 9))
        if v % 3 == 0
        else drawn(path("M84 214h20l-10 104h-12zM296 214h20l2 104h-12z", p.dark), line("M104 226H296", p.deep, 6))
    )
    vase = drawn(path("M190 160q10-14 20 0l6 32h-32z", p.accent), line("M200 162Q196 130 180 118", LEAF, 4), line("M200 162Q206 128 222 122", LEAF, 4))
    plates = drawn(ellipse(136, 192, 30, 6, WHITE), ellipse(264, 192, 30, 6, WHITE))
    return drawn(ground(150), legs, vase, plates if v % 2 else "", rect(52, 194, 296, 24, p.main, 10), rect(52, 194, 296, 9, p.light, 4))


def coffeetable(p: Paint, v: int) -> str:
    base = {
        0: drawn(rect(120, 236, 160, 78, p.dark, 12), *(line(f"M{x} 240V310", p.deep, 2) for x in range(136, 280, 16))),
        1: drawn(line("M96 240L80 316", INK, 7), line("M120 240L92 316", INK, 7), line("M304 240L320 316", INK, 7), line("M280 240L308 316", INK, 7)),
        2: drawn(rect(84, 240, 22, 76, p.dark, 6), rect(294, 240, 22, 76, p.dark, 6), rect(96, 286, 208, 14, p.dark, 4)),
    }[v % 3]
    cup = drawn(rect(224, 196, 30, 26, WHITE, 6), ring(258, 208, 8, WHITE, 4), rect(136, 212, 66, 10, p.accent, 2), rect(142, 203, 54, 9, BOOKS[1], 2))
    return drawn(ground(150), base, cup, rect(56, 220, 288, 24, p.main, 12), rect(56, 220, 288, 9, p.light, 4))


def sidetable(p: Paint, v: int) -> str:
    pot = drawn(path("M176 154h48l-6 34h-36z", p.accent), *(line(f"M200 156Q{x} 126 {x - 6 if x < 200 else x + 6} 100", LEAF, 6) for x in (176, 200, 224)))
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
    lamp = drawn(path("M112 92h52l14 46H98z", p.accent), line("M138 138V176", WOOD_DARK, 7), rect(120, 172, 36, 8, WOOD_DARK, 4))
    frame = drawn(rect(214, 96, 84, 80, p.dark, 6), rect(222, 104, 68, 64, GLASS, 3))
    drawers = drawn(*(drawn(rect(66 + i * 92, 198, 84, 30, p.light, 5), circle(108 + i * 92, 213, 5, p.deep)) for i in range(3)))
    return drawn(ground(150), lamp, frame if v % 2 else _books(220, 180, 6), _feet(72, 328, 230, p.dark), rect(50, 180, 300, 12, p.dark, 5), rect(56, 190, 288, 44, p.main, 6), drawers)


def desk(p: Paint, v: int) -> str:
    screen = drawn(rect(138, 104, 124, 76, SCREEN, 8), rect(146, 112, 108, 58, "#5d87a6", 4), line("M200 180V198", METAL_DARK, 10), line("M176 200H224", METAL_DARK, 8))
    lamp = drawn(line("M300 198V150L270 122", p.accent, 7), path("M252 112l30 4l-6 26z", p.accent))
    return drawn(
        ground(158),
        screen if v % 2 else drawn(rect(150, 138, 100, 58, METAL, 6), rect(156, 144, 88, 46, "#5d87a6", 3), rect(136, 194, 128, 8, METAL_DARK, 4)),
        lamp,
        rect(48, 200, 304, 20, p.main, 8),
        rect(48, 200, 304, 8, p.light, 4),
        rect(236, 218, 100, 96, p.dark, 6),
        *(drawn(rect(243, 225 + i * 30, 86, 25, p.main, 4), rect(274, 235 + i * 30, 24, 5, p.deep, 2)) for i in range(3)),
        path("M68 220h18l-6 98h-10z", p.dark),
    )


def nightstand(p: Paint, v: int) -> str:
    lamp = drawn(path("M176 84h48l16 50h-80z", p.accent), line("M200 134V172", WOOD_DARK, 8), ellipse(200, 174, 24, 6, WOOD_DARK))
    rows = 2 if v % 2 else 1
    height = 92 / rows
    faces = [drawn(rect(130, 194 + i * height, 140, height - 8, p.light, 6), rect(184, 194 + i * height + height / 2 - 7, 32, 6, p.deep, 3)) for i in range(rows)]
    return drawn(ground(95), lamp, _feet(132, 268, 284, p.deep), rect(112, 174, 176, 14, p.dark, 6), rect(120, 184, 160, 106, p.main, 8), *faces)


def drawers(p: Paint, v: int) -> str:
    columns, rows = (2, 3) if v % 2 else (1, 5 if v > 2 else 4)
    left, wide = (66, 268) if columns == 2 else (106, 188)
    w, h = (wide - 20) / columns, 168 / rows
    faces = [
        drawn(
            rect(left + 10 + c * w + 3, 122 + r * h + 3, w - 6, h - 6, p.light, 5),
            *(circle(left + 10 + c * w + w * s, 122 + r * h + h / 2, 4.5, p.deep) for s in ((0.3, 0.7) if w > 150 else (0.5,))),
        )
        for c in range(columns)
        for r in range(rows)
    ]
    return drawn(ground(wide / 2), _feet(left + 20, left + wide - 20, 294, p.deep), rect(left - 8, 102, wide + 16, 16, p.dark, 6), rect(left, 114, wide, 184, p.main, 8), *faces)


def cabinet(p: Paint, v: int) -> str:
    cane = drawn(*(line(f"M{x} 148V276", p.dark, 1.5) for x in (*range(98, 190, 12), *range(222, 312, 12))))
    panels = drawn(rect(90, 138, 104, 148, p.light, 6), rect(206, 138, 104, 148, p.light, 6))
    top = drawn(_books(96, 112, 5), path("M262 112q-12-26 10-40q22 14 10 40z", p.accent))
    return drawn(
        ground(135),
        _feet(92, 308, 292, p.deep),
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
    faces = [drawn(rect(112 + i * w + 3, 62, w - 6, 236, p.light, 5), rect(112 + i * w + (w - 14 if i % 2 == 0 else 10), 168, 5, 34, p.deep, 2)) for i in range(doors)]
    mirror = drawn(rect(112 + (doors - 1) * w + 9, 74, w - 18, 150, GLASS, 4), faint(0.6, line(f"M{122 + (doors - 1) * w + 10:g} 196l30-60", WHITE, 5))) if v > 2 else ""
    return drawn(ground(110), _feet(122, 278, 300, p.deep), rect(96, 42, 208, 14, p.dark, 5), rect(104, 50, 192, 258, p.main, 8), *faces, mirror)


def shelf(p: Paint, v: int) -> str:
    tiers = 4 if v % 2 else 3
    h = 246 / tiers
    shelves = []
    for i in range(tiers):
        floor = 62 + (i + 1) * h - 8
        goods = (
            _books(118 + (i % 2) * 60, floor, 6, i),
            drawn(path(f"M220 {floor:g}q-16-30 12-40q26 10 12 40z", p.accent), line(f"M232 {floor - 38:g}v-10", LEAF, 4)),
            rect(200, floor - 34, 64, 34, "#cfa273", 5),
        )
        shelves.append(drawn(goods[0], goods[1 + (i + v) % 2] if i % 2 == 0 else "", rect(106, floor, 188, 8, p.dark)))
    return drawn(ground(110), rect(96, 50, 208, 266, p.dark, 8), rect(106, 60, 188, 248, p.pale, 3), *shelves, rect(96, 50, 12, 266, p.main, 5), rect(292, 50, 12, 266, p.main, 5), rect(96, 48, 208, 14, p.main, 5))


def wallshelf(p: Paint, v: int) -> str:
    one = drawn(_books(118, 190, 7, v), path("M262 190q-18-34 12-46q28 12 12 46z", p.accent), rect(86, 190, 228, 18, p.main, 6), rect(86, 190, 228, 7, p.light, 3))
    two = drawn(rect(146, 268, 24, 30, WHITE, 5), _books(196, 298, 4, 2), rect(116, 298, 168, 16, p.main, 6), rect(116, 298, 168, 6, p.light, 3))
    return drawn(faint(0.12, rect(92, 208, 216, 10, "#224", 5)), one, two if v % 2 else drawn(line("M112 208v30h30", p.dark, 7), line("M288 208v30h-30", p.dark, 7)))


def tvstand(p: Paint, v: int) -> str:
    tv = drawn(rect(92, 84, 216, 126, SCREEN, 8), path("M102 94h196v106H102z", "#4c6f8f"), path("M102 200l60-66l44 40l34-28l58 54z", "#6f9a86"), rect(180, 208, 40, 12, METAL_DARK, 3))
    doors = drawn(rect(58, 236, 88, 52, p.light, 5), rect(254, 236, 88, 52, p.light, 5), rect(152, 236, 96, 52, p.deep, 4), line("M156 262H244", p.dark, 4))
    slats = drawn(*(line(f"M{x} 240V284", p.dark, 2) for x in (*range(68, 142, 10), *range(264, 338, 10)))) if v % 2 else ""
    return drawn(ground(165), tv, _feet(72, 328, 292, p.deep), rect(40, 218, 320, 12, p.dark, 5), rect(48, 228, 304, 68, p.main, 7), doors, slats)


def chest(p: Paint, v: int) -> str:
    slats = drawn(*(line(f"M74 {y}H326", p.dark, 3) for y in (230, 254, 278))) if v % 2 else drawn(*(line(f"M{x} 214V296", p.dark, 3) for x in range(100, 320, 28)))
    return drawn(ground(150), rect(66, 196, 268, 116, p.main, 12), slats, path("M58 170q142-28 284 0v34H58z", p.light), rect(184, 190, 32, 34, METAL, 6), circle(200, 210, 5, METAL_DARK))


def vanity(p: Paint, v: int) -> str:
    basin = drawn(path("M136 142h128q-8 44-64 44t-64-44z", WHITE), ellipse(200, 142, 64, 9, METAL_LIGHT), line("M200 138V98q0-12 14-12h6v14", METAL_DARK, 8))
    faces = drawn(*(drawn(rect(x, 206, 92, 78, p.light, 6), rect(x + 40, 214, 12, 6, p.deep, 3)) for x in (84, 224)), rect(182, 206, 36, 78, p.light, 5))
    mirror = drawn(circle(200, 74, 0, WHITE)) if v % 2 else ""
    return drawn(ground(140), _feet(88, 312, 294, p.deep), mirror, basin, rect(60, 180, 280, 16, "#eee9e2", 6), rect(70, 194, 260, 104, p.main, 8), faces)


def dressing(p: Paint, v: int) -> str:
    glass = drawn(ellipse(200, 118, 66, 76, p.dark), ellipse(200, 118, 56, 66, GLASS), faint(0.7, line("M176 142L216 82", WHITE, 7)))
    bulbs = drawn(*(circle(x, y, 6, "#fff3c4") for x, y in ((140, 84), (132, 120), (142, 156), (260, 84), (268, 120), (258, 156)))) if v % 2 else ""
    seat = drawn(ellipse(200, 276, 44, 12, p.accent), line("M174 282L168 318", WOOD_DARK, 7), line("M226 282L232 318", WOOD_DARK, 7))
    return drawn(ground(135), glass, bulbs, _feet(86, 314, 250, p.deep), rect(64, 196, 272, 14, p.dark, 6), rect(72, 206, 256, 50, p.main, 7), *(drawn(rect(82 + i * 82, 213, 74, 36, p.light, 5), circle(119 + i * 82, 231, 5, p.deep)) for i in range(3)), seat)


def trolley(p: Paint, v: int) -> str:
    tiers = (150, 216, 282) if v % 2 else (164, 270)
    goods = drawn(rect(150, tiers[0] - 42, 24, 40, p.accent, 6), rect(182, tiers[0] - 30, 30, 28, WHITE, 5), path(f"M232 {tiers[0]}q-12-36 16-44q22 12 8 44z", LEAF))
    wheels = drawn(*(drawn(circle(x, 312, 11, INK), circle(x, 312, 4, METAL)) for x in (124, 276)))
    return drawn(ground(105), line("M118 120V304", METAL_DARK, 8), line("M282 120V304", METAL_DARK, 8), line("M118 122H92", METAL_DARK, 9), goods, *(drawn(rect(108, y, 184, 20, p.main, 7), rect(108, y, 184, 7, p.light, 3)) for y in tiers), wheels)


def lectern(p: Paint, v: int) -> str:
    return drawn(ground(90), path("M148 180h104l8 126H140z", p.main), path("M160 196h80l5 94h-90z", p.light), ring(200, 244, 20, p.dark, 5) if v % 2 else line("M176 244H224", p.dark, 6), path("M104 160L286 128l8 22L112 190z", p.dark), path("M132 148l62-12l2 16l-62 14zM198 135l62-11l4 15l-64 13z", WHITE), rect(126, 300, 148, 16, p.deep, 6))


def fridge(p: Paint, v: int) -> str:
    wide = v % 2 == 1
    left, w = (104, 192) if wide else (124, 152)
    split = drawn(rect(198, 50, 4, 262, p.deep), rect(186, 120, 6, 90, p.deep, 3), rect(208, 120, 6, 90, p.deep, 3), rect(130, 128, 40, 52, INK, 6), rect(138, 136, 24, 14, "#7fc4d9", 3)) if wide else drawn(rect(left, 142, w, 4, p.deep), rect(left + 14, 96, 6, 36, p.deep, 3), rect(left + 14, 158, 6, 60, p.deep, 3))
    return drawn(ground(w / 2 + 20), rect(left, 46, w, 268, p.main, 14), faint(0.35, rect(left + 8, 54, 12, 250, WHITE, 6)), rect(left + w - 12, 46, 12, 268, p.dark, 6), split)


def washer(p: Paint, v: int) -> str:
    dial = drawn(circle(266, 104, 14, METAL_LIGHT), line("M266 104V94", INK, 4), rect(126, 96, 58, 18, INK, 5), rect(132, 101, 26, 8, "#7fc4d9", 2))
    drum = drawn(circle(200, 214, 74, METAL_LIGHT), circle(200, 214, 60, "#39424e"), path("M146 226q26-22 54 0t54 0a58 58 0 0 1-108 0z", "#7fb7d6"), faint(0.5, path("M160 184q20-26 50-22l-36 52z", WHITE)))
    top = drawn(rect(116, 134, 168, 22, "#39424e", 10), faint(0.4, rect(124, 138, 60, 6, WHITE, 3)), *(line(f"M140 {y}H260", p.dark, 3) for y in (196, 226, 256)))
    return drawn(ground(115), rect(98, 78, 204, 238, p.main, 16), rect(98, 78, 204, 46, p.light, 16), dial, top if v % 3 == 2 else drum)


def oven(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(95), path("M122 118q78-42 156 0l10 150q0 44-40 46H152q-40-2-40-46z", p.main), faint(0.3, path("M132 130q20-14 36-18l-8 170h-26z", WHITE)), rect(146, 130, 108, 44, INK, 12), rect(158, 142, 50, 12, "#7fc4d9", 4), circle(234, 150, 8, METAL), rect(126, 206, 148, 88, p.dark, 16), rect(176, 226, 48, 18, METAL_LIGHT, 9))
    return drawn(ground(140), rect(66, 126, 268, 180, p.main, 14), rect(80, 142, 180, 146, SCREEN, 10), path("M92 236q76-60 156-10v50H92z", "#e3a25a"), faint(0.35, path("M92 154h60l-60 70z", WHITE)), circle(298, 170, 14, METAL_LIGHT), circle(298, 214, 14, METAL_LIGHT), rect(282, 246, 32, 12, "#7fc4d9", 4), rect(264, 152, 6, 126, METAL_DARK, 3))


CABINETS: dict[str, Drawing] = {
    "table": table,
    "coffeetable": coffeetable,
    "sidetable": sidetable,
    "console": console,
    "desk": desk,
    "nightstand": nightstand,
    "drawers": drawers,
    "cabinet": cabinet,
    "wardrobe": wardrobe,
    "shelf": shelf,
    "wallshelf": wallshelf,
    "tvstand": tvstand,
    "chest": chest,
    "vanity": vanity,
    "dressing": dressing,
    "trolley": trolley,
    "lectern": lectern,
    "fridge": fridge,
    "washer": washer,
    "oven": oven,
}
