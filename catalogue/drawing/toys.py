"""Toys and prams."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
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
    turned,
)


def blocks(p: Paint, v: int) -> str:
    def cube(x: int, y: int, colour: str, letter: str) -> str:
        return drawn(
            rect(x, y, 84, 84, colour, 10),
            rect(x + 10, y + 10, 64, 64, PAPER, 6),
            f'<text x="{x + 42}" y="{y + 60}" font-size="50" font-family="Verdana, sans-serif" font-weight="bold"'
            f' text-anchor="middle" fill="{colour}">{letter}</text>',
        )

    letters = ("ABC", "123", "KHG", "XYZ", "789", "DEF")[v]
    return drawn(
        ground(130),
        cube(100, 234, p.main, letters[0]),
        cube(208, 234, "#4aa3df", letters[1]),
        turned(-5, cube(152, 144, "#e2574c", letters[2]), x=190, y=190),
        path("M196 60l36 76h-72z", p.accent) if v % 2 else circle(194, 108, 32, p.accent),
    )


def bear(p: Paint, v: int) -> str:
    body = drawn(
        circle(134, 92, 30, p.main),
        circle(266, 92, 30, p.main),
        circle(134, 92, 15, p.pale),
        circle(266, 92, 15, p.pale),
        ellipse(200, 256, 82, 70, p.main),
        ellipse(200, 264, 50, 46, p.pale),
        ellipse(122, 238, 24, 46, p.dark),
        ellipse(278, 238, 24, 46, p.dark),
        circle(144, 312, 30, p.dark),
        circle(256, 312, 30, p.dark),
        circle(200, 146, 78, p.main),
        ellipse(200, 172, 36, 28, p.pale),
        ellipse(200, 160, 13, 9, INK),
        line("M200 170V182M186 188q14 10 28 0", INK, 4),
        circle(170, 134, 8, INK),
        circle(230, 134, 8, INK),
    )
    bow = (
        path("M200 224l-36-18v36zM200 224l36-18v36z", p.accent) if v % 2 else line("M150 214q50 26 100 0", p.accent, 16)
    )
    return drawn(ground(96, y=340), body, bow)


def puzzle(p: Paint, v: int) -> str:
    if v % 2:
        board = drawn(
            rect(70, 70, 260, 260, WOOD_DARK, 12),
            *(
                rect(82 + c * 59, 82 + r * 59, 59, 59, PAPER if (c + r) % 2 else p.main)
                for c in range(4)
                for r in range(4)
            ),
        )
        return drawn(
            board,
            *(
                drawn(
                    ellipse(x, y + 26, 20, 8, "#22222a"),
                    path(f"M{x - 16} {y + 24}q8-20 6-34h20q-2 14 6 34z", c),
                    circle(x, y - 16, 14, c),
                )
                for x, y, c in ((112, 220, p.accent), (230, 160, INK), (290, 270, p.accent))
            ),
        )
    piece = "M0 0h38q-8-22 12-22t12 22h38v38q22-8 22 12t-22 12v38H0V62q-22 8-22-12t22-12z"
    return drawn(
        faint(0.13, f'<g transform="translate(98 122) scale(1.05)">{path(piece, "#224")}</g>'),
        f'<g transform="translate(90 112)">{path(piece, p.main)}</g>',
        f'<g transform="translate(212 112) rotate(8)">{path(piece, p.accent)}</g>',
        f'<g transform="translate(90 226) rotate(-4)">{path(piece, "#4aa3df")}</g>',
        f'<g transform="translate(214 236)">{path(piece, p.dark)}</g>',
    )


def car(p: Paint, v: int) -> str:
    wheels = drawn(*(drawn(circle(x, 284, 36, INK), circle(x, 284, 17, METAL_LIGHT)) for x in (120, 282)))
    if v % 3 == 2:
        return drawn(
            ground(150),
            rect(48, 152, 200, 124, p.main, 12),
            path("M248 190h54q18 0 26 22l16 36v28h-96z", p.dark),
            path("M264 204h36q10 0 14 12l6 18h-56z", GLASS),
            *(line(f"M{x} 166V262", p.light, 6) for x in (88, 128, 168, 208)),
            wheels,
        )
    return drawn(
        ground(160),
        path("M40 252q-4-40 34-46l38-8q26-62 70-62h58q40 0 68 58q52 6 54 34v30q0 12-14 12H54q-12 0-14-18z", p.main),
        path("M130 196q20-44 54-44h10v44zM206 152h32q26 0 46 44h-78z", GLASS),
        line("M200 200V262", p.dark, 4),
        rect(216, 212, 24, 7, p.deep, 3),
        ellipse(350, 230, 11, 9, "#fff2c2"),
        rect(36, 234, 16, 12, "#e2574c", 4),
        path("M40 250h322v12q0 8-12 8H54q-10 0-14-8z", p.dark),
        wheels,
        line("M76 204L336 210", p.accent, 6) if v % 2 else "",
    )


def rideon(p: Paint, v: int) -> str:
    wheels = drawn(
        *(drawn(circle(x, 280, 40, INK), circle(x, 280, 22, p.accent), circle(x, 280, 9, PAPER)) for x in (116, 290))
    )
    if v % 3 == 2:
        return drawn(
            ground(130),
            line("M78 296Q200 352 322 296", WOOD_DARK, 16),
            path("M118 290l22-110h120l24 110h-30l-20-66h-66l-20 66z", WOOD),
            path("M226 190l40-110q40-14 52 22l16 40l-30 12l-22-20l-16 60z", p.main),
            circle(300, 108, 5, INK),
            line("M262 84Q230 130 226 186", p.accent, 14),
            path("M140 180q60-24 100 0v20h-100z", p.dark),
        )
    return drawn(
        ground(150),
        line("M290 276L264 140", METAL_DARK, 13),
        line("M236 138H292", INK, 13),
        path("M70 232q20-52 80-46l60 6q24-40 70-30l26 60q30 10 26 40H82q-18-8-12-30z", p.main),
        path("M112 186q40-24 84-2l-6 20h-78z", INK),
        path("M266 170l28 52h-50z", p.light),
        ellipse(306, 190, 12, 14, "#fff2c2"),
        wheels,
        path("M86 226h60l-10 20H84z", p.accent) if v % 2 else "",
    )


def pram(p: Paint, v: int) -> str:
    return drawn(
        ground(120),
        line("M270 200L336 108", METAL_DARK, 10),
        line("M320 100l30 14", INK, 12),
        path("M92 186a92 92 0 0 1 92-92v92z", p.dark),
        path("M184 94a92 92 0 0 1 60 24l-60 68z", p.main),
        path("M88 186h196q0 84-86 84h-24q-86 0-86-84z", p.main),
        path("M88 186h196q0 10-2 20H90q-2-10-2-20z", p.light),
        line("M130 266L114 300M244 266L262 300", METAL_DARK, 9),
        *(drawn(circle(x, 298, 24, INK), circle(x, 298, 11, METAL_LIGHT)) for x in (112, 264)),
        drawn(*(circle(x, 232, 7, p.pale) for x in (140, 170, 200, 230))) if v % 2 else "",
    )


TOYS: dict[str, Drawing] = {
    "blocks": blocks,
    "bear": bear,
    "puzzle": puzzle,
    "car": car,
    "rideon": rideon,
    "pram": pram,
}
