"""What is fixed to the house or stands around it: taps, basins, doors, hardware, boards and garden things."""

from catalogue.drawing.paint import (
    GLASS,
    INK,
    LEAF,
    LEAF_DARK,
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

WATER = "#8cc6df"


def faucet(p: Paint, v: int) -> str:
    high = v % 2 == 1
    spout = "M180 300V150q0-62 62-62t62 62v26" if high else "M180 300V196q0-40 40-40h60q22 0 22 26v14"
    tip = (304, 176) if high else (302, 196)
    drops = drawn(*(path(f"M{tip[0]} {tip[1] + 26 + i * 32}q9 14 0 22q-9-8 0-22z", WATER) for i in range(3)))
    return drawn(ground(110), line(spout, p.dark, 36), line(spout, p.main, 28), faint(0.5, line(spout, p.pale, 6)), rect(tip[0] - 17, tip[1], 34, 14, p.deep, 5), drops, rect(134, 296, 92, 22, p.dark, 8), line("M180 232H120", p.main, 18) if v < 4 else drawn(line("M120 300V262M96 262H144", p.main, 16), line("M240 300V262M216 262H264", p.main, 16)), circle(118, 232, 13, p.dark) if v < 4 else "")


def shower(p: Paint, v: int) -> str:
    drops = drawn(*(line(f"M{200 + d} {172 + (i % 3) * 34}l{d * 0.12:g} 22", WATER, 5) for i, d in enumerate((*range(-84, 96, 24), *range(-70, 90, 28), *range(-84, 96, 24)))))
    if v % 2:
        return drawn(line("M200 20V100", p.dark, 16), path("M92 128a108 34 0 0 1 216 0z", p.main), rect(88, 124, 224, 18, p.dark, 9), drops)
    return drawn(line("M90 320V80q0-26 26-26h84", p.dark, 14), path("M130 96a76 46 0 0 1 152 0z", p.main), rect(122, 92, 168, 16, p.dark, 8), turned(0, drops, x=200, y=200), rect(70, 230, 40, 40, p.main, 8), circle(90, 250, 8, p.pale))


def sink(p: Paint, v: int) -> str:
    tap = drawn(line("M200 150V92q0-26 26-26h4q24 0 24 24v10", METAL_DARK, 14), rect(180, 140, 40, 14, METAL_DARK, 4))
    bowls = drawn(rect(76, 172, 118, 96, p.deep, 16), rect(206, 172, 118, 96, p.deep, 16)) if v % 2 else rect(80, 172, 240, 96, p.deep, 20)
    shine = faint(0.25, rect(88, 182, 98 if v % 2 else 216, 26, WHITE, 12))
    return drawn(ground(160, y=312), rect(50, 150, 300, 30, p.light, 10), path("M56 174h288v116q0 16-16 16H72q-16 0-16-16z", p.main), bowls, shine, *(circle(x, 246, 9, METAL) for x in ((136, 264) if v % 2 else (200,))), tap)


def tub(p: Paint, v: int) -> str:
    foam = drawn(*(circle(x, y, r, WHITE) for x, y, r in ((130, 196, 22), (164, 186, 28), (206, 192, 24), (244, 186, 26), (276, 198, 18))))
    feet = drawn(*(path(f"M{x} 292q-18 10-12 28h26l-2-28z", METAL_DARK) for x in (120, 286)))
    return drawn(ground(160), line("M320 206V120q0-22-20-22t-20 20", METAL_DARK, 11), foam if v % 2 else ellipse(200, 206, 130, 12, WATER), feet, path("M56 204h288q-4 96-66 96H122q-62 0-66-96z", p.main), faint(0.4, path("M78 222q8 52 44 62h22q-40-20-44-62z", WHITE)), rect(46, 196, 308, 18, p.light, 9))


def door(p: Paint, v: int) -> str:
    inner = (
        drawn(*(rect(x, y, 62, h, p.dark, 3) for x in (132, 206) for y, h in ((70, 80), (166, 126)))),
        drawn(*(line(f"M{x} 60V308", p.dark, 3) for x in (156, 184, 212, 240)), line("M130 290L268 80", p.dark, 10), rect(122, 56, 156, 14, p.dark), rect(122, 298, 156, 14, p.dark)),
        drawn(*(rect(134, y, 132, 14, p.dark, 3) for y in range(74, 300, 24))),
    )[v % 3]
    return drawn(ground(100, y=324), rect(108, 36, 184, 286, WOOD_LIGHT if v % 2 else WHITE, 4), rect(122, 50, 156, 270, p.main, 2), inner, circle(262, 190, 9, METAL_DARK), rect(258, 186, 20, 7, METAL, 3) if v % 2 else "")


def glassdoor(p: Paint, v: int) -> str:
    return drawn(ground(120, y=326), rect(86, 50, 228, 274, METAL_LIGHT, 4), rect(96, 60, 100, 258, GLASS, 2), rect(190, 60, 114, 258, mix_glass(p), 2), *(faint(0.8, line(f"M{x} 250L{x + 60} 110", WHITE, 7)) for x in (112, 224)), rect(80, 46, 240, 12, p.main, 4), rect(80, 316, 240, 10, p.main, 4), rect(202, 150, 10, 80, p.dark, 5), *(path(f"M{x} {y}q8 12 0 20q-8-8 0-20z", WATER) for x, y in ((130, 220), (150, 270), (270, 240))) if v % 2 else ())


def mix_glass(p: Paint) -> str:
    return "#cfe3ea" if p.main == "#cfe6ea" else p.pale


def handle(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(faint(0.14, rect(92, 176, 230, 40, "#224", 20)), rect(120, 190, 24, 46, p.dark, 6), rect(256, 190, 24, 46, p.dark, 6), rect(82, 168, 236, 34, p.main, 17), faint(0.5, rect(96, 174, 208, 8, WHITE, 4)), *(line(f"M{x} 170V200", p.dark, 2) for x in range(150, 256, 10)) if v > 2 else ())
    return drawn(faint(0.14, rect(116, 92, 66, 232, "#224", 14)), rect(110, 84, 62, 232, p.dark, 14), circle(141, 108, 6, p.pale), circle(141, 292, 6, p.pale), path("M135 250h12v22h-12z", INK), circle(141, 250, 9, INK), circle(141, 176, 22, p.light), rect(136, 162, 170, 28, p.main, 14), faint(0.5, rect(150, 166, 140, 7, WHITE, 3)))


def knob(p: Paint, v: int) -> str:
    petals = drawn(*(turned(a, ellipse(200, 140, 24, 40, p.light)) for a in range(0, 360, 45))) if v % 3 == 1 else ""
    facets = drawn(*(turned(a, path("M200 200L168 116h64z", p.light if a % 120 else p.pale)) for a in range(0, 360, 60))) if v % 3 == 2 else ""
    return drawn(faint(0.16, circle(212, 216, 112, "#224")), circle(200, 200, 112, p.dark), circle(200, 200, 98, p.main), petals, facets, circle(200, 200, 26 if v % 3 else 62, p.light), faint(0.55, ellipse(164, 154, 30, 18, WHITE)))


def hook(p: Paint, v: int) -> str:
    def one(x: int) -> str:
        return drawn(rect(x - 14, 150, 28, 56, p.main, 8), line(f"M{x} 186v44q0 26 24 26t22-24", p.main, 13), circle(x + 46, 230, 10, p.light), circle(x, 162, 4, p.pale))

    towel = drawn(path("M96 226q34-10 60 4l4 96q-36 10-68 0z", p.accent), line("M100 300q30 8 58 0", WHITE, 6))
    rail = drawn(rect(66, 132, 268, 34, WOOD, 8), rect(66, 132, 268, 10, WOOD_LIGHT, 5))
    return drawn(rail, *(one(x) for x in ((110, 190, 270) if v % 2 else (130, 240))), towel if v > 2 else "")


def hood(p: Paint, v: int) -> str:
    lights = drawn(faint(0.4, path("M120 270h160l40 90H80z", "#fff2c2")))
    shape = path("M166 66h68v92l88 76v30H78v-30l88-76z", p.main) if v % 2 else drawn(rect(168, 60, 64, 130, p.dark, 4), path("M70 210q130-50 260 0v40H70z", p.main))
    return drawn(lights, shape, rect(78, 240, 244, 26, p.dark, 6), *(circle(x, 253, 5, p.pale) for x in (176, 200, 224)), *(line(f"M150 {y}H250", p.light, 3) for y in ()))


def socket(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(faint(0.14, rect(70, 140, 276, 140, "#224", 26)), rect(62, 130, 276, 140, p.main, 26), *(drawn(circle(x, 200, 34, p.pale), circle(x, 184, 5, INK), circle(x - 11, 208, 5, INK), circle(x + 11, 208, 5, INK)) for x in (116, 200)), rect(262, 166, 44, 68, p.dark, 8), rect(262, 166, 44, 34, p.light, 8), circle(284, 250, 5, "#e2574c"))
    return drawn(faint(0.14, rect(108, 78, 200, 260, "#224", 18)), rect(100, 70, 200, 260, p.main, 18), rect(116, 86, 168, 228, p.pale, 10), rect(132, 104, 62, 90, WHITE, 6), rect(132, 104, 62, 45, METAL_LIGHT, 6), rect(206, 104, 62, 90, WHITE, 6), rect(206, 149, 62, 45, METAL_LIGHT, 6), circle(200, 252, 40, WHITE), *(circle(x, y, 6, INK) for x, y in ((200, 234), (184, 264), (216, 264))))


def detector(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(ground(110), rect(96, 110, 208, 206, p.main, 34), rect(116, 132, 168, 92, SCREEN, 14), *(rect(134 + i * 38, 150, 24, 56, "#7fd0d2", 4) for i in range(3)), circle(200, 268, 24, p.accent), circle(144, 268, 10, p.dark), circle(256, 268, 10, p.dark))
    return drawn(faint(0.16, circle(210, 212, 118, "#224")), circle(200, 200, 118, p.dark), circle(200, 196, 112, p.main), *(turned(a, rect(196, 106, 8, 34, p.dark, 4)) for a in range(0, 360, 20)), circle(200, 196, 46, p.light), circle(200, 196, 12, "#e2574c" if v % 2 else "#58b368"))


def mailbox(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(faint(0.14, rect(110, 92, 204, 236, "#224", 14)), rect(100, 120, 200, 200, p.main, 12), path("M88 128L200 66l112 62z", p.dark), rect(130, 160, 140, 16, INK, 6), rect(146, 146, 108, 26, PAPER, 2), circle(200, 262, 12, METAL), rect(197, 264, 6, 16, INK, 2), rect(130, 196, 140, 28, p.light, 5))
    return drawn(ground(60), rect(188, 230, 24, 88, WOOD_DARK, 3), path("M90 236V166a52 52 0 0 1 52-52h126a52 52 0 0 1 52 52v70z", p.main), path("M90 236V166a52 52 0 0 1 104 0v70z", p.dark), rect(112, 180, 62, 10, INK, 4), line("M262 176V110", METAL_DARK, 7), path("M262 106h40v26h-40z", p.accent))


def soap(p: Paint, v: int) -> str:
    bubbles = drawn(*(drawn(circle(x, y, r, GLASS), faint(0.8, circle(x - r * 0.3, y - r * 0.3, r * 0.25, WHITE))) for x, y, r in ((120, 122, 20), (156, 94, 13), (276, 116, 24), (246, 84, 12))))
    if v % 2:
        return drawn(ground(110), line("M200 150V108H248v14", METAL_DARK, 10), rect(182, 136, 36, 24, METAL, 6), path("M140 176q0-20 20-20h80q20 0 20 20v124q0 16-16 16h-88q-16 0-16-16z", p.main), rect(156, 206, 88, 58, PAPER, 6), circle(200, 235, 16, p.light), faint(0.3, line("M156 180v110", WHITE, 9)))
    return drawn(ground(125, y=300), bubbles, ellipse(200, 286, 128, 20, p.deep), rect(96, 186, 208, 96, p.main, 40), ellipse(200, 214, 88, 26, p.light), rect(150, 200, 100, 28, p.main, 14), line("M168 214H232", p.pale, 5))


def bin_(p: Paint, v: int) -> str:
    lid = ellipse(200, 118, 78, 18, p.light) if v % 2 else path("M122 128a78 56 0 0 1 156 0z", p.dark)
    return drawn(ground(84), path("M122 124h156l-14 186q-1 8-9 8H145q-8 0-9-8z", p.main), faint(0.3, path("M138 140h20l8 160h-18z", WHITE)), lid, rect(116, 118, 168, 16, p.dark, 8), rect(176, 306, 48, 12, INK, 5), ring(200, 224, 26, p.pale, 6) if v > 2 else "")


def board(p: Paint, v: int) -> str:
    notes = drawn(*(turned(a, rect(x, y, 58, 58, c, 3), circle(x + 29, y + 8, 5, "#c6302b"), x=x, y=y) for x, y, a, c in ((104, 120, -4, "#ffe08a"), (178, 132, 3, "#f7b7a3"), (250, 118, -2, "#b7d7c4"), (120, 200, 4, "#c9d6ee"), (214, 206, -5, "#ffe08a"))))
    grid = drawn(*(line(f"M{x} 110V282", METAL, 2) for x in range(104, 320, 32)), *(line(f"M78 {y}H322", METAL, 2) for y in range(124, 282, 32)), circle(184, 172, 10, "#e2574c"), circle(248, 236, 10, "#3d8b8b"))
    return drawn(faint(0.14, rect(66, 96, 288, 212, "#224", 8)), rect(58, 86, 284, 212, WOOD_DARK if p.main != WHITE else METAL, 8), rect(70, 98, 260, 188, p.pale if v % 2 else PAPER, 3), notes if v % 2 else grid)


def screen(p: Paint, v: int) -> str:
    return drawn(ground(110), line("M200 250L140 318M200 250L260 318M200 90V300", METAL_DARK, 8) if v % 2 else line("M90 60V40M310 60V40", METAL_DARK, 6), rect(52, 58, 296, 18, p.dark, 8), rect(62, 74, 276, 172, INK, 2), rect(72, 80, 256, 156, "#f4f6f8", 2), faint(0.5, path("M72 236l80-70l50 40l44-34l82 64z", "#9fc1d4")), circle(272, 120, 16, p.accent), path("M186 138l40 22l-40 22z", p.main), rect(62, 240, 276, 12, p.dark, 5))


def parasol(p: Paint, v: int) -> str:
    shade = drawn(path("M60 180Q200 10 340 180q-35-22-70 0q-35-22-70 0q-35-22-70 0q-35-22-70 0z", p.main), path("M200 66Q150 90 130 180q35-22 70 0q35-22 70 0Q250 90 200 66z", p.light)) if v % 2 else ""
    base = drawn(path("M118 296q82-34 164 0l12 20H106z", p.dark), ellipse(200, 294, 78, 12, p.main), rect(184, 230, 32, 60, METAL_DARK, 6))
    return drawn(ground(110), line(f"M200 {80 if v % 2 else 120}V290", METAL_DARK, 10), shade, base, circle(214, 256, 7, METAL_LIGHT))


def pergola(p: Paint, v: int) -> str:
    vines = drawn(*(drawn(circle(x, 112 + (x % 3) * 8, 13, LEAF), circle(x + 9, 124, 9, LEAF_DARK)) for x in range(76, 330, 28))) if v % 2 else path("M70 112q65 40 130 0t130 0v14q-65 30-130 0t-130 0z", "#f1e8d6")
    return drawn(ground(165), *(rect(x, 112, 16, 206, p.dark) for x in (92, 292)), *(rect(x, 112, 20, 206, p.main) for x in (60, 320)), rect(36, 96, 328, 20, p.main, 4), *(rect(x, 76, 12, 40, p.dark, 3) for x in range(52, 350, 32)), vines, rect(150, 268, 100, 14, WOOD_LIGHT, 5), rect(160, 282, 8, 36, WOOD_DARK), rect(232, 282, 8, 36, WOOD_DARK))


def awning(p: Paint, v: int) -> str:
    stripes = drawn(*(path(f"M{70 + i * 37} 96h37l{(i - 3) * 6 + 4} 96h-{40}z", p.main if i % 2 == 0 else PAPER) for i in range(7)))
    scallops = drawn(*(path(f"M{50 + i * 43} 192h43v14q-21 26-43 0z", p.dark if i % 2 == 0 else "#e9e3d8") for i in range(7)))
    return drawn(ground(150), rect(90, 180, 220, 138, "#e6d9c6", 2), rect(112, 208, 76, 110, WOOD, 3), rect(210, 208, 78, 66, GLASS, 3), line("M249 208V274", WHITE, 4), path("M64 92h272l24 100H40z", PAPER), stripes if v % 2 else path("M64 92h272l24 100H40z", p.main), scallops, rect(58, 82, 284, 14, METAL_DARK, 5))


def fence(p: Paint, v: int) -> str:
    posts = drawn(*(drawn(path(f"M{x} 318V150l18-24l18 24v168z", p.main), path(f"M{x + 24} 318V134l12 16v168z", p.dark)) for x in range(52, 330, 44)))
    lattice = drawn(*(line(f"M{x} 130L{x + 92} 306", p.main, 7) for x in range(60, 260, 28)), *(line(f"M{x} 130L{x - 92} 306", p.light, 7) for x in range(152, 350, 28)), rect(52, 116, 296, 16, p.dark, 4), rect(52, 302, 296, 16, p.dark, 4), rect(52, 116, 16, 202, p.dark, 4), rect(332, 116, 16, 202, p.dark, 4))
    grass = drawn(*(path(f"M{x} 322q2-26-8-36q14 10 16 36z", LEAF) for x in range(60, 350, 22)))
    return drawn(ground(165), drawn(rect(40, 186, 320, 16, p.dark, 3), rect(40, 262, 320, 16, p.dark, 3), posts) if v % 2 else lattice, grass)


def firepit(p: Paint, v: int) -> str:
    flame = drawn(path("M200 96q64 66 40 126q-14 30-40 30t-40-30q-24-60 40-126z", "#f08a2c"), path("M200 150q36 44 22 80q-8 20-22 20t-22-20q-14-36 22-80z", "#f9cf58"))
    return drawn(ground(120), faint(0.35, circle(200, 180, 120, "#ffd28a")), line("M150 244L250 226M152 226L248 246", WOOD_DARK, 14), flame, path("M86 236h228q-8 62-60 68H146q-52-6-60-68z", p.main), rect(78, 228, 244, 16, p.dark, 8), line("M138 300L124 318M262 300L276 318", p.deep, 10) if v % 2 else path("M150 302h100l16 16H134z", p.deep))


def birdstand(p: Paint, v: int) -> str:
    bird = drawn(path("M176 130q0-44 40-44t40 44q0 40-22 66q-40 4-52-22z", "#58b368"), path("M252 112l22 10l-22 12z", "#f0a43c"), circle(232, 112, 6, INK), path("M180 150q-30 60-24 92q30-20 50-62z", "#3d8f5a"), path("M196 140q30 10 20 50q-24-8-30-36z", "#e9c94b"))
    return drawn(ground(100), line("M200 206V310", p.dark, 12), line("M104 206H296", p.main, 16), path("M140 306h120l14 14H126z", p.dark), bird, line("M276 212v40", METAL_DARK, 3), circle(276, 260, 12, p.accent), ring(124, 240, 22, p.accent, 6) if v % 2 else "")


def swing(p: Paint, v: int) -> str:
    if v % 2:
        holds = drawn(*(circle(x, y, 17, c) for x, y, c in ((140, 110, p.main), (220, 140, p.accent), (270, 96, "#c6302b"), (160, 190, "#3d8b8b"), (250, 214, p.main), (130, 262, p.accent), (216, 280, "#c6302b"))))
        return drawn(ground(120), path("M100 60h200v258H100z", WOOD_LIGHT), *(line(f"M100 {y}H300", WOOD, 3) for y in range(96, 318, 38)), holds)
    return drawn(ground(80), line("M60 56H340", WOOD_DARK, 16), line("M150 60L158 246M250 60L242 246", "#c9a36a", 8), path("M132 244h136v18q-68 26-136 0z", p.main), rect(132, 238, 136, 14, p.light, 7))


def sauna(p: Paint, v: int) -> str:
    steam = faint(0.8, *(line(f"M{x} 130q-14-18 0-34t0-34", WHITE, 7) for x in (150, 200, 250)))
    body = drawn(circle(200, 206, 116, p.dark), circle(200, 206, 102, p.main)) if v % 2 else drawn(rect(76, 76, 248, 242, p.dark, 8), rect(88, 88, 224, 220, p.main, 4))
    return drawn(ground(140), body, *(line(f"M{x} {110 if v % 2 else 92}V304", p.dark, 3) for x in range(120, 290, 24)), rect(158, 150, 84, 160, "#f3dcae", 6), faint(0.8, line("M172 260L216 176", WHITE, 6)), rect(228, 220, 7, 34, p.deep, 3), steam)


FIXTURES: dict[str, Drawing] = {
    "faucet": faucet,
    "shower": shower,
    "sink": sink,
    "tub": tub,
    "door": door,
    "glassdoor": glassdoor,
    "handle": handle,
    "knob": knob,
    "hook": hook,
    "hood": hood,
    "socket": socket,
    "detector": detector,
    "mailbox": mailbox,
    "soap": soap,
    "bin": bin_,
    "board": board,
    "screen": screen,
    "parasol": parasol,
    "pergola": pergola,
    "awning": awning,
    "fence": fence,
    "firepit": firepit,
    "birdstand": birdstand,
    "swing": swing,
    "sauna": sauna,
}
