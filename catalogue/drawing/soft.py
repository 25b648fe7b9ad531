"""Beds and cloth: mattresses, cushions, rugs, curtains, linen."""

from catalogue.drawing.paint import (
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
from catalogue.drawing.props import legs


def _tassels(left: float, right: float, y: float, down: float, colour: str) -> str:
    return drawn(*(line(f"M{x} {y}v{down}", colour, 4) for x in range(int(left), int(right), 14)))


def bed(p: Paint, v: int) -> str:
    board = (
        drawn(*(rect(70 + i * 44, 92, 42, 100, p.main if i % 2 else p.dark, 10) for i in range(6)))
        if v % 3 == 0
        else drawn(
            rect(66, 88, 268, 110, p.main, 34 if v % 2 else 8),
            faint(0.5, *(circle(x, y, 4, p.deep) for y in (118, 146) for x in range(110, 310, 36))) if v % 2 else "",
        )
    )
    return drawn(
        ground(172),
        board,
        rect(78, 166, 112, 48, WHITE, 18),
        rect(210, 166, 112, 48, WHITE, 18),
        faint(0.1, rect(78, 196, 112, 18, "#334", 9), rect(210, 196, 112, 18, "#334", 9)),
        rect(54, 204, 292, 60, "#f3efe8", 18),
        path("M54 226q146-22 292 0v48q0 12-12 12H66q-12 0-12-12z", p.pale),
        path("M54 246q146-20 292 0v28q0 12-12 12H66q-12 0-12-12z", p.accent if v % 2 else p.light),
        rect(48, 268, 304, 30, p.dark, 8),
        legs(70, 330, top=296),
    )


def mattress(p: Paint, v: int) -> str:
    seams = drawn(*(line(f"M{x} 210V276", p.pale, 2) for x in range(96, 330, 26)))
    return drawn(
        ground(165),
        path("M92 178h216l46 44H46z", WHITE),
        faint(0.5, *(line(f"M{110 + i * 40} 184l-{20 - i * 8} 32", p.pale, 3) for i in range(5))),
        rect(46, 214, 308, 74, "#eceff3", 20),
        seams,
        rect(46, 236, 308, 16, p.main, 0),
        turned(-4, rect(116, 156, 120, 40, p.pale, 18)) if v % 2 else "",
    )


def cushion(p: Paint, v: int) -> str:
    shape = "M98 108q102 22 204 0q-20 92 0 204q-102-22-204 0q20-102 0-204z"
    motif = {
        0: drawn(*(line(f"M{x} 124V296", p.pale, 8) for x in range(132, 290, 34))),
        1: drawn(*(circle(x, y, 9, p.pale) for y in range(148, 290, 40) for x in range(140, 280, 40))),
        2: drawn(path("M200 142l58 68l-58 68l-58-68z", p.light), path("M200 172l32 38l-32 38l-32-38z", p.accent)),
        3: drawn(*(line(f"M124 {y}q38-26 76 0t76 0", p.pale, 6) for y in range(160, 280, 34))),
    }.get(v, "")
    return drawn(
        ground(110, y=318),
        path(shape, p.main),
        motif,
        faint(0.22, path("M98 108q102 22 204 0q-3 14-5 28q-96 18-194 0q-2-14-5-28z", WHITE)),
        faint(0.2, path("M98 312q102-22 204 0q-4-16-6-30q-96-16-192 0q-2 14-6 30z", "#000")),
        drawn(*(circle(x, y, 8, p.accent) for x, y in ((98, 110), (302, 110), (98, 310), (302, 310)))) if v > 3 else "",
    )


def rug(p: Paint, v: int) -> str:
    field = (
        drawn(*(path(f"M200 {y}l52 36l-52 36l-52-36z", c) for y, c in ((92, p.pale), (164, p.accent), (236, p.pale)))),
        drawn(
            ellipse(200, 200, 62, 88, p.pale), ellipse(200, 200, 46, 68, p.dark), ellipse(200, 200, 24, 40, p.accent)
        ),
        drawn(*(rect(112, 96 + i * 36, 176, 16, (p.pale, p.accent, p.light)[i % 3]) for i in range(6))),
        drawn(
            *(
                line(f"M108 {y}l23 22l23-22l23 22l23-22l23 22l23-22l23 22l23-22", p.pale if i % 2 else p.accent, 8)
                for i, y in enumerate(range(98, 290, 38))
            )
        ),
        drawn(
            path("M108 110q80 60 60 100t60 92H108z", p.pale),
            path("M230 92q-30 70 20 100t40 110V92z", p.accent),
            circle(190, 160, 26, p.deep),
        ),
        drawn(
            *(
                circle(x, y, 14, p.pale if (x + y) % 3 else p.accent)
                for x in range(128, 290, 36)
                for y in range(112, 300, 36)
            )
        ),
    )[v]
    return drawn(
        faint(0.15, rect(98, 66, 216, 284, "#224", 4)),
        _tassels(98, 310, 52, 14, p.pale),
        _tassels(98, 310, 334, 14, p.pale),
        rect(90, 60, 220, 280, p.main, 4),
        rect(102, 72, 196, 256, p.dark, 2),
        rect(108, 78, 184, 244, p.main),
        field,
    )


def mat(p: Paint, v: int) -> str:
    inside = (
        drawn(*(line(f"M{x} 168V262", p.pale, 4) for x in range(86, 330, 16))),
        drawn(path("M200 178l58 36l-58 36l-58-36z", p.pale), path("M200 194l32 20l-32 20l-32-20z", p.accent)),
        drawn(*(circle(x, y, 8, p.pale) for x in range(92, 330, 27) for y in (184, 215, 246))),
    )[v % 3]
    return drawn(
        ground(160, y=290),
        rect(46, 142, 308, 146, p.dark, 26 if v > 2 else 8),
        rect(46, 136, 308, 146, p.main, 26 if v > 2 else 8),
        rect(60, 150, 280, 118, p.light, 18 if v > 2 else 4),
        rect(66, 156, 268, 106, p.main, 14 if v > 2 else 3),
        inside,
    )


def curtain(p: Paint, v: int) -> str:
    def panel(x: int, flip: int) -> str:
        folds = drawn(*(path(f"M{x + i * 22} 84h11v226q-6 8-11 0z", p.dark if i % 2 else p.light) for i in range(5)))
        return drawn(
            path(f"M{x} 78h110v236q-27 14-55 0t-55 0z", p.main),
            faint(0.55, folds),
            rect(x, 206, 110, 12, p.accent, 5) if v % 2 else "",
            *(ring(x + 11 + i * 22, 82, 7, METAL_DARK, 3) for i in range(5)) if flip else (),
        )

    window = drawn(
        rect(150, 96, 100, 180, "#cfe6f2", 4),
        line("M200 96V276", WHITE, 6),
        line("M150 186H250", WHITE, 6),
        circle(226, 126, 14, "#f9d877"),
    )
    return drawn(
        window,
        line("M50 78H350", METAL_DARK, 9),
        circle(46, 78, 11, METAL_DARK),
        circle(354, 78, 11, METAL_DARK),
        panel(64, v > 2),
        panel(226, v > 2),
    )


def linen(p: Paint, v: int) -> str:
    layers = ((252, p.main), (210, p.pale), (168, p.light), (126, p.accent if v % 2 else p.dark))
    stack = drawn(
        *(
            drawn(
                rect(84, y, 232, 46, c, 20),
                faint(0.18, rect(84, y + 30, 232, 16, "#000", 8)),
                faint(0.35, line(f"M100 {y + 10}H290", WHITE, 4)),
            )
            for y, c in layers
        )
    )
    dots = (
        drawn(
            *(circle(x, 274, 5, p.pale) for x in range(110, 300, 24)),
            *(line(f"M{x} 218l10 24", p.main, 4) for x in range(110, 300, 26)),
        )
        if v > 2
        else drawn(*(line(f"M{x} 180V206", p.pale, 5) for x in range(112, 300, 22)))
    )
    return drawn(ground(130, y=306), stack, dots)


def cover(p: Paint, v: int) -> str:
    shape = (
        "M92 176q4-52 40-56h136q36 4 40 56l26 124q2 12-10 12H76q-12 0-10-12z"
        if v % 2
        else "M110 130q90-30 180 0q22 90 34 180H76q12-90 34-180z"
    )
    return drawn(
        ground(150),
        path(shape, p.main),
        faint(
            0.4,
            line("M130 150q-14 80-22 150", p.dark, 5),
            line("M270 150q14 80 22 150", p.dark, 5),
            line("M200 128V310", p.dark, 4),
        ),
        faint(0.25, path("M132 130q20-8 44-10l-14 180h-50z", WHITE)),
        line("M72 306H328", p.accent, 7),
    )


SOFT: dict[str, Drawing] = {
    "bed": bed,
    "mattress": mattress,
    "cushion": cushion,
    "rug": rug,
    "mat": mat,
    "curtain": curtain,
    "linen": linen,
    "cover": cover,
}
