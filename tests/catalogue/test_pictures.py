"""The drawn pictures: well-formed, the same each time, and there for every key that a demo product has."""

from xml.dom.minidom import parseString

import pytest

from catalogue.colours import COLOURS
from catalogue.drawing import ARCHETYPES
from catalogue.drawing.paint import lightness, mix, shades
from catalogue.pictures import COMPOSITIONS, draw, find_picture
from catalogue.seed.generator import make_world, products

SHAPES = ("path", "rect", "circle", "ellipse")


@pytest.mark.parametrize("archetype", ARCHETYPES)
def test_every_composition_is_well_formed(archetype: str) -> None:
    for view in range(COMPOSITIONS):
        document = parseString(draw(archetype, "Teal", view))
        assert document.documentElement.getAttribute("viewBox") == "0 0 400 400"
        assert sum(len(document.getElementsByTagName(shape)) for shape in SHAPES) >= 5


def test_a_picture_is_the_same_each_time_and_changes_with_colour_and_view() -> None:
    assert draw("sofa", "Teal", 3) == draw("sofa", "teal", 3)
    assert len({draw("sofa", "Teal", view) for view in range(COMPOSITIONS)}) == COMPOSITIONS
    assert len({draw("sofa", colour, 0) for colour in COLOURS}) == len(COLOURS)
    assert draw("sofa", "Teal", 3) == draw("sofa", "Teal", 3 + COMPOSITIONS)


def test_every_picture_of_a_demo_product_can_be_drawn() -> None:
    keys = {key for product in products(make_world(1), 0, 5_000) for key, _ in product.images}
    assert len(keys) > 1_000
    for key in keys:
        assert key.startswith("demo/")
        assert find_picture(key) is not None, key


def test_a_key_works_with_and_without_its_folder() -> None:
    assert find_picture("demo/phone-midnight-black-2.svg") == find_picture("phone-midnight-black-2.svg")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "sofa",
        "demo/sofa-teal.svg",
        "demo/sofa-teal-3.png",
        "demo/sofa-nocolour-3.svg",
        "demo/dragon-teal-3.svg",
        "demo/../sofa-teal-3.svg",
        "demo/sofa-teal-3.svg\n",
        "demo/sofa-teal-6.svg",
        "demo/sofa-teal-03.svg",
        "other/sofa-teal-3.svg",
    ],
)
def test_other_keys_name_no_picture(key: str) -> None:
    assert find_picture(key) is None


def test_shades_can_be_told_apart_for_every_colour() -> None:
    for colour in COLOURS.values():
        paint = shades(colour)
        assert len({paint.main, paint.dark, paint.deep, paint.light, paint.pale}) == 5
        assert lightness(paint.dark) < lightness(paint.main) < lightness(paint.pale)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
