"""Taps, basins, showers and soap."""

from catalogue.drawing.paint import (
    GLASS,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
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
)

WATER = "#8cc6df"


def faucet(p: Paint, v: int) -> str:
    high = v % 2 == 1
    spout = "M180 300V150q0-62 62-62t62 62v26" if high else "M180 300V196q0-40 40-40h60q22 0 22 26v14"
    tip = (304, 176) if high else (302, 196)
    drops = drawn(*(path(f"M{tip[0]} {tip[1] + 26 + i * 32}q9 14 0 22q-9-8 0-22z", WATER) for i in range(3)))
    return drawn(
        ground(110),
        line(spout, p.dark, 36),
        line(spout, p.main, 28),
        faint(0.5, line(spout, p.pale, 6)),
        rect(tip[0] - 17, tip[1], 34, 14, p.deep, 5),
        drops,
        rect(134, 296, 92, 22, p.dark, 8),
        line("M180 232H120", p.main, 18)
        if v < 4
        else drawn(line("M120 300V262M96 262H144", p.main, 16), line("M240 300V262M216 262H264", p.main, 16)),
        circle(118, 232, 13, p.dark) if v < 4 else "",
    )


def shower(p: Paint, v: int) -> str:
    drops = drawn(
        *(
            line(f"M{200 + d} {172 + (i % 3) * 34}l{d * 0.12:g} 22", WATER, 5)
            for i, d in enumerate((*range(-84, 96, 24), *range(-70, 90, 28), *range(-84, 96, 24)))
        )
    )
    if v % 2:
        return drawn(
            line("M200 20V100", p.dark, 16),
            path("M92 128a108 34 0 0 1 216 0z", p.main),
            rect(88, 124, 224, 18, p.dark, 9),
            drops,
        )
    return drawn(
        line("M90 320V80q0-26 26-26h84", p.dark, 14),
        path("M130 96a76 46 0 0 1 152 0z", p.main),
        rect(122, 92, 168, 16, p.dark, 8),
        drops,
        rect(70, 230, 40, 40, p.main, 8),
        circle(90, 250, 8, p.pale),
    )


def sink(p: Paint, v: int) -> str:
    tap = drawn(line("M200 150V92q0-26 26-26h4q24 0 24 24v10", METAL_DARK, 14), rect(180, 140, 40, 14, METAL_DARK, 4))
    bowls = (
        drawn(rect(76, 172, 118, 96, p.deep, 16), rect(206, 172, 118, 96, p.deep, 16))
        if v % 2
        else rect(80, 172, 240, 96, p.deep, 20)
    )
    shine = faint(0.25, rect(88, 182, 98 if v % 2 else 216, 26, WHITE, 12))
    return drawn(
        ground(160, y=312),
        rect(50, 150, 300, 30, p.light, 10),
        path("M56 174h288v116q0 16-16 16H72q-16 0-16-16z", p.main),
        bowls,
        shine,
        *(circle(x, 246, 9, METAL) for x in ((136, 264) if v % 2 else (200,))),
        tap,
    )


def tub(p: Paint, v: int) -> str:
    foam = drawn(
        *(
            circle(x, y, r, WHITE)
            for x, y, r in ((130, 196, 22), (164, 186, 28), (206, 192, 24), (244, 186, 26), (276, 198, 18))
        )
    )
    feet = drawn(*(path(f"M{x} 292q-18 10-12 28h26l-2-28z", METAL_DARK) for x in (120, 286)))
    return drawn(
        ground(160),
        line("M320 206V120q0-22-20-22t-20 20", METAL_DARK, 11),
        foam if v % 2 else ellipse(200, 206, 130, 12, WATER),
        feet,
        path("M56 204h288q-4 96-66 96H122q-62 0-66-96z", p.main),
        faint(0.4, path("M78 222q8 52 44 62h22q-40-20-44-62z", WHITE)),
        rect(46, 196, 308, 18, p.light, 9),
    )


def glassdoor(p: Paint, v: int) -> str:
    return drawn(
        ground(120, y=326),
        rect(86, 50, 228, 274, METAL_LIGHT, 4),
        rect(96, 60, 100, 258, GLASS, 2),
        rect(190, 60, 114, 258, p.pale, 2),
        *(faint(0.8, line(f"M{x} 250L{x + 60} 110", WHITE, 7)) for x in (112, 224)),
        rect(80, 46, 240, 12, p.main, 4),
        rect(80, 316, 240, 10, p.main, 4),
        rect(202, 150, 10, 80, p.dark, 5),
        *(path(f"M{x} {y}q8 12 0 20q-8-8 0-20z", WATER) for x, y in ((130, 220), (150, 270), (270, 240)))
        if v % 2
        else (),
    )


def soap(p: Paint, v: int) -> str:
    bubbles = drawn(
        *(
            drawn(circle(x, y, r, GLASS), faint(0.8, circle(x - r * 0.3, y - r * 0.3, r * 0.25, WHITE)))
            for x, y, r in ((120, 122, 20), (156, 94, 13), (276, 116, 24), (246, 84, 12))
        )
    )
    if v % 2:
        return drawn(
            ground(110),
            line("M200 150V108H248v14", METAL_DARK, 10),
            rect(182, 136, 36, 24, METAL, 6),
            path("M140 176q0-20 20-20h80q20 0 20 20v124q0 16-16 16h-88q-16 0-16-16z", p.main),
            rect(156, 206, 88, 58, PAPER, 6),
            circle(200, 235, 16, p.light),
            faint(0.3, line("M156 180v110", WHITE, 9)),
        )
    return drawn(
        ground(125, y=300),
        bubbles,
        ellipse(200, 286, 128, 20, p.deep),
        rect(96, 186, 208, 96, p.main, 40),
        ellipse(200, 214, 88, 26, p.light),
        rect(150, 200, 100, 28, p.main, 14),
        line("M168 214H232", p.pale, 5),
    )


def sauna(p: Paint, v: int) -> str:
    steam = faint(0.8, *(line(f"M{x} 130q-14-18 0-34t0-34", WHITE, 7) for x in (150, 200, 250)))
    body = (
        drawn(circle(200, 206, 116, p.dark), circle(200, 206, 102, p.main))
        if v % 2
        else drawn(rect(76, 76, 248, 242, p.dark, 8), rect(88, 88, 224, 220, p.main, 4))
    )
    return drawn(
        ground(140),
        body,
        *(line(f"M{x} {110 if v % 2 else 92}V304", p.dark, 3) for x in range(120, 290, 24)),
        rect(158, 150, 84, 160, "#f3dcae", 6),
        faint(0.8, line("M172 260L216 176", WHITE, 6)),
        rect(228, 220, 7, 34, p.deep, 3),
        steam,
    )


BATH: dict[str, Drawing] = {
    "faucet": faucet,
    "shower": shower,
    "sink": sink,
    "tub": tub,
    "glassdoor": glassdoor,
    "soap": soap,
    "sauna": sauna,
}
