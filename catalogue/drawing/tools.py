"""Tools."""

from catalogue.drawing.paint import (
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    WHITE,
    WOOD,
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


def drill(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        path("M196 196h70l22 98q2 14-12 14h-58q-10 0-12-10z", p.dark),
        rect(192, 290, 108, 30, INK, 8),
        path("M96 116h190q34 0 34 40t-34 40H96q-14-40 0-80z", p.main),
        faint(0.3, rect(112, 124, 170, 10, WHITE, 5)),
        path("M70 132h34v48H70z", METAL_DARK),
        rect(28, 150, 46, 12, METAL, 3),
        path("M28 150l-16 6l16 6z", METAL),
        path("M192 200q-14 20-4 36h16l6-36z", "#e2574c"),
        *(line(f"M{x} 144V170", p.deep, 4) for x in (262, 274, 286)),
        circle(150, 156, 18, p.light) if v % 2 else rect(130, 146, 56, 20, PAPER, 6),
    )


def grinder(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(150),
            turned(
                -18,
                path(
                    f"M60 190h210v24{'l-14 14l-14-14' * 7}l-14 14z",
                    METAL,
                ),
                path("M264 176h60q24 10 24 38t-30 34q-40 6-54-34z", p.main),
                ellipse(308, 214, 14, 18, p.pale),
            ),
        )
    return drawn(
        ground(150),
        rect(150, 150, 200, 66, p.main, 26),
        rect(250, 150, 100, 66, p.dark, 26),
        rect(110, 140, 60, 90, METAL_DARK, 12),
        circle(112, 240, 66, METAL_LIGHT),
        ring(112, 240, 48, METAL, 6),
        circle(112, 240, 13, INK),
        path("M46 236a66 66 0 0 1 132 0l-22 2a44 44 0 0 0-88 0z", p.deep),
        line("M140 150V96", INK, 20),
        line("M350 184h30", INK, 8),
    )


def spanner(p: Paint, v: int) -> str:
    wrench = drawn(
        rect(186, 116, 28, 180, METAL, 8),
        path("M168 60q-30 60 18 80h28q48-20 18-80v48h-64z", METAL_DARK),
        circle(200, 306, 32, METAL_DARK),
        circle(200, 306, 15, PAPER),
    )
    driver = drawn(
        rect(178, 54, 44, 126, p.main, 18),
        *(line(f"M{x} 72V164", p.dark, 4) for x in (190, 200, 210)),
        rect(192, 178, 16, 120, METAL, 3),
        path("M190 296h20l-4 26h-12z", METAL_DARK),
    )
    return (
        drawn(turned(34, wrench), turned(-34, driver))
        if v % 2
        else drawn(
            f'<g transform="translate(-62 0)">{driver}</g>',
            driver.replace(p.main, p.accent),
            f'<g transform="translate(62 0)">{driver}</g>',
        )
    )


def toolbox(p: Paint, v: int) -> str:
    hammer = turned(38, rect(190, 90, 20, 230, WOOD, 8), path("M146 62h84q20 6 30 34h-30v16h-84z", METAL_DARK))
    if v % 3 == 2:
        return drawn(ground(100), hammer)
    tools = (
        drawn(
            rect(126, 96, 14, 90, METAL, 4),
            rect(118, 70, 30, 40, p.accent, 9),
            rect(236, 104, 16, 80, WOOD, 4),
            rect(218, 86, 54, 26, METAL_DARK, 6),
        )
        if v % 2
        else line("M150 150q0-44 50-44t50 44", p.deep, 14)
    )
    return drawn(
        ground(150),
        tools,
        path("M76 150h248l18 46H58z", p.light),
        rect(52, 190, 296, 122, p.main, 12),
        rect(52, 190, 296, 20, p.dark, 6),
        rect(172, 180, 56, 44, METAL, 8),
        rect(188, 196, 24, 12, INK, 4),
        rect(86, 238, 70, 46, p.dark, 8),
        rect(244, 238, 70, 46, p.dark, 8),
    )


def tape(p: Paint, v: int) -> str:
    marks = drawn(*(line(f"M{x} 286v-{16 if i % 4 == 0 else 9}", INK, 3) for i, x in enumerate(range(60, 230, 11))))
    level = drawn(
        rect(40, 166, 320, 70, p.main, 12),
        rect(160, 180, 80, 42, "#d7ee9a", 20),
        ellipse(206, 201, 16, 9, "#f3fbd4"),
        line("M184 182V220M222 182V220", INK, 3),
        rect(60, 184, 40, 34, p.dark, 17),
        rect(300, 184, 40, 34, p.dark, 17),
    )
    if v % 3 == 2:
        return drawn(ground(160, y=262), level)
    return drawn(
        ground(150),
        rect(44, 262, 190, 28, "#f4d35e", 2),
        marks,
        rect(36, 258, 10, 44, METAL, 2),
        rect(150, 108, 180, 190, p.main, 40),
        circle(240, 204, 66, p.dark),
        circle(240, 204, 46, p.light),
        circle(240, 204, 15, p.deep),
        rect(204, 94, 60, 22, p.deep, 8),
        rect(326, 160, 14, 80, METAL_DARK, 5),
    )


def ladder(p: Paint, v: int) -> str:
    steps = 4 if v % 2 else 5
    rungs = drawn(*(rect(152 - i * 9, 100 + i * (210 // steps), 96 + i * 18, 16, p.main, 5) for i in range(steps)))
    return drawn(
        ground(120),
        line("M230 76L318 316", METAL_DARK, 11),
        line("M250 200H290", METAL_DARK, 6),
        line("M150 76L98 316M250 76L302 316", METAL, 14),
        rungs,
        rect(136, 62, 128, 22, p.dark, 8),
    )


TOOLS: dict[str, Drawing] = {
    "drill": drill,
    "grinder": grinder,
    "spanner": spanner,
    "toolbox": toolbox,
    "tape": tape,
    "ladder": ladder,
}
