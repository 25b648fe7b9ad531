"""Clothes, shoes, bags, jewellery and what stands on the bathroom shelf."""

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


def _hanger() -> str:
    return drawn(line("M200 74q0-22 16-22t14 18q-4 10-30 18", METAL_DARK, 6))


def _body(p: Paint, hem: int, sleeve: int) -> str:
    """A shirt from the front, `hem` and `sleeve` as heights above the floor."""
    return drawn(
        path(f"M150 92L96 120L{70 - (sleeve > 200) * 8} {sleeve}L{112 - (sleeve > 200) * 10} {sleeve + 16}L134 {min(sleeve, 190)}z", p.dark),
        path(f"M250 92L304 120L{330 + (sleeve > 200) * 8} {sleeve}L{288 + (sleeve > 200) * 10} {sleeve + 16}L266 {min(sleeve, 190)}z", p.dark),
        path(f"M150 92q50 24 100 0l38 28q-20 60-16 120L280 {hem}q-80 14-160 0L128 240q4-60-16-120z", p.main),
    )


def tshirt(p: Paint, v: int) -> str:
    print_ = (
        drawn(*(rect(122, y, 156, 14, p.pale) for y in (176, 212, 248))),
        drawn(circle(200, 200, 34, p.accent), path("M170 214q30-34 60 0z", p.deep)),
        path("M200 172l10 22l24 2l-18 16l6 24l-22-12l-22 12l6-24l-18-16l24-2z", p.pale),
        rect(214, 158, 38, 40, p.dark, 5),
    )[v % 4]
    return drawn(_hanger(), _body(p, 322, 176), print_, path("M160 92q40 44 80 0q-10 30-40 32q-30-2-40-32z", p.deep))


def shirt(p: Paint, v: int) -> str:
    checks = faint(0.5, *(line(f"M{x} 130V318", p.pale, 4) for x in (140, 164, 236, 260)), *(line(f"M126 {y}H274", p.pale, 4) for y in (160, 200, 240, 280))) if v % 2 else faint(0.4, *(line(f"M{x} 124V320", p.pale, 3) for x in range(136, 270, 14)) if v > 2 else ())
    return drawn(_hanger(), _body(p, 322, 262), checks, line("M200 120V322", p.deep, 4), *(circle(200, y, 5, PAPER) for y in (146, 184, 222, 260, 298)), path("M156 88l44 36l-34 26l-22-46z", p.light), path("M244 88l-44 36l34 26l22-46z", p.light), rect(222, 170, 40, 42, p.dark, 4))


def kurta(p: Paint, v: int) -> str:
    motif = drawn(*(path(f"M{x} {y}q12-14 0-26q-12 12 0 26z", p.accent) for x in (150, 176, 224, 250) for y in (236, 280))) if v % 2 else drawn(*(circle(x, y, 4, p.pale) for x in range(140, 270, 24) for y in range(200, 320, 26)))
    return drawn(_hanger(), _body(p, 346, 250), motif, path("M176 96h48l-8 96h-32z", p.deep), *(circle(200, y, 5, GOLD) for y in (116, 138, 160)), path("M170 90q30 22 60 0l4 14q-34 20-68 0z", p.accent), path("M121 330q80 16 158 0l2 16q-80 14-162 0z", p.accent))


def jacket(p: Paint, v: int) -> str:
    quilt = drawn(*(line(f"M122 {y}q78 16 156 0", p.dark, 5) for y in (156, 192, 228, 264, 300))) if v % 2 else drawn(rect(138, 230, 48, 10, p.deep, 4), rect(214, 230, 48, 10, p.deep, 4))
    return drawn(_hanger(), _body(p, 318, 268), quilt, line("M200 112V318", METAL_LIGHT, 5), path("M152 84q48 40 96 0l10 30q-58 44-116 0z", p.deep), path("M120 304q80 14 160 0v20q-80 14-160 0z", p.deep), rect(196, 150, 8, 16, METAL, 3))


def trousers(p: Paint, v: int) -> str:
    return drawn(path("M124 66h152l16 270h-66l-26-190l-26 190h-66z", p.main), path("M124 66h152l2 30H122z", p.dark), path("M200 96l-6 50l6 10l6-10z", p.deep), line("M200 96V146", p.deep, 4), line("M134 104q4 30 34 34M266 104q-4 30-34 34", p.pale, 3), *(rect(x, 62, 9, 38, p.deep, 3) for x in (140, 196, 252)), drawn(rect(112, 322, 62, 14, p.dark, 3), rect(226, 322, 62, 14, p.dark, 3)) if v % 2 else faint(0.3, path("M142 130l-10 180h18l14-180z", WHITE)), circle(200, 82, 5, GOLD))


def dress(p: Paint, v: int) -> str:
    dots = drawn(*(circle(x, y, 6, p.pale) for y in range(220, 330, 30) for x in range(120 + y % 20, 290, 32))) if v % 3 == 0 else drawn(*(path(f"M{x} {y}q14 12 0 26q-14-14 0-26z", p.accent) for y in (230, 276) for x in (140, 172, 204, 236, 264))) if v % 3 == 1 else drawn(path("M108 292q92 30 184 0l8 40q-100 22-200 0z", p.accent), path("M100 318q100 26 200 0", "none"))
    return drawn(_hanger(), path("M158 92l-26 38l26 20zM242 92l26 38l-26 20z", p.dark), path("M158 88q42 40 84 0l-2 92q50 70 62 152q-102 26-204 0q12-82 62-152z", p.main), path("M158 172h84l4 18h-92z", p.accent), dots, faint(0.22, path("M160 192q-34 60-40 136l26 4q2-80 28-140z", WHITE)))


def saree(p: Paint, v: int) -> str:
    folds = drawn(*(drawn(rect(92, 110 + i * 44, 216, 40, p.main if i % 2 == 0 else p.dark, 12), rect(92, 110 + i * 44, 216, 9, p.accent, 4)) for i in range(4)))
    pallu = drawn(path("M210 96h98q12 0 12 12v214q-55 16-110 0z", p.light), path("M210 270h110v52q-55 16-110 0z", p.accent), *(path(f"M{x} 240q10-12 0-24q-10 12 0 24z", p.deep) for x in (232, 265, 298)), *(circle(x, y, 5, p.deep) for x in (236, 265, 294) for y in (140, 176)), *(line(f"M{x} 326v14", p.accent, 3) for x in range(216, 320, 10)))
    drape = drawn(path("M120 70q80 34 160 0l16 250q-96 26-192 0z", p.main), *(line(f"M{x} 92L{200 + (x - 200) * 1.2:g} 326", p.dark, 5) for x in range(140, 262, 20)), path("M110 296q90 24 180 0l6 28q-96 26-192 0z", p.accent), path("M280 70L128 214l-12 60L292 120z", p.light), line("M284 84L126 232", p.accent, 8))
    return drawn(ground(120, y=332), drape) if v % 2 else drawn(ground(130, y=330), folds, pallu)


def shoe(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(ground(150, y=304), path("M70 170q40 30 90 4q30 60 108 70q62 8 66 40H66q-8-70 4-114z", p.main), path("M160 174q30 60 108 70q40 6 56 22q-100 2-180-40q-10-26 16-52z", p.light), path("M62 280h272v14q0 8-10 8H70q-8 0-8-8z", p.deep), *(line(f"M{176 + i * 22} {206 + i * 14}l18-14", PAPER, 5) for i in range(3)))
    stripe = drawn(path("M150 232l34-40l14 8l-30 44zM184 246l34-36l14 8l-32 40z", p.accent)) if v % 2 else path("M120 250q60 10 130-40q-40 60-124 62z", p.pale)
    return drawn(ground(155, y=312), path("M60 160q26 26 70 10l26-22q34 62 96 82q78 10 88 60H56q-10-66 4-130z", p.main), path("M60 160q26 26 70 10l6-8q-4 40-78 60z", p.dark), stripe, *(line(f"M{160 + i * 20} {176 + i * 18}l26-14", PAPER, 6) for i in range(4)), path("M48 280h298q4 28-20 28H66q-20 0-18-28z", PAPER), line("M56 300H336", p.accent, 5))


def sandal(p: Paint, v: int) -> str:
    def sole(x: int) -> str:
        return drawn(path(f"M{x} 78q52 0 50 78q-4 40-10 70q10 96-40 96t-40-96q-6-30-10-70q-2-78 50-78z", WOOD), path(f"M{x} 90q40 0 39 66q-4 40-9 70q8 84-30 84t-30-84q-5-30-9-70q-1-66 39-66z", "#d9b48a"), path(f"M{x - 46} 200q10-56 46-76q36 20 46 76l-14 12q-8-40-32-62q-24 22-32 62z", p.main) if v % 2 else drawn(path(f"M{x - 50} 140q50-28 100 0l-4 42q-46-24-92 0z", p.main), path(f"M{x - 44} 254q44-18 88 0l-4 22q-40-14-80 0z", p.dark)), circle(x, 138, 7, p.accent))

    return drawn(ground(120, y=334), sole(132), sole(268))


def handbag(p: Paint, v: int) -> str:
    handle = line("M140 186q0-100 60-100t60 100", p.deep, 13)
    if v % 3 == 2:
        return drawn(ground(96), path("M150 110q50 30 100 0l14 30h-128z", p.light), path("M136 140q64-20 128 0q70 70 40 140q-20 40-104 40t-104-40q-30-70 40-140z", p.main), line("M134 142q66 18 132 0", p.accent, 9), *(circle(x, y, 6, p.accent) for x, y in ((170, 220), (200, 244), (230, 220), (200, 196))), line("M150 142l-26 50M250 142l26 50", p.accent, 4))
    flap = path("M88 190h224q-6 76-112 82q-106-6-112-82z", p.dark) if v % 2 else drawn(line("M86 236H314", p.dark, 5), rect(150, 250, 100, 50, p.light, 10))
    return drawn(ground(130), handle, path("M86 186h228l14 116q2 18-18 18H90q-20 0-18-18z", p.main), flap, rect(184, 224, 32, 26, GOLD, 7), faint(0.2, path("M96 196h24l-14 112H86z", WHITE)))


def backpack(p: Paint, v: int) -> str:
    return drawn(ground(110), line("M168 82q0-34 32-34t32 34", p.deep, 11), rect(84, 190, 40, 100, p.deep, 16), rect(276, 190, 40, 100, p.deep, 16), path("M112 170a88 98 0 0 1 176 0v122q0 28-28 28H140q-28 0-28-28z", p.main), path("M132 176a68 72 0 0 1 136 0z", p.light), rect(134, 208, 132, 96, p.dark, 20), line("M148 234H252", p.accent, 6), rect(236, 232, 10, 24, METAL, 4), line("M130 176H270", p.deep, 5), rect(180, 120, 40, 26, p.accent if v % 2 else p.pale, 6))


def suitcase(p: Paint, v: int) -> str:
    ribs = drawn(*(line(f"M{x} 136V282", p.dark, 7) for x in range(142, 270, 23))) if v % 2 else drawn(*(line(f"M126 {y}H274", p.dark, 6) for y in (160, 190, 220, 250)))
    return drawn(ground(90), line("M164 112V52H236V112", METAL_DARK, 9), rect(156, 44, 88, 16, INK, 8), rect(110, 108, 180, 198, p.main, 26), ribs, faint(0.3, rect(118, 122, 10, 170, WHITE, 5)), rect(182, 112, 36, 14, METAL, 6), circle(140, 312, 11, INK), circle(260, 312, 11, INK), rect(224, 262, 44, 24, p.accent, 5))


def sunglasses(p: Paint, v: int) -> str:
    shape = ("M64 170h116q8 84-54 88q-66-4-62-88z", "M62 164h122q-2 96-62 96t-60-96z", "M56 160q60-12 124 10q0 84-58 86q-62-4-66-96z")[v % 3]
    lens = drawn(path(shape, INK if v % 2 else p.deep), faint(0.35, path("M80 180h40l-30 56q-12-24-10-56z", WHITE)))
    return drawn(ground(130, y=290), lens, f'<g transform="matrix(-1 0 0 1 400 0)">{lens}</g>', line("M180 182q20-18 40 0", p.main, 11), line("M62 172L34 160M338 172L366 160", p.main, 12), line("M62 168H182M218 168H338", p.main, 10))


def jewel(p: Paint, v: int) -> str:
    gem = "#c6302b" if p.accent == "#3d8b8b" else "#2f9e7a"

    def earring(x: int) -> str:
        return drawn(ring(x, 100, 15, p.main, 5), circle(x, 142, 20, p.main), circle(x, 142, 9, gem), path(f"M{x - 44} 226a44 50 0 0 1 88 0z", p.main), path(f"M{x - 36} 226a36 36 0 0 1 72 0z", p.dark), *(drawn(line(f"M{x + d} 230v14", p.main, 3), circle(x + d, 252, 7, PAPER)) for d in (-36, -18, 0, 18, 36)))

    if v % 3 == 0:
        return drawn(earring(132), earring(268))
    if v % 3 == 1:
        chain = drawn(line("M92 80Q110 250 200 262T308 80", p.main, 9), line("M112 80Q130 218 200 228T288 80", p.light, 4))
        return drawn(chain, *(circle(x, y, 9, p.dark) for x, y in ((128, 200), (152, 234), (248, 234), (272, 200))), circle(200, 276, 32, p.main), circle(200, 276, 18, gem), faint(0.7, circle(194, 268, 5, WHITE)), *(turned(a, circle(200, 316, 6, p.light), x=200, y=276) for a in range(0, 360, 45)))
    return drawn(ground(96, y=324), ring(200, 214, 94, p.dark, 24), ring(200, 210, 94, p.main, 18), *(turned(a, circle(200, 116, 6, gem if a % 60 else p.pale), x=200, y=210) for a in range(0, 360, 30)), ring(200, 210, 104, p.light, 3))


def helmet(p: Paint, v: int) -> str:
    return drawn(ground(110), path("M78 226a124 132 0 0 1 246-18l4 40q-40 8-76 6q-6 44-40 60H122q-44-20-44-88z", p.main), path("M184 150h132q14 40 10 66q-60 16-142 0z", "#39424e" if v % 2 else GLASS), faint(0.5, path("M200 160h60l-30 46h-34z", WHITE)), path("M96 150q40-66 120-66", "none"), line("M104 156q36-56 104-60", p.accent, 12), line("M130 300q40 16 84-2", p.deep, 9))


def tube(p: Paint, v: int) -> str:
    return drawn(ground(64), path("M142 70h116l-14 190h-88z", p.main), rect(138, 58, 124, 18, p.light, 4), rect(164, 258, 72, 56, p.dark, 10), *(line(f"M{x} 268V304", p.deep, 3) for x in (178, 192, 206, 220)), rect(158, 116, 84, 92, PAPER, 10), path("M200 134q24 22 0 48q-24-26 0-48z", LEAF if v % 2 else p.accent), line("M174 196H226", p.dark, 5), faint(0.3, path("M150 84h14l6 160h-10z", WHITE)))


def pump(p: Paint, v: int) -> str:
    return drawn(ground(74), line("M200 120V84H148v14", p.deep, 14), rect(174, 108, 52, 34, p.deep, 7), path("M138 166q0-24 24-24h76q24 0 24 24v130q0 20-20 20h-84q-20 0-20-20z", p.main), rect(152, 186, 96, 92, PAPER, 10), *(turned(a, path("M200 232q12-18 0-34q-12 16 0 34z", LEAF if v % 2 else p.accent), x=200, y=234) for a in range(0, 360, 60)), line("M174 268H226", p.dark, 4), faint(0.3, rect(144, 162, 9, 140, WHITE, 4)))


def oilbottle(p: Paint, v: int) -> str:
    return drawn(ground(66), rect(176, 56, 48, 40, p.deep, 7), path("M182 94h36v34q44 20 44 70v96q0 24-24 24h-76q-24 0-24-24v-96q0-50 44-70z", "#efc14a" if v % 2 else p.main), faint(0.4, path("M150 190q4-34 30-46l-10 150h-16z", WHITE)), rect(146, 200, 108, 78, PAPER, 8), path("M200 214q20 22 0 42q-20-20 0-42z", p.dark), line("M168 268H232", p.dark, 4))


def lipstick(p: Paint, v: int) -> str:
    def one(x: int, top: int) -> str:
        return drawn(path(f"M{x - 22} {top + 70}V{top + 24}q4-24 44-24v70z", p.main), faint(0.3, path(f"M{x - 16} {top + 66}V{top + 28}q2-10 12-14v52z", WHITE)), rect(x - 26, top + 68, 52, 46, GOLD, 4), rect(x - 34, top + 112, 68, 318 - top - 112, INK, 6), line(f"M{x - 34} {top + 134}h68", GOLD, 4))

    cap = drawn(rect(256, 178, 72, 140, INK, 8), line("M256 300h72", GOLD, 4))
    swipe = path("M56 118q60-30 120-6q-50 4-60 24q-36 0-60-18z", p.light) if v > 2 else ""
    return drawn(ground(120), swipe, one(168, 72), one(96, 120) if v % 2 else "", cap)


def palette(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(faint(0.14, rect(62, 104, 292, 216, "#224", 24)), rect(52, 92, 296, 212, INK, 24), *(circle(108 + (i % 4) * 62, 148 + (i // 4) * 74, 26, c) for i, c in enumerate((p.main, p.light, p.dark, p.pale, p.accent, "#d7a58b", p.deep, "#e8b4b0"))), rect(86, 256, 228, 26, "#4a4d55", 13), rect(92, 262, 160, 14, GOLD, 7), path("M252 258h58q8 11 0 22h-58z", "#d9b48a"))
    return drawn(ground(130), path("M200 78q140 4 138 112q-2 60-70 54q-34-2-30 24q6 44-46 46q-130-6-130-118q4-116 138-118z", WOOD), circle(230, 244, 18, PAPER), *(circle(x, y, 23, c) for x, y, c in ((126, 158, p.main), (186, 124, p.accent), (254, 132, "#4aa3df"), (294, 186, "#58b368"), (110, 222, "#e2574c"))), turned(36, rect(292, 60, 14, 200, WOOD_DARK, 6), rect(289, 46, 20, 40, p.main, 8), x=300, y=160))


def nail(p: Paint, v: int) -> str:
    def one(x: int, colour: str) -> str:
        return drawn(path(f"M{x - 18} 70h36l8 128h-52z", INK), line(f"M{x - 26} 190h52", GOLD, 6), path(f"M{x - 48} 226q0-26 22-28h52q22 2 22 28v68q0 24-24 24h-48q-24 0-24-24z", colour), faint(0.4, rect(x - 36, 222, 11, 76, WHITE, 5)))

    return drawn(ground(120), *(one(x, c) for x, c in (((116, p.light), (200, p.main), (284, p.dark)) if v % 2 else ((148, p.main), (256, p.accent)))))


def perfume(p: Paint, v: int) -> str:
    body = rect(122, 160, 156, 156, p.main, 18) if v % 2 else path("M150 160h100q50 40 40 110q-10 46-60 46h-60q-50 0-60-46q-10-70 40-110z", p.main)
    mist = faint(0.8, *(circle(x, y, r, WHITE) for x, y, r in ((108, 84, 5), (90, 100, 7), (92, 72, 4), (72, 88, 5)))) if v > 2 else ""
    return drawn(ground(84), mist, rect(166, 60, 68, 62, GOLD, 9), rect(178, 120, 44, 42, METAL_LIGHT, 4), body, faint(0.4, path("M138 190q10-14 30-16l-10 120h-20z", WHITE)), rect(154, 218, 92, 62, PAPER, 6), line("M170 240H230M180 258H220", p.dark, 4))


def trimmer(p: Paint, v: int) -> str:
    return drawn(ground(70), rect(160, 64, 80, 22, METAL, 5), *(line(f"M{x} 50V66", METAL_DARK, 5) for x in range(166, 240, 10)), path("M156 86h88q14 100-8 222q-36 16-72 0q-22-122-8-222z", p.main), path("M172 110h56q8 70-2 150q-26 8-52 0q-10-80-2-150z", p.dark), rect(186, 136, 28, 48, p.accent, 14), circle(200, 150, 8, PAPER), *(circle(200, y, 4, "#58b368") for y in (210, 226)), line("M200 316q0 24 40 20", INK, 6) if v % 2 else "")


def dryer(p: Paint, v: int) -> str:
    wind = faint(0.85, *(line(f"M{20 + i * 6} {118 + i * 28}q30-12 56 0", "#9ccfe6", 6) for i in range(3)))
    if v % 3 == 2:
        return drawn(ground(110), turned(-30, rect(70, 176, 260, 24, p.main, 12), rect(70, 206, 260, 24, p.main, 12), rect(82, 182, 110, 12, INK, 5), rect(82, 212, 110, 12, INK, 5), circle(318, 203, 20, p.dark)), line("M300 130q50-30 40-80", INK, 7))
    return drawn(ground(90), wind, path("M196 220h70l-16 92q-2 8-10 8h-34q-10 0-10-10z", p.dark), path("M104 104h130a66 66 0 0 1 0 132H104q-16-66 0-132z", p.main), rect(82, 118, 34, 104, INK, 8), circle(246, 170, 40, p.dark), circle(246, 170, 24, p.light), *(line(f"M{226 + i * 10} 156V184", p.deep, 3) for i in range(5)), line("M224 318q10 40 70 26", INK, 7))


WEAR: dict[str, Drawing] = {
    "tshirt": tshirt,
    "shirt": shirt,
    "kurta": kurta,
    "jacket": jacket,
    "trousers": trousers,
    "dress": dress,
    "saree": saree,
    "shoe": shoe,
    "sandal": sandal,
    "handbag": handbag,
    "backpack": backpack,
    "suitcase": suitcase,
    "sunglasses": sunglasses,
    "jewel": jewel,
    "helmet": helmet,
    "tube": tube,
    "pump": pump,
    "oilbottle": oilbottle,
    "lipstick": lipstick,
    "palette": palette,
    "nail": nail,
    "perfume": perfume,
    "trimmer": trimmer,
    "dryer": dryer,
}
