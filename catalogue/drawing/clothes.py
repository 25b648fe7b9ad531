"""Clothes and shoes."""

from catalogue.drawing.paint import (
    GOLD,
    METAL,
    METAL_DARK,
    METAL_LIGHT,
    PAPER,
    WHITE,
    WOOD,
    Drawing,
    Paint,
    circle,
    drawn,
    faint,
    ground,
    line,
    path,
    rect,
)

LONG = 200
"""Sleeves below this height stand off from the body a little."""


def _hanger() -> str:
    return drawn(line("M200 74q0-22 16-22t14 18q-4 10-30 18", METAL_DARK, 6))


def _body(p: Paint, hem: int, sleeve: int) -> str:
    """A shirt from the front, with hem and sleeves down to these heights."""
    out = 8 if sleeve > LONG else 0
    return drawn(
        path(
            f"M150 92L96 120L{70 - out} {sleeve}L{112 - out} {sleeve + 16}L134 {min(sleeve, 190)}z",
            p.dark,
        ),
        path(
            f"M250 92L304 120L{330 + out} {sleeve}L{288 + out} {sleeve + 16}L266 {min(sleeve, 190)}z",
            p.dark,
        ),
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
    checks = (
        faint(
            0.5,
            *(line(f"M{x} 130V318", p.pale, 4) for x in (140, 164, 236, 260)),
            *(line(f"M126 {y}H274", p.pale, 4) for y in (160, 200, 240, 280)),
        )
        if v % 2
        else faint(0.4, *(line(f"M{x} 124V320", p.pale, 3) for x in range(136, 270, 14)) if v > 2 else ())
    )
    return drawn(
        _hanger(),
        _body(p, 322, 262),
        checks,
        line("M200 120V322", p.deep, 4),
        *(circle(200, y, 5, PAPER) for y in (146, 184, 222, 260, 298)),
        path("M156 88l44 36l-34 26l-22-46z", p.light),
        path("M244 88l-44 36l34 26l22-46z", p.light),
        rect(222, 170, 40, 42, p.dark, 4),
    )


def kurta(p: Paint, v: int) -> str:
    motif = (
        drawn(*(path(f"M{x} {y}q12-14 0-26q-12 12 0 26z", p.accent) for x in (150, 176, 224, 250) for y in (236, 280)))
        if v % 2
        else drawn(*(circle(x, y, 4, p.pale) for x in range(140, 270, 24) for y in range(200, 320, 26)))
    )
    return drawn(
        _hanger(),
        _body(p, 346, 250),
        motif,
        path("M176 96h48l-8 96h-32z", p.deep),
        *(circle(200, y, 5, GOLD) for y in (116, 138, 160)),
        path("M170 90q30 22 60 0l4 14q-34 20-68 0z", p.accent),
        path("M121 330q80 16 158 0l2 16q-80 14-162 0z", p.accent),
    )


def jacket(p: Paint, v: int) -> str:
    quilt = (
        drawn(*(line(f"M122 {y}q78 16 156 0", p.dark, 5) for y in (156, 192, 228, 264, 300)))
        if v % 2
        else drawn(rect(138, 230, 48, 10, p.deep, 4), rect(214, 230, 48, 10, p.deep, 4))
    )
    return drawn(
        _hanger(),
        _body(p, 318, 268),
        quilt,
        line("M200 112V318", METAL_LIGHT, 5),
        path("M152 84q48 40 96 0l10 30q-58 44-116 0z", p.deep),
        path("M120 304q80 14 160 0v20q-80 14-160 0z", p.deep),
        rect(196, 150, 8, 16, METAL, 3),
    )


def trousers(p: Paint, v: int) -> str:
    return drawn(
        path("M124 66h152l16 270h-66l-26-190l-26 190h-66z", p.main),
        path("M124 66h152l2 30H122z", p.dark),
        path("M200 96l-6 50l6 10l6-10z", p.deep),
        line("M200 96V146", p.deep, 4),
        line("M134 104q4 30 34 34M266 104q-4 30-34 34", p.pale, 3),
        *(rect(x, 62, 9, 38, p.deep, 3) for x in (140, 196, 252)),
        drawn(rect(112, 322, 62, 14, p.dark, 3), rect(226, 322, 62, 14, p.dark, 3))
        if v % 2
        else faint(0.3, path("M142 130l-10 180h18l14-180z", WHITE)),
        circle(200, 82, 5, GOLD),
    )


def dress(p: Paint, v: int) -> str:
    dots = (
        drawn(*(circle(x, y, 6, p.pale) for y in range(220, 330, 30) for x in range(120 + y % 20, 290, 32)))
        if v % 3 == 0
        else drawn(
            *(
                path(f"M{x} {y}q14 12 0 26q-14-14 0-26z", p.accent)
                for y in (230, 276)
                for x in (140, 172, 204, 236, 264)
            )
        )
        if v % 3 == 1
        else drawn(path("M108 292q92 30 184 0l8 40q-100 22-200 0z", p.accent))
    )
    return drawn(
        _hanger(),
        path("M158 92l-26 38l26 20zM242 92l26 38l-26 20z", p.dark),
        path("M158 88q42 40 84 0l-2 92q50 70 62 152q-102 26-204 0q12-82 62-152z", p.main),
        path("M158 172h84l4 18h-92z", p.accent),
        dots,
        faint(0.22, path("M160 192q-34 60-40 136l26 4q2-80 28-140z", WHITE)),
    )


def saree(p: Paint, v: int) -> str:
    folds = drawn(
        *(
            drawn(
                rect(92, 110 + i * 44, 216, 40, p.main if i % 2 == 0 else p.dark, 12),
                rect(92, 110 + i * 44, 216, 9, p.accent, 4),
            )
            for i in range(4)
        )
    )
    pallu = drawn(
        path("M210 96h98q12 0 12 12v214q-55 16-110 0z", p.light),
        path("M210 270h110v52q-55 16-110 0z", p.accent),
        *(path(f"M{x} 240q10-12 0-24q-10 12 0 24z", p.deep) for x in (232, 265, 298)),
        *(circle(x, y, 5, p.deep) for x in (236, 265, 294) for y in (140, 176)),
        *(line(f"M{x} 326v14", p.accent, 3) for x in range(216, 320, 10)),
    )
    drape = drawn(
        path("M120 70q80 34 160 0l16 250q-96 26-192 0z", p.main),
        *(line(f"M{x} 92L{200 + (x - 200) * 1.2:g} 326", p.dark, 5) for x in range(140, 262, 20)),
        path("M110 296q90 24 180 0l6 28q-96 26-192 0z", p.accent),
        path("M280 70L128 214l-12 60L292 120z", p.light),
        line("M284 84L126 232", p.accent, 8),
    )
    return drawn(ground(120, y=332), drape) if v % 2 else drawn(ground(130, y=330), folds, pallu)


def shoe(p: Paint, v: int) -> str:
    if v % 3 == 2:
        return drawn(
            ground(150, y=304),
            path("M70 170q40 30 90 4q30 60 108 70q62 8 66 40H66q-8-70 4-114z", p.main),
            path("M160 174q30 60 108 70q40 6 56 22q-100 2-180-40q-10-26 16-52z", p.light),
            path("M62 280h272v14q0 8-10 8H70q-8 0-8-8z", p.deep),
            *(line(f"M{176 + i * 22} {206 + i * 14}l18-14", PAPER, 5) for i in range(3)),
        )
    stripe = (
        drawn(path("M150 232l34-40l14 8l-30 44zM184 246l34-36l14 8l-32 40z", p.accent))
        if v % 2
        else path("M120 250q60 10 130-40q-40 60-124 62z", p.pale)
    )
    return drawn(
        ground(155, y=312),
        path("M60 160q26 26 70 10l26-22q34 62 96 82q78 10 88 60H56q-10-66 4-130z", p.main),
        path("M60 160q26 26 70 10l6-8q-4 40-78 60z", p.dark),
        stripe,
        *(line(f"M{160 + i * 20} {176 + i * 18}l26-14", PAPER, 6) for i in range(4)),
        path("M48 280h298q4 28-20 28H66q-20 0-18-28z", PAPER),
        line("M56 300H336", p.accent, 5),
    )


def sandal(p: Paint, v: int) -> str:
    def sole(x: int) -> str:
        return drawn(
            path(f"M{x} 78q52 0 50 78q-4 40-10 70q10 96-40 96t-40-96q-6-30-10-70q-2-78 50-78z", WOOD),
            path(f"M{x} 90q40 0 39 66q-4 40-9 70q8 84-30 84t-30-84q-5-30-9-70q-1-66 39-66z", "#d9b48a"),
            path(f"M{x - 46} 200q10-56 46-76q36 20 46 76l-14 12q-8-40-32-62q-24 22-32 62z", p.main)
            if v % 2
            else drawn(
                path(f"M{x - 50} 140q50-28 100 0l-4 42q-46-24-92 0z", p.main),
                path(f"M{x - 44} 254q44-18 88 0l-4 22q-40-14-80 0z", p.dark),
            ),
            circle(x, 138, 7, p.accent),
        )

    return drawn(ground(120, y=334), sole(132), sole(268))


CLOTHES: dict[str, Drawing] = {
    "tshirt": tshirt,
    "shirt": shirt,
    "kurta": kurta,
    "jacket": jacket,
    "trousers": trousers,
    "dress": dress,
    "saree": saree,
    "shoe": shoe,
    "sandal": sandal,
}
