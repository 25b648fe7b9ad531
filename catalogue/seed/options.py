"""What a product is offered in: one colour and size, or two to six variants of them with prices, weights and stock."""

from random import Random
from typing import NamedTuple

from catalogue.seed.phrases import Size
from catalogue.seed.prices import list_price, shop_price
from catalogue.seed.shelves import Kind

VARIANTS_MAX = 6
COLOUR = "Colour"
SOLD_OUT = 0.04
VARIANT_SOLD_OUT = 0.03
PACKING = 1.03


class Axes(NamedTuple):
    """The colours and sizes that are offered, each one or several; empty where the kind has none."""

    colours: tuple[str, ...]
    sizes: tuple[Size, ...]


class Variant(NamedTuple):
    options: dict[str, str]
    price_minor: int
    list_price_minor: int | None
    weight_grams: int
    on_hand: int


def draw_axes(kind: Kind, rng: Random) -> Axes:
    colours, sizes = kind.colours, kind.sizes.values if kind.sizes else ()
    colour_count, size_count = min(1, len(colours)), min(1, len(sizes))
    if (len(colours) > 1 or len(sizes) > 1) and rng.random() < kind.multi:
        which, several = rng.random(), 2 + int(rng.random() ** 1.5 * (VARIANTS_MAX - 1))
        if len(sizes) < 2 or (len(colours) > 1 and which < 0.5):
            colour_count = min(several, len(colours))
        elif len(colours) < 2 or which < 0.85:
            size_count = min(several, len(sizes))
        else:
            colour_count, size_count = 2, min(2 + several % 2, len(sizes))
    first = int(rng.random() * (len(sizes) - size_count + 1))
    return Axes(
        tuple(rng.sample(colours, colour_count)) if colour_count > 1 else _one(colours, rng),
        sizes[first : first + size_count],
    )


def _one(colours: tuple[str, ...], rng: Random) -> tuple[str, ...]:
    return (colours[int(rng.random() * len(colours))],) if colours else ()


def draw_variants(kind: Kind, axes: Axes, rng: Random, *, level: float) -> list[Variant]:
    """`level` is how dear the brand is, 1 in the middle."""
    rand = rng.random
    rupees = kind.price_low * kind.price_ratio ** (rand() ** 1.3) * level
    grams = kind.grams_low * kind.grams_ratio ** rand()
    sold_out = rand() < SOLD_OUT
    by_colour, by_size = len(axes.colours) > 1, len(axes.sizes) > 1
    variants = []
    for size in axes.sizes or (None,):
        price = shop_price(rupees * size.factor if size else rupees)
        listed = list_price(price, rand)
        weight = _weight(size, grams)
        for colour in axes.colours or ("",):
            options = {COLOUR: colour} if by_colour else {}
            if by_size and size and kind.sizes:
                options[kind.sizes.key] = size.text
            empty = sold_out or rand() < VARIANT_SOLD_OUT
            variants.append(Variant(options, price, listed, weight, 0 if empty else 1 + int(rng.expovariate(1 / 28))))
    return variants


def _weight(size: Size | None, grams: float) -> int:
    """Packed; a net weight is never less than what is printed on the pack."""
    if size is None:
        return round(grams)
    return round(max(size.grams * PACKING, 20)) if size.grams else round(grams * size.factor**0.8)
