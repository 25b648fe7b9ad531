"""What stands around a house."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    LEAF,
    LEAF_DARK,
    METAL_DARK,
    METAL_LIGHT,
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
)


def parasol(p: Paint, v: int) -> str:
    shade = (
        drawn(
            path("M60 180Q200 10 340 180q-35-22-70 0q-35-22-70 0q-35-22-70 0q-35-22-70 0z", p.main),
            path("M200 66Q150 90 130 180q35-22 70 0q35-22 70 0Q250 90 200 66z", p.light),
        )
        if v % 2
        else ""
    )
    base = drawn(
        path("M118 296q82-34 164 0l12 20H106z", p.dark),
        ellipse(200, 294, 78, 12, p.main),
        rect(184, 230, 32, 60, METAL_DARK, 6),
    )
    return drawn(
        ground(110),
        line(f"M200 {80 if v % 2 else 120}V290", METAL_DARK, 10),
        shade,
        base,
        circle(214, 256, 7, METAL_LIGHT),
    )


def pergola(p: Paint, v: int) -> str:
    vines = (
        drawn(
            *(
                drawn(circle(x, 112 + (x % 3) * 8, 13, LEAF), circle(x + 9, 124, 9, LEAF_DARK))
                for x in range(76, 330, 28)
            )
        )
        if v % 2
        else path("M70 112q65 40 130 0t130 0v14q-65 30-130 0t-130 0z", "#f1e8d6")
    )
    return drawn(
        ground(165),
        *(rect(x, 112, 16, 206, p.dark) for x in (92, 292)),
        *(rect(x, 112, 20, 206, p.main) for x in (60, 320)),
        rect(36, 96, 328, 20, p.main, 4),
        *(rect(x, 76, 12, 40, p.dark, 3) for x in range(52, 350, 32)),
        vines,
        rect(150, 268, 100, 14, WOOD_LIGHT, 5),
        rect(160, 282, 8, 36, WOOD_DARK),
        rect(232, 282, 8, 36, WOOD_DARK),
    )


def awning(p: Paint, v: int) -> str:
    stripes = drawn(
        *(path(f"M{70 + i * 37} 96h37l{(i - 3) * 6 + 4} 96h-{40}z", p.main if i % 2 == 0 else PAPER) for i in range(7))
    )
    scallops = drawn(
        *(path(f"M{50 + i * 43} 192h43v14q-21 26-43 0z", p.dark if i % 2 == 0 else "#e9e3d8") for i in range(7))
    )
    return drawn(
        ground(150),
        rect(90, 180, 220, 138, "#e6d9c6", 2),
        rect(112, 208, 76, 110, WOOD, 3),
        rect(210, 208, 78, 66, GLASS, 3),
        line("M249 208V274", WHITE, 4),
        path("M64 92h272l24 100H40z", PAPER),
        stripes if v % 2 else path("M64 92h272l24 100H40z", p.main),
        scallops,
        rect(58, 82, 284, 14, METAL_DARK, 5),
    )


def fence(p: Paint, v: int) -> str:
    posts = drawn(
        *(
            drawn(path(f"M{x} 318V150l18-24l18 24v168z", p.main), path(f"M{x + 24} 318V134l12 16v168z", p.dark))
            for x in range(52, 330, 44)
        )
    )
    lattice = drawn(
        *(line(f"M{x} 130L{x + 92} 306", p.main, 7) for x in range(60, 260, 28)),
        *(line(f"M{x} 130L{x - 92} 306", p.light, 7) for x in range(152, 350, 28)),
        rect(52, 116, 296, 16, p.dark, 4),
        rect(52, 302, 296, 16, p.dark, 4),
        rect(52, 116, 16, 202, p.dark, 4),
        rect(332, 116, 16, 202, p.dark, 4),
    )
    grass = drawn(*(path(f"M{x} 322q2-26-8-36q14 10 16 36z", LEAF) for x in range(60, 350, 22)))
    return drawn(
        ground(165),
        drawn(rect(40, 186, 320, 16, p.dark, 3), rect(40, 262, 320, 16, p.dark, 3), posts) if v % 2 else lattice,
        grass,
    )


def firepit(p: Paint, v: int) -> str:
    flame = drawn(
        path("M200 96q64 66 40 126q-14 30-40 30t-40-30q-24-60 40-126z", "#f08a2c"),
        path("M200 150q36 44 22 80q-8 20-22 20t-22-20q-14-36 22-80z", "#f9cf58"),
    )
    return drawn(
        ground(120),
        faint(0.35, circle(200, 180, 120, "#ffd28a")),
        line("M150 244L250 226M152 226L248 246", WOOD_DARK, 14),
        flame,
        path("M86 236h228q-8 62-60 68H146q-52-6-60-68z", p.main),
        rect(78, 228, 244, 16, p.dark, 8),
        line("M138 300L124 318M262 300L276 318", p.deep, 10) if v % 2 else path("M150 302h100l16 16H134z", p.deep),
    )


def birdstand(p: Paint, v: int) -> str:
    bird = drawn(
        path("M176 130q0-44 40-44t40 44q0 40-22 66q-40 4-52-22z", "#58b368"),
        path("M252 112l22 10l-22 12z", "#f0a43c"),
        circle(232, 112, 6, INK),
        path("M180 150q-30 60-24 92q30-20 50-62z", "#3d8f5a"),
        path("M196 140q30 10 20 50q-24-8-30-36z", "#e9c94b"),
    )
    return drawn(
        ground(100),
        line("M200 206V310", p.dark, 12),
        line("M104 206H296", p.main, 16),
        path("M140 306h120l14 14H126z", p.dark),
        bird,
        line("M276 212v40", METAL_DARK, 3),
        circle(276, 260, 12, p.accent),
        ring(124, 240, 22, p.accent, 6) if v % 2 else "",
    )


def swing(p: Paint, v: int) -> str:
    if v % 2:
        holds = drawn(
            *(
                circle(x, y, 17, c)
                for x, y, c in (
                    (140, 110, p.main),
                    (220, 140, p.accent),
                    (270, 96, "#c6302b"),
                    (160, 190, "#3d8b8b"),
                    (250, 214, p.main),
                    (130, 262, p.accent),
                    (216, 280, "#c6302b"),
                )
            )
        )
        return drawn(
            ground(120),
            path("M100 60h200v258H100z", WOOD_LIGHT),
            *(line(f"M100 {y}H300", WOOD, 3) for y in range(96, 318, 38)),
            holds,
        )
    return drawn(
        ground(80),
        line("M60 56H340", WOOD_DARK, 16),
        line("M150 60L158 246M250 60L242 246", "#c9a36a", 8),
        path("M132 244h136v18q-68 26-136 0z", p.main),
        rect(132, 238, 136, 14, p.light, 7),
    )


GARDEN: dict[str, Drawing] = {
    "parasol": parasol,
    "pergola": pergola,
    "awning": awning,
    "fence": fence,
    "firepit": firepit,
    "birdstand": birdstand,
    "swing": swing,
}
