"""Every category as something to choose in a form: below its root, by its whole way down."""

from typing import NamedTuple

from models.category_tree import Tree
from models.errors import FieldError

SHOWN_MAX = 2_000
"""A longer list is no help and a heavy page: the name in the category's address is asked for then."""


class Group(NamedTuple):
    """A root, and itself and all below it as (slug, words)."""

    name: str
    options: list[tuple[str, str]]


def category_groups(tree: Tree, now: tuple[str | None, str | None] = (None, None)) -> list[Group]:
    """By name; none where there are too many to show. `now`: the present choice, which a tree that was read a moment
    ago may not know: a form that does not show it would take it away.
    """
    if len(tree.nodes) > SHOWN_MAX:
        return []
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in tree.nodes.values():
        names = [tree.nodes[slug].name for slug in node.path.split("/") if slug in tree.nodes]
        groups.setdefault(names[0], []).append((node.slug, " › ".join(names[1:])))
    slug, words = now
    if slug and words and slug not in tree.nodes:
        groups.setdefault(words, []).append((slug, words))
    return [Group(name, _named(name, sorted(groups[name], key=lambda option: option[1]))) for name in sorted(groups)]


def _named(root: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The root itself, which has no words yet, stands for what fits nothing below it."""
    itself = f"{root}, anything else" if len(options) > 1 else root
    return [(slug, words or itself) for slug, words in options]


def read_category(text: str, tree: Tree, wrong: list[FieldError]) -> str | None:
    """The slug, None for none; what is wrong is added to `wrong`."""
    slug = text.strip().removeprefix("/c/")
    if slug and slug not in tree.nodes:
        wrong.append(FieldError("category", "choose one of the list"))
    return slug or None
