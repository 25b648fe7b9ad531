"""The shelves of the demo shop: the data files, read once into kinds of product that can be drawn from.

What a class does not say it takes from its shelf, then from its department. A wrong name in the data is an error here.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from catalogue.colours import COLOURS
from catalogue.drawing import ARCHETYPES
from catalogue.pictures import COMPOSITIONS
from catalogue.seed.phrases import Feature, Phrase, Size, Value, feature, lower, phrase, size, values

DATA = Path(__file__).parent / "data"
SLOTS = ("style", "material", "motif")
PLAIN_COLOURS = ("Mustard", "Teal", "Terracotta", "Sage Green", "Saffron", "Maroon", "Sky Blue", "Royal Blue")
"""How a picture is tinted where the product has no colour of its own."""

Data = dict[str, Any]


class SizeChart(NamedTuple):
    key: str
    values: tuple[Size, ...]


class Sentences(NamedTuple):
    """Openers that this kind of product has all the words for, and closers with how many words each has."""

    openers: tuple[str, ...]
    closers: tuple[tuple[str, int], ...]


class Kind(NamedTuple):
    """A leaf of the category tree and everything that its products are drawn from. Prices in rupees."""

    name: str
    department: str
    shelf: str
    picture: str
    views: tuple[int, ...]
    layout: str
    room: str
    hsn_code: str
    gst_bps: int
    price_low: float
    price_ratio: float
    grams_low: float
    grams_ratio: float
    multi: float
    origins: tuple[str, ...]
    brands: tuple[str, ...]
    series: tuple[str, ...]
    nouns: tuple[Phrase, ...]
    styles: tuple[Phrase, ...]
    materials: tuple[Phrase, ...]
    motifs: tuple[Phrase, ...]
    colours: tuple[str, ...]
    tints: tuple[str, ...]
    features: tuple[Feature, ...]
    sizes: SizeChart | None
    specs: tuple[tuple[str, str, tuple[Value, ...]], ...]
    sentences: Sentences
    titles: tuple[str, ...]


class Shop(NamedTuple):
    """`draw` repeats each kind as often as it is common, so that a uniform pick is a fair one."""

    kinds: tuple[Kind, ...]
    draw: tuple[Kind, ...]
    text: Data
    proper: frozenset[str]


@cache
def load_shop() -> Shop:
    lists, text = _read("words.toml"), _read("text.toml")
    lists["features"], lists["sizes"] = _read("features.toml"), _read("sizes.toml")
    ranges, tiers = lists["series"]["tech"], lists["series"].pop("tier")
    lists["series"]["tech"] = [f"{name} {tier}".rstrip() for name in ranges for tier in tiers]
    proper = frozenset(text["proper"])
    kinds: list[Kind] = []
    draw: list[Kind] = []
    for path in sorted(DATA.glob("[0-9]*.toml")):
        department = _read(path.name)
        for shelf in department["shelf"]:
            for leaf in shelf["class"]:
                kind = _kind(Layers((leaf, shelf, department), lists, proper), text)
                _demand_drawing(kind)
                kinds.append(kind)
                draw += [kind] * round(leaf.get("share", 1) * 10)
    return Shop(tuple(kinds), tuple(draw), text, proper)


def _read(name: str) -> Data:
    return tomllib.loads((DATA / name).read_text("utf-8"))


class Layers(NamedTuple):
    """A class, its shelf and its department, asked in this order; words that name a list stand for the list."""

    layers: tuple[Data, Data, Data]
    lists: Data
    proper: frozenset[str]

    def given(self, key: str, default: Any = None) -> Any:
        return next((layer[key] for layer in self.layers if key in layer), default)

    def chosen(self, key: str) -> tuple[str, ...]:
        names = self.given(key, [])
        return tuple(self.lists[key][names] if isinstance(names, str) else names)

    def phrases(self, key: str) -> tuple[Phrase, ...]:
        return tuple(phrase(words, self.proper) for words in self.chosen(key))


def _kind(layers: Layers, text: Data) -> Kind:
    given, chosen, (leaf, shelf, department) = layers.given, layers.chosen, layers.layers
    (low, high), (light, heavy) = given("rupees"), given("grams")
    hsn_code, gst = given("tax").split()
    colours = _known(chosen("colours"), leaf["name"])
    is_book = given("layout") == "book"
    kind = Kind(
        name=leaf["name"],
        department=department["department"],
        shelf=shelf["name"],
        picture=leaf["picture"],
        views=tuple(leaf.get("views", range(COMPOSITIONS))),
        layout=given("layout", "plain"),
        room=shelf.get("room", "home"),
        hsn_code=hsn_code,
        gst_bps=int(gst) * 100,
        price_low=low,
        price_ratio=high / low,
        grams_low=light,
        grams_ratio=heavy / light,
        multi=given("multi", 0.3),
        origins=_weighted(given("origin")),
        brands=chosen("brands"),
        series=chosen("series"),
        nouns=layers.phrases("nouns"),
        styles=layers.phrases("styles"),
        materials=layers.phrases("materials"),
        motifs=layers.phrases("motifs"),
        colours=() if is_book else colours,
        tints=colours or PLAIN_COLOURS,
        features=tuple(feature(line) for line in chosen("features")),
        sizes=_chart(given("sizes"), layers.lists["sizes"]),
        specs=_specs(layers),
        sentences=Sentences((), ()),
        titles=tuple(leaf.get("titles", text["titles"]["default"])) if is_book else (),
    )
    return kind._replace(sentences=_sentences(kind, text["talk"][given("talk")]))


def _demand_drawing(kind: Kind) -> None:
    if kind.picture not in ARCHETYPES:
        raise ValueError(f"{kind.name}: there is no drawing {kind.picture}")


def _known(colours: tuple[str, ...], name: str) -> tuple[str, ...]:
    unknown = set(colours) - COLOURS.keys()
    if unknown:
        raise ValueError(f"{name}: no such colours: {sorted(unknown)}")
    return colours


def _weighted(origin: list[str]) -> tuple[str, ...]:
    pairs = (item.split() for item in origin)
    return tuple(country for country, weight in pairs for _ in range(int(weight)))


def _chart(name: str | None, charts: Data) -> SizeChart | None:
    if not name:
        return None
    return SizeChart(charts[name]["key"], tuple(size(text) for text in charts[name]["values"]))


def _specs(layers: Layers) -> tuple[tuple[str, str, tuple[Value, ...]], ...]:
    """Key, key within a sentence, and possible values; the class's own come first and an empty grammar drops one."""
    merged: dict[str, str] = {}
    for layer in layers.layers:
        for key, grammar in layer.get("specs", {}).items():
            merged.setdefault(key, grammar)
    return tuple((key, lower(key, layers.proper), values(grammar)) for key, grammar in merged.items() if grammar)


def _sentences(kind: Kind, talk: Data) -> Sentences:
    has = {slot for slot, words in zip(SLOTS, (kind.styles, kind.materials, kind.motifs), strict=True) if words}
    needs = {opener: {slot for slot in SLOTS if f"{slot}}}" in opener} for opener in talk["openers"]}
    fitting = [opener for opener, slots in needs.items() if slots <= has]
    richest = max((len(needs[opener]) for opener in fitting), default=0)
    openers = tuple(opener for opener in fitting if len(needs[opener]) >= min(richest, 2))
    if not openers:
        raise ValueError(f"{kind.name}: no opening sentence fits a kind that has {sorted(has)}")
    return Sentences(openers, tuple((closer, closer.count(" ") + 1) for closer in talk["closers"]))


@cache
def load_reviews() -> Data:
    """What shoppers say, by stars."""
    return _read("reviews.toml")
