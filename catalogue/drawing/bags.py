"""Bags, jewellery and what else is worn."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    WHITE,
    Drawing,
    Paint,
    circle,
    drawn,
    faint,
    ground,
    line,
    path,
    rect,
    ring,
    turned,
)


def handbag(p: Paint, v: int) -> str:
    handle = line("M140 186q0-100 60-100t60 100", p.deep, 13)
    if v % 3 == 2:
        return drawn(
            ground(96),
            path("M150 110q50 30 100 0l14 30h-128z", p.light),
            path("M136 140q64-20 128 0q70 70 40 140q-20 40-104 40t-104-40q-30-70 40-140z", p.main),
            line("M134 142q66 18 132 0", p.accent, 9),
            *(circle(x, y, 6, p.accent) for x, y in ((170, 220), (200, 244), (230, 220), (200, 196))),
            line("M150 142l-26 50M250 142l26 50", p.accent, 4),
        )
    flap = (
        path("M88 190h224q-6 76-112 82q-106-6-112-82z", p.dark)
        if v % 2
        else drawn(line("M86 236H314", p.dark, 5), rect(150, 250, 100, 50, p.light, 10))
    )
    return drawn(
        ground(130),
        handle,
        path("M86 186h228l14 116q2 18-18 18H90q-20 0-18-18z", p.main),
        flap,
        rect(184, 224, 32, 26, GOLD, 7),
        faint(0.2, path("M96 196h24l-14 112H86z", WHITE)),
    )


def backpack(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        line("M168 82q0-34 32-34t32 34", p.deep, 11),
        rect(84, 190, 40, 100, p.deep, 16),
        rect(276, 190, 40, 100, p.deep, 16),
        path("M112 170a88 98 0 0 1 176 0v122q0 28-28 28H140q-28 0-28-28z", p.main),
        path("M132 176a68 72 0 0 1 136 0z", p.light),
        rect(134, 208, 132, 96, p.dark, 20),
        line("M148 234H252", p.accent, 6),
        rect(236, 232, 10, 24, METAL, 4),
        line("M130 176H270", p.deep, 5),
        rect(180, 120, 40, 26, p.accent if v % 2 else p.pale, 6),
    )


def suitcase(p: Paint, v: int) -> str:
    ribs = (
        drawn(*(line(f"M{x} 136V282", p.dark, 7) for x in range(142, 270, 23)))
        if v % 2
        else drawn(*(line(f"M126 {y}H274", p.dark, 6) for y in (160, 190, 220, 250)))
    )
    return drawn(
        ground(90),
        line("M164 112V52H236V112", METAL_DARK, 9),
        rect(156, 44, 88, 16, INK, 8),
        rect(110, 108, 180, 198, p.main, 26),
        ribs,
        faint(0.3, rect(118, 122, 10, 170, WHITE, 5)),
        rect(182, 112, 36, 14, METAL, 6),
        circle(140, 312, 11, INK),
        circle(260, 312, 11, INK),
        rect(224, 262, 44, 24, p.accent, 5),
    )


def wallet(p: Paint, v: int) -> str:
    cards = (
        drawn(rect(118, 120, 150, 90, METAL_LIGHT, 8), rect(130, 106, 150, 90, p.accent, 8))
        if v % 2
        else rect(122, 112, 150, 60, "#9fc79b", 4)
    )
    belt = drawn(
        ring(200, 210, 96, p.main, 34),
        ring(200, 210, 96, p.dark, 3),
        rect(176, 276, 56, 62, METAL, 10),
        rect(186, 288, 36, 38, p.main, 3),
        rect(198, 300, 34, 10, METAL_DARK, 4),
    )
    if v == 5:
        return drawn(ground(110, y=344), belt)
    return drawn(
        ground(120),
        cards,
        rect(84, 148, 232, 158, p.main, 18),
        rect(84, 148, 232, 24, p.light, 12),
        '<rect x="94" y="158" width="212" height="138" rx="12" fill="none" stroke="'
        + p.pale
        + '" stroke-width="2" stroke-dasharray="7 6"/>',
        rect(256, 202, 70, 50, p.dark, 14),
        circle(276, 227, 8, METAL),
    )


def sunglasses(p: Paint, v: int) -> str:
    shape = (
        "M64 170h116q8 84-54 88q-66-4-62-88z",
        "M62 164h122q-2 96-62 96t-60-96z",
        "M56 160q60-12 124 10q0 84-58 86q-62-4-66-96z",
    )[v % 3]
    lens = drawn(path(shape, INK if v % 2 else p.deep), faint(0.35, path("M80 180h40l-30 56q-12-24-10-56z", WHITE)))
    return drawn(
        ground(130, y=290),
        lens,
        f'<g transform="matrix(-1 0 0 1 400 0)">{lens}</g>',
        line("M180 182q20-18 40 0", p.main, 11),
        line("M62 172L34 160M338 172L366 160", p.main, 12),
        line("M62 168H182M218 168H338", p.main, 10),
    )


def jewel(p: Paint, v: int) -> str:
    gem = "#c6302b" if p.accent == "#3d8b8b" else "#2f9e7a"

    def earring(x: int) -> str:
        return drawn(
            ring(x, 100, 15, p.main, 5),
            circle(x, 142, 20, p.main),
            circle(x, 142, 9, gem),
            path(f"M{x - 44} 226a44 50 0 0 1 88 0z", p.main),
            path(f"M{x - 36} 226a36 36 0 0 1 72 0z", p.dark),
            *(drawn(line(f"M{x + d} 230v14", p.main, 3), circle(x + d, 252, 7, PAPER)) for d in (-36, -18, 0, 18, 36)),
        )

    if v % 3 == 0:
        return drawn(earring(132), earring(268))
    if v % 3 == 1:
        chain = drawn(
            line("M92 80Q110 250 200 262T308 80", p.main, 9), line("M112 80Q130 218 200 228T288 80", p.light, 4)
        )
        return drawn(
            chain,
            *(circle(x, y, 9, p.dark) for x, y in ((128, 200), (152, 234), (248, 234), (272, 200))),
            circle(200, 276, 32, p.main),
            circle(200, 276, 18, gem),
            faint(0.7, circle(194, 268, 5, WHITE)),
            *(turned(a, circle(200, 316, 6, p.light), x=200, y=276) for a in range(0, 360, 45)),
        )
    return drawn(
        ground(96, y=324),
        ring(200, 214, 94, p.dark, 24),
        ring(200, 210, 94, p.main, 18),
        *(turned(a, circle(200, 116, 6, gem if a % 60 else p.pale), x=200, y=210) for a in range(0, 360, 30)),
        ring(200, 210, 104, p.light, 3),
    )


def helmet(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        path("M78 226a124 132 0 0 1 246-18l4 40q-40 8-76 6q-6 44-40 60H122q-44-20-44-88z", p.main),
        path("M184 150h132q14 40 10 66q-60 16-142 0z", "#39424e" if v % 2 else GLASS),
        faint(0.5, path("M200 160h60l-30 46h-34z", WHITE)),
        line("M104 156q36-56 104-60", p.accent, 12),
        line("M130 300q40 16 84-2", p.deep, 9),
    )


BAGS: dict[str, Drawing] = {
    "handbag": handbag,
    "backpack": backpack,
    "suitcase": suitcase,
    "wallet": wallet,
    "sunglasses": sunglasses,
    "jewel": jewel,
    "helmet": helmet,
}
