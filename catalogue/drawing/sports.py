"""Sports and the outdoors."""

from catalogue.drawing.paint import (
    INK,
    METAL,
    METAL_DARK,
    PAPER,
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
    ring,
    turned,
)


def bat(p: Paint, v: int) -> str:
    blade = drawn(
        path("M168 150h64v164q0 20-32 20t-32-20z", WOOD_LIGHT),
        path("M168 150h16v182q-16-4-16-18z", "#e6c79c"),
        rect(188, 52, 24, 106, p.main, 10),
        *(line(f"M188 {y}h24", p.dark, 3) for y in range(64, 150, 10)),
        path("M168 150q32-22 64 0v18h-64z", WOOD),
        rect(180, 206, 40, 70, p.accent, 6),
    )
    return drawn(
        ground(110, y=336),
        turned(22, blade),
        drawn(circle(306, 286, 36, "#b3262b"), line("M282 262q30 20 46 50", WHITE, 4)),
        drawn(*(rect(86 + i * 22, 130, 11, 196, WOOD_LIGHT, 5) for i in range(3)), rect(84, 122, 60, 9, WOOD, 4))
        if v % 2
        else "",
    )


def ball(p: Paint, v: int) -> str:
    seams = (
        drawn(
            path("M200 160l38 28l-14 46h-48l-14-46z", p.deep),
            *(turned(a, path("M200 78l30 18l-10 30h-40l-10-30z", p.deep)) for a in (0, 72, 144, 216, 288)),
            *(turned(a, line("M200 126V160", p.deep, 5)) for a in (0, 72, 144, 216, 288)),
        ),
        drawn(line("M80 200H320M200 80V320", p.deep, 7), line("M114 116q74 84 0 168M286 116q-74 84 0 168", p.deep, 7)),
        drawn(
            path("M200 80q-80 120 0 240q-124-10-124-120T200 80z", p.accent),
            path("M200 80q80 120 0 240q124-10 124-120T200 80z", p.pale),
        ),
    )[v % 3]
    return drawn(
        ground(90, y=332),
        circle(200, 200, 124, p.dark),
        circle(200, 198, 120, p.main),
        seams,
        faint(0.3, ellipse(156, 140, 34, 22, WHITE)),
    )


def racket(p: Paint, v: int) -> str:
    strings = faint(
        0.9,
        *(line(f"M{x} 70V206", METAL_DARK, 2) for x in range(154, 250, 12)),
        *(line(f"M140 {y}H260", METAL_DARK, 2) for y in range(84, 200, 12)),
    )
    one = drawn(
        strings,
        f'<ellipse cx="200" cy="138" rx="64" ry="80" fill="none" stroke="{p.main}" stroke-width="13"/>',
        line("M200 218V262", METAL, 10),
        rect(188, 258, 24, 80, p.dark, 9),
        *(line(f"M188 {y}l24 8", p.light, 3) for y in range(266, 330, 12)),
    )
    cock = drawn(
        path("M300 250l34-46l24 18l-40 42z", WHITE),
        *(line(f"M{304 + i * 6} {254 + i * 3}l{34 + i} -{46 - i * 3}", METAL, 2) for i in range(4)),
        circle(300, 266, 17, p.accent),
    )
    return drawn(ground(90, y=344), turned(-24, one), turned(24, one) if v % 2 else "", cock if v != 3 else "")


def yoga(p: Paint, v: int) -> str:
    return drawn(
        ground(140),
        path("M96 292h256l-24 22H70z", p.light),
        circle(112, 240, 76, p.dark),
        path("M112 164h196q36 30 36 76t-36 76H112z", p.main),
        circle(112, 240, 76, p.light),
        *(ring(112, 240, r, p.dark, 7) for r in (60, 42, 24)),
        circle(112, 240, 9, p.deep),
        rect(180, 160, 14, 160, p.accent, 4),
        rect(260, 160, 14, 160, p.accent, 4),
        line("M187 160Q230 90 267 160", p.accent, 8) if v % 2 else "",
    )


def dumbbell(p: Paint, v: int) -> str:
    def one(y: int) -> str:
        return drawn(
            rect(150, y - 11, 100, 22, METAL, 8),
            *(line(f"M{x} {y - 10}v20", METAL_DARK, 3) for x in range(166, 240, 10)),
            rect(110, y - 54, 46, 108, p.main, 14),
            rect(244, y - 54, 46, 108, p.main, 14),
            rect(82, y - 38, 34, 76, p.dark, 10),
            rect(284, y - 38, 34, 76, p.dark, 10),
            faint(0.3, rect(118, y - 44, 9, 88, WHITE, 4), rect(252, y - 44, 9, 88, WHITE, 4)),
        )

    if v % 3 == 2:
        return drawn(
            ground(100),
            line("M148 190V140q0-36 52-36t52 36v50", METAL_DARK, 24),
            circle(200, 246, 76, p.main),
            circle(200, 246, 44, p.dark),
            rect(176, 234, 48, 22, PAPER, 5),
            rect(150, 308, 100, 12, p.deep, 6),
        )
    return drawn(ground(130), one(264), turned(-16, one(150)) if v % 2 else one(148))


def bicycle(p: Paint, v: int) -> str:
    wheels = drawn(
        *(
            drawn(
                ring(x, 246, 66, INK, 9),
                ring(x, 246, 56, METAL, 3),
                *(turned(a, line(f"M{x} 246V192", METAL, 1.5), x=x, y=246) for a in range(0, 360, 30)),
                circle(x, 246, 8, METAL_DARK),
            )
            for x in (110, 290)
        )
    )
    return drawn(
        ground(165, y=316),
        wheels,
        line("M110 246L160 156H256L200 246zM160 156L200 246", p.main, 11),
        line("M256 156L290 246M256 156L248 122", p.dark, 10),
        line("M230 116H266q14 0 10 14", INK, 9),
        line("M160 156L152 130", METAL_DARK, 8),
        rect(126, 118, 56, 15, INK, 7),
        circle(200, 246, 17, METAL_DARK),
        line("M200 246L216 274", METAL_DARK, 6),
        drawn(path("M262 130h52l-8 40h-38z", WOOD), *(line(f"M{x} 134l-2 32", WOOD_DARK, 2) for x in (274, 286, 298)))
        if v % 2
        else "",
    )


def tent(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(130),
            line("M200 84L176 40M200 84L224 40M200 84L200 36", WOOD_DARK, 8),
            path("M200 70L316 318H84z", p.main),
            path("M200 120L250 318H150z", p.deep),
            path("M200 120q-4 110-66 198h16L200 130z", p.light),
            *(path(f"M{x} {y}l8 16h-16z", p.accent) for x, y in ((160, 190), (240, 190), (126, 262), (274, 262))),
        )
    return drawn(
        ground(165),
        path("M200 96L360 318H40z", p.main),
        path("M200 96L360 318H280z", p.dark),
        path("M176 156L226 318H98z", p.deep),
        path("M176 156L140 318h-42z", p.light),
        line("M40 318l-20 0M360 318l20 0", WOOD_DARK, 6),
        path("M200 96l30-24v18z", p.accent),
    )


SPORTS: dict[str, Drawing] = {
    "bat": bat,
    "ball": ball,
    "racket": racket,
    "yoga": yoga,
    "dumbbell": dumbbell,
    "bicycle": bicycle,
    "tent": tent,
}
