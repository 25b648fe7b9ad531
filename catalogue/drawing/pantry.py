"""Books, paper, groceries and tins."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    LEAF,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    WHITE,
    WOOD,
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


def book(p: Paint, v: int) -> str:
    cover = (
        drawn(circle(206, 170, 40, p.accent), path("M146 250l40-60l34 40l22-24l34 44z", p.deep)),
        drawn(
            *(turned(a, path("M206 200q16-30 0-60q-16 30 0 60z", p.pale), x=206, y=200) for a in range(0, 360, 45)),
            circle(206, 200, 14, p.accent),
        ),
        drawn(path("M206 120q50 60 0 130q-50-70 0-130z", p.pale), line("M206 130V260", p.accent, 4)),
        drawn(*(rect(146, 150 + i * 26, 120, 12, p.pale if i % 2 else p.accent, 3) for i in range(5))),
        drawn(
            path("M150 240q0-70 56-70t56 70z", p.accent),
            rect(196, 208, 20, 32, p.deep),
            path("M206 132l14 30h-28z", p.pale),
        ),
        drawn(circle(180, 180, 34, p.light), circle(226, 214, 34, p.accent), circle(190, 240, 22, p.pale)),
    )[v]
    return drawn(
        ground(100, y=336),
        path("M122 74h160q16 0 16 16v222q0 16-16 16H122z", PAPER),
        *(line(f"M296 {y}v8", METAL, 2) for y in range(96, 310, 12)),
        path("M112 82q0-16 16-16h150v250H128q-16 0-16 16z", p.main),
        path("M112 82q0-16 16-16h8v250h-8q-16 0-16 16z", p.dark),
        rect(154, 84, 104, 12, p.pale, 4),
        rect(170, 104, 72, 7, p.pale, 3),
        cover,
        rect(176, 288, 60, 8, p.pale, 4),
    )


def notebook(p: Paint, v: int) -> str:
    return drawn(
        ground(100, y=332),
        rect(120, 70, 176, 254, PAPER, 8),
        rect(112, 64, 176, 254, p.main, 12),
        rect(112, 64, 30, 254, p.dark, 10),
        *(ring(116, y, 9, METAL_DARK, 4) for y in range(88, 310, 26)) if v % 2 else (line("M262 64V318", p.accent, 9),),
        rect(164, 110, 84, 50, PAPER, 6),
        line("M178 130H234M178 144H220", p.dark, 4),
        turned(
            16,
            rect(300, 110, 14, 180, WOOD_LIGHT, 4),
            path("M300 290h14l-7 20z", INK),
            rect(300, 104, 14, 20, "#e8899a", 4),
            x=307,
            y=200,
        )
        if v > 2
        else "",
    )


def pen(p: Paint, v: int) -> str:
    one = drawn(
        rect(188, 60, 26, 110, p.dark, 10),
        rect(208, 74, 8, 80, GOLD, 4),
        rect(188, 166, 26, 12, GOLD),
        rect(188, 176, 26, 104, p.main, 3),
        path("M188 280h26l-13 46z", METAL),
        path("M197 312h8l-4 16z", INK),
    )
    squiggle = line("M70 330q30-30 50-6t50-6t44 4", p.dark, 5)
    return drawn(
        turned(34, faint(0.12, rect(196, 70, 26, 250, "#224", 10)), one),
        turned(34, f'<g transform="translate(-66 20)">{one}</g>') if v % 2 else "",
        squiggle,
    )


def sack(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        path("M120 96q80 26 160 0l-8 30q44 120 22 178q-6 14-24 14H130q-18 0-24-14q-22-58 22-178z", p.main),
        path("M120 96q80 26 160 0l-8 30q-72 20-144 0z", p.dark),
        line("M126 128q74 20 148 0", WOOD_LIGHT, 7),
        rect(140, 172, 120, 106, PAPER, 14),
        drawn(
            line("M200 262V196", LEAF, 5),
            *(
                drawn(ellipse(200 - d, y, 10, 6, GOLD), ellipse(200 + d, y, 10, 6, GOLD))
                for y, d in ((204, 11), (220, 13), (236, 13))
            ),
        )
        if v % 2
        else drawn(circle(200, 218, 26, p.accent), line("M166 262H234", p.dark, 5)),
        faint(0.2, path("M128 150q-24 90-10 150h18q-14-70 8-150z", WHITE)),
    )


def packet(p: Paint, v: int) -> str:
    window = drawn(
        ellipse(200, 250, 54, 36, "#f3dfb8"),
        *(
            circle(x, y, 7, c)
            for x, y, c in (
                (176, 246, WOOD),
                (194, 260, GOLD),
                (212, 244, WOOD),
                (226, 258, GOLD),
                (200, 238, "#d9532c"),
            )
        ),
    )
    return drawn(
        ground(90),
        path("M126 80h148l10 232H116z", p.main),
        path("M126 80h148l2 26H124z", p.dark),
        *(line(f"M{x} 80v-8", p.dark, 6) for x in range(132, 274, 12)),
        path("M116 296h168l1 16H115z", p.dark),
        rect(148, 124, 104, 72, PAPER, 10),
        path("M200 136q18 18 0 36q-18-18 0-36z", LEAF),
        line("M172 184H228", p.dark, 5),
        window if v % 2 else drawn(circle(200, 248, 38, p.accent), path("M176 262q24-40 48 0z", p.pale)),
        faint(0.25, path("M134 112h16l-8 180h-18z", WHITE)),
    )


def tin(p: Paint, v: int) -> str:
    cup = drawn(
        path("M270 262h66q0 50-33 50t-33-50z", WHITE), ring(338, 282, 11, WHITE, 5), ellipse(303, 263, 33, 6, "#a0622d")
    )
    return drawn(
        ground(120),
        path("M110 120h150v182q0 16-16 16H126q-16 0-16-16z", p.main),
        ellipse(185, 120, 75, 18, p.dark),
        ellipse(185, 108, 75, 18, p.light),
        rect(110, 106, 150, 14, p.light),
        rect(110, 168, 150, 96, PAPER),
        path("M185 246q-40-26 0-66q40 40 0 66z", LEAF),
        line("M185 188V246", p.dark, 3),
        line("M110 168H260M110 264H260", GOLD, 5),
        faint(0.3, rect(122, 126, 12, 180, WHITE, 6)),
        cup if v % 2 else "",
    )


def box(p: Paint, v: int) -> str:
    sweets = drawn(
        *(
            drawn(rect(110 + c * 62, 190 + r * 44, 54, 36, "#f6e3b4", 8), circle(137 + c * 62, 208 + r * 44, 7, LEAF))
            for c in range(3)
            for r in range(2)
        )
    )
    if v % 2:
        return drawn(
            ground(130, y=302),
            rect(84, 166, 232, 128, p.dark, 12),
            rect(96, 178, 208, 106, PAPER, 8),
            sweets,
            path("M84 166l20-70h232l-20 70z", p.main),
            line("M206 96l-18 70", GOLD, 8),
        )
    return drawn(
        ground(120),
        rect(96, 150, 208, 166, p.main, 10),
        rect(84, 120, 232, 44, p.light, 10),
        rect(184, 120, 32, 196, p.accent),
        path("M200 120q-60-66-76-30q-4 24 76 30q80-6 76-30q-16-36-76 30z", p.accent),
        circle(200, 118, 12, p.deep),
    )


def paint_(p: Paint, v: int) -> str:
    brush = (
        drawn(
            turned(
                28,
                rect(282, 80, 18, 110, WOOD, 8),
                rect(268, 184, 46, 30, METAL, 4),
                path("M268 212h46l-6 64q-18 10-34 0z", p.dark),
                x=290,
                y=180,
            )
        )
        if v % 2
        else ""
    )
    return drawn(
        ground(110),
        line("M104 150Q180 30 256 150", METAL_DARK, 7),
        path("M94 150h172v146q0 20-20 20H114q-20 0-20-20z", METAL_LIGHT),
        ellipse(180, 150, 86, 20, METAL),
        ellipse(180, 150, 74, 15, p.main),
        path("M112 156v60q10 20 20 0v-24q8-14 16 4v40q12 22 22-2v-58q20 4 40-14z", p.main),
        rect(118, 248, 124, 46, PAPER, 6),
        circle(146, 271, 13, p.main),
        line("M170 264H228M170 278H212", p.dark, 4),
        brush,
    )


def babybottle(p: Paint, v: int) -> str:
    return drawn(
        ground(66),
        path("M176 104q0-52 24-52t24 52z", "#f3cfa2"),
        rect(150, 102, 100, 34, p.main, 10),
        path("M158 136h84q14 30 14 60v98q0 24-24 24h-64q-24 0-24-24v-98q0-30 14-60z", GLASS),
        path("M144 212h112v82q0 24-24 24h-64q-24 0-24-24z", WHITE),
        *(line(f"M236 {y}h18", METAL_DARK, 4) for y in (206, 232, 258, 284)),
        path("M188 250q12-20 24 0q-12 22-24 0z", p.accent) if v % 2 else circle(190, 260, 14, p.light),
        faint(0.7, line("M160 170V290", WHITE, 7)),
    )


PANTRY: dict[str, Drawing] = {
    "book": book,
    "notebook": notebook,
    "pen": pen,
    "sack": sack,
    "packet": packet,
    "tin": tin,
    "box": box,
    "paint": paint_,
    "babybottle": babybottle,
}
