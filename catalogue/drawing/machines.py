"""Kitchen and household machines."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    SCREEN,
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
    ring,
)
from catalogue.drawing.props import steam


def fridge(p: Paint, v: int) -> str:
    wide = v % 2 == 1
    left, w = (104, 192) if wide else (124, 152)
    split = (
        drawn(
            rect(198, 50, 4, 262, p.deep),
            rect(186, 120, 6, 90, p.deep, 3),
            rect(208, 120, 6, 90, p.deep, 3),
            rect(130, 128, 40, 52, INK, 6),
            rect(138, 136, 24, 14, "#7fc4d9", 3),
        )
        if wide
        else drawn(
            rect(left, 142, w, 4, p.deep), rect(left + 14, 96, 6, 36, p.deep, 3), rect(left + 14, 158, 6, 60, p.deep, 3)
        )
    )
    return drawn(
        ground(w / 2 + 20),
        rect(left, 46, w, 268, p.main, 14),
        faint(0.35, rect(left + 8, 54, 12, 250, WHITE, 6)),
        rect(left + w - 12, 46, 12, 268, p.dark, 6),
        split,
    )


def washer(p: Paint, v: int) -> str:
    dial = drawn(
        circle(266, 104, 14, METAL_LIGHT),
        line("M266 104V94", INK, 4),
        rect(126, 96, 58, 18, INK, 5),
        rect(132, 101, 26, 8, "#7fc4d9", 2),
    )
    drum = drawn(
        circle(200, 214, 74, METAL_LIGHT),
        circle(200, 214, 60, "#39424e"),
        path("M146 226q26-22 54 0t54 0a58 58 0 0 1-108 0z", "#7fb7d6"),
        faint(0.5, path("M160 184q20-26 50-22l-36 52z", WHITE)),
    )
    top = drawn(
        rect(116, 134, 168, 22, "#39424e", 10),
        faint(0.4, rect(124, 138, 60, 6, WHITE, 3)),
        *(line(f"M140 {y}H260", p.dark, 3) for y in (196, 226, 256)),
    )
    return drawn(
        ground(115),
        rect(98, 78, 204, 238, p.main, 16),
        rect(98, 78, 204, 46, p.light, 16),
        dial,
        top if v % 3 == 2 else drum,
    )


def oven(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(95),
            path("M122 118q78-42 156 0l10 150q0 44-40 46H152q-40-2-40-46z", p.main),
            faint(0.3, path("M132 130q20-14 36-18l-8 170h-26z", WHITE)),
            rect(146, 130, 108, 44, INK, 12),
            rect(158, 142, 50, 12, "#7fc4d9", 4),
            circle(234, 150, 8, METAL),
            rect(126, 206, 148, 88, p.dark, 16),
            rect(176, 226, 48, 18, METAL_LIGHT, 9),
        )
    return drawn(
        ground(140),
        rect(66, 126, 268, 180, p.main, 14),
        rect(80, 142, 180, 146, SCREEN, 10),
        path("M92 236q76-60 156-10v50H92z", "#e3a25a"),
        faint(0.35, path("M92 154h60l-60 70z", WHITE)),
        circle(298, 170, 14, METAL_LIGHT),
        circle(298, 214, 14, METAL_LIGHT),
        rect(282, 246, 32, 12, "#7fc4d9", 4),
        rect(264, 152, 6, 126, METAL_DARK, 3),
    )


def kettle(p: Paint, v: int) -> str:
    window = rect(186, 190, 22, 80, GLASS, 8) if v % 2 else ""
    return drawn(
        ground(110),
        steam(110, top=70),
        path("M118 170L84 148l-4 24l30 34z", p.dark),
        line("M250 150q74-12 74 60t-60 72", INK, 18),
        path("M130 130h124q26 60 26 130q0 40-34 40H140q-34 0-34-40q0-70 24-130z", p.main),
        window,
        faint(0.35, path("M138 148q-16 60-14 120h16q-2-60 12-120z", WHITE)),
        path("M134 134q60-44 116 0z", p.dark),
        circle(192, 106, 12, INK),
        rect(96, 300, 196, 18, INK, 8),
    )


def mixer(p: Paint, v: int) -> str:
    jar_ = drawn(
        path("M138 72h124l-14 128h-96z", GLASS),
        path("M146 140h108l-6 60h-96z", "#f0a86a" if v % 2 else "#9cc76f"),
        rect(132, 56, 136, 20, INK, 8),
        line("M258 92h34v70h-26", METAL_DARK, 9),
    )
    return drawn(
        ground(100),
        jar_,
        rect(150, 198, 100, 18, METAL_DARK, 4),
        path("M128 214h144q24 30 24 80q0 24-24 24H128q-24 0-24-24q0-50 24-80z", p.main),
        faint(0.3, path("M134 224q-20 30-18 76h18q-2-46 16-76z", WHITE)),
        circle(200, 270, 24, PAPER),
        line("M200 270V254", INK, 6),
        rect(104, 312, 192, 8, INK, 4),
    )


def stove(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(140, y=296),
            rect(60, 180, 280, 100, INK, 18),
            rect(60, 172, 280, 96, p.main, 18),
            ring(200, 212, 36, p.pale, 4),
            ring(200, 212, 22, p.accent, 4),
            rect(150, 244, 100, 14, "#7fc4d9", 5),
        )
    burners = drawn(
        *(
            drawn(
                ellipse(x, 178, 50, 12, INK),
                *(path(f"M{x + d} 170q6-18 0-24q-8 10 0 24z", "#4aa3df") for d in (-30, -15, 0, 15, 30)),
                line(f"M{x - 56} 166H{x + 56}", METAL_DARK, 7),
            )
            for x in (124, 276)
        )
    )
    return drawn(
        ground(165),
        burners,
        rect(44, 186, 312, 26, SCREEN, 8),
        rect(52, 208, 296, 92, p.main, 12),
        *(drawn(circle(x, 256, 22, METAL_LIGHT), line(f"M{x} 256V240", INK, 6)) for x in (124, 276)),
        rect(66, 298, 30, 20, INK, 4),
        rect(304, 298, 30, 20, INK, 4),
    )


def coffeemaker(p: Paint, v: int) -> str:
    return drawn(
        ground(115),
        rect(104, 78, 192, 60, p.main, 16),
        rect(104, 130, 70, 172, p.main, 4),
        rect(104, 78, 26, 224, p.dark, 10),
        rect(96, 290, 208, 28, p.dark, 10),
        rect(184, 136, 92, 22, METAL_DARK, 6),
        line("M212 158v20M246 158v20", "#6b4126", 6),
        path("M192 226h80v36q0 22-22 22h-36q-22 0-22-22z", WHITE),
        ring(278, 248, 13, WHITE, 6),
        ellipse(232, 227, 38, 6, "#6b4126"),
        rect(196, 96, 34, 22, "#7fc4d9", 4),
        circle(256, 107, 9, p.accent),
        circle(280, 107, 5, METAL),
        steam(232, top=150) if v % 2 else "",
    )


def purifier(p: Paint, v: int) -> str:
    return drawn(
        ground(90),
        rect(118, 56, 164, 258, p.main, 22),
        rect(136, 78, 128, 116, "#cfe9f4", 12),
        path("M136 132q32-18 64 0t64 0v50q0 12-12 12H148q-12 0-12-12z", "#8cc6df"),
        path("M200 92q18 26 0 38q-18-12 0-38z", "#4aa3df"),
        rect(180, 212, 40, 22, METAL_DARK, 6),
        rect(192, 232, 16, 14, METAL_DARK, 3),
        path("M176 262h48l-6 42h-36z", GLASS),
        path("M178 278h44l-4 26h-36z", "#8cc6df"),
        circle(150, 222, 6, "#58b368"),
        faint(0.25, rect(124, 70, 10, 230, WHITE, 5)) if v % 2 else "",
    )


def ac(p: Paint, v: int) -> str:
    wind = faint(0.9, *(line(f"M{x} 246q-10 20 0 38t0 38", "#9ccfe6", 7) for x in (110, 170, 230, 290)))
    return drawn(
        faint(0.14, rect(50, 118, 312, 110, "#224", 24)),
        rect(44, 104, 312, 116, p.main, 24),
        path("M60 186h280q-8 34-34 34H94q-26 0-34-34z", p.dark),
        line("M90 204H310", p.pale, 4),
        rect(276, 132, 50, 22, SCREEN, 6),
        line("M290 143h12", "#7fd0d2", 5),
        faint(0.4, rect(64, 116, 190, 12, WHITE, 6)),
        wind
        if v % 2
        else faint(
            0.8,
            *(
                drawn(line(f"M{x} 250v40M{x - 17} 260l34 20M{x + 17} 260l-34 20", "#9ccfe6", 5))
                for x in (130, 200, 270)
            ),
        ),
    )


def vacuum(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(150, y=286),
            ellipse(200, 250, 140, 40, p.deep),
            ellipse(200, 232, 140, 46, p.main),
            ellipse(200, 224, 96, 28, p.light),
            circle(200, 222, 14, p.dark),
            circle(270, 244, 6, "#58b368"),
        )
    return drawn(
        ground(140),
        line("M116 252Q40 120 150 96T300 90L326 290", INK, 12),
        path("M300 292h56l8 24h-76z", p.dark),
        circle(150, 262, 58, p.main),
        path("M96 250q-10-50 50-58q66-4 80 66z", p.light),
        circle(150, 268, 34, p.dark),
        circle(150, 268, 14, METAL),
        circle(100, 306, 14, INK),
        circle(212, 306, 14, INK),
    )


def iron(p: Paint, v: int) -> str:
    return drawn(
        ground(150, y=306),
        steam(90, 130, top=80) if v % 2 else "",
        line("M150 184q0-50 60-52h60q40 4 44 60", p.dark, 22),
        path("M60 266q30-84 140-84h120q16 40 16 84z", p.main),
        faint(0.3, path("M100 240q36-44 110-44l-4 14q-60 4-86 34z", WHITE)),
        path("M52 264h290l-4 26q-2 10-12 10H70q-26 0-18-36z", METAL_LIGHT),
        circle(262, 230, 18, PAPER),
        line("M262 230l8-8", INK, 4),
    )


MACHINES: dict[str, Drawing] = {
    "fridge": fridge,
    "washer": washer,
    "oven": oven,
    "kettle": kettle,
    "mixer": mixer,
    "stove": stove,
    "coffeemaker": coffeemaker,
    "purifier": purifier,
    "ac": ac,
    "vacuum": vacuum,
    "iron": iron,
}
