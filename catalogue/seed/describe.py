"""Descriptions of about forty words, put together from sentences that only say what the specifications say."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from catalogue.seed.options import Axes
from catalogue.seed.phrases import Feature, Value, with_article
from catalogue.seed.shelves import Data, Kind

WORDS_MIN = 36
WORDS_MAX = 52
FIGURES_MAX = 3
COLOURS_MAX = 3


class Words(NamedTuple):
    """What the sentences of one product are filled with, as they read within a sentence."""

    brand: str
    series: str
    noun: str
    style: str
    material: str
    motif: str
    author: str = ""
    place: str = ""


def describe(
    kind: Kind,
    words: Words,
    *,
    feature: Feature,
    specs: Mapping[str, Value],
    axes: Axes,
    text: Data,
    rand: Callable[[], float],
) -> str:
    def pick(options: Sequence[str]) -> str:
        return options[int(rand() * len(options))]

    opener = pick(kind.sentences.openers).format(**words._asdict(), a_style=with_article(words.style), room=kind.room)
    colour = _colours(axes.colours, pick(text["colour"]["one"]), pick(text["colour"]["many"]))
    parts = [opener, feature.sentence, colour] if colour else [opener, feature.sentence]
    count = sum(map(_words, parts))
    figures = _figures(kind, specs, pick(text["measure"]["leads"]))
    offered = pick(text["sizes"]["many"]).format(count=len(axes.sizes)) if len(axes.sizes) > 1 else ""
    for sentence, place in ((figures, 2), (offered, len(parts) + 1)):
        if sentence and count + _words(sentence) <= WORDS_MAX:
            parts.insert(place, sentence)
            count += _words(sentence)
    first = int(rand() * len(kind.sentences.closers))
    for closer, length in kind.sentences.closers[first:] + kind.sentences.closers[:first]:
        if count >= WORDS_MIN:
            break
        parts.append(closer)
        count += length
    return " ".join(parts)


def _words(sentence: str) -> int:
    return sentence.count(" ") + 1


def _figures(kind: Kind, specs: Mapping[str, Value], lead: str) -> str:
    """Up to three measures: "Width 180 cm, depth 85 cm and seat height 45 cm."."""
    found: list[str] = []
    for key, lowered, _ in kind.specs:
        spec = specs.get(key)
        if spec and spec.unit and key != "Warranty":
            found.append(f"{lowered if found or lead else key} {spec.text}")
            if len(found) == FIGURES_MAX:
                break
    if not found:
        return ""
    return f"{lead}{', '.join(found[:-1])}{' and ' if found[1:] else ''}{found[-1]}."


def _colours(colours: Sequence[str], one: str, many: str) -> str:
    if not colours:
        return ""
    lowered = [colour.lower() for colour in colours]
    if len(lowered) == 1:
        return one.format(colour=lowered[0])
    shown, rest = lowered[:COLOURS_MAX], len(lowered) - COLOURS_MAX
    if rest > 0:
        return many.format(colours=f"{', '.join(shown)} and {rest} more")
    return many.format(colours=f"{', '.join(shown[:-1])} and {shown[-1]}")
