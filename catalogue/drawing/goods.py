"""Books, groceries, toys, sports and tools."""

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


def book(p: Paint, v: int) -> str:
    cover = (
        drawn(circle(206, 170, 40, p.accent), path("M146 250l40-60l34 40l22-24l34 44z", p.deep)),
        drawn(*(turned(a, path("M206 200q16-30 0-60q-16 30 0 60z", p.pale), x=206, y=200) for a in range(0, 360, 45)), circle(206, 200, 14, p.accent)),
        drawn(path("M206 120q50 60 0 130q-50-70 0-130z", p.pale), line("M206 130V260", p.accent, 4)),
        drawn(*(rect(146, 150 + i * 26, 120, 12, p.pale if i % 2 else p.accent, 3) for i in range(5))),
        drawn(path("M150 240q0-70 56-70t56 70z", p.accent), rect(196, 208, 20, 32, p.deep), path("M206 132l14 30h-28z", p.pale)),
        drawn(circle(180, 180, 34, p.light), circle(226, 214, 34, p.accent), circle(190, 240, 22, p.pale)),
    )[v]
    return drawn(ground(100, y=336), path("M122 74h160q16 0 16 16v222q0 16-16 16H122z", PAPER), *(line(f"M296 {y}v8", METAL, 2) for y in range(96, 310, 12)), path("M112 82q0-16 16-16h150v250H128q-16 0-16 16z", p.main), path("M112 82q0-16 16-16h8v250h-8q-16 0-16 16z", p.dark), rect(154, 84, 104, 12, p.pale, 4), rect(170, 104, 72, 7, p.pale, 3), cover, rect(176, 288, 60, 8, p.pale, 4))


def notebook(p: Paint, v: int) -> str:
    return drawn(ground(100, y=332), rect(120, 70, 176, 254, PAPER, 8), rect(112, 64, 176, 254, p.main, 12), rect(112, 64, 30, 254, p.dark, 10), *(ring(116, y, 9, METAL_DARK, 4) for y in range(88, 310, 26)) if v % 2 else (line("M262 64V318", p.accent, 9),), rect(164, 110, 84, 50, PAPER, 6), line("M178 130H234M178 144H220", p.dark, 4), turned(16, rect(300, 110, 14, 180, WOOD_LIGHT, 4), path("M300 290h14l-7 20z", INK), rect(300, 104, 14, 20, "#e8899a", 4), x=307, y=200) if v > 2 else "")


def pen(p: Paint, v: int) -> str:
    one = drawn(rect(188, 60, 26, 110, p.dark, 10), rect(208, 74, 8, 80, GOLD, 4), rect(188, 166, 26, 12, GOLD), rect(188, 176, 26, 104, p.main, 3), path("M188 280h26l-13 46z", METAL), path("M197 312h8l-4 16z", INK))
    squiggle = line("M70 330q30-30 50-6t50-6t44 4", p.dark, 5)
    return drawn(turned(34, faint(0.12, rect(196, 70, 26, 250, "#224", 10)), one), turned(34, f'<g transform="translate(-66 20)">{one}</g>') if v % 2 else "", squiggle)


def sack(p: Paint, v: int) -> str:
    return drawn(ground(110), path("M120 96q80 26 160 0l-8 30q44 120 22 178q-6 14-24 14H130q-18 0-24-14q-22-58 22-178z", p.main), path("M120 96q80 26 160 0l-8 30q-72 20-144 0z", p.dark), line("M126 128q74 20 148 0", WOOD_LIGHT, 7), rect(140, 172, 120, 106, PAPER, 14), drawn(line("M200 262V196", LEAF, 5), *(drawn(ellipse(200 - d, y, 10, 6, GOLD), ellipse(200 + d, y, 10, 6, GOLD)) for y, d in ((204, 11), (220, 13), (236, 13)))) if v % 2 else drawn(circle(200, 218, 26, p.accent), line("M166 262H234", p.dark, 5)), faint(0.2, path("M128 150q-24 90-10 150h18q-14-70 8-150z", WHITE)))


def packet(p: Paint, v: int) -> str:
    window = drawn(ellipse(200, 250, 54, 36, "#f3dfb8"), *(circle(x, y, 7, c) for x, y, c in ((176, 246, WOOD), (194, 260, GOLD), (212, 244, WOOD), (226, 258, GOLD), (200, 238, "#d9532c"))))
    return drawn(ground(90), path("M126 80h148l10 232H116z", p.main), path("M126 80h148l2 26H124z", p.dark), *(line(f"M{x} 80v-8", p.dark, 6) for x in range(132, 274, 12)), path("M116 296h168l1 16H115z", p.dark), rect(148, 124, 104, 72, PAPER, 10), path("M200 136q18 18 0 36q-18-18 0-36z", LEAF), line("M172 184H228", p.dark, 5), window if v % 2 else drawn(circle(200, 248, 38, p.accent), path("M176 262q24-40 48 0z", p.pale)), faint(0.25, path("M134 112h16l-8 180h-18z", WHITE)))


def tin(p: Paint, v: int) -> str:
    cup = drawn(path("M270 262h66q0 50-33 50t-33-50z", WHITE), ring(338, 282, 11, WHITE, 5), ellipse(303, 263, 33, 6, "#a0622d"))
    return drawn(ground(120), path("M110 120h150v182q0 16-16 16H126q-16 0-16-16z", p.main), ellipse(185, 120, 75, 18, p.dark), ellipse(185, 108, 75, 18, p.light), rect(110, 106, 150, 14, p.light), rect(110, 168, 150, 96, PAPER), path("M185 246q-40-26 0-66q40 40 0 66z", LEAF), line("M185 188V246", p.dark, 3), line("M110 168H260M110 264H260", GOLD, 5), faint(0.3, rect(122, 126, 12, 180, WHITE, 6)), cup if v % 2 else "")


def box(p: Paint, v: int) -> str:
    sweets = drawn(*(drawn(rect(110 + c * 62, 190 + r * 44, 54, 36, "#f6e3b4", 8), circle(137 + c * 62, 208 + r * 44, 7, LEAF)) for c in range(3) for r in range(2)))
    if v % 2:
        return drawn(ground(130, y=302), rect(84, 166, 232, 128, p.dark, 12), rect(96, 178, 208, 106, PAPER, 8), sweets, path("M84 166l20-70h232l-20 70z", p.main), line("M206 96l-18 70", GOLD, 8))
    return drawn(ground(120), rect(96, 150, 208, 166, p.main, 10), rect(84, 120, 232, 44, p.light, 10), rect(184, 120, 32, 196, p.accent), path("M200 120q-60-66-76-30q-4 24 76 30q80-6 76-30q-16-36-76 30z", p.accent), circle(200, 118, 12, p.deep))


def paint_(p: Paint, v: int) -> str:
    brush = drawn(turned(28, rect(282, 80, 18, 110, WOOD, 8), rect(268, 184, 46, 30, METAL, 4), path("M268 212h46l-6 64q-18 10-34 0z", p.dark), x=290, y=180)) if v % 2 else ""
    return drawn(ground(110), line("M104 150Q180 30 256 150", METAL_DARK, 7), path("M94 150h172v146q0 20-20 20H114q-20 0-20-20z", METAL_LIGHT), ellipse(180, 150, 86, 20, METAL), ellipse(180, 150, 74, 15, p.main), path("M112 156v60q10 20 20 0v-24q8-14 16 4v40q12 22 22-2v-58q20 4 40-14z", p.main), rect(118, 248, 124, 46, PAPER, 6), circle(146, 271, 13, p.main), line("M170 264H228M170 278H212", p.dark, 4), brush)


def babybottle(p: Paint, v: int) -> str:
    return drawn(ground(66), path("M176 104q0-52 24-52t24 52z", "#f3cfa2"), rect(150, 102, 100, 34, p.main, 10), path("M158 136h84q14 30 14 60v98q0 24-24 24h-64q-24 0-24-24v-98q0-30 14-60z", GLASS), path("M144 212h112v82q0 24-24 24h-64q-24 0-24-24z", WHITE), *(line(f"M236 {y}h18", METAL_DARK, 4) for y in (206, 232, 258, 284)), path("M188 250q12-20 24 0q-12 22-24 0z", p.accent) if v % 2 else circle(190, 260, 14, p.light), faint(0.7, line("M160 170V290", WHITE, 7)))


def bat(p: Paint, v: int) -> str:
    blade = drawn(path("M168 150h64v164q0 20-32 20t-32-20z", WOOD_LIGHT), path("M168 150h16v182q-16-4-16-18z", "#e6c79c"), rect(188, 52, 24, 106, p.main, 10), *(line(f"M188 {y}h24", p.dark, 3) for y in range(64, 150, 10)), path("M168 150q32-22 64 0v18h-64z", WOOD), rect(180, 206, 40, 70, p.accent, 6))
    return drawn(ground(110, y=336), turned(22, blade), drawn(circle(306, 286, 36, "#b3262b"), line("M282 262q30 20 46 50", WHITE, 4)), drawn(*(rect(86 + i * 22, 130, 11, 196, WOOD_LIGHT, 5) for i in range(3)), rect(84, 122, 60, 9, WOOD, 4)) if v % 2 else "")


def ball(p: Paint, v: int) -> str:
    seams = (
        drawn(path("M200 160l38 28l-14 46h-48l-14-46z", p.deep), *(turned(a, path("M200 78l30 18l-10 30h-40l-10-30z", p.deep)) for a in (0, 72, 144, 216, 288)), *(turned(a, line("M200 126V160", p.deep, 5)) for a in (0, 72, 144, 216, 288))),
        drawn(line("M80 200H320M200 80V320", p.deep, 7), line("M114 116q74 84 0 168M286 116q-74 84 0 168", p.deep, 7)),
        drawn(*(path(f"M200 80a{r} 120 0 0 {s} 0 240", "none") for r, s in ((60, 0),)), path("M200 80q-80 120 0 240q-124-10-124-120T200 80z", p.accent), path("M200 80q80 120 0 240q124-10 124-120T200 80z", p.pale)),
    )[v % 3]
    return drawn(ground(90, y=332), circle(200, 200, 124, p.dark), circle(200, 198, 120, p.main), seams, faint(0.3, ellipse(156, 140, 34, 22, WHITE)))


def racket(p: Paint, v: int) -> str:
    strings = faint(0.9, *(line(f"M{x} 70V206", PAPER, 2) for x in range(154, 250, 12)), *(line(f"M140 {y}H260", PAPER, 2) for y in range(84, 200, 12)))
    one = drawn(strings, f'<ellipse cx="200" cy="138" rx="64" ry="80" fill="none" stroke="{p.main}" stroke-width="13"/>', line("M200 218V262", METAL, 10), rect(188, 258, 24, 80, p.dark, 9), *(line(f"M188 {y}l24 8", p.light, 3) for y in range(266, 330, 12)))
    cock = drawn(path("M300 250l34-46l24 18l-40 42z", WHITE), *(line(f"M{304 + i * 6} {254 + i * 3}l{34 + i} -{46 - i * 3}", METAL, 2) for i in range(4)), circle(300, 266, 17, p.accent))
    return drawn(ground(90, y=344), turned(-24, one), turned(24, one) if v % 2 else "", cock if v != 3 else "")


def yoga(p: Paint, v: int) -> str:
    return drawn(ground(140), path("M96 292h256l-24 22H70z", p.light), circle(112, 240, 76, p.dark), path("M112 164h196q36 30 36 76t-36 76H112z", p.main), circle(112, 240, 76, p.light), *(ring(112, 240, r, p.dark, 7) for r in (60, 42, 24)), circle(112, 240, 9, p.deep), rect(180, 160, 14, 160, p.accent, 4), rect(260, 160, 14, 160, p.accent, 4), line("M187 160Q230 90 267 160", p.accent, 8) if v % 2 else "")


def dumbbell(p: Paint, v: int) -> str:
    def one(y: int) -> str:
        return drawn(rect(150, y - 11, 100, 22, METAL, 8), *(line(f"M{x} {y - 10}v20", METAL_DARK, 3) for x in range(166, 240, 10)), rect(110, y - 54, 46, 108, p.main, 14), rect(244, y - 54, 46, 108, p.main, 14), rect(82, y - 38, 34, 76, p.dark, 10), rect(284, y - 38, 34, 76, p.dark, 10), faint(0.3, rect(118, y - 44, 9, 88, WHITE, 4), rect(252, y - 44, 9, 88, WHITE, 4)))

    if v % 3 == 2:
        return drawn(ground(100), line("M148 190V140q0-36 52-36t52 36v50", METAL_DARK, 24), circle(200, 246, 76, p.main), circle(200, 246, 44, p.dark), rect(176, 234, 48, 22, PAPER, 5), rect(150, 308, 100, 12, p.deep, 6))
    return drawn(ground(130), one(264), turned(-16, one(150)) if v % 2 else one(148))


def bicycle(p: Paint, v: int) -> str:
    wheels = drawn(*(drawn(ring(x, 246, 66, INK, 9), ring(x, 246, 56, METAL, 3), *(turned(a, line(f"M{x} 246V192", METAL, 1.5), x=x, y=246) for a in range(0, 360, 30)), circle(x, 246, 8, METAL_DARK)) for x in (110, 290)))
    return drawn(ground(165, y=316), wheels, line("M110 246L160 156H256L200 246zM160 156L200 246", p.main, 11), line("M256 156L290 246M256 156L248 122", p.dark, 10), line("M230 116H266q14 0 10 14", INK, 9), line("M160 156L152 130", METAL_DARK, 8), rect(126, 118, 56, 15, INK, 7), circle(200, 246, 17, METAL_DARK), line("M200 246L216 274", METAL_DARK, 6), drawn(path("M262 130h52l-8 40h-38z", WOOD), *(line(f"M{x} 134l-2 32", WOOD_DARK, 2) for x in (274, 286, 298))) if v % 2 else "")


def tent(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(130), line("M200 84L176 40M200 84L224 40M200 84L200 36", WOOD_DARK, 8), path("M200 70L316 318H84z", p.main), path("M200 120L250 318H150z", p.deep), path("M200 120q-4 110-66 198h16L200 130z", p.light), *(path(f"M{x} {y}l8 16h-16z", p.accent) for x, y in ((160, 190), (240, 190), (126, 262), (274, 262))))
    return drawn(ground(165), path("M200 96L360 318H40z", p.main), path("M200 96L360 318H280z", p.dark), path("M176 156L226 318H98z", p.deep), path("M176 156L140 318h-42z", p.light), line("M40 318l-20 0M360 318l20 0", WOOD_DARK, 6), path("M200 96l30-24v18z", p.accent))


def blocks(p: Paint, v: int) -> str:
    def cube(x: int, y: int, colour: str, letter: str) -> str:
        return drawn(rect(x, y, 84, 84, colour, 10), rect(x + 10, y + 10, 64, 64, PAPER, 6), f'<text x="{x + 42}" y="{y + 60}" font-size="50" font-family="Verdana, sans-serif" font-weight="bold" text-anchor="middle" fill="{colour}">{letter}</text>')

    letters = ("ABC", "123", "क ख ग".replace(" ", ""), "XYZ", "789", "DEF")[v]
    return drawn(ground(130), cube(100, 234, p.main, letters[0]), cube(208, 234, "#4aa3df", letters[1]), turned(-5, cube(152, 144, "#e2574c", letters[2]), x=190, y=190), path("M196 60l36 76h-72z", p.accent) if v % 2 else circle(194, 108, 32, p.accent))


def bear(p: Paint, v: int) -> str:
    body = drawn(circle(134, 92, 30, p.main), circle(266, 92, 30, p.main), circle(134, 92, 15, p.pale), circle(266, 92, 15, p.pale), ellipse(200, 256, 82, 70, p.main), ellipse(200, 264, 50, 46, p.pale), ellipse(122, 238, 24, 46, p.dark), ellipse(278, 238, 24, 46, p.dark), circle(144, 312, 30, p.dark), circle(256, 312, 30, p.dark), circle(200, 146, 78, p.main), ellipse(200, 172, 36, 28, p.pale), ellipse(200, 160, 13, 9, INK), line("M200 170V182M186 188q14 10 28 0", INK, 4), circle(170, 134, 8, INK), circle(230, 134, 8, INK))
    bow = path("M200 224l-36-18v36zM200 224l36-18v36z", p.accent) if v % 2 else line("M150 214q50 26 100 0", p.accent, 16)
    return drawn(ground(96, y=340), body, bow)


def puzzle(p: Paint, v: int) -> str:
    if v % 2:
        board = drawn(rect(70, 70, 260, 260, WOOD_DARK, 12), *(rect(82 + c * 59, 82 + r * 59, 59, 59, PAPER if (c + r) % 2 else p.main) for c in range(4) for r in range(4)))
        return drawn(board, *(drawn(ellipse(x, y + 26, 20, 8, "#22222a"), path(f"M{x - 16} {y + 24}q8-20 6-34h20q-2 14 6 34z", c), circle(x, y - 16, 14, c)) for x, y, c in ((112, 220, p.accent), (230, 160, INK), (290, 270, p.accent))))
    piece = "M0 0h38q-8-22 12-22t12 22h38v38q22-8 22 12t-22 12v38H0V62q-22 8-22-12t22-12z"
    return drawn(faint(0.13, f'<g transform="translate(98 122) scale(1.05)">{path(piece, "#224")}</g>'), f'<g transform="translate(90 112)">{path(piece, p.main)}</g>', f'<g transform="translate(212 112) rotate(8)">{path(piece, p.accent)}</g>', f'<g transform="translate(90 226) rotate(-4)">{path(piece, "#4aa3df")}</g>', f'<g transform="translate(214 236)">{path(piece, p.dark)}</g>')


def car(p: Paint, v: int) -> str:
    wheels = drawn(*(drawn(circle(x, 284, 36, INK), circle(x, 284, 17, METAL_LIGHT)) for x in (120, 282)))
    if v % 3 == 2:
        return drawn(ground(150), rect(48, 152, 200, 124, p.main, 12), path("M248 190h54q18 0 26 22l16 36v28h-96z", p.dark), path("M264 204h36q10 0 14 12l6 18h-56z", GLASS), *(line(f"M{x} 166V262", p.light, 6) for x in (88, 128, 168, 208)), wheels)
    return drawn(ground(160), path("M40 252q-4-40 34-46l38-8q26-62 70-62h58q40 0 68 58q52 6 54 34v30q0 12-14 12H54q-12 0-14-18z", p.main), path("M130 196q20-44 54-44h10v44zM206 152h32q26 0 46 44h-78z", GLASS), line("M200 200V262", p.dark, 4), rect(216, 212, 24, 7, p.deep, 3), ellipse(350, 230, 11, 9, "#fff2c2"), rect(36, 234, 16, 12, "#e2574c", 4), path("M40 250h322v12q0 8-12 8H54q-10 0-14-8z", p.dark), wheels, line("M76 204L336 210", p.accent, 6) if v % 2 else "")


def rideon(p: Paint, v: int) -> str:
    wheels = drawn(*(drawn(circle(x, 280, 40, INK), circle(x, 280, 22, p.accent), circle(x, 280, 9, PAPER)) for x in (116, 290)))
    if v % 3 == 2:
        return drawn(ground(130), line("M78 296Q200 352 322 296", WOOD_DARK, 16), path("M118 290l22-110h120l24 110h-30l-20-66h-66l-20 66z", WOOD), path("M226 190l40-110q40-14 52 22l16 40l-30 12l-22-20l-16 60z", p.main), circle(300, 108, 5, INK), line("M262 84Q230 130 226 186", p.accent, 14), path("M140 180q60-24 100 0v20h-100z", p.dark))
    return drawn(ground(150), line("M290 276L264 140", METAL_DARK, 13), line("M236 138H292", INK, 13), path("M70 232q20-52 80-46l60 6q24-40 70-30l26 60q30 10 26 40H82q-18-8-12-30z", p.main), path("M112 186q40-24 84-2l-6 20h-78z", INK), path("M266 170l28 52h-50z", p.light), ellipse(306, 190, 12, 14, "#fff2c2"), wheels, path("M86 226h60l-10 20H84z", p.accent) if v % 2 else "")


def pram(p: Paint, v: int) -> str:
    return drawn(ground(120), line("M270 200L336 108", METAL_DARK, 10), line("M320 100l30 14", INK, 12), path("M92 186a92 92 0 0 1 92-92v92z", p.dark), path("M184 94a92 92 0 0 1 60 24l-60 68z", p.main), path("M88 186h196q0 84-86 84h-24q-86 0-86-84z", p.main), path("M88 186h196q0 10-2 20H90q-2-10-2-20z", p.light), line("M130 266L114 300M244 266L262 300", METAL_DARK, 9), *(drawn(circle(x, 298, 24, INK), circle(x, 298, 11, METAL_LIGHT)) for x in (112, 264)), drawn(*(circle(x, 232, 7, p.pale) for x in (140, 170, 200, 230))) if v % 2 else "")


def drill(p: Paint, v: int) -> str:
    return drawn(ground(110), path("M196 196h70l22 98q2 14-12 14h-58q-10 0-12-10z", p.dark), rect(192, 290, 108, 30, INK, 8), path("M96 116h190q34 0 34 40t-34 40H96q-14-40 0-80z", p.main), faint(0.3, rect(112, 124, 170, 10, WHITE, 5)), path("M70 132h34v48H70z", METAL_DARK), rect(28, 150, 46, 12, METAL, 3), path("M28 150l-16 6l16 6z", METAL), path("M192 200q-14 20-4 36h16l6-36z", "#e2574c"), *(line(f"M{x} 144V170", p.deep, 4) for x in (262, 274, 286)), circle(150, 156, 18, p.light) if v % 2 else rect(130, 146, 56, 20, PAPER, 6))


def grinder(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(ground(150), turned(-18, path("M60 190h210v24l-14 14l-14-14l-14 14l-14-14l-14 14l-14-14l-14 14l-14-14l-14 14l-14-14l-14 14l-14-14l-14 14l-14-14l-14 14z", METAL_LIGHT), path("M264 176h60q24 10 24 38t-30 34q-40 6-54-34z", p.main), ellipse(308, 214, 14, 18, p.pale)))
    return drawn(ground(150), rect(150, 150, 200, 66, p.main, 26), rect(250, 150, 100, 66, p.dark, 26), rect(110, 140, 60, 90, METAL_DARK, 12), circle(112, 240, 66, METAL_LIGHT), ring(112, 240, 48, METAL, 6), circle(112, 240, 13, INK), path("M46 236a66 66 0 0 1 132 0l-22 2a44 44 0 0 0-88 0z", p.deep), line("M140 150V96", INK, 20), line("M350 184h30", INK, 8))


def spanner(p: Paint, v: int) -> str:
    wrench = drawn(rect(186, 116, 28, 180, METAL, 8), path("M168 60q-30 60 18 80h28q48-20 18-80v48h-64z", METAL_DARK), circle(200, 306, 32, METAL_DARK), circle(200, 306, 15, PAPER))
    driver = drawn(rect(178, 54, 44, 126, p.main, 18), *(line(f"M{x} 72V164", p.dark, 4) for x in (190, 200, 210)), rect(192, 178, 16, 120, METAL, 3), path("M190 296h20l-4 26h-12z", METAL_DARK))
    return drawn(turned(34, wrench), turned(-34, driver)) if v % 2 else drawn(f'<g transform="translate(-62 0)">{driver}</g>', driver.replace(p.main, p.accent), f'<g transform="translate(62 0)">{driver}</g>')


def toolbox(p: Paint, v: int) -> str:
    hammer = turned(38, rect(190, 90, 20, 230, WOOD, 8), path("M146 62h84q20 6 30 34h-30v16h-84z", METAL_DARK))
    if v % 3 == 2:
        return drawn(ground(100), hammer)
    tools = drawn(rect(126, 96, 14, 90, METAL, 4), rect(118, 70, 30, 40, p.accent, 9), rect(236, 104, 16, 80, WOOD, 4), rect(218, 86, 54, 26, METAL_DARK, 6)) if v % 2 else line("M150 150q0-44 50-44t50 44", p.deep, 14)
    return drawn(ground(150), tools, path("M76 150h248l18 46H58z", p.light), rect(52, 190, 296, 122, p.main, 12), rect(52, 190, 296, 20, p.dark, 6), rect(172, 180, 56, 44, METAL, 8), rect(188, 196, 24, 12, INK, 4), rect(86, 238, 70, 46, p.dark, 8), rect(244, 238, 70, 46, p.dark, 8))


def tape(p: Paint, v: int) -> str:
    marks = drawn(*(line(f"M{x} 286v-{16 if i % 4 == 0 else 9}", INK, 3) for i, x in enumerate(range(60, 230, 11))))
    level = drawn(rect(40, 166, 320, 70, p.main, 12), rect(160, 180, 80, 42, "#d7ee9a", 20), ellipse(206, 201, 16, 9, "#f3fbd4"), line("M184 182V220M222 182V220", INK, 3), rect(60, 184, 40, 34, p.dark, 17), rect(300, 184, 40, 34, p.dark, 17))
    if v % 3 == 2:
        return drawn(ground(160, y=262), level)
    return drawn(ground(150), rect(44, 262, 190, 28, "#f4d35e", 2), marks, rect(36, 258, 10, 44, METAL, 2), rect(150, 108, 180, 190, p.main, 40), circle(240, 204, 66, p.dark), circle(240, 204, 46, p.light), circle(240, 204, 15, p.deep), rect(204, 94, 60, 22, p.deep, 8), rect(326, 160, 14, 80, METAL_DARK, 5))


def ladder(p: Paint, v: int) -> str:
    steps = 4 if v % 2 else 5
    rungs = drawn(*(rect(152 - i * 9, 100 + i * (210 // steps), 96 + i * 18, 16, p.main, 5) for i in range(steps)))
    return drawn(ground(120), line("M230 76L318 316", METAL_DARK, 11), line("M250 200H290", METAL_DARK, 6), line("M150 76L98 316M250 76L302 316", METAL_LIGHT, 14), rungs, rect(136, 62, 128, 22, p.dark, 8))


GOODS: dict[str, Drawing] = {
    "book": book,
    "notebook": notebook,
    "pen": pen,
    "sack": sack,
    "packet": packet,
    "tin": tin,
    "box": box,
    "paint": paint_,
    "babybottle": babybottle,
    "bat": bat,
    "ball": ball,
    "racket": racket,
    "yoga": yoga,
    "dumbbell": dumbbell,
    "bicycle": bicycle,
    "tent": tent,
    "blocks": blocks,
    "bear": bear,
    "puzzle": puzzle,
    "car": car,
    "rideon": rideon,
    "pram": pram,
    "drill": drill,
    "grinder": grinder,
    "spanner": spanner,
    "toolbox": toolbox,
    "tape": tape,
    "ladder": ladder,
}
