"""Products one by one: product `i` of a seed is the same however many are made, on every machine.

Streams: nothing is remembered from one product to the next.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from catalogue.seed.describe import Words, describe
from catalogue.seed.names import NONE, Parts, book_title, compose
from catalogue.seed.opinions import Review, draw_reviews, draw_sales
from catalogue.seed.options import COLOUR, Axes, Variant, draw_axes, draw_variants
from catalogue.seed.people import Seller, keepers, load_people, sellers
from catalogue.seed.phrases import Feature, Phrase, Value, lower
from catalogue.seed.prices import gst_bps
from catalogue.seed.shelves import Data, Kind, Shop, load_reviews, load_shop

EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
"""The end of the demo's history. Fixed, so that the same seed makes the same rows on any day."""
DAYS = 730
PENDING, DRAFT = 0.006, 0.011
PICTURES_MAX = 4
SECOND_PICTURE = 0.3
TRIES = 4
_INDEX_BITS = 40


class Product(NamedTuple):
    """`seller` is a place in `World.sellers`; `specs` maps a name to its typed value, in the order to show."""

    number: int
    kind: Kind
    seller: int
    name: str
    brand: str
    description: str
    state: str
    gst_bps: int
    country_of_origin: str
    specs: dict[str, Value]
    variants: list[Variant]
    images: list[tuple[str, str]]
    sales_count: int
    reviews: list[Review]
    created_at: datetime


class World(NamedTuple):
    """What all products of a seed share."""

    seed: int
    shop: Shop
    sellers: list[Seller]
    keepers: dict[str, tuple[int, ...]]
    people: Data
    stars: Data
    levels: dict[str, float]


def make_world(seed: int) -> World:
    shop = load_shop()
    found = sellers(seed, opened_at=EPOCH - timedelta(days=2 * DAYS))
    brands = sorted({brand for kind in shop.kinds for brand in kind.brands})
    dear = Random(f"brands {seed}")
    levels = {brand: 0.78 + 0.5 * dear.random() for brand in brands}
    return World(seed, shop, found, keepers(found), load_people(), load_reviews(), levels)


def products(world: World, first: int, count: int) -> Iterator[Product]:
    """Products `first` to `first + count - 1`, counted from 0."""
    return (make_product(world, index) for index in range(first, first + count))


def make_product(world: World, index: int) -> Product:
    rng = Random((world.seed << _INDEX_BITS) + index)
    rand = rng.random
    draw = world.shop.draw
    kind = draw[int(rand() * len(draw))]
    parts, axes = draw_parts(kind, rng, proper=world.shop.proper), draw_axes(kind, rng)
    specs = draw_specs(kind, parts, axes, rng)
    name, words = _name(world, kind, parts, axes, specs, rng)
    description = describe(kind, words, feature=parts.feature, specs=specs, axes=axes, text=world.shop.text, rand=rand)
    variants = draw_variants(kind, axes, rng, level=world.levels[parts.brand])
    age = rand()
    created_at = EPOCH - timedelta(minutes=int(age * DAYS * 24 * 60) + 60)
    state = _state(rand())
    sales = draw_sales(rng, age=age) if state == "active" else 0
    return Product(
        number=index,
        kind=kind,
        seller=_pick(world.keepers[kind.department], rng),
        name=name,
        brand=parts.brand,
        description=description,
        state=state,
        gst_bps=gst_bps(kind.gst_bps, kind.hsn_code, variants[0].price_minor),
        country_of_origin=_pick(kind.origins, rng),
        specs=specs,
        variants=variants,
        images=draw_images(kind, parts.noun, axes, rng),
        sales_count=sales,
        reviews=draw_reviews(
            rng, noun=words.noun, sales=sales, since=created_at, until=EPOCH, stars=world.stars["stars"]
        ),
        created_at=created_at,
    )


def _pick(options: Any, rng: Random) -> Any:
    return options[int(rng.random() * len(options))]


def _state(draw: float) -> str:
    return "pending" if draw < PENDING else "draft" if draw < DRAFT else "active"


def draw_parts(kind: Kind, rng: Random, *, proper: frozenset[str]) -> Parts:
    """Words that do not contradict each other: what a noun or a style sets, a feature may not set otherwise."""
    noun: Phrase = _pick(kind.nouns, rng)
    style: Phrase = _pick(kind.styles, rng) if kind.styles else NONE
    for _ in range(TRIES):
        if not kind.styles or (style.text not in noun.text and not _contradicts(style, dict(noun.sets))):
            break
        style = _pick(kind.styles, rng)
    material: Phrase = _pick(kind.materials, rng) if kind.materials else NONE
    fixed = {**dict(style.sets), **dict(noun.sets)}
    if given := fixed.get("Material"):
        material = Phrase(given.text, lower(given.text, proper))
    feature: Feature = _pick(kind.features, rng)
    for _ in range(TRIES):
        if not _contradicts(feature, fixed):
            break
        feature = _pick(kind.features, rng)
    motif: Phrase = _pick(kind.motifs, rng) if kind.motifs else NONE
    return Parts(_pick(kind.brands, rng), _pick(kind.series, rng), noun, style, material, motif, feature)


def _contradicts(words: Phrase | Feature, fixed: dict[str, Value | None]) -> bool:
    return any(key in fixed and fixed[key] != given for key, given in words.sets)


def draw_specs(kind: Kind, parts: Parts, axes: Axes, rng: Random) -> dict[str, Value]:
    """Typed specifications. What varies between variants is an option and so no specification.

    A size is text even where it is a number, because options are text and filters want one type for a name.
    """
    specs: dict[str, Value | None] = {}
    for key, phrase in (("Material", parts.material), ("Theme", parts.motif)):
        if phrase.text:
            specs[key] = Value("text", phrase.text)
    if len(axes.colours) == 1:
        specs[COLOUR] = Value("text", axes.colours[0])
    if kind.sizes and len(axes.sizes) == 1:
        specs[kind.sizes.key] = Value("text", axes.sizes[0].text)
        specs.update(axes.sizes[0].sets)
    for key, _, values in kind.specs:
        specs[key] = _pick(values, rng)
    for sets in (parts.feature.sets, parts.style.sets, parts.noun.sets):
        specs.update(sets)
    return {key: given for key, given in specs.items() if given is not None}


def _name(
    world: World, kind: Kind, parts: Parts, axes: Axes, specs: dict[str, Value], rng: Random
) -> tuple[str, Words]:
    if kind.titles:
        title = book_title(
            kind,
            parts.noun.text,
            text=world.shop.text,
            first=world.people["first"],
            last=world.people["last"],
            rand=rng.random,
        )
        specs["Author"], specs["Publisher"] = Value("text", title.author), Value("text", parts.brand)
        return title.name, Words(parts.brand, "", parts.noun.lower, "", "", "", title.author, title.place)
    tails = [axes.sizes[0].text] if len(axes.sizes) == 1 else []
    tails += axes.colours if len(axes.colours) == 1 else ()
    name = compose(kind, parts, specs=specs, tails=tails, rand=rng.random)
    words = Words(
        parts.brand, parts.series, parts.noun.lower, parts.style.lower, parts.material.lower, parts.motif.lower
    )
    return name, words


def draw_images(kind: Kind, noun: Phrase, axes: Axes, rng: Random) -> list[tuple[str, str]]:
    """Keys of the drawn pictures with their alternative texts: one for each colour, sometimes a second view."""
    views = noun.views or kind.views
    first = int(rng.random() * len(views))
    view, other = views[first], views[(first + 1) % len(views)]
    colours = axes.colours or (_pick(kind.tints, rng),)
    shown = colours[:PICTURES_MAX]
    images = [(_key(kind.picture, colour, view), f"{noun.lower} in {colour.lower()}") for colour in shown]
    if len(images) == 1 and rng.random() < SECOND_PICTURE:
        images.append((_key(kind.picture, shown[0], other), f"{noun.lower}, second view"))
    return images if axes.colours else [(key, noun.lower) for key, _ in images]


def _key(picture: str, colour: str, view: int) -> str:
    return f"demo/{picture}-{colour.lower().replace(' ', '-')}-{view}.svg"
