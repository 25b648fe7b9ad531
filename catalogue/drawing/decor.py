"""What makes a room pretty and bright: pictures, vases, plants, textiles and lamps."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    LEAF,
    LEAF_DARK,
    LEAF_LIGHT,
    METAL,
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
    turned,
)

GLOW = "#fff2c2"


def frame(p: Paint, v: int) -> str:
    inside = (
        drawn(circle(236, 152, 26, p.accent), path("M110 270l66-92l44 56l30-36l40 72z", p.main), path("M110 270l40-40l60 40z", p.deep)),
        drawn(*(turned(a, ellipse(200, 146, 14, 40, p.main)) for a in range(0, 360, 45)), circle(200, 190, 20, p.accent)),
        drawn(circle(180, 180, 52, p.main), circle(226, 206, 44, p.accent), path("M140 250q60-30 120 0", p.dark)),
        drawn(line("M200 268V150", LEAF_DARK, 5), *(path(f"M200 {y}q{d}-34 {d * 2}-18q-{abs(d)} 30-{d * 2} 18z", p.main) for y, d in ((230, 34), (196, 30))), *(path(f"M200 {y}q-34-34-66-18q20 30 66 18z", p.light) for y in (248, 212)), circle(200, 142, 18, p.accent)),
        drawn(*(line(f"M112 {y}q44-24 88 0t88 0", p.main if i % 2 else p.accent, 10) for i, y in enumerate(range(146, 270, 26)))),
        drawn(path("M150 262q-10-80 50-112q60 32 50 112z", p.main), circle(200, 150, 30, p.light), path("M170 150q30-50 60 0z", p.deep), circle(200, 204, 10, p.accent)),
    )[v]
    edge = (WOOD_DARK, INK, GOLD, WOOD, WHITE, p.deep)[v]
    return drawn(faint(0.14, rect(96, 100, 220, 228, "#224", 6)), rect(86, 84, 228, 232, edge, 6), rect(100, 98, 200, 204, PAPER, 2), '<svg x="110" y="108" width="180" height="184" viewBox="110 98 180 184">', inside, "</svg>")


def mirror(p: Paint, v: int) -> str:
    shine = faint(0.75, line("M164 232L216 138", WHITE, 9), line("M196 244L232 180", WHITE, 5))
    if v % 3 == 0:
        rays = drawn(*(turned(a, path("M194 76h12l-6-34z", p.main)) for a in range(0, 360, 20)))
        return drawn(rays, circle(200, 200, 118, p.dark), circle(200, 200, 104, p.main), circle(200, 200, 88, GLASS), shine)
    if v % 3 == 1:
        return drawn(faint(0.14, rect(122, 62, 170, 266, "#224", 80)), path("M112 310V150a88 88 0 0 1 176 0v160z", p.main), path("M126 298V150a74 74 0 0 1 148 0v148z", GLASS), shine)
    return drawn(ground(80), path("M130 60h140l8 256h-156z", p.main), path("M142 74h116l6 228H136z", GLASS), shine)


def clock(p: Paint, v: int) -> str:
    marks = drawn(*(turned(a, rect(197, 106, 6, 18 if a % 90 == 0 else 10, p.deep, 3)) for a in range(0, 360, 30)))
    hands = drawn(line("M200 200L200 142", INK, 8), line("M200 200L244 224", INK, 6), circle(200, 200, 9, p.accent))
    pendulum = drawn(rect(166, 250, 68, 84, p.dark, 8), line("M200 262V304", GOLD, 4), circle(200, 308, 13, GOLD)) if v % 3 == 2 else ""
    return drawn(pendulum, faint(0.14, circle(206, 210, 122, "#224")), circle(200, 200, 122, p.main), circle(200, 200, 122 - 18, p.dark if v % 2 else p.pale), circle(200, 200, 98, PAPER), marks, hands)


def vase(p: Paint, v: int) -> str:
    body = (
        "M172 130h56q-8 40 22 74q34 62-18 112h-64q-52-50-18-112q30-34 22-74z",
        "M166 150h68l18 150q0 18-18 18h-68q-18 0-18-18z",
        "M182 120h36v60q60 30 50 92q-6 46-44 46h-48q-38 0-44-46q-10-62 50-92z",
    )[v % 3]
    stems = drawn(*(drawn(line(f"M200 140Q{x} 100 {x + (x - 200) * 0.4:g} {y}", LEAF, 4), circle(x + (x - 200) * 0.4, y, 12, p.accent if i % 2 else "#f0b7a8")) for i, (x, y) in enumerate(((176, 66), (200, 52), (226, 70)))))
    bands = drawn(line("M150 232q50 14 100 0", p.pale, 6), line("M148 250q52 14 104 0", p.pale, 3)) if v > 2 else ""
    return drawn(ground(70), stems if v % 2 else "", path(body, p.main), bands, faint(0.3, line("M168 230q-10 40 4 70", WHITE, 10)))


def statue(p: Paint, v: int) -> str:
    elephant = drawn(path("M118 236q0-74 82-74q40 0 60 26q34-6 44 30q6 30-4 56l-16-4q8-26-2-40q-12 2-18 14v58h-36v-34h-50v34h-38v-40q-22-2-22-26z", p.main), path("M226 190q30-12 40 20q-4 30-30 26q-18-16-10-46z", p.dark), circle(272, 204, 5, INK), path("M150 162h44l8 34h-60z", p.accent))
    owl = drawn(path("M136 176q0-76 64-76t64 76v74q0 52-64 52t-64-52z", p.main), path("M140 112l26 24l-30 10zM260 112l-26 24l30 10z", p.dark), circle(174, 168, 26, WHITE), circle(226, 168, 26, WHITE), circle(174, 168, 12, INK), circle(226, 168, 12, INK), path("M190 188h20l-10 18z", p.accent), *(path(f"M{x} {y}q10 14 20 0z", p.dark) for y in (226, 248, 270) for x in (170, 190, 210)))
    seated = drawn(circle(200, 124, 32, p.main), circle(200, 92, 13, p.dark), path("M154 236q-6-74 46-78q52 4 46 78z", p.main), path("M112 286q14-52 88-52t88 52q-44 22-88 22t-88-22z", p.dark), path("M150 268q50-30 100 0q-50 22-100 0z", p.light), faint(0.3, path("M176 108q10-16 26-14l-20 40z", WHITE)))
    return drawn(ground(90, y=318), rect(124, 300, 152, 18, WOOD_DARK, 6), (elephant, owl, seated)[v % 3])


def candle(p: Paint, v: int) -> str:
    def one(x: int, top: int) -> str:
        return drawn(path(f"M{x} {top - 40}q16 24 0 36q-16-12 0-36z", "#f6b73c"), circle(x, top - 12, 5, GLOW), rect(x - 15, top, 30, 300 - top - 40, "#f7f0e2", 5), path(f"M{x - 28} 262h56l-12 18h-8v26h24v10h-64v-10h24v-26h-8z", p.main), rect(x - 30, 256, 60, 9, p.light, 4))

    return drawn(ground(110), *(one(x, top) for x, top in (((132, 170), (200, 120), (268, 190)) if v % 2 else ((160, 180), (244, 130)))))


def tray(p: Paint, v: int) -> str:
    goods = drawn(rect(152, 172, 44, 44, WHITE, 10), ring(202, 192, 11, WHITE, 6), path("M222 214q-14-40 14-52q28 12 14 52z", p.accent))
    return drawn(ground(150, y=282), ellipse(200, 240, 150, 46, p.dark) if v % 2 else rect(50, 206, 300, 70, p.dark, 18), ellipse(200, 232, 138, 38, p.main) if v % 2 else rect(60, 206, 280, 54, p.main, 14), goods, line("M56 222q-24-18 0-34", p.deep, 9), line("M344 222q24-18 0-34", p.deep, 9))


def sunburst(p: Paint, v: int) -> str:
    petal = (path("M192 150h16l-8-98z", p.main), ellipse(200, 108, 15, 44, p.main), path("M200 60q24 40 0 84q-24-44 0-84z", p.main))[v % 3]
    return drawn(faint(0.12, circle(206, 210, 112, "#224")), *(turned(a + 15, line("M200 150V84", p.dark, 5)) for a in range(0, 360, 30)), *(turned(a, petal) for a in range(0, 360, 30)), circle(200, 200, 54, p.dark), circle(200, 200, 44, p.light), *(turned(a, circle(200, 172, 6, p.accent)) for a in range(0, 360, 45)) if v > 2 else (circle(200, 200, 26, p.accent),))


def plant(p: Paint, v: int) -> str:
    green = p.main if p.main.lower() in ("#1f7a55", "#9db08a", "#2c5540", "#6b7a3a") else LEAF
    if v % 2:
        leaves = drawn(*(path(f"M200 240Q{200 + d} {240 - h} {200 + d * 2} {226 - h}Q{200 + d * 1.6:g} {262 - h / 2:g} 200 240z", c) for d, h, c in ((-56, 70, LEAF_DARK), (56, 70, green), (-40, 130, green), (44, 130, LEAF_DARK), (-14, 160, LEAF_LIGHT), (20, 150, green))))
    else:
        leaves = drawn(*(drawn(line(f"M200 240Q{(200 + x) / 2:g} {y + 60} {x} {y}", LEAF_DARK, 5), circle(x, y, 21, p.main), circle(x, y, 9, p.accent)) for x, y in ((140, 130), (262, 128), (200, 94), (164, 180), (238, 176))))
    return drawn(ground(74), leaves, path("M146 228h108l-14 80q-2 10-12 10h-56q-10 0-12-10z", "#c98a5e" if v > 2 else "#e8e2d8"), rect(138, 220, 124, 20, "#b57748" if v > 2 else "#d6cfc2", 8))


def planter(p: Paint, v: int) -> str:
    leaves = drawn(*(path(f"M200 196Q{200 + d} {196 - h} {200 + d * 1.9:g} {190 - h}Q{200 + d * 1.4:g} {214 - h / 2:g} 200 196z", c) for d, h, c in ((-44, 50, LEAF_DARK), (46, 54, LEAF), (-26, 96, LEAF), (30, 92, LEAF_LIGHT), (0, 112, LEAF_DARK))))
    bands = drawn(*(line(f"M126 {y}q74 18 148 0", p.pale, 5) for y in (232, 258))) if v % 2 else drawn(*(line(f"M{x} 216L{200 + (x - 200) * 0.82:g} 308", p.dark, 3) for x in range(136, 270, 16)))
    return drawn(ground(92), leaves, path("M112 200h176l-18 108q-2 10-14 10H144q-12 0-14-10z", p.main), bands, rect(104, 188, 192, 24, p.light, 10))


def wreath(p: Paint, v: int) -> str:
    leaf = path("M200 66q26 22 0 58q-26-36 0-58z", p.main)
    bow = drawn(path("M200 300l-52-24v52zM200 300l52-24v52z", "#c6302b"), circle(200, 300, 12, "#a61e35")) if v % 2 else ""
    return drawn(*(turned(a, leaf) for a in range(0, 360, 15)), *(turned(a + 7, path("M200 82q18 16 0 46q-18-30 0-46z", LEAF if a % 30 else p.dark)) for a in range(0, 360, 15)), *(turned(a, circle(200, 100, 7, p.accent)) for a in range(10, 360, 40)), bow)


def xmas(p: Paint, v: int) -> str:
    layers = drawn(*(path(f"M200 {y}L{200 + w} {y + 84}q-{w} 24-{2 * w} 0z", c) for y, w, c in ((190, 104, p.dark), (130, 84, p.main), (76, 62, p.light))))
    balls = drawn(*(circle(x, y, 9, c) for x, y, c in ((170, 146, "#c6302b"), (228, 150, GOLD), (156, 210, GOLD), (206, 204, "#c6302b"), (250, 216, WHITE), (140, 268, "#c6302b"), (200, 262, GOLD), (262, 266, "#c6302b"))))
    return drawn(ground(84), rect(186, 274, 28, 44, WOOD_DARK, 4), layers, balls if v % 2 else faint(0.8, *(circle(x, y, 5, GLOW) for x in range(130, 280, 28) for y in range(130, 280, 34) if abs(x - 200) < (y - 60) * 0.45)), path("M200 46l9 20l22 2l-17 14l6 21l-20-12l-20 12l6-21l-17-14l22-2z", GOLD))


def basket(p: Paint, v: int) -> str:
    weave = drawn(*(line(f"M{112 + i * 4} {208 + i * 22}H{288 - i * 4}", p.dark, 4) for i in range(5)), *(line(f"M{x} 196L{200 + (x - 200) * 0.84:g} 312", p.light, 3) for x in range(120, 290, 20)))
    cloth = path("M110 190q30-40 62-20q30-36 60-4q34-16 58 24z", p.accent)
    return drawn(ground(96), cloth if v % 2 else line("M130 190Q200 60 270 190", p.deep, 12), path("M100 188h200l-20 120q-2 10-14 10H134q-12 0-14-10z", p.main), weave, rect(92, 180, 216, 20, p.dark, 9))


def fountain(p: Paint, v: int) -> str:
    water = faint(0.85, line("M200 88q-34 20-40 66", "#8cc6df", 6), line("M200 88q34 20 40 66", "#8cc6df", 6), line("M152 178q-30 20-36 64", "#8cc6df", 5), line("M248 178q30 20 36 64", "#8cc6df", 5))
    return drawn(ground(120), rect(176, 250, 48, 60, p.dark, 6), path("M88 244h224q-12 54-112 54T88 244z", p.main), ellipse(200, 246, 112, 14, "#a9d6e6"), rect(188, 166, 24, 76, p.dark, 6), path("M142 160h116q-8 32-58 32t-58-32z", p.light), ellipse(200, 161, 58, 9, "#a9d6e6"), line("M200 158V96", p.dark, 8), circle(200, 88, 12 if v % 2 else 7, p.main), water, rect(130, 304, 140, 14, p.deep, 5))


def lantern(p: Paint, v: int) -> str:
    glow = circle(200, 222, 110, GLOW)
    if v % 3 == 2:
        return drawn(ground(70), faint(0.4, circle(200, 130, 80, GLOW)), line("M200 170V316", p.dark, 10), path("M160 96h80l-14 76h-52z", GLOW), path("M148 84h104l-8 20h-88z", p.main), path("M168 166h64l6 16h-76z", p.main), rect(164, 308, 72, 12, p.deep, 6))
    return drawn(ground(74), faint(0.35, glow), ring(200, 84, 20, p.dark, 7), path("M156 128h88l14 30H142z", p.main), path("M172 104h56l16 26h-88z", p.dark), rect(148, 158, 104, 128, GLOW, 4), path("M200 196q24 38 0 60q-24-22 0-60z", "#f6b73c"), *(rect(x, 156, 8, 132, p.main, 3) for x in (146, 196, 246)), rect(138, 284, 124, 30, p.main, 6))


def lamp(p: Paint, v: int) -> str:
    base = (
        drawn(path("M176 196q24-16 48 0q34 60 0 112h-48q-34-52 0-112z", p.main), faint(0.3, line("M178 220q-12 36 2 70", WHITE, 8))),
        drawn(line("M200 190V300", p.main, 12), ellipse(200, 308, 50, 10, p.dark)),
        drawn(circle(200, 268, 44, p.main), circle(200, 210, 22, p.dark), faint(0.3, circle(184, 252, 10, WHITE))),
    )[v % 3]
    return drawn(ground(64), faint(0.35, path("M110 190h180l50 128H60z", GLOW)), base, path("M150 84h100l40 108H110z", "#f4e7cf" if v % 2 else p.light), path("M150 84h100l4 12H146zM114 180h172l4 12H110z", p.dark), rect(176, 308, 48, 10, p.deep, 4))


def pendant(p: Paint, v: int) -> str:
    body = (
        drawn(path("M112 226a88 88 0 0 1 176 0z", p.main), faint(0.3, path("M126 214a76 76 0 0 1 50-58l-14 58z", WHITE))),
        drawn(circle(200, 212, 74, GLOW), ring(200, 212, 74, p.main, 10), line("M126 212H274", p.main, 6)),
        drawn(path("M160 130h80l54 96H106z", p.main), path("M160 130h80l6 12h-92z", p.dark), *(line(f"M{200 + d * 0.4:g} 140L{200 + d} 224", p.dark, 2) for d in (-60, -30, 0, 30, 60)) if v > 2 else ()),
    )[v % 3]
    return drawn(line("M200 0V140", INK, 5), faint(0.4, path("M112 228h176l66 130H46z", GLOW)), ellipse(200, 228, 40, 16, GLOW), body, rect(184, 118, 32, 22, p.deep, 5))


def chandelier(p: Paint, v: int) -> str:
    arms = drawn(*(drawn(line(f"M200 210Q{(200 + x) / 2:g} 268 {x} 214", p.main, 8), rect(x - 10, 176, 20, 38, "#f7f0e2", 4), path(f"M{x} 146q12 18 0 28q-12-10 0-28z", "#f6b73c"), ellipse(x, 216, 18, 6, p.dark)) for x in ((92, 146, 254, 308) if v % 2 else (104, 200, 296))))
    drops = drawn(*(path(f"M{x} {y}q9 14 0 22q-9-8 0-22z", GLASS) for x, y in ((146, 252), (172, 262), (200, 270), (228, 262), (254, 252))))
    return drawn(faint(0.4, circle(200, 196, 140, GLOW)), line("M200 0V120", METAL_DARK, 5), path("M180 116q20-16 40 0l8 96q-28 30-56 0z", p.dark), arms, drops, circle(200, 232, 16, p.main))


def sconce(p: Paint, v: int) -> str:
    return drawn(faint(0.4, path("M130 180L70 40h260L270 180z", GLOW), path("M140 240L90 380h220L260 240z", GLOW) if v % 2 else ""), rect(172, 150, 56, 150, p.dark, 12), line("M200 262q0 26 0 0", p.main, 8), path("M138 130h124l-24 112h-76z", "#f7ead0" if v % 3 else p.light), path("M138 130h124l-3 12H141zM160 230h80l-3 12h-74z", p.main), circle(200, 276, 9, p.light))


def string(p: Paint, v: int) -> str:
    bulbs = [(x, 120 + 46 * ((x - 200) / 170) ** 2 * -1 + 46) for x in range(40, 380, 40)]
    low = [(x, y + 110) for x, y in bulbs]
    colours = (p.main, p.accent, p.light, "#ef7a66") if v % 2 else (p.main, p.light)
    return drawn(line("M20 106Q200 214 380 106", INK, 4), line("M20 216Q200 324 380 216", INK, 4), *(drawn(faint(0.35, circle(x, y + 22, 26, GLOW)), rect(x - 6, y - 4, 12, 12, INK, 3), path(f"M{x} {y + 6:g}q18 22 0 36q-18-14 0-36z", colours[i % len(colours)])) for i, (x, y) in enumerate(bulbs + low)))


def bulb(p: Paint, v: int) -> str:
    coil = line("M178 190l12-26l10 26l10-26l12 26", "#e8892b", 5)
    return drawn(faint(0.45, circle(200, 176, 150, GLOW)), path("M200 74a92 92 0 0 1 56 164q-16 14-18 36h-76q-2-22-18-36a92 92 0 0 1 56-164z", "#fdf3d3" if v % 2 else p.pale), coil, line("M178 190V270M222 190V270", "#d9b26a", 4), faint(0.7, path("M142 146q14-40 50-48l-30 60z", WHITE)), rect(164, 270, 72, 44, METAL, 8), *(line(f"M166 {y}H234", METAL_DARK, 4) for y in (282, 296)), rect(184, 312, 32, 12, INK, 6))


def fan(p: Paint, v: int) -> str:
    blades = 4 if v % 2 else 3
    blade = drawn(path("M188 196L172 66q28-22 56 0L212 196z", p.main), path("M200 56q14 0 28 10L212 196h-12z", p.dark))
    return drawn(*(turned(i * 360 / blades + 30, blade) for i in range(blades)), circle(200, 200, 40, p.light), circle(200, 200, 30, GLOW if v > 2 else p.dark), circle(200, 200, 12, p.pale))


def tablefan(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(ground(100), rect(136, 60, 128, 250, p.main, 30), *(line(f"M160 {y}H240", p.deep, 5) for y in range(92, 240, 16)), rect(168, 258, 64, 26, INK, 8), circle(184, 271, 5, "#58b368"), rect(150, 308, 22, 14, INK, 5), rect(228, 308, 22, 14, INK, 5))
    blade = path("M200 160q-40-30-20-76q34 10 30 66z", p.light)
    return drawn(ground(80), rect(190, 240, 20, 66, p.dark), ellipse(200, 308, 74, 14, p.main), ring(200, 160, 96, p.main, 9), circle(200, 160, 90, "#eef3f6"), *(turned(a, blade, y=160) for a in (0, 120, 240)), *(ring(200, 160, r, METAL, 2) for r in (34, 62, 82)), circle(200, 160, 18, p.dark))


def tubelight(p: Paint, v: int) -> str:
    coil = drawn(*(ring(200, 210, r, p.main if i % 2 else PAPER, 12) for i, r in enumerate((92, 76, 60))), *(turned(a, circle(200, 118, 5, GLOW), y=210) for a in range(0, 360, 18)), line("M280 256q50 30 46 70", PAPER, 12), rect(306, 318, 40, 26, INK, 6))
    bars = drawn(*(drawn(faint(0.45, path(f"M70 {y + 24}h260l30 70H40z", GLOW)), rect(56, y, 288, 26, METAL_LIGHT, 10), rect(70, y + 10, 260, 14, GLOW, 7), rect(40, y - 2, 24, 30, p.main, 6), rect(336, y - 2, 24, 30, p.main, 6)) for y in ((120, 230) if v > 2 else (170,))))
    return coil if v % 2 else bars


DECOR: dict[str, Drawing] = {
    "frame": frame,
    "mirror": mirror,
    "clock": clock,
    "vase": vase,
    "statue": statue,
    "candle": candle,
    "tray": tray,
    "sunburst": sunburst,
    "plant": plant,
    "planter": planter,
    "wreath": wreath,
    "xmas": xmas,
    "basket": basket,
    "fountain": fountain,
    "lantern": lantern,
    "lamp": lamp,
    "pendant": pendant,
    "chandelier": chandelier,
    "sconce": sconce,
    "string": string,
    "bulb": bulb,
    "fan": fan,
    "tablefan": tablefan,
    "tubelight": tubelight,
}
