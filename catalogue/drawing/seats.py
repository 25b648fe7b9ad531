"""Things to sit on."""

from catalogue.drawing.paint import (
    METAL,
    METAL_DARK,
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
from catalogue.drawing.props import legs


def sofa(p: Paint, v: int) -> str:
    places = 3 if v % 2 else 2
    width = 228 / places
    seats = [rect(86 + i * width, 222, width - 4, 46, p.light, 14) for i in range(places)]
    backs = [rect(86 + i * width, 150, width - 4, 84, p.main, 18) for i in range(places)]
    pillows = drawn(
        turned(-12, rect(98, 176, 52, 50, p.accent, 10), x=124, y=200),
        turned(10, rect(252, 176, 52, 50, p.pale, 10), x=278, y=200) if v > 2 else "",
    )
    return drawn(
        ground(165),
        legs(84, 316),
        rect(70, 142, 260, 130, p.dark, 30),
        *backs,
        *seats,
        rect(62, 262, 276, 36, p.dark, 12),
        rect(46, 186, 50, 112, p.main, 22),
        rect(304, 186, 50, 112, p.main, 22),
        faint(0.35, rect(52, 192, 14, 92, WHITE, 7), rect(310, 192, 14, 92, WHITE, 7)),
        pillows,
    )


def armchair(p: Paint, v: int) -> str:
    wings = path("M112 120q-16 60 0 110h18V128zM288 120q16 60 0 110h-18V128z", p.dark) if v % 3 == 0 else ""
    tufts = drawn(*(circle(x, y, 4, p.deep) for y in (156, 186) for x in (170, 200, 230))) if v % 2 else ""
    return drawn(
        ground(105),
        legs(128, 272, top=284),
        wings,
        rect(120, 112, 160, 150, p.main, 44),
        faint(0.25, path("M140 136q4-14 22-16v110h-22z", WHITE)),
        tufts,
        rect(130, 226, 140, 44, p.light, 16),
        rect(118, 258, 164, 34, p.dark, 12),
        rect(96, 190, 44, 104, p.main, 20),
        rect(260, 190, 44, 104, p.main, 20),
        turned(-8, rect(176, 186, 54, 46, p.accent, 10), x=200, y=208) if v > 2 else "",
    )


def chair(p: Paint, v: int) -> str:
    back = (
        drawn(rect(146, 84, 108, 112, p.main, 26), faint(0.3, rect(156, 94, 16, 90, WHITE, 8)))
        if v % 2
        else drawn(
            *(line(f"M{x} 106V206", p.dark, 7) for x in (168, 189, 211, 232)),
            line("M148 96q52-18 104 0", p.main, 18),
        )
    )
    return drawn(
        ground(78),
        line("M150 88L146 318", WOOD_DARK, 9),
        line("M250 88L254 318", WOOD_DARK, 9),
        back,
        line("M162 236L150 318", WOOD, 10),
        line("M238 236L250 318", WOOD, 10),
        path("M134 204h132l8 28q2 12-12 12H138q-14 0-12-12z", p.main),
        path("M134 204h132l3 12H131z", p.light),
        line("M154 284H246", WOOD_DARK, 5),
    )


def officechair(p: Paint, v: int) -> str:
    mesh = drawn(*(line(f"M158 {y}H242", p.pale, 2) for y in range(108, 180, 12))) if v % 2 else ""
    feet = [line(f"M200 290L{x} {y}", METAL_DARK, 9) for x, y in ((132, 308), (268, 308), (168, 314), (232, 314))]
    wheels = [circle(x, y, 8, "#33363d") for x, y in ((132, 314), (268, 314), (168, 320), (232, 320))]
    head = rect(168, 62, 64, 28, p.dark, 12) if v % 3 == 0 else ""
    return drawn(
        ground(88),
        *feet,
        *wheels,
        line("M200 246V292", METAL, 12),
        line("M200 170V232", METAL_DARK, 12),
        head,
        path("M150 98q50-18 100 0l-8 88q-42 14-84 0z", p.main),
        mesh,
        path("M150 98q50-18 100 0l-1 10q-50-18-98 0z", p.light),
        line("M140 222V180H122", p.deep, 9),
        line("M260 222V180H278", p.deep, 9),
        rect(132, 216, 136, 34, p.main, 16),
        rect(132, 216, 136, 14, p.light, 7),
    )


def stool(p: Paint, v: int) -> str:
    back = (
        drawn(
            line("M160 168L156 108", WOOD_DARK, 8),
            line("M240 168L244 108", WOOD_DARK, 8),
            rect(150, 92, 100, 36, p.main, 14),
        )
        if v % 2
        else ""
    )
    return drawn(
        ground(66),
        back,
        *(line(f"M{x} 182L{foot} 318", WOOD, 9) for x, foot in ((164, 146), (236, 254))),
        *(line(f"M{x} 186L{foot} 312", WOOD_DARK, 8) for x, foot in ((184, 178), (216, 222))),
        line("M154 266H246", METAL, 6),
        ellipse(200, 184, 58, 14, p.dark),
        rect(142, 160, 116, 24, p.main, 12),
        ellipse(200, 162, 58, 14, p.light),
    )


def bench(p: Paint, v: int) -> str:
    tufts = drawn(*(circle(x, 216, 4, p.deep) for x in range(96, 320, 36))) if v % 2 else ""
    return drawn(
        ground(140),
        legs(84, 316, top=244, colour=METAL_DARK if v > 2 else WOOD_DARK),
        rect(60, 232, 280, 20, WOOD, 6),
        rect(56, 192, 288, 46, p.main, 18),
        rect(62, 194, 276, 16, p.light, 8),
        tufts,
    )


def ottoman(p: Paint, v: int) -> str:
    folds = drawn(*(line(f"M{x} 216Q{200 + (x - 200) * 1.1:g} 254 {x} 292", p.dark, 3) for x in range(130, 280, 20)))
    return drawn(
        ground(92),
        path("M112 206q-16 50 2 100q86 22 172 0q18-50 2-100z", p.main),
        folds if v % 2 else line("M106 254q94 24 188 0", p.dark, 4),
        ellipse(200, 208, 88, 26, p.light),
        ellipse(200, 206, 62, 16, p.pale) if v % 3 else circle(200, 207, 6, p.dark),
    )


def lounger(p: Paint, v: int) -> str:
    cushion = "M88 214L150 116q6-10 18-4l20 12L132 232z"
    return drawn(
        ground(165),
        line("M96 236L82 316", WOOD_DARK, 10),
        line("M310 258L322 316", WOOD_DARK, 10),
        line("M172 254L164 316", WOOD_DARK, 10),
        path("M70 226h254q14 0 14 14t-14 14H76z", WOOD),
        path(cushion, p.main),
        rect(104, 204, 226, 28, p.light, 12),
        *(line(f"M{x} 206V230", p.dark, 3) for x in (176, 226, 276)),
        turned(-56, rect(130, 130, 54, 22, p.accent, 10), x=156, y=140) if v % 2 else "",
    )


def rocker(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        line("M92 292Q200 344 312 284", WOOD_DARK, 11),
        line("M136 220L128 306", WOOD, 9),
        line("M256 220L270 304", WOOD, 9),
        *(line(f"M{146 + i * 18} 90L{156 + i * 15} 214", WOOD_LIGHT if v % 2 else p.dark, 7) for i in range(5)),
        line("M140 92q44-16 88-2", p.main, 16),
        rect(126, 206, 140, 26, p.main, 12),
        rect(126, 206, 140, 10, p.light, 5),
        line("M118 176H250L262 214", WOOD_DARK, 9),
    )


def patioset(p: Paint, v: int) -> str:
    def seat(x: int) -> str:
        return drawn(
            rect(x, 160, 78, 92, p.main, 26),
            *(line(f"M{x + 14 + i * 17} 172V236", p.dark, 3) for i in range(4)),
            rect(x - 6, 232, 90, 34, p.light, 12),
            legs(x + 8, x + 70, top=262),
        )

    top = drawn(
        ellipse(200, 226, 56, 14, WOOD_LIGHT), line("M200 234V316", WOOD_DARK, 10), line("M172 318H228", WOOD_DARK, 8)
    )
    shade = drawn(
        line("M200 64V226", METAL_DARK, 6),
        path("M96 104Q200 20 304 104q-26-10-52 0q-26-10-52 0q-26-10-52 0q-26-10-52 0z", p.accent),
    )
    cup = drawn(rect(190, 204, 20, 18, WHITE, 4))
    return drawn(ground(165), shade if v % 2 else "", seat(52), seat(270), top, cup)


SEATS: dict[str, Drawing] = {
    "sofa": sofa,
    "armchair": armchair,
    "chair": chair,
    "officechair": officechair,
    "stool": stool,
    "bench": bench,
    "ottoman": ottoman,
    "lounger": lounger,
    "rocker": rocker,
    "patioset": patioset,
}
