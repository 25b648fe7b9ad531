"""Phones, computers, sound and the small machines beside them."""

from catalogue.drawing.paint import (
    GOLD,
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
    turned,
)

SKY, HILL = "#8fc3e0", "#6f9a86"
TILES = ("#e2574c", "#f0a43c", "#58b368", "#4aa3df", "#9b6bd3", "#e9c94b")


def _wallpaper(x: float, y: float, w: float, h: float, p: Paint) -> str:
    return drawn(
        rect(x, y, w, h, SKY, 4),
        circle(x + w * 0.72, y + h * 0.28, min(w, h) * 0.12, "#fbe9a8"),
        path(f"M{x:g} {y + h:g}V{y + h * 0.66:g}q{w * 0.25:g}-{h * 0.22:g} {w * 0.5:g}-{h * 0.04:g}t{w * 0.5:g}-{h * 0.06:g}V{y + h:g}z", HILL),
        path(f"M{x:g} {y + h:g}V{y + h * 0.82:g}q{w * 0.3:g}-{h * 0.12:g} {w * 0.6:g} 0t{w * 0.4:g}-{h * 0.02:g}V{y + h:g}z", p.dark),
    )


def phone(p: Paint, v: int) -> str:
    back = drawn(rect(206, 66, 126, 262, p.dark, 24), rect(200, 62, 126, 262, p.main, 24), rect(214, 78, 54, 92, p.dark, 16), *(drawn(circle(232 + (i % 2) * 20, 100 + i * 24, 12, INK), circle(232 + (i % 2) * 20, 100 + i * 24, 5, "#5b7f9c")) for i in range(3)), faint(0.25, line("M306 90V290", WHITE, 5)))
    front = drawn(rect(86, 74, 130, 262, p.deep, 24), rect(92, 80, 118, 250, INK, 20), _wallpaper(98, 88, 106, 234, p), circle(151, 98, 4, INK))
    apps = drawn(*(rect(108 + (i % 3) * 31, 262 + (i // 3) * 27, 22, 20, TILES[i], 6) for i in range(6))) if v % 2 else drawn(rect(112, 120, 78, 12, WHITE, 6), rect(124, 140, 54, 7, WHITE, 3))
    return drawn(ground(110, y=342), back, front, apps)


def phonecase(p: Paint, v: int) -> str:
    motif = (
        drawn(*(circle(x, y, 8, p.pale) for x in range(150, 270, 32) for y in range(178, 330, 30))),
        drawn(*(line(f"M132 {y}q34-20 68 0t68 0", p.pale if i % 2 else p.accent, 7) for i, y in enumerate(range(190, 330, 28)))),
        drawn(path("M200 190q54 36 0 108q-54-72 0-108z", p.pale), path("M200 214q28 24 0 62q-28-38 0-62z", p.accent)),
    )[v % 3]
    return drawn(ground(84, y=346), rect(122, 54, 156, 288, p.dark, 34), rect(128, 54, 144, 282, p.main, 30), rect(144, 70, 60, 82, p.deep, 18), circle(166, 94, 13, INK), circle(166, 128, 13, INK), circle(190, 112, 7, "#f7f2d8"), motif)


def tablet(p: Paint, v: int) -> str:
    pen = drawn(turned(24, rect(318, 110, 14, 190, WHITE, 7), path("M318 298h14l-7 20z", METAL_DARK), x=325, y=205)) if v % 2 else ""
    return drawn(ground(140, y=326), rect(60, 88, 270, 226, p.dark, 20), rect(60, 84, 264, 224, p.main, 20), rect(72, 96, 240, 200, INK, 12), _wallpaper(80, 104, 224, 184, p), *(rect(100 + i * 32, 250, 24, 24, TILES[i], 6) for i in range(6)), pen)


def laptop(p: Paint, v: int) -> str:
    content = _wallpaper(100, 88, 200, 136, p) if v % 2 else drawn(rect(100, 88, 200, 136, "#eef2f6", 4), rect(100, 88, 54, 136, p.main), *(rect(168, 104 + i * 22, 110 - (i % 3) * 24, 9, METAL, 4) for i in range(5)), circle(127, 110, 12, p.pale))
    return drawn(ground(165), rect(84, 72, 232, 172, INK, 14), content, path("M70 244h260l34 52H36z", p.main), path("M90 252h220l12 22H78z", p.dark), *(line(f"M{98 - i * 4} {256 + i * 7}H{302 + i * 4}", p.light, 2) for i in range(3)), rect(166, 278, 68, 12, p.light, 3), path("M36 296h328v6q0 12-14 12H50q-14 0-14-12z", p.dark))


def monitor(p: Paint, v: int) -> str:
    return drawn(ground(110), path("M178 256h44l8 46h-60z", METAL_DARK), rect(140, 300, 120, 16, p.main, 8), rect(44, 74, 312, 190, p.deep, 12), rect(52, 82, 296, 168, INK, 6), _wallpaper(56, 86, 288, 160, p), faint(0.14, path("M56 86h120L100 246H56z", WHITE)), path("M184 148l40 22l-40 22z", WHITE) if v % 2 else rect(70, 218, 60, 14, p.accent, 6))


def keyboard(p: Paint, v: int) -> str:
    keys = drawn(*(rect(58 + c * 25 + (r % 2) * 4, 170 + r * 26, 20, 20, p.accent if (r, c) in ((0, 0), (3, 9)) else p.pale, 5) for r in range(4) for c in range(10)), rect(122, 274, 116, 20, p.pale, 5))
    mouse = drawn(path("M330 190q26 0 26 36v40q0 36-26 36t-26-36v-40q0-36 26-36z", p.main), line("M330 194V232", p.deep, 3), rect(326, 208, 8, 18, p.accent, 4))
    if v % 3 == 2:
        return drawn(ground(100, y=334), line("M200 110Q240 60 320 70", INK, 6), path("M200 96q76 0 76 96v56q0 84-76 84t-76-84v-56q0-96 76-96z", p.main), faint(0.3, path("M146 150q14-32 38-36l-8 140h-36z", WHITE)), line("M200 98V194", p.deep, 4), rect(190, 128, 20, 46, p.accent, 10))
    return drawn(ground(165), rect(40, 156, 268, 154, p.deep, 16), rect(40, 150, 268, 154, p.main, 16), keys, mouse)


def printer(p: Paint, v: int) -> str:
    return drawn(ground(130), path("M128 70h144v90H128z", PAPER), *(line(f"M146 {y}H{250 - (y % 3) * 20}", METAL, 4) for y in (92, 108, 124)), rect(74, 150, 252, 120, p.main, 18), rect(74, 150, 252, 30, p.light, 16), rect(106, 218, 188, 20, INK, 6), path("M120 228h160l14 78H106z", PAPER), _wallpaper(140, 244, 120, 46, p) if v % 2 else drawn(*(line(f"M136 {y}H264", METAL, 4) for y in (252, 268, 284))), circle(292, 198, 8, "#58b368"), rect(94, 190, 60, 14, SCREEN, 4))


def router(p: Paint, v: int) -> str:
    waves = faint(0.8, *(line(f"M{200 - r} {120 - r * 0.2:g}Q200 {60 - r * 0.6:g} {200 + r} {120 - r * 0.2:g}", p.accent, 6) for r in (26, 50, 74)))
    masts = drawn(*(drawn(line(f"M{x} 246L{x + t} 128", p.dark, 13), circle(x + t, 126, 7, p.deep)) for x, t in ((90, -16), (150, -6), (250, 6), (310, 16))))
    return drawn(ground(140), waves, masts if v % 2 else drawn(line("M100 246V136", p.dark, 13), line("M300 246V136", p.dark, 13)), rect(56, 236, 288, 68, p.main, 20), rect(56, 236, 288, 22, p.light, 11), *(circle(96 + i * 24, 282, 6, "#58b368" if i < 4 else METAL) for i in range(6)), rect(76, 302, 40, 12, INK, 5), rect(284, 302, 40, 12, INK, 5))


def drive(p: Paint, v: int) -> str:
    if v % 3 == 0:
        return drawn(turned(-28, faint(0.14, rect(122, 90, 130, 240, "#224", 18)), rect(150, 60, 76, 70, METAL, 4), rect(162, 78, 18, 18, METAL_DARK), rect(196, 78, 18, 18, METAL_DARK), rect(126, 124, 124, 210, p.main, 22), rect(142, 150, 92, 70, p.light, 10), circle(188, 304, 11, p.deep)))
    if v % 3 == 1:
        return drawn(faint(0.14, rect(122, 82, 176, 256, "#224", 14)), path("M112 86q0-14 14-14h118l44 44v198q0 14-14 14H126q-14 0-14-14z", p.main), rect(130, 160, 140, 130, p.light, 8), *(rect(132 + i * 22, 86, 13, 40, GOLD, 3) for i in range(5)), line("M150 196H250M150 222H220", p.deep, 8))
    return drawn(ground(110), rect(86, 108, 228, 206, p.deep, 26), rect(86, 102, 228, 204, p.main, 26), *(line(f"M{116 + i * 28} 128V280", p.dark, 5) for i in range(7)), rect(150, 190, 100, 34, PAPER, 8), circle(288, 284, 6, "#58b368"))


def charger(p: Paint, v: int) -> str:
    cord = line("M200 268q0 60 62 52t40-66t44-60", p.dark, 10)
    bolt = path("M208 150l-34 54h24l-8 44l38-60h-26z", p.accent)
    if v % 3 == 2:
        return drawn(ground(110), cord, ellipse(190, 262, 116, 34, p.deep), ellipse(190, 248, 116, 34, p.main), ellipse(190, 246, 76, 20, p.light), turned(-6, rect(140, 92, 96, 150, INK, 16), rect(148, 100, 80, 134, "#8fc3e0", 10), path("M192 134l-20 34h14l-5 28l24-38h-16z", WHITE), x=190, y=170))
    return drawn(ground(90), cord, line("M168 106V70M232 106V70", METAL, 13), rect(124, 100, 152, 176, p.main, 30), faint(0.3, rect(136, 116, 14, 140, WHITE, 7)), bolt, rect(184, 262, 32, 20, INK, 5), *(rect(150 + i * 70, 256, 30, 10, INK, 4) for i in range(2)) if v % 2 else ())


def powerbank(p: Paint, v: int) -> str:
    cells = drawn(*(circle(150 + i * 26, 286, 7, "#58b368" if i < 3 else p.dark) for i in range(4)))
    return drawn(ground(100, y=334), rect(118, 76, 172, 252, p.deep, 30), rect(110, 72, 172, 252, p.main, 30), faint(0.3, rect(124, 92, 12, 210, WHITE, 6)), path("M204 140l-40 62h28l-10 52l46-72h-32z", p.accent), cells, rect(150, 84, 34, 12, INK, 5), rect(208, 84, 34, 12, INK, 5), line("M166 76Q166 36 226 44t60 60", p.dark, 8) if v % 2 else "")


def cable(p: Paint, v: int) -> str:
    loops = drawn(*(ring(200, 196, r, p.dark if i % 2 else p.main, 13) for i, r in enumerate((96, 80, 64))))
    braid = drawn(*(turned(a, rect(196, 92, 8, 12, p.pale, 3), x=200, y=196) for a in range(0, 360, 12))) if v % 2 else ""
    return drawn(faint(0.13, ring(206, 208, 90, "#224", 44)), loops, braid, line("M270 250Q320 290 316 324", p.main, 13), turned(-6, rect(296, 300, 40, 46, p.deep, 8), rect(303, 344, 26, 24, METAL, 3), x=316, y=330), line("M136 256Q90 296 96 322", p.main, 13), rect(76, 300, 40, 46, p.deep, 8), rect(85, 344, 22, 20, METAL, 3), rect(168, 270, 64, 22, p.accent, 8))


def holder(p: Paint, v: int) -> str:
    device = drawn(rect(146, 60, 108, 196, INK, 18), _wallpaper(153, 70, 94, 176, p))
    if v % 2:
        return drawn(ground(100), line("M200 250L132 316M200 250L268 316M200 240V312", p.main, 13), circle(200, 246, 18, p.dark), device, rect(132, 140, 18, 56, p.main, 8), rect(250, 140, 18, 56, p.main, 8))
    return drawn(ground(100), ellipse(200, 300, 92, 18, p.dark), line("M200 296V220", p.main, 20), device, rect(130, 236, 140, 22, p.main, 10), circle(200, 270, 12, p.light))


def earbuds(p: Paint, v: int) -> str:
    def bud(x: int, flip: int) -> str:
        return drawn(line(f"M{x} 118v70", p.main, 24), circle(x, 112, 32, p.main), ellipse(x + 20 * flip, 112, 15, 21, p.deep), faint(0.45, circle(x - 8, 98, 8, WHITE)), rect(x - 6, 190, 12, 8, METAL, 3))

    case = drawn(rect(106, 228, 188, 96, p.dark, 46), path("M106 262q0-40 46-40h96q46 0 46 40z", p.main), rect(120, 214, 160, 30, p.deep, 15) if v % 2 else "", circle(200, 290, 6, "#58b368"), line("M110 264H290", p.deep, 3))
    return drawn(ground(110, y=330), case, bud(152, 1), bud(248, -1))


def headphones(p: Paint, v: int) -> str:
    return drawn(ground(110, y=338), line("M92 226V196a108 108 0 0 1 216 0v30", p.dark, 22), line("M104 178a98 98 0 0 1 192 0", p.light, 8), rect(70, 196, 60, 120, p.main, 28), rect(270, 196, 60, 120, p.main, 28), rect(116, 206, 30, 100, p.deep, 15), rect(254, 206, 30, 100, p.deep, 15), faint(0.35, rect(80, 212, 10, 88, WHITE, 5), rect(280, 212, 10, 88, WHITE, 5)), drawn(line("M100 316q10 40 70 34", p.dark, 7), circle(176, 350, 9, p.accent)) if v % 2 else "")


def speaker(p: Paint, v: int) -> str:
    if v % 3 == 1:
        return drawn(ground(160), line("M112 168Q112 116 200 116T288 168", p.dark, 12), rect(44, 160, 312, 150, p.main, 70), circle(106, 235, 52, p.deep), circle(106, 235, 34, p.dark), circle(106, 235, 12, p.pale), circle(294, 235, 52, p.deep), circle(294, 235, 34, p.dark), circle(294, 235, 12, p.pale), rect(168, 206, 64, 58, p.light, 12), *(circle(x, 284, 5, p.pale) for x in (180, 200, 220)))
    if v % 3 == 2:
        mesh = drawn(*(circle(x, y, 3.5, p.deep) for x in range(136, 270, 16) for y in range(150, 290, 16)))
        return drawn(ground(90), rect(116, 92, 168, 222, p.main, 60), mesh, ellipse(200, 112, 70, 22, p.light), ring(200, 112, 16, p.accent, 5))
    return drawn(ground(100), rect(108, 56, 184, 260, p.main, 22), rect(120, 68, 160, 236, p.dark, 16), circle(200, 124, 36, p.deep), circle(200, 124, 18, p.light), circle(200, 228, 62, p.deep), circle(200, 228, 46, p.main), circle(200, 228, 18, p.pale))


def soundbar(p: Paint, v: int) -> str:
    box = drawn(rect(266, 136, 96, 172, p.deep, 12), circle(314, 228, 34, p.dark), circle(314, 228, 16, p.light)) if v % 2 else ""
    tv = drawn(rect(74, 66, 220, 132, SCREEN, 8), _wallpaper(82, 74, 204, 116, p))
    return drawn(ground(165), tv, box, rect(30, 232, 300 if v % 2 else 340, 62, p.main, 26), *(circle(x, y, 3, p.deep) for x in range(56, 300 if v % 2 else 346, 14) for y in (252, 264, 276)), circle(180, 242, 4, "#58b368"), rect(60, 292, 30, 12, INK, 4), rect(270, 292, 30, 12, INK, 4))


def watch(p: Paint, v: int) -> str:
    strap = drawn(path("M164 40h72l10 96h-92z", p.main), path("M154 264h92l-10 96h-72z", p.main), *(circle(200, y, 4, p.deep) for y in (300, 318, 336)), line("M176 60L168 130M224 60L232 130", p.dark, 3))
    if v % 2:
        face = drawn(rect(122, 112, 156, 176, METAL_DARK, 44), rect(132, 122, 136, 156, INK, 36), ring(178, 186, 26, "#e2574c", 8), ring(178, 186, 14, "#58b368", 7), rect(216, 164, 34, 8, WHITE, 4), rect(216, 184, 26, 8, p.accent, 4), *(rect(152 + i * 16, 250 - (i * 13) % 26, 9, 12 + (i * 13) % 26, "#4aa3df", 3) for i in range(6)), rect(278, 178, 10, 34, METAL, 4))
    else:
        face = drawn(circle(200, 200, 88, METAL_DARK), circle(200, 200, 78, GOLD if v == 2 else METAL_LIGHT), circle(200, 200, 68, PAPER if v < 4 else p.deep), *(turned(a, rect(197, 138, 6, 14, p.dark if v < 4 else PAPER, 3)) for a in range(0, 360, 30)), line("M200 200V158", INK if v < 4 else PAPER, 6), line("M200 200L232 216", INK if v < 4 else PAPER, 5), line("M200 200L180 240", "#e2574c", 2.5), circle(200, 200, 6, "#e2574c"), rect(286, 192, 14, 16, METAL_DARK, 4))
    return drawn(faint(0.12, ellipse(212, 214, 92, 96, "#224")), strap, face)


def camera(p: Paint, v: int) -> str:
    lens = drawn(circle(200, 218, 80, INK), circle(200, 218, 66, p.deep), circle(200, 218, 50, "#24303c"), circle(200, 218, 30, "#46637d"), faint(0.6, circle(184, 200, 11, WHITE)))
    return drawn(ground(140), rect(108, 106, 60, 30, p.deep, 8), path("M160 122l18-30h60l18 30z", p.dark), rect(60, 122, 280, 184, p.main, 26), rect(60, 158, 280, 40, p.dark), rect(270, 134, 46, 16, "#fff2c2", 6), lens, circle(100, 142, 8, "#e2574c"), line("M60 150q-34 60 6 120", INK, 7) if v % 2 else "")


def cctv(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(90), path("M130 286h140l14 32H116z", p.dark), circle(200, 204, 96, p.main), path("M104 204a96 96 0 0 1 192 0q-96 30-192 0z", p.light), circle(200, 214, 52, INK), circle(200, 214, 34, "#33475a"), circle(200, 214, 14, "#5d87a6"), faint(0.6, circle(186, 198, 8, WHITE)), circle(200, 144, 5, "#e2574c"))
    return drawn(rect(70, 60, 30, 120, p.dark, 8), line("M90 120H150V160", p.deep, 18), turned(14, rect(104, 150, 220, 92, p.main, 30), rect(104, 150, 220, 30, p.light, 15), circle(318, 198, 48, INK), circle(318, 198, 32, "#33475a"), circle(318, 198, 14, "#5d87a6"), *(circle(318 + dx, 198 + dy, 3, "#e2574c") for dx, dy in ((-40, 0), (40, 0), (0, -40), (0, 40)))))


def gamepad(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(faint(0.14, rect(66, 122, 284, 172, "#224", 40)), rect(56, 110, 288, 170, p.main, 40), rect(124, 126, 152, 138, INK, 10), _wallpaper(132, 134, 136, 122, p), rect(84, 164, 12, 42, p.deep, 4), rect(69, 179, 42, 12, p.deep, 4), *(circle(x, y, 9, c) for x, y, c in ((310, 166, "#e2574c"), (310, 206, "#58b368"), (290, 186, "#4aa3df"), (330, 186, GOLD))))
    return drawn(ground(130), path("M112 130h176q56 0 72 96q14 92-26 92q-26 0-58-58H124q-32 58-58 58q-40 0-26-92q16-96 72-96z", p.main), faint(0.25, path("M112 138h176q30 2 46 30H66q16-28 46-30z", WHITE)), rect(112, 172, 16, 56, p.deep, 5), rect(92, 192, 56, 16, p.deep, 5), *(circle(x, y, 12, c) for x, y, c in ((282, 172, GOLD), (282, 226, "#58b368"), (255, 199, "#4aa3df"), (309, 199, "#e2574c"))), circle(166, 246, 22, p.dark), circle(234, 246, 22, p.dark), circle(166, 244, 14, p.light), circle(234, 244, 14, p.light), rect(186, 164, 28, 12, p.accent, 6), line("M200 130Q200 80 260 60", INK, 6) if v % 2 else "")


DEVICES: dict[str, Drawing] = {
    "phone": phone,
    "phonecase": phonecase,
    "tablet": tablet,
    "laptop": laptop,
    "monitor": monitor,
    "keyboard": keyboard,
    "printer": printer,
    "router": router,
    "drive": drive,
    "charger": charger,
    "powerbank": powerbank,
    "cable": cable,
    "holder": holder,
    "earbuds": earbuds,
    "headphones": headphones,
    "speaker": speaker,
    "soundbar": soundbar,
    "watch": watch,
    "camera": camera,
    "cctv": cctv,
    "gamepad": gamepad,
}
