"""What makes a wall or a table pretty."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    LEAF,
    LEAF_DARK,
    PAPER,
    WHITE,
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
    ring,
    turned,
)
from catalogue.drawing.props import GLOW


def frame(p: Paint, v: int) -> str:
    inside = (
        drawn(
            circle(236, 152, 26, p.accent),
            path("M110 270l66-92l44 56l30-36l40 72z", p.main),
            path("M110 270l40-40l60 40z", p.deep),
        ),
        drawn(
            *(turned(a, ellipse(200, 146, 14, 40, p.main)) for a in range(0, 360, 45)), circle(200, 190, 20, p.accent)
        ),
        drawn(circle(180, 180, 52, p.main), circle(226, 206, 44, p.accent), path("M140 250q60-30 120 0", p.dark)),
        drawn(
            line("M200 268V150", LEAF_DARK, 5),
            *(path(f"M200 {y}q{d}-34 {d * 2}-18q-{abs(d)} 30-{d * 2} 18z", p.main) for y, d in ((230, 34), (196, 30))),
            *(path(f"M200 {y}q-34-34-66-18q20 30 66 18z", p.light) for y in (248, 212)),
            circle(200, 142, 18, p.accent),
        ),
        drawn(
            *(
                line(f"M112 {y}q44-24 88 0t88 0", p.main if i % 2 else p.accent, 10)
                for i, y in enumerate(range(146, 270, 26))
            )
        ),
        drawn(
            path("M150 262q-10-80 50-112q60 32 50 112z", p.main),
            circle(200, 150, 30, p.light),
            path("M170 150q30-50 60 0z", p.deep),
            circle(200, 204, 10, p.accent),
        ),
    )[v]
    edge = (WOOD_DARK, INK, GOLD, WOOD, WHITE, p.deep)[v]
    return drawn(
        faint(0.14, rect(96, 100, 220, 228, "#224", 6)),
        rect(86, 84, 228, 232, edge, 6),
        rect(100, 98, 200, 204, PAPER, 2),
        '<svg x="110" y="108" width="180" height="184" viewBox="110 98 180 184">',
        inside,
        "</svg>",
    )


def mirror(p: Paint, v: int) -> str:
    shine = faint(0.75, line("M164 232L216 138", WHITE, 9), line("M196 244L232 180", WHITE, 5))
    if v % 3 == 0:
        rays = drawn(*(turned(a, path("M194 76h12l-6-34z", p.main)) for a in range(0, 360, 20)))
        return drawn(
            rays, circle(200, 200, 118, p.dark), circle(200, 200, 104, p.main), circle(200, 200, 88, GLASS), shine
        )
    if v % 3 == 1:
        return drawn(
            faint(0.14, rect(122, 62, 170, 266, "#224", 80)),
            path("M112 310V150a88 88 0 0 1 176 0v160z", p.main),
            path("M126 298V150a74 74 0 0 1 148 0v148z", GLASS),
            shine,
        )
    return drawn(ground(80), path("M130 60h140l8 256h-156z", p.main), path("M142 74h116l6 228H136z", GLASS), shine)


def clock(p: Paint, v: int) -> str:
    marks = drawn(*(turned(a, rect(197, 106, 6, 18 if a % 90 == 0 else 10, p.deep, 3)) for a in range(0, 360, 30)))
    hands = drawn(line("M200 200L200 142", INK, 8), line("M200 200L244 224", INK, 6), circle(200, 200, 9, p.accent))
    pendulum = (
        drawn(rect(166, 250, 68, 84, p.dark, 8), line("M200 262V304", GOLD, 4), circle(200, 308, 13, GOLD))
        if v % 3 == 2
        else ""
    )
    return drawn(
        pendulum,
        faint(0.14, circle(206, 210, 122, "#224")),
        circle(200, 200, 122, p.main),
        circle(200, 200, 122 - 18, p.dark if v % 2 else p.pale),
        circle(200, 200, 98, PAPER),
        marks,
        hands,
    )


def vase(p: Paint, v: int) -> str:
    body = (
        "M172 130h56q-8 40 22 74q34 62-18 112h-64q-52-50-18-112q30-34 22-74z",
        "M166 150h68l18 150q0 18-18 18h-68q-18 0-18-18z",
        "M182 120h36v60q60 30 50 92q-6 46-44 46h-48q-38 0-44-46q-10-62 50-92z",
    )[v % 3]
    stems = drawn(
        *(
            drawn(
                line(f"M200 140Q{x} 100 {x + (x - 200) * 0.4:g} {y}", LEAF, 4),
                circle(x + (x - 200) * 0.4, y, 12, p.accent if i % 2 else "#f0b7a8"),
            )
            for i, (x, y) in enumerate(((176, 66), (200, 52), (226, 70)))
        )
    )
    bands = drawn(line("M150 232q50 14 100 0", p.pale, 6), line("M148 250q52 14 104 0", p.pale, 3)) if v > 2 else ""
    return drawn(
        ground(70),
        stems if v % 2 else "",
        path(body, p.main),
        bands,
        faint(0.3, line("M168 230q-10 40 4 70", WHITE, 10)),
    )


def statue(p: Paint, v: int) -> str:
    elephant = drawn(
        path(
            "M118 236q0-74 82-74q40 0 60 26q34-6 44 30q6 30-4 56l-16-4q8-26-2-40q-12 2-18 14v58"
            "h-36v-34h-50v34h-38v-40q-22-2-22-26z",
            p.main,
        ),
        path("M226 190q30-12 40 20q-4 30-30 26q-18-16-10-46z", p.dark),
        circle(272, 204, 5, INK),
        path("M150 162h44l8 34h-60z", p.accent),
    )
    owl = drawn(
        path("M136 176q0-76 64-76t64 76v74q0 52-64 52t-64-52z", p.main),
        path("M140 112l26 24l-30 10zM260 112l-26 24l30 10z", p.dark),
        circle(174, 168, 26, WHITE),
        circle(226, 168, 26, WHITE),
        circle(174, 168, 12, INK),
        circle(226, 168, 12, INK),
        path("M190 188h20l-10 18z", p.accent),
        *(path(f"M{x} {y}q10 14 20 0z", p.dark) for y in (226, 248, 270) for x in (170, 190, 210)),
    )
    seated = drawn(
        circle(200, 124, 32, p.main),
        circle(200, 92, 13, p.dark),
        path("M154 236q-6-74 46-78q52 4 46 78z", p.main),
        path("M112 286q14-52 88-52t88 52q-44 22-88 22t-88-22z", p.dark),
        path("M176 256q24-14 48 0q-24 14-48 0z", p.deep),
        faint(0.3, path("M176 108q10-16 26-14l-20 40z", WHITE)),
    )
    return drawn(ground(90, y=318), rect(124, 300, 152, 18, WOOD_DARK, 6), (elephant, owl, seated)[v % 3])


def candle(p: Paint, v: int) -> str:
    def one(x: int, top: int) -> str:
        return drawn(
            path(f"M{x} {top - 40}q16 24 0 36q-16-12 0-36z", "#f6b73c"),
            circle(x, top - 12, 5, GLOW),
            rect(x - 15, top, 30, 300 - top - 40, "#f7f0e2", 5),
            path(f"M{x - 28} 262h56l-12 18h-8v26h24v10h-64v-10h24v-26h-8z", p.main),
            rect(x - 30, 256, 60, 9, p.light, 4),
        )

    return drawn(
        ground(110),
        *(one(x, top) for x, top in (((132, 170), (200, 120), (268, 190)) if v % 2 else ((160, 180), (244, 130)))),
    )


def tray(p: Paint, v: int) -> str:
    goods = drawn(
        rect(152, 172, 44, 44, WHITE, 10),
        ring(202, 192, 11, WHITE, 6),
        path("M222 214q-14-40 14-52q28 12 14 52z", p.accent),
    )
    return drawn(
        ground(150, y=282),
        ellipse(200, 240, 150, 46, p.dark) if v % 2 else rect(50, 206, 300, 70, p.dark, 18),
        ellipse(200, 232, 138, 38, p.main) if v % 2 else rect(60, 206, 280, 54, p.main, 14),
        goods,
        line("M56 222q-24-18 0-34", p.deep, 9),
        line("M344 222q24-18 0-34", p.deep, 9),
    )


def sunburst(p: Paint, v: int) -> str:
    petal = (
        path("M192 150h16l-8-98z", p.main),
        ellipse(200, 108, 15, 44, p.main),
        path("M200 60q24 40 0 84q-24-44 0-84z", p.main),
    )[v % 3]
    return drawn(
        faint(0.12, circle(206, 210, 112, "#224")),
        *(turned(a + 15, line("M200 150V84", p.dark, 5)) for a in range(0, 360, 30)),
        *(turned(a, petal) for a in range(0, 360, 30)),
        circle(200, 200, 54, p.dark),
        circle(200, 200, 44, p.light),
        *(turned(a, circle(200, 172, 6, p.accent)) for a in range(0, 360, 45))
        if v > 2
        else (circle(200, 200, 26, p.accent),),
    )


def basket(p: Paint, v: int) -> str:
    weave = drawn(
        *(line(f"M{112 + i * 4} {208 + i * 22}H{288 - i * 4}", p.dark, 4) for i in range(5)),
        *(line(f"M{x} 196L{200 + (x - 200) * 0.84:g} 312", p.light, 3) for x in range(120, 290, 20)),
    )
    cloth = path("M110 190q30-40 62-20q30-36 60-4q34-16 58 24z", p.accent)
    return drawn(
        ground(96),
        cloth if v % 2 else line("M130 190Q200 60 270 190", p.deep, 12),
        path("M100 188h200l-20 120q-2 10-14 10H134q-12 0-14-10z", p.main),
        weave,
        rect(92, 180, 216, 20, p.dark, 9),
    )


DECOR: dict[str, Drawing] = {
    "frame": frame,
    "mirror": mirror,
    "clock": clock,
    "vase": vase,
    "statue": statue,
    "candle": candle,
    "tray": tray,
    "sunburst": sunburst,
    "basket": basket,
}
