"""Computers, cameras and game pads."""

from catalogue.drawing.paint import (
    GOLD,
    INK,
    METAL,
    METAL_DARK,
    PAPER,
    SCREEN,
    WHITE,
    Drawing,
    Paint,
    circle,
    drawn,
    faint,
    ground,
    line,
    path,
    rect,
    turned,
)
from catalogue.drawing.props import landscape


def laptop(p: Paint, v: int) -> str:
    content = (
        landscape(100, 88, 200, 136, p)
        if v % 2
        else drawn(
            rect(100, 88, 200, 136, "#eef2f6", 4),
            rect(100, 88, 54, 136, p.main),
            *(rect(168, 104 + i * 22, 110 - (i % 3) * 24, 9, METAL, 4) for i in range(5)),
            circle(127, 110, 12, p.pale),
        )
    )
    return drawn(
        ground(165),
        rect(84, 72, 232, 172, INK, 14),
        content,
        path("M70 244h260l34 52H36z", p.main),
        path("M90 252h220l12 22H78z", p.dark),
        *(line(f"M{98 - i * 4} {256 + i * 7}H{302 + i * 4}", p.light, 2) for i in range(3)),
        rect(166, 278, 68, 12, p.light, 3),
        path("M36 296h328v6q0 12-14 12H50q-14 0-14-12z", p.dark),
    )


def monitor(p: Paint, v: int) -> str:
    return drawn(
        ground(110),
        path("M178 256h44l8 46h-60z", METAL_DARK),
        rect(140, 300, 120, 16, p.main, 8),
        rect(44, 74, 312, 190, p.deep, 12),
        rect(52, 82, 296, 168, INK, 6),
        landscape(56, 86, 288, 160, p),
        faint(0.14, path("M56 86h120L100 246H56z", WHITE)),
        path("M184 148l40 22l-40 22z", WHITE) if v % 2 else rect(70, 218, 60, 14, p.accent, 6),
    )


def keyboard(p: Paint, v: int) -> str:
    keys = drawn(
        *(
            rect(58 + c * 25 + (r % 2) * 4, 170 + r * 26, 20, 20, p.accent if (r, c) in ((0, 0), (3, 9)) else p.pale, 5)
            for r in range(4)
            for c in range(10)
        ),
        rect(122, 274, 116, 20, p.pale, 5),
    )
    mouse = drawn(
        path("M330 190q26 0 26 36v40q0 36-26 36t-26-36v-40q0-36 26-36z", p.main),
        line("M330 194V232", p.deep, 3),
        rect(326, 208, 8, 18, p.accent, 4),
    )
    if v % 3 == 2:
        return drawn(
            ground(100, y=334),
            line("M200 110Q240 60 320 70", INK, 6),
            path("M200 96q76 0 76 96v56q0 84-76 84t-76-84v-56q0-96 76-96z", p.main),
            faint(0.3, path("M146 150q14-32 38-36l-8 140h-36z", WHITE)),
            line("M200 98V194", p.deep, 4),
            rect(190, 128, 20, 46, p.accent, 10),
        )
    return drawn(ground(165), rect(40, 156, 268, 154, p.deep, 16), rect(40, 150, 268, 154, p.main, 16), keys, mouse)


def printer(p: Paint, v: int) -> str:
    return drawn(
        ground(130),
        path("M128 70h144v90H128z", PAPER),
        *(line(f"M146 {y}H{250 - (y % 3) * 20}", METAL, 4) for y in (92, 108, 124)),
        rect(74, 150, 252, 120, p.main, 18),
        rect(74, 150, 252, 30, p.light, 16),
        rect(106, 218, 188, 20, INK, 6),
        path("M120 228h160l14 78H106z", PAPER),
        landscape(140, 244, 120, 46, p)
        if v % 2
        else drawn(*(line(f"M136 {y}H264", METAL, 4) for y in (252, 268, 284))),
        circle(292, 198, 8, "#58b368"),
        rect(94, 190, 60, 14, SCREEN, 4),
    )


def router(p: Paint, v: int) -> str:
    waves = faint(
        0.8,
        *(
            line(f"M{200 - r} {120 - r * 0.2:g}Q200 {60 - r * 0.6:g} {200 + r} {120 - r * 0.2:g}", p.accent, 6)
            for r in (26, 50, 74)
        ),
    )
    masts = drawn(
        *(
            drawn(line(f"M{x} 246L{x + t} 128", p.dark, 13), circle(x + t, 126, 7, p.deep))
            for x, t in ((90, -16), (150, -6), (250, 6), (310, 16))
        )
    )
    return drawn(
        ground(140),
        waves,
        masts if v % 2 else drawn(line("M100 246V136", p.dark, 13), line("M300 246V136", p.dark, 13)),
        rect(56, 236, 288, 68, p.main, 20),
        rect(56, 236, 288, 22, p.light, 11),
        *(circle(96 + i * 24, 282, 6, "#58b368" if i < 4 else METAL) for i in range(6)),
        rect(76, 302, 40, 12, INK, 5),
        rect(284, 302, 40, 12, INK, 5),
    )


def drive(p: Paint, v: int) -> str:
    if v % 3 == 0:
        return drawn(
            turned(
                -28,
                faint(0.14, rect(122, 90, 130, 240, "#224", 18)),
                rect(150, 60, 76, 70, METAL, 4),
                rect(162, 78, 18, 18, METAL_DARK),
                rect(196, 78, 18, 18, METAL_DARK),
                rect(126, 124, 124, 210, p.main, 22),
                rect(142, 150, 92, 70, p.light, 10),
                circle(188, 304, 11, p.deep),
            )
        )
    if v % 3 == 1:
        return drawn(
            faint(0.14, rect(122, 82, 176, 256, "#224", 14)),
            path("M112 86q0-14 14-14h118l44 44v198q0 14-14 14H126q-14 0-14-14z", p.main),
            rect(130, 160, 140, 130, p.light, 8),
            *(rect(132 + i * 22, 86, 13, 40, GOLD, 3) for i in range(5)),
            line("M150 196H250M150 222H220", p.deep, 8),
        )
    return drawn(
        ground(110),
        rect(86, 108, 228, 206, p.deep, 26),
        rect(86, 102, 228, 204, p.main, 26),
        *(line(f"M{116 + i * 28} 128V280", p.dark, 5) for i in range(7)),
        rect(150, 190, 100, 34, PAPER, 8),
        circle(288, 284, 6, "#58b368"),
    )


def camera(p: Paint, v: int) -> str:
    lens = drawn(
        circle(200, 218, 80, INK),
        circle(200, 218, 66, p.deep),
        circle(200, 218, 50, "#24303c"),
        circle(200, 218, 30, "#46637d"),
        faint(0.6, circle(184, 200, 11, WHITE)),
    )
    return drawn(
        ground(140),
        rect(108, 106, 60, 30, p.deep, 8),
        path("M160 122l18-30h60l18 30z", p.dark),
        rect(60, 122, 280, 184, p.main, 26),
        rect(60, 158, 280, 40, p.dark),
        rect(270, 134, 46, 16, "#fff2c2", 6),
        lens,
        circle(100, 142, 8, "#e2574c"),
        line("M60 150q-34 60 6 120", INK, 7) if v % 2 else "",
    )


def cctv(p: Paint, v: int) -> str:
    if v % 2:
        return drawn(
            ground(90),
            path("M130 286h140l14 32H116z", p.dark),
            circle(200, 204, 96, p.main),
            path("M104 204a96 96 0 0 1 192 0q-96 30-192 0z", p.light),
            circle(200, 214, 52, INK),
            circle(200, 214, 34, "#33475a"),
            circle(200, 214, 14, "#5d87a6"),
            faint(0.6, circle(186, 198, 8, WHITE)),
            circle(200, 144, 5, "#e2574c"),
        )
    return drawn(
        rect(70, 60, 30, 120, p.dark, 8),
        line("M90 120H150V160", p.deep, 18),
        turned(
            14,
            rect(104, 150, 220, 92, p.main, 30),
            rect(104, 150, 220, 30, p.light, 15),
            circle(318, 198, 48, INK),
            circle(318, 198, 32, "#33475a"),
            circle(318, 198, 14, "#5d87a6"),
            *(circle(318 + dx, 198 + dy, 3, "#e2574c") for dx, dy in ((-40, 0), (40, 0), (0, -40), (0, 40))),
        ),
    )


def gamepad(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(
            faint(0.14, rect(66, 122, 284, 172, "#224", 40)),
            rect(56, 110, 288, 170, p.main, 40),
            rect(124, 126, 152, 138, INK, 10),
            landscape(132, 134, 136, 122, p),
            rect(84, 164, 12, 42, p.deep, 4),
            rect(69, 179, 42, 12, p.deep, 4),
            *(
                circle(x, y, 9, c)
                for x, y, c in ((310, 166, "#e2574c"), (310, 206, "#58b368"), (290, 186, "#4aa3df"), (330, 186, GOLD))
            ),
        )
    return drawn(
        ground(130),
        path("M112 130h176q56 0 72 96q14 92-26 92q-26 0-58-58H124q-32 58-58 58q-40 0-26-92q16-96 72-96z", p.main),
        faint(0.25, path("M112 138h176q30 2 46 30H66q16-28 46-30z", WHITE)),
        rect(112, 172, 16, 56, p.deep, 5),
        rect(92, 192, 56, 16, p.deep, 5),
        *(
            circle(x, y, 12, c)
            for x, y, c in ((282, 172, GOLD), (282, 226, "#58b368"), (255, 199, "#4aa3df"), (309, 199, "#e2574c"))
        ),
        circle(166, 246, 22, p.dark),
        circle(234, 246, 22, p.dark),
        circle(166, 244, 14, p.light),
        circle(234, 244, 14, p.light),
        rect(186, 164, 28, 12, p.accent, 6),
        line("M200 130Q200 80 260 60", INK, 6) if v % 2 else "",
    )


COMPUTERS: dict[str, Drawing] = {
    "laptop": laptop,
    "monitor": monitor,
    "keyboard": keyboard,
    "printer": printer,
    "router": router,
    "drive": drive,
    "camera": camera,
    "cctv": cctv,
    "gamepad": gamepad,
}
