"""Plates, glasses, jars and bottles."""

from catalogue.drawing.paint import (
    GLASS,
    GOLD,
    METAL,
    METAL_DARK,
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
from catalogue.drawing.props import steam


def plate(p: Paint, v: int) -> str:
    rim = (
        drawn(
            *(
                turned(a, path("M200 66q10 12 0 24q-10-12 0-24z", p.accent if a % 60 else p.pale))
                for a in range(0, 360, 30)
            )
        )
        if v % 2
        else ring(200, 200, 116, p.pale, 4)
    )
    centre = (
        drawn(
            *(turned(a, path("M200 200q20-34 0-62q-20 28 0 62z", p.light)) for a in range(0, 360, 60)),
            circle(200, 200, 11, p.accent),
        )
        if v > 2
        else ""
    )
    return drawn(
        faint(0.16, circle(208, 212, 138, "#224")),
        circle(200, 200, 138, p.main),
        rim,
        circle(200, 200, 92, p.dark),
        circle(200, 198, 88, p.main),
        centre,
        faint(0.25, path("M92 160a118 118 0 0 1 86-74l-20 22a100 100 0 0 0-56 56z", WHITE)),
    )


def bowl(p: Paint, v: int) -> str:
    inside = (
        drawn(
            *(
                circle(x, 178 - (x % 4) * 4, 15, c)
                for x, c in ((140, "#d9532c"), (172, "#6fa35a"), (204, GOLD), (234, "#d9532c"), (262, "#6fa35a"))
            )
        ),
        steam(170, 200, 230, top=84),
        drawn(*(circle(x, 180 - (x % 5) * 3, 9, WOOD) for x in range(124, 286, 16))),
    )[v % 3]
    return drawn(
        ground(96),
        inside,
        ellipse(200, 190, 122, 24, p.dark),
        path("M78 190h244q-6 112-90 122h-64q-84-10-90-122z", p.main),
        line("M96 226q104 36 208 0", p.pale, 6) if v % 2 else line("M90 212q110 30 220 0", p.accent, 8),
        faint(0.3, path("M100 214q8 60 50 82q-50-6-62-90z", WHITE)),
        rect(156, 306, 88, 12, p.deep, 6),
    )


def mug(p: Paint, v: int) -> str:
    pattern = (
        drawn(*(circle(x, y, 8, p.pale) for x in (140, 172, 204, 236) for y in (196, 236, 276)))
        if v % 3 == 0
        else drawn(line("M118 216q32-20 64 0t64 0", p.pale, 7), line("M118 250q32-20 64 0t64 0", p.accent, 7))
        if v % 3 == 1
        else path("M182 270l-34-36q-8-20 12-26q14 0 22 14q8-14 22-14q20 6 12 26z", p.pale)
    )
    saucer = ellipse(186, 314, 130, 14, p.light) if v % 2 else ""
    return drawn(
        ground(110),
        steam(160, 204, top=56),
        saucer,
        line("M252 190h26q32 0 32 36t-32 40h-28", p.main, 20),
        path("M112 150h148v122q0 40-38 40h-72q-38 0-38-40z", p.main),
        pattern,
        faint(0.25, rect(122, 164, 14, 120, WHITE, 7)),
        ellipse(186, 152, 74, 14, p.dark),
        ellipse(186, 154, 62, 9, "#6b4126"),
    )


def glass(p: Paint, v: int) -> str:
    def wine(x: int) -> str:
        return drawn(
            path(f"M{x - 44} 92h88q6 104-44 112q-50-8-44-112z", GLASS),
            path(f"M{x - 43} 136h86q-4 60-43 66q-39-6-43-66z", p.main),
            line(f"M{x} 204V304", METAL, 7),
            ellipse(x, 310, 40, 8, METAL),
            faint(0.7, line(f"M{x - 30} 104v40", WHITE, 6)),
        )

    def tumbler(x: int) -> str:
        return drawn(
            path(f"M{x - 46} 140h92l-10 176h-72z", GLASS),
            path(f"M{x - 42} 206h84l-6 110h-72z", p.main),
            faint(0.6, rect(x - 22, 220, 30, 30, WHITE, 5), rect(x + 2, 256, 26, 26, WHITE, 5)),
            faint(0.7, line(f"M{x - 30} 156v140", WHITE, 6)),
        )

    one = wine if v % 2 else tumbler
    return drawn(ground(120), one(140), one(258))


def cakestand(p: Paint, v: int) -> str:
    cake = drawn(
        rect(126, 138, 148, 60, "#f7d9c4", 10),
        path("M126 148q0-12 12-12h124q12 0 12 12v14q-18 16-37 0t-37 0t-37 0t-37 0z", p.accent),
        *(circle(x, 132, 8, "#c6302b") for x in (152, 200, 248)),
    )
    dome = faint(0.55, path("M108 198V150a92 82 0 0 1 184 0v48z", GLASS), circle(200, 62, 10, METAL)) if v % 2 else ""
    return drawn(
        ground(84),
        cake,
        dome,
        ellipse(200, 204, 128, 16, p.main),
        ellipse(200, 200, 128, 14, p.light),
        path("M186 214h28l8 84h-44z", p.main),
        path("M142 296h116l14 22H128z", p.dark),
    )


def jar(p: Paint, v: int) -> str:
    clear = v % 2 == 1
    body = "M118 150q-10 0-10 16v130q0 22 22 22h140q22 0 22-22V166q0-16-10-16z"
    filling = path("M112 210h176v86q0 18-18 18H130q-18 0-18-18z", p.main) if clear else ""
    return drawn(
        ground(100),
        path(body, GLASS if clear else p.main),
        filling,
        *(circle(x, y, 6, p.dark) for x in range(132, 280, 26) for y in (232, 262, 292)) if clear else (),
        rect(142, 206, 116, 64, PAPER, 8),
        line("M162 228H238M174 246H226", p.dark, 5),
        faint(0.4, rect(120, 166, 12, 130, WHITE, 6)),
        rect(110, 116, 180, 38, WOOD_LIGHT if v > 2 else p.dark, 10),
        rect(110, 116, 180, 14, WOOD if v > 2 else p.deep, 7),
        circle(200, 108, 13, WOOD_DARK if v > 2 else p.deep),
    )


def lunchbox(p: Paint, v: int) -> str:
    if v % 2:
        tiers = drawn(
            *(drawn(rect(122, y, 156, 58, p.main, 14), rect(122, y, 156, 12, p.light, 6)) for y in (252, 190, 128))
        )
        return drawn(
            ground(96),
            line("M110 286V110q0-44 90-44t90 44v176", METAL_DARK, 9),
            tiers,
            rect(116, 114, 168, 20, p.dark, 10),
        )
    return drawn(
        ground(130),
        rect(74, 168, 252, 140, p.main, 28),
        rect(74, 160, 252, 58, p.light, 26),
        rect(178, 202, 44, 30, p.accent, 8),
        line("M160 158q0-40 40-40t40 40", p.dark, 12),
    )


def bottle(p: Paint, v: int) -> str:
    loop = ring(200, 70, 20, p.dark, 9) if v % 2 else ""
    return drawn(
        ground(60),
        loop,
        rect(168, 76, 64, 46, p.dark, 10),
        path("M160 118h80q14 28 14 52v122q0 26-26 26h-56q-26 0-26-26V170q0-24 14-52z", p.main),
        faint(0.4, rect(160, 150, 14, 140, WHITE, 7)),
        rect(146, 222, 108, 12, p.light) if v > 2 else path("M186 206l14-22l14 22q6 22-14 24q-20-2-14-24z", p.pale),
    )


TABLEWARE: dict[str, Drawing] = {
    "plate": plate,
    "bowl": bowl,
    "mug": mug,
    "glass": glass,
    "cakestand": cakestand,
    "jar": jar,
    "lunchbox": lunchbox,
    "bottle": bottle,
}
