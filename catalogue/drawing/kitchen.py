"""Pots, plates, jars and kitchen machines."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    INK,
    LEAF,
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

STEAM = "#ffffff"


def _steam(*places: int, top: int = 80) -> str:
    return faint(0.85, *(line(f"M{x} {top + 56}q-12-15 0-28t0-28", STEAM, 7) for x in places))


def pot(p: Paint, v: int) -> str:
    back = drawn(rect(218, 176, 116, 84, p.dark, 14), ellipse(276, 176, 58, 12, METAL_LIGHT), line("M336 206h22", WOOD_DARK, 12)) if v % 2 else ""
    return drawn(ground(140), _steam(160, 200), back, line("M76 226H50q-10 0-10 14t12 14h24M270 226h26q10 0 10 14t-12 14h-24", WOOD_DARK, 11), path("M76 192h196v94q0 30-32 30H108q-32 0-32-30z", p.main), faint(0.35, rect(94, 204, 16, 92, WHITE, 8)), path("M70 186q104-64 208 0z", GLASS if v > 2 else p.light), rect(64, 182, 220, 16, p.dark, 8), circle(174, 148, 14, WOOD_DARK))


def cooker(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(120), _steam(180, 220, top=66), path("M100 172h200v116q0 28-28 28H128q-28 0-28-28z", p.main), rect(160, 226, 80, 60, INK, 10), rect(172, 238, 56, 18, "#7fc4d9", 4), circle(186, 272, 6, METAL), circle(214, 272, 6, METAL), path("M92 172q108-76 216 0z", GLASS), rect(88, 164, 224, 16, p.dark, 8), circle(200, 128, 12, INK))
    return drawn(ground(130), _steam(200, top=40), rect(186, 104, 28, 34, METAL_DARK, 6), path("M96 182h176v108q0 26-28 26H124q-28 0-28-26z", p.main), faint(0.35, rect(112, 196, 16, 100, WHITE, 8)), path("M100 170q84-54 168 0z", p.light), rect(88, 166, 192, 18, p.dark, 8), rect(262, 160, 104, 26, INK, 12), rect(62, 196, 40, 20, INK, 10))


def pan(p: Paint, v: int) -> str:
    food = drawn(circle(160, 196, 34, WHITE), circle(158, 194, 14, "#f6b73c")) if v % 3 == 0 else drawn(*(circle(x, y, 9, c) for x, y, c in ((140, 190, "#6fa35a"), (168, 206, "#d9532c"), (190, 184, GOLD), (150, 220, GOLD), (186, 220, "#6fa35a")))) if v % 3 == 1 else ""
    kadhai = v > 2
    grip = drawn(line("M44 206q-22-2-22-20M276 206q22-2 22-20", WOOD_DARK, 12)) if kadhai else drawn(turned(-14, rect(256, 186, 124, 26, WOOD_DARK, 13), rect(250, 182, 40, 34, METAL_DARK, 8), x=260, y=200))
    return drawn(ground(120, x=170, y=312), grip, circle(160, 204, 118, p.deep), circle(160, 200, 114, p.main), circle(160, 204, 94, p.dark), faint(0.16, path("M84 180a80 80 0 0 1 90-60l-40 80z", WHITE)), food)


def utensil(p: Paint, v: int) -> str:
    spoon = drawn(line("M138 172V330", p.main, 12), ellipse(138, 120, 32, 50, p.main), ellipse(138, 116, 22, 36, p.light))
    fork = drawn(line("M200 160V330", p.dark, 12), *(line(f"M{x} 70V130", p.dark, 7) for x in (180, 193, 207, 220)), path("M177 122h46q2 44-23 48q-25-4-23-48z", p.dark))
    turner = drawn(line("M262 170V330", p.main, 12), rect(236, 66, 52, 106, p.main, 10), *(line(f"M{x} 84V148", p.deep, 6) for x in (250, 262, 274)))
    crock = drawn(path("M112 234h176l-12 86q-2 8-10 8H134q-8 0-10-8z", p.accent), rect(106, 226, 188, 18, PAPER, 8)) if v % 2 else ""
    return drawn(ground(96, y=334), spoon, fork, turner, crock)


def knife(p: Paint, v: int) -> str:
    wood = drawn(rect(70, 120, 260, 180, WOOD, 22), rect(70, 120, 260, 172, WOOD_LIGHT, 22), *(line(f"M96 {y}q100 14 208 0", WOOD, 3) for y in (160, 206, 252)), circle(304, 146, 10, WOOD_DARK))
    blade = turned(-24, path("M70 188h170v44q-120 10-170-44z", METAL_LIGHT), path("M70 188h170v12H84z", METAL), rect(236, 182, 100, 30, p.main, 12), circle(262, 197, 4, p.pale), circle(300, 197, 4, p.pale))
    herbs = drawn(circle(126, 262, 16, "#d9532c"), circle(152, 268, 13, "#d9532c"), path("M116 240q8-16 22-10", "none") if v > 5 else "", line("M250 268l30-14", LEAF, 6))
    return drawn(ground(140, y=312), wood, herbs if v % 2 else "", blade)


def colander(p: Paint, v: int) -> str:
    holes = drawn(*(circle(200 + dx, y, 5, p.deep) for y, n in ((206, 5), (230, 4), (254, 3), (276, 2)) for dx in range(-n * 22, n * 22 + 1, 22)))
    pasta = drawn(*(line(f"M{x} 178q12-34 30-10t30-4", "#f0cf7a", 8) for x in (120, 156, 196, 230))) if v % 2 else ""
    return drawn(ground(96), pasta, line("M82 184q-30 0-30 22t28 16M318 184q30 0 30 22t-28 16", p.dark, 10), path("M78 180h244q-8 116-86 122h-72q-78-6-86-122z", p.main), holes, rect(66, 170, 268, 18, p.light, 9), path("M150 300h100l10 18H140z", p.dark))


def plate(p: Paint, v: int) -> str:
    rim = drawn(*(turned(a, path("M200 66q10 12 0 24q-10-12 0-24z", p.accent if a % 60 else p.pale)) for a in range(0, 360, 30))) if v % 2 else ring(200, 200, 116, p.pale, 4)
    centre = drawn(*(turned(a, path("M200 200q20-34 0-62q-20 28 0 62z", p.light)) for a in range(0, 360, 60)), circle(200, 200, 11, p.accent)) if v > 2 else ""
    return drawn(faint(0.16, circle(208, 212, 138, "#224")), circle(200, 200, 138, p.main), rim, circle(200, 200, 92, p.dark), circle(200, 198, 88, p.main), centre, faint(0.25, path("M92 160a118 118 0 0 1 86-74l-20 22a100 100 0 0 0-56 56z", WHITE)))


def bowl(p: Paint, v: int) -> str:
    inside = (
        drawn(*(circle(x, 178 - (x % 4) * 4, 15, c) for x, c in ((140, "#d9532c"), (172, "#6fa35a"), (204, GOLD), (234, "#d9532c"), (262, "#6fa35a")))),
        _steam(170, 200, 230, top=84),
        drawn(*(circle(x, 180 - (x % 5) * 3, 9, WOOD) for x in range(124, 286, 16))),
    )[v % 3]
    return drawn(ground(96), inside, ellipse(200, 190, 122, 24, p.dark), path("M78 190h244q-6 112-90 122h-64q-84-10-90-122z", p.main), line("M96 226q104 36 208 0", p.pale, 6) if v % 2 else line("M90 212q110 30 220 0", p.accent, 8), faint(0.3, path("M100 214q8 60 50 82q-50-6-62-90z", WHITE)), rect(156, 306, 88, 12, p.deep, 6))


def mug(p: Paint, v: int) -> str:
    pattern = drawn(*(circle(x, y, 8, p.pale) for x in (140, 172, 204, 236) for y in (196, 236, 276))) if v % 3 == 0 else drawn(line("M118 216q32-20 64 0t64 0", p.pale, 7), line("M118 250q32-20 64 0t64 0", p.accent, 7)) if v % 3 == 1 else path("M182 270l-34-36q-8-20 12-26q14 0 22 14q8-14 22-14q20 6 12 26z", p.pale)
    saucer = ellipse(186, 314, 130, 14, p.light) if v % 2 else ""
    return drawn(ground(110), _steam(160, 204, top=56), saucer, line("M252 190h26q32 0 32 36t-32 40h-28", p.main, 20), path("M112 150h148v122q0 40-38 40h-72q-38 0-38-40z", p.main), pattern, faint(0.25, rect(122, 164, 14, 120, WHITE, 7)), ellipse(186, 152, 74, 14, p.dark), ellipse(186, 154, 62, 9, "#6b4126"))


def glass(p: Paint, v: int) -> str:
    def wine(x: int) -> str:
        return drawn(path(f"M{x - 44} 92h88q6 104-44 112q-50-8-44-112z", GLASS), path(f"M{x - 43} 136h86q-4 60-43 66q-39-6-43-66z", p.main), line(f"M{x} 204V304", METAL, 7), ellipse(x, 310, 40, 8, METAL), faint(0.7, line(f"M{x - 30} 104v40", WHITE, 6)))

    def tumbler(x: int) -> str:
        return drawn(path(f"M{x - 46} 140h92l-10 176h-72z", GLASS), path(f"M{x - 42} 206h84l-6 110h-72z", p.main), faint(0.6, rect(x - 22, 220, 30, 30, WHITE, 5), rect(x + 2, 256, 26, 26, WHITE, 5)), faint(0.7, line(f"M{x - 30} 156v140", WHITE, 6)))

    one = wine if v % 2 else tumbler
    return drawn(ground(120), one(140), one(258))


def cakestand(p: Paint, v: int) -> str:
    cake = drawn(rect(126, 138, 148, 60, "#f7d9c4", 10), path("M126 148q0-12 12-12h124q12 0 12 12v14q-18 16-37 0t-37 0t-37 0t-37 0z", p.accent), *(circle(x, 132, 8, "#c6302b") for x in (152, 200, 248)))
    dome = faint(0.55, path("M108 198V150a92 82 0 0 1 184 0v48z", GLASS), circle(200, 62, 10, METAL)) if v % 2 else ""
    return drawn(ground(84), cake, dome, ellipse(200, 204, 128, 16, p.main), ellipse(200, 200, 128, 14, p.light), path("M186 214h28l8 84h-44z", p.main), path("M142 296h116l14 22H128z", p.dark))


def jar(p: Paint, v: int) -> str:
    clear = v % 2 == 1
    body = "M118 150q-10 0-10 16v130q0 22 22 22h140q22 0 22-22V166q0-16-10-16z"
    filling = path("M112 210h176v86q0 18-18 18H130q-18 0-18-18z", p.main) if clear else ""
    return drawn(ground(100), path(body, GLASS if clear else p.main), filling, *(circle(x, y, 6, p.dark) for x in range(132, 280, 26) for y in (232, 262, 292)) if clear else (), rect(142, 206, 116, 64, PAPER, 8), line("M162 228H238M174 246H226", p.dark, 5), faint(0.4, rect(120, 166, 12, 130, WHITE, 6)), rect(110, 116, 180, 38, WOOD_LIGHT if v > 2 else p.dark, 10), rect(110, 116, 180, 14, WOOD if v > 2 else p.deep, 7), circle(200, 108, 13, WOOD_DARK if v > 2 else p.deep))


def lunchbox(p: Paint, v: int) -> str:
    if v % 2:
        tiers = drawn(*(drawn(rect(122, y, 156, 58, p.main, 14), rect(122, y, 156, 12, p.light, 6)) for y in (252, 190, 128)))
        return drawn(ground(96), line("M110 286V110q0-44 90-44t90 44v176", METAL_DARK, 9), tiers, rect(116, 114, 168, 20, p.dark, 10))
    return drawn(ground(130), rect(74, 168, 252, 140, p.main, 28), rect(74, 160, 252, 58, p.light, 26), rect(178, 202, 44, 30, p.accent, 8), line("M160 158q0-40 40-40t40 40", p.dark, 12))


def bottle(p: Paint, v: int) -> str:
    loop = ring(200, 70, 20, p.dark, 9) if v % 2 else ""
    return drawn(ground(60), loop, rect(168, 76, 64, 46, p.dark, 10), path("M160 118h80q14 28 14 52v122q0 26-26 26h-56q-26 0-26-26V170q0-24 14-52z", p.main), faint(0.4, rect(160, 150, 14, 140, WHITE, 7)), rect(146, 222, 108, 12, p.light) if v > 2 else path("M186 206l14-22l14 22q6 22-14 24q-20-2-14-24z", p.pale))


def kettle(p: Paint, v: int) -> str:
    window = rect(186, 190, 22, 80, GLASS, 8) if v % 2 else ""
    return drawn(ground(110), _steam(110, top=70), path("M118 170L84 148l-4 24l30 34z", p.dark), line("M250 150q74-12 74 60t-60 72", INK, 18), path("M130 130h124q26 60 26 130q0 40-34 40H140q-34 0-34-40q0-70 24-130z", p.main), window, faint(0.35, path("M138 148q-16 60-14 120h16q-2-60 12-120z", WHITE)), path("M134 134q60-44 116 0z", p.dark), circle(192, 106, 12, INK), rect(96, 300, 196, 18, INK, 8))


def mixer(p: Paint, v: int) -> str:
    jar_ = drawn(path("M138 72h124l-14 128h-96z", GLASS), path("M146 140h108l-6 60h-96z", "#f0a86a" if v % 2 else "#9cc76f"), rect(132, 56, 136, 20, INK, 8), line("M258 92h34v70h-26", METAL_DARK, 9))
    return drawn(ground(100), jar_, rect(150, 198, 100, 18, METAL_DARK, 4), path("M128 214h144q24 30 24 80q0 24-24 24H128q-24 0-24-24q0-50 24-80z", p.main), faint(0.3, path("M134 224q-20 30-18 76h18q-2-46 16-76z", WHITE)), circle(200, 270, 24, PAPER), line("M200 270V254", INK, 6), rect(104, 312, 192, 8, INK, 4))


def stove(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(140, y=296), rect(60, 180, 280, 100, INK, 18), rect(60, 172, 280, 96, p.main, 18), ring(200, 212, 36, p.pale, 4), ring(200, 212, 22, p.accent, 4), rect(150, 244, 100, 14, "#7fc4d9", 5))
    burners = drawn(*(drawn(ellipse(x, 178, 50, 12, INK), *(path(f"M{x + d} 170q6-18 0-24q-8 10 0 24z", "#4aa3df") for d in (-30, -15, 0, 15, 30)), line(f"M{x - 56} 166H{x + 56}", METAL_DARK, 7)) for x in (124, 276)))
    return drawn(ground(165), burners, rect(44, 186, 312, 26, SCREEN, 8), rect(52, 208, 296, 92, p.main, 12), *(drawn(circle(x, 256, 22, METAL_LIGHT), line(f"M{x} 256V240", INK, 6)) for x in (124, 276)), rect(66, 298, 30, 20, INK, 4), rect(304, 298, 30, 20, INK, 4))


def coffeemaker(p: Paint, v: int) -> str:
    return drawn(ground(115), rect(104, 78, 192, 60, p.main, 16), rect(104, 130, 70, 172, p.main, 4), rect(104, 78, 26, 224, p.dark, 10), rect(96, 290, 208, 28, p.dark, 10), rect(184, 136, 92, 22, METAL_DARK, 6), line("M212 158v20M246 158v20", "#6b4126", 6), path("M192 226h80v36q0 22-22 22h-36q-22 0-22-22z", WHITE), ring(278, 248, 13, WHITE, 6), ellipse(232, 227, 38, 6, "#6b4126"), rect(196, 96, 34, 22, "#7fc4d9", 4), circle(256, 107, 9, p.accent), circle(280, 107, 5, METAL), _steam(232, top=150) if v % 2 else "")


def purifier(p: Paint, v: int) -> str:
    return drawn(ground(90), rect(118, 56, 164, 258, p.main, 22), rect(136, 78, 128, 116, "#cfe9f4", 12), path("M136 132q32-18 64 0t64 0v50q0 12-12 12H148q-12 0-12-12z", "#8cc6df"), path("M200 92q18 26 0 38q-18-12 0-38z", "#4aa3df"), rect(180, 212, 40, 22, METAL_DARK, 6), rect(192, 232, 16, 14, METAL_DARK, 3), path("M176 262h48l-6 42h-36z", GLASS), path("M178 278h44l-4 26h-36z", "#8cc6df"), circle(150, 222, 6, "#58b368"), faint(0.25, rect(124, 70, 10, 230, WHITE, 5)) if v % 2 else "")


def ac(p: Paint, v: int) -> str:
    wind = faint(0.9, *(line(f"M{x} 246q-10 20 0 38t0 38", "#9ccfe6", 7) for x in (110, 170, 230, 290)))
    return drawn(faint(0.14, rect(50, 118, 312, 110, "#224", 24)), rect(44, 104, 312, 116, p.main, 24), path("M60 186h280q-8 34-34 34H94q-26 0-34-34z", p.dark), line("M90 204H310", p.pale, 4), rect(276, 132, 50, 22, SCREEN, 6), line("M290 143h12", "#7fd0d2", 5), faint(0.4, rect(64, 116, 190, 12, WHITE, 6)), wind if v % 2 else faint(0.8, *(drawn(line(f"M{x} 250v40M{x - 17} 260l34 20M{x + 17} 260l-34 20", "#9ccfe6", 5)) for x in (130, 200, 270))))


def vacuum(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(150, y=286), ellipse(200, 250, 140, 40, p.deep), ellipse(200, 232, 140, 46, p.main), ellipse(200, 224, 96, 28, p.light), circle(200, 222, 14, p.dark), circle(270, 244, 6, "#58b368"))
    return drawn(ground(140), line("M116 252Q40 120 150 96T300 90L326 290", INK, 12), path("M300 292h56l8 24h-76z", p.dark), circle(150, 262, 58, p.main), path("M96 250q-10-50 50-58q66-4 80 66z", p.light), circle(150, 268, 34, p.dark), circle(150, 268, 14, METAL), circle(100, 306, 14, INK), circle(212, 306, 14, INK))


def iron(p: Paint, v: int) -> str:
    return drawn(ground(150, y=306), _steam(90, 130, top=80) if v % 2 else "", line("M150 184q0-50 60-52h60q40 4 44 60", p.dark, 22), path("M60 266q30-84 140-84h120q16 40 16 84z", p.main), faint(0.3, path("M100 240q36-44 110-44l-4 14q-60 4-86 34z", WHITE)), path("M52 264h290l-4 26q-2 10-12 10H70q-26 0-18-36z", METAL_LIGHT), circle(262, 230, 18, PAPER), line("M262 230l8-8", INK, 4))


KITCHEN: dict[str, Drawing] = {
    "pot": pot,
    "cooker": cooker,
    "pan": pan,
    "utensil": utensil,
    "knife": knife,
    "colander": colander,
    "plate": plate,
    "bowl": bowl,
    "mug": mug,
    "glass": glass,
    "cakestand": cakestand,
    "jar": jar,
    "lunchbox": lunchbox,
    "bottle": bottle,
    "kettle": kettle,
    "mixer": mixer,
    "stove": stove,
    "coffeemaker": coffeemaker,
    "purifier": purifier,
    "ac": ac,
    "vacuum": vacuum,
    "iron": iron,
}
