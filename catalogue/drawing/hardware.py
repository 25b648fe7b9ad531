"""Doors, handles, hooks, sockets and other fittings of a house."""

from catalogue.drawing.paint import (
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    SCREEN,
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


def door(p: Paint, v: int) -> str:
    inner = (
        drawn(*(rect(x, y, 62, h, p.dark, 3) for x in (132, 206) for y, h in ((70, 80), (166, 126)))),
        drawn(
            *(line(f"M{x} 60V308", p.dark, 3) for x in (156, 184, 212, 240)),
            line("M130 290L268 80", p.dark, 10),
            rect(122, 56, 156, 14, p.dark),
            rect(122, 298, 156, 14, p.dark),
        ),
        drawn(*(rect(134, y, 132, 14, p.dark, 3) for y in range(74, 300, 24))),
    )[v % 3]
    return drawn(
        ground(100, y=324),
        rect(108, 36, 184, 286, WOOD_LIGHT if v % 2 else WHITE, 4),
        rect(122, 50, 156, 270, p.main, 2),
        inner,
        circle(262, 190, 9, METAL_DARK),
        rect(258, 186, 20, 7, METAL, 3) if v % 2 else "",
    )


def handle(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            faint(0.14, rect(92, 176, 230, 40, "#224", 20)),
            rect(120, 190, 24, 46, p.dark, 6),
            rect(256, 190, 24, 46, p.dark, 6),
            rect(82, 168, 236, 34, p.main, 17),
            faint(0.5, rect(96, 174, 208, 8, WHITE, 4)),
            *(line(f"M{x} 170V200", p.dark, 2) for x in range(150, 256, 10)) if v > 2 else (),
        )
    return drawn(
        faint(0.14, rect(116, 92, 66, 232, "#224", 14)),
        rect(110, 84, 62, 232, p.dark, 14),
        circle(141, 108, 6, p.pale),
        circle(141, 292, 6, p.pale),
        path("M135 250h12v22h-12z", INK),
        circle(141, 250, 9, INK),
        circle(141, 176, 22, p.light),
        rect(136, 162, 170, 28, p.main, 14),
        faint(0.5, rect(150, 166, 140, 7, WHITE, 3)),
    )


def knob(p: Paint, v: int) -> str:
    petals = drawn(*(turned(a, ellipse(200, 140, 24, 40, p.light)) for a in range(0, 360, 45))) if v % 3 == 1 else ""
    facets = (
        drawn(*(turned(a, path("M200 200L168 116h64z", p.light if a % 120 else p.pale)) for a in range(0, 360, 60)))
        if v % 3 == 2
        else ""
    )
    return drawn(
        faint(0.16, circle(212, 216, 112, "#224")),
        circle(200, 200, 112, p.dark),
        circle(200, 200, 98, p.main),
        petals,
        facets,
        circle(200, 200, 26 if v % 3 else 62, p.light),
        faint(0.55, ellipse(164, 154, 30, 18, WHITE)),
    )


def hook(p: Paint, v: int) -> str:
    def one(x: int) -> str:
        return drawn(
            rect(x - 14, 150, 28, 56, p.main, 8),
            line(f"M{x} 186v44q0 26 24 26t22-24", p.main, 13),
            circle(x + 46, 230, 10, p.light),
            circle(x, 162, 4, p.pale),
        )

    towel = drawn(path("M96 226q34-10 60 4l4 96q-36 10-68 0z", p.accent), line("M100 300q30 8 58 0", WHITE, 6))
    rail = drawn(rect(66, 132, 268, 34, WOOD, 8), rect(66, 132, 268, 10, WOOD_LIGHT, 5))
    return drawn(rail, *(one(x) for x in ((110, 190, 270) if v % 2 else (130, 240))), towel if v > 2 else "")


def hood(p: Paint, v: int) -> str:
    lights = drawn(faint(0.4, path("M120 270h160l40 90H80z", "#fff2c2")))
    shape = (
        path("M166 66h68v92l88 76v30H78v-30l88-76z", p.main)
        if v % 2
        else drawn(rect(168, 60, 64, 130, p.dark, 4), path("M70 210q130-50 260 0v40H70z", p.main))
    )
    return drawn(
        lights,
        shape,
        rect(78, 240, 244, 26, p.dark, 6),
        *(circle(x, 253, 5, p.pale) for x in (176, 200, 224)),
    )


def socket(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            faint(0.14, rect(70, 140, 276, 140, "#224", 26)),
            rect(62, 130, 276, 140, p.main, 26),
            *(
                drawn(
                    circle(x, 200, 34, p.pale),
                    circle(x, 184, 5, INK),
                    circle(x - 11, 208, 5, INK),
                    circle(x + 11, 208, 5, INK),
                )
                for x in (116, 200)
            ),
            rect(262, 166, 44, 68, p.dark, 8),
            rect(262, 166, 44, 34, p.light, 8),
            circle(284, 250, 5, "#e2574c"),
        )
    return drawn(
        faint(0.14, rect(108, 78, 200, 260, "#224", 18)),
        rect(100, 70, 200, 260, p.main, 18),
        rect(116, 86, 168, 228, p.pale, 10),
        rect(132, 104, 62, 90, WHITE, 6),
        rect(132, 104, 62, 45, METAL_LIGHT, 6),
        rect(206, 104, 62, 90, WHITE, 6),
        rect(206, 149, 62, 45, METAL_LIGHT, 6),
        circle(200, 252, 40, WHITE),
        *(circle(x, y, 6, INK) for x, y in ((200, 234), (184, 264), (216, 264))),
    )


def detector(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(
            ground(110),
            rect(96, 110, 208, 206, p.main, 34),
            rect(116, 132, 168, 92, SCREEN, 14),
            *(rect(134 + i * 38, 150, 24, 56, "#7fd0d2", 4) for i in range(3)),
            circle(200, 268, 24, p.accent),
            circle(144, 268, 10, p.dark),
            circle(256, 268, 10, p.dark),
        )
    return drawn(
        faint(0.16, circle(210, 212, 118, "#224")),
        circle(200, 200, 118, p.dark),
        circle(200, 196, 112, p.main),
        *(turned(a, rect(196, 106, 8, 34, p.dark, 4)) for a in range(0, 360, 20)),
        circle(200, 196, 46, p.light),
        circle(200, 196, 12, "#e2574c" if v % 2 else "#58b368"),
    )


def mailbox(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            faint(0.14, rect(110, 92, 204, 236, "#224", 14)),
            rect(100, 120, 200, 200, p.main, 12),
            path("M88 128L200 66l112 62z", p.dark),
            rect(130, 160, 140, 16, INK, 6),
            rect(146, 146, 108, 26, PAPER, 2),
            circle(200, 262, 12, METAL),
            rect(197, 264, 6, 16, INK, 2),
            rect(130, 196, 140, 28, p.light, 5),
        )
    return drawn(
        ground(60),
        rect(188, 230, 24, 88, WOOD_DARK, 3),
        path("M90 236V166a52 52 0 0 1 52-52h126a52 52 0 0 1 52 52v70z", p.main),
        path("M90 236V166a52 52 0 0 1 104 0v70z", p.dark),
        rect(112, 180, 62, 10, INK, 4),
        line("M262 176V110", METAL_DARK, 7),
        path("M262 106h40v26h-40z", p.accent),
    )


def bin_(p: Paint, v: int) -> str:
    lid = ellipse(200, 118, 78, 18, p.light) if v % 2 else path("M122 128a78 56 0 0 1 156 0z", p.dark)
    return drawn(
        ground(84),
        path("M122 124h156l-14 186q-1 8-9 8H145q-8 0-9-8z", p.main),
        faint(0.3, path("M138 140h20l8 160h-18z", WHITE)),
        lid,
        rect(116, 118, 168, 16, p.dark, 8),
        rect(176, 306, 48, 12, INK, 5),
        ring(200, 224, 26, p.pale, 6) if v > 2 else "",
    )


def board(p: Paint, v: int) -> str:
    notes = drawn(
        *(
            turned(a, rect(x, y, 58, 58, c, 3), circle(x + 29, y + 8, 5, "#c6302b"), x=x, y=y)
            for x, y, a, c in (
                (104, 120, -4, "#ffe08a"),
                (178, 132, 3, "#f7b7a3"),
                (250, 118, -2, "#b7d7c4"),
                (120, 200, 4, "#c9d6ee"),
                (214, 206, -5, "#ffe08a"),
            )
        )
    )
    grid = drawn(
        *(line(f"M{x} 110V282", METAL, 2) for x in range(104, 320, 32)),
        *(line(f"M78 {y}H322", METAL, 2) for y in range(124, 282, 32)),
        circle(184, 172, 10, "#e2574c"),
        circle(248, 236, 10, "#3d8b8b"),
    )
    return drawn(
        faint(0.14, rect(66, 96, 288, 212, "#224", 8)),
        rect(58, 86, 284, 212, WOOD_DARK if p.main != WHITE else METAL, 8),
        rect(70, 98, 260, 188, p.pale if v % 2 else PAPER, 3),
        notes if v % 2 else grid,
    )


def screen(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        line("M200 250L140 318M200 250L260 318M200 90V300", METAL_DARK, 8)
        if v % 2
        else line("M90 60V40M310 60V40", METAL_DARK, 6),
        rect(52, 58, 296, 18, p.dark, 8),
        rect(62, 74, 276, 172, INK, 2),
        rect(72, 80, 256, 156, "#f4f6f8", 2),
        faint(0.5, path("M72 236l80-70l50 40l44-34l82 64z", "#9fc1d4")),
        circle(272, 120, 16, p.accent),
        path("M186 138l40 22l-40 22z", p.main),
        rect(62, 240, 276, 12, p.dark, 5),
    )


HARDWARE: dict[str, Drawing] = {
    "door": door,
    "handle": handle,
    "knob": knob,
    "hook": hook,
    "hood": hood,
    "socket": socket,
    "detector": detector,
    "mailbox": mailbox,
    "bin": bin_,
    "board": board,
    "screen": screen,
}
