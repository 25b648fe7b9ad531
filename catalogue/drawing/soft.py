"""Cloth and floors: rugs, curtains, linen, covers, rolls and tiles."""

from catalogue.drawing.paint import (
    METAL,
    METAL_DARK,
    METAL_LIGHT,
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


def _tassels(left: float, right: float, y: float, down: float, colour: str) -> str:
    return drawn(*(line(f"M{x} {y}v{down}", colour, 4) for x in range(int(left), int(right), 14)))


def rug(p: Paint, v: int) -> str:
    field = (
        drawn(*(path(f"M200 {y}l52 36l-52 36l-52-36z", c) for y, c in ((92, p.pale), (164, p.accent), (236, p.pale)))),
        drawn(ellipse(200, 200, 62, 88, p.pale), ellipse(200, 200, 46, 68, p.dark), ellipse(200, 200, 24, 40, p.accent)),
        drawn(*(rect(112, 96 + i * 36, 176, 16, (p.pale, p.accent, p.light)[i % 3]) for i in range(6))),
        drawn(*(line(f"M108 {y}l23 22l23-22l23 22l23-22l23 22l23-22l23 22l23-22", p.pale if i % 2 else p.accent, 8) for i, y in enumerate(range(98, 290, 38)))),
        drawn(path("M108 110q80 60 60 100t60 92H108z", p.pale), path("M230 92q-30 70 20 100t40 110V92z", p.accent), circle(190, 160, 26, p.deep)),
        drawn(*(circle(x, y, 14, p.pale if (x + y) % 3 else p.accent) for x in range(128, 290, 36) for y in range(112, 300, 36))),
    )[v]
    return drawn(faint(0.15, rect(98, 66, 216, 284, "#224", 4)), _tassels(98, 310, 52, 14, p.pale), _tassels(98, 310, 334, 14, p.pale), rect(90, 60, 220, 280, p.main, 4), rect(102, 72, 196, 256, p.dark, 2), rect(108, 78, 184, 244, p.main), field)


def mat(p: Paint, v: int) -> str:
    inside = (
        drawn(*(line(f"M{x} 168V262", p.pale, 4) for x in range(86, 330, 16))),
        drawn(path("M200 178l58 36l-58 36l-58-36z", p.pale), path("M200 194l32 20l-32 20l-32-20z", p.accent)),
        drawn(*(circle(x, y, 8, p.pale) for x in range(92, 330, 27) for y in (184, 215, 246))),
    )[v % 3]
    return drawn(ground(160, y=290), rect(46, 142, 308, 146, p.dark, 26 if v > 2 else 8), rect(46, 136, 308, 146, p.main, 26 if v > 2 else 8), rect(60, 150, 280, 118, p.light, 18 if v > 2 else 4), rect(66, 156, 268, 106, p.main, 14 if v > 2 else 3), inside)


def curtain(p: Paint, v: int) -> str:
    def panel(x: int, flip: int) -> str:
        folds = drawn(*(path(f"M{x + i * 22} 84h11v226q-6 8-11 0z", p.dark if i % 2 else p.light) for i in range(5)))
        return drawn(path(f"M{x} 78h110v236q-27 14-55 0t-55 0z", p.main), faint(0.55, folds), rect(x, 206, 110, 12, p.accent, 5) if v % 2 else "", *(ring(x + 11 + i * 22, 82, 7, METAL_DARK, 3) for i in range(5)) if flip else ())

    window = drawn(rect(150, 96, 100, 180, "#cfe6f2", 4), line("M200 96V276", WHITE, 6), line("M150 186H250", WHITE, 6), circle(226, 126, 14, "#f9d877"))
    return drawn(window, line("M50 78H350", METAL_DARK, 9), circle(46, 78, 11, METAL_DARK), circle(354, 78, 11, METAL_DARK), panel(64, v > 2), panel(226, v > 2))


def linen(p: Paint, v: int) -> str:
    layers = ((252, p.main), (210, p.pale), (168, p.light), (126, p.accent if v % 2 else p.dark))
    stack = drawn(*(drawn(rect(84, y, 232, 46, c, 20), faint(0.18, rect(84, y + 30, 232, 16, "#000", 8)), faint(0.35, line(f"M100 {y + 10}H290", WHITE, 4))) for y, c in layers))
    dots = drawn(*(circle(x, 274, 5, p.pale) for x in range(110, 300, 24)), *(line(f"M{x} 218l10 24", p.main, 4) for x in range(110, 300, 26))) if v > 2 else drawn(*(line(f"M{x} 180V206", p.pale, 5) for x in range(112, 300, 22)))
    return drawn(ground(130, y=306), stack, dots)


def cover(p: Paint, v: int) -> str:
    shape = "M92 176q4-52 40-56h136q36 4 40 56l26 124q2 12-10 12H76q-12 0-10-12z" if v % 2 else "M110 130q90-30 180 0q22 90 34 180H76q12-90 34-180z"
    return drawn(ground(150), path(shape, p.main), faint(0.4, line("M130 150q-14 80-22 150", p.dark, 5), line("M270 150q14 80 22 150", p.dark, 5), line("M200 128V310", p.dark, 4)), faint(0.25, path("M132 130q20-8 44-10l-14 180h-50z", WHITE)), line("M72 306H328", p.accent, 7))


def roll(p: Paint, v: int) -> str:
    if v % 2:
        pattern = drawn(*(path(f"M{x} {y}q14-18 28 0q-14 18-28 0z", p.pale) for x in range(150, 290, 40) for y in range(130, 300, 40)))
        return drawn(ground(120), path("M132 96h160q20 0 20 20v200H152V116z", p.main), pattern, ellipse(140, 106, 26, 26, p.dark), ellipse(140, 106, 13, 13, PAPER), path("M114 106v180q0 26 26 26t26-26V120q-10 14-26 12t-26-26z", p.light))
    return drawn(faint(0.12, rect(92, 118, 228, 190, "#224", 10)), rect(96, 96, 208, 20, p.main, 10), circle(96, 106, 16, p.dark), circle(304, 106, 16, p.dark), rect(130, 84, 140, 74, WHITE, 34), path("M130 120h140v176q-12 12-24 0t-24 0t-24 0t-24 0t-24 0t-20 0z", "#f6f3ee"), line("M130 222H270", "#e2dbd0", 3), faint(0.5, rect(142, 92, 116, 14, WHITE, 7)))


def rod(p: Paint, v: int) -> str:
    rings = drawn(*(drawn(ring(x, 200, 20, p.dark, 6), line(f"M{x} 220v16", p.dark, 4)) for x in range(130, 290, 35)))
    plates = drawn(*(drawn(rect(x - 12, 206, 24, 70, p.dark, 6), circle(x, 222, 4, p.pale), circle(x, 262, 4, p.pale)) for x in (104, 296)))
    rail = drawn(rect(40, 176, 320, 18, p.main, 6), *(drawn(rect(x - 12, 150, 24, 96, p.dark, 6), circle(x, 172, 22, p.main), circle(x, 172, 8, p.pale)) for x in (130, 270)), rect(92, 246, 216, 110, WOOD, 4), *(line(f"M{x} 248V354", WOOD_DARK, 3) for x in (146, 200, 254)))
    if v % 3 == 2:
        return rail
    return drawn(plates, rings if v % 2 else "", rect(44, 170, 312, 16, p.main, 8), rect(44, 170, 312, 6, p.light, 3), circle(40, 178, 20, p.main), circle(360, 178, 20, p.main), circle(36, 172, 6, p.pale), circle(356, 172, 6, p.pale))


def tile(p: Paint, v: int) -> str:
    def one(x: int, y: int, odd: bool) -> str:  # noqa: FBT001
        ground_colour = p.pale if odd else p.main
        ink = p.main if odd else p.pale
        motif = (
            drawn(*(turned(a, path(f"M{x + 38} {y + 38}q14-16 0-32q-14 16 0 32z", ink), x=x + 38, y=y + 38) for a in range(0, 360, 90)), circle(x + 38, y + 38, 7, p.accent)),
            drawn(path(f"M{x} {y}h38a38 38 0 0 1-38 38zM{x + 76} {y + 76}h-38a38 38 0 0 1 38-38z", ink)),
            drawn(path(f"M{x + 38} {y + 6}l32 32l-32 32l-32-32z", ink), circle(x + 38, y + 38, 10, p.accent)),
        )[v % 3]
        return drawn(rect(x, y, 76, 76, ground_colour, 3), motif)

    return drawn(faint(0.14, rect(50, 52, 318, 318, "#224", 6)), rect(38, 38, 324, 324, WHITE, 4), *(one(42 + c * 80, 42 + r * 80, (c + r) % 2 == 1 and v < 3) for c in range(4) for r in range(4)))


def molding(p: Paint, v: int) -> str:
    panels = drawn(*(drawn(rect(x, 96, 108, 130, p.light, 2), rect(x + 8, 104, 92, 114, p.dark, 2), rect(x + 12, 108, 88, 110, p.main, 2)) for x in (60, 232)), rect(176, 96, 48, 130, p.light, 2), rect(182, 102, 36, 118, p.main, 2))
    return drawn(rect(30, 62, 340, 276, p.main, 4), rect(24, 50, 352, 16, p.light, 4), rect(30, 66, 340, 7, p.dark), panels, rect(30, 246, 340, 14, p.light), rect(30, 260, 340, 5, p.dark), rect(30, 300, 340, 38, p.light, 3), rect(30, 306, 340, 5, p.dark), *(line(f"M{x} 270V298", p.dark, 2) for x in range(50, 370, 24)) if v % 2 else ())


def wallet(p: Paint, v: int) -> str:
    cards = drawn(rect(118, 120, 150, 90, METAL_LIGHT, 8), rect(130, 106, 150, 90, p.accent, 8)) if v % 2 else rect(122, 112, 150, 60, "#9fc79b", 4)
    belt = drawn(ring(200, 210, 96, p.main, 34), ring(200, 210, 96, p.dark, 3), rect(176, 276, 56, 62, METAL, 10), rect(186, 288, 36, 38, p.main, 3), rect(198, 300, 34, 10, METAL_DARK, 4))
    if v == 5:
        return drawn(ground(110, y=344), belt)
    return drawn(ground(120), cards, rect(84, 148, 232, 158, p.main, 18), rect(84, 148, 232, 24, p.light, 12), '<rect x="94" y="158" width="212" height="138" rx="12" fill="none" stroke="' + p.pale + '" stroke-width="2" stroke-dasharray="7 6"/>', rect(256, 202, 70, 50, p.dark, 14), circle(276, 227, 8, METAL))


SOFT: dict[str, Drawing] = {
    "rug": rug,
    "mat": mat,
    "curtain": curtain,
    "linen": linen,
    "cover": cover,
    "roll": roll,
    "rod": rod,
    "tile": tile,
    "molding": molding,
    "wallet": wallet,
}
