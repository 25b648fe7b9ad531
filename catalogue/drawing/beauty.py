"""What stands on the bathroom shelf."""

from catalogue.drawing.paint import (
    GOLD,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    PAPER,
    WHITE,
    WOOD,
    WOOD_DARK,
    Drawing,
    Paint,
    circle,
    drawn,
    faint,
    ground,
    line,
    path,
    rect,
    turned,
)


def tube(p: Paint, v: int) -> str:
    return drawn(
        ground(64),
        path("M142 70h116l-14 190h-88z", p.main),
        rect(138, 58, 124, 18, p.light, 4),
        rect(164, 258, 72, 56, p.dark, 10),
        *(line(f"M{x} 268V304", p.deep, 3) for x in (178, 192, 206, 220)),
        rect(158, 116, 84, 92, PAPER, 10),
        path("M200 134q24 22 0 48q-24-26 0-48z", LEAF if v % 2 else p.accent),
        line("M174 196H226", p.dark, 5),
        faint(0.3, path("M150 84h14l6 160h-10z", WHITE)),
    )


def pump(p: Paint, v: int) -> str:
    return drawn(
        ground(74),
        line("M200 120V84H148v14", p.deep, 14),
        rect(174, 108, 52, 34, p.deep, 7),
        path("M138 166q0-24 24-24h76q24 0 24 24v130q0 20-20 20h-84q-20 0-20-20z", p.main),
        rect(152, 186, 96, 92, PAPER, 10),
        *(
            turned(a, path("M200 232q12-18 0-34q-12 16 0 34z", LEAF if v % 2 else p.accent), x=200, y=234)
            for a in range(0, 360, 60)
        ),
        line("M174 268H226", p.dark, 4),
        faint(0.3, rect(144, 162, 9, 140, WHITE, 4)),
    )


def oilbottle(p: Paint, v: int) -> str:
    return drawn(
        ground(66),
        rect(176, 56, 48, 40, p.deep, 7),
        path("M182 94h36v34q44 20 44 70v96q0 24-24 24h-76q-24 0-24-24v-96q0-50 44-70z", "#efc14a" if v % 2 else p.main),
        faint(0.4, path("M150 190q4-34 30-46l-10 150h-16z", WHITE)),
        rect(146, 200, 108, 78, PAPER, 8),
        path("M200 214q20 22 0 42q-20-20 0-42z", p.dark),
        line("M168 268H232", p.dark, 4),
    )


def lipstick(p: Paint, v: int) -> str:
    def one(x: int, top: int) -> str:
        return drawn(
            path(f"M{x - 22} {top + 70}V{top + 24}q4-24 44-24v70z", p.main),
            faint(0.3, path(f"M{x - 16} {top + 66}V{top + 28}q2-10 12-14v52z", WHITE)),
            rect(x - 26, top + 68, 52, 46, GOLD, 4),
            rect(x - 34, top + 112, 68, 318 - top - 112, INK, 6),
            line(f"M{x - 34} {top + 134}h68", GOLD, 4),
        )

    cap = drawn(rect(256, 178, 72, 140, INK, 8), line("M256 300h72", GOLD, 4))
    swipe = path("M56 118q60-30 120-6q-50 4-60 24q-36 0-60-18z", p.light) if v > 2 else ""
    return drawn(ground(120), swipe, one(168, 72), one(96, 120) if v % 2 else "", cap)


def palette(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            faint(0.14, rect(62, 104, 292, 216, "#224", 24)),
            rect(52, 92, 296, 212, INK, 24),
            *(
                circle(108 + (i % 4) * 62, 148 + (i // 4) * 74, 26, c)
                for i, c in enumerate((p.main, p.light, p.dark, p.pale, p.accent, "#d7a58b", p.deep, "#e8b4b0"))
            ),
            rect(86, 256, 228, 26, "#4a4d55", 13),
            rect(92, 262, 160, 14, GOLD, 7),
            path("M252 258h58q8 11 0 22h-58z", "#d9b48a"),
        )
    return drawn(
        ground(130),
        path("M200 78q140 4 138 112q-2 60-70 54q-34-2-30 24q6 44-46 46q-130-6-130-118q4-116 138-118z", WOOD),
        circle(230, 244, 18, PAPER),
        *(
            circle(x, y, 23, c)
            for x, y, c in (
                (126, 158, p.main),
                (186, 124, p.accent),
                (254, 132, "#4aa3df"),
                (294, 186, "#58b368"),
                (110, 222, "#e2574c"),
            )
        ),
        turned(36, rect(292, 60, 14, 200, WOOD_DARK, 6), rect(289, 46, 20, 40, p.main, 8), x=300, y=160),
    )


def nail(p: Paint, v: int) -> str:
    def one(x: int, colour: str) -> str:
        return drawn(
            path(f"M{x - 18} 70h36l8 128h-52z", INK),
            line(f"M{x - 26} 190h52", GOLD, 6),
            path(f"M{x - 48} 226q0-26 22-28h52q22 2 22 28v68q0 24-24 24h-48q-24 0-24-24z", colour),
            faint(0.4, rect(x - 36, 222, 11, 76, WHITE, 5)),
        )

    return drawn(
        ground(120),
        *(
            one(x, c)
            for x, c in (((116, p.light), (200, p.main), (284, p.dark)) if v % 2 else ((148, p.main), (256, p.accent)))
        ),
    )


def perfume(p: Paint, v: int) -> str:
    body = (
        rect(122, 160, 156, 156, p.main, 18)
        if v % 2
        else path("M150 160h100q50 40 40 110q-10 46-60 46h-60q-50 0-60-46q-10-70 40-110z", p.main)
    )
    mist = (
        faint(0.8, *(circle(x, y, r, WHITE) for x, y, r in ((108, 84, 5), (90, 100, 7), (92, 72, 4), (72, 88, 5))))
        if v > 2
        else ""
    )
    return drawn(
        ground(84),
        mist,
        rect(166, 60, 68, 62, GOLD, 9),
        rect(178, 120, 44, 42, METAL, 4),
        body,
        faint(0.4, path("M138 190q10-14 30-16l-10 120h-20z", WHITE)),
        rect(154, 218, 92, 62, PAPER, 6),
        line("M170 240H230M180 258H220", p.dark, 4),
    )


def trimmer(p: Paint, v: int) -> str:
    return drawn(
        ground(70),
        rect(160, 64, 80, 22, METAL, 5),
        *(line(f"M{x} 50V66", METAL_DARK, 5) for x in range(166, 240, 10)),
        path("M156 86h88q14 100-8 222q-36 16-72 0q-22-122-8-222z", p.main),
        path("M172 110h56q8 70-2 150q-26 8-52 0q-10-80-2-150z", p.dark),
        rect(186, 136, 28, 48, p.accent, 14),
        circle(200, 150, 8, PAPER),
        *(circle(200, y, 4, "#58b368") for y in (210, 226)),
        line("M200 316q0 24 40 20", INK, 6) if v % 2 else "",
    )


def dryer(p: Paint, v: int) -> str:
    wind = faint(0.85, *(line(f"M{20 + i * 6} {118 + i * 28}q30-12 56 0", "#9ccfe6", 6) for i in range(3)))
    if v % 3 == 2:
        return drawn(
            ground(110),
            turned(
                -30,
                rect(70, 176, 260, 24, p.main, 12),
                rect(70, 206, 260, 24, p.main, 12),
                rect(82, 182, 110, 12, INK, 5),
                rect(82, 212, 110, 12, INK, 5),
                circle(318, 203, 20, p.dark),
            ),
            line("M300 130q50-30 40-80", INK, 7),
        )
    return drawn(
        ground(90),
        wind,
        path("M196 220h70l-16 92q-2 8-10 8h-34q-10 0-10-10z", p.dark),
        path("M104 104h130a66 66 0 0 1 0 132H104q-16-66 0-132z", p.main),
        rect(82, 118, 34, 104, INK, 8),
        circle(246, 170, 40, p.dark),
        circle(246, 170, 24, p.light),
        *(line(f"M{226 + i * 10} 156V184", p.deep, 3) for i in range(5)),
        line("M224 318q10 40 70 26", INK, 7),
    )


BEAUTY: dict[str, Drawing] = {
    "tube": tube,
    "pump": pump,
    "oilbottle": oilbottle,
    "lipstick": lipstick,
    "palette": palette,
    "nail": nail,
    "perfume": perfume,
    "trimmer": trimmer,
    "dryer": dryer,
}
