"""A file of categories as a tree to write: pure, and every oddity of the file is counted, none is fatal.

Each node gives id, name, its path from the root and its children. The path says where a category is at home; a node
that also lists it as a child becomes a further parent (a link). Ancestors that only paths name are made of the paths.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from catalogue.importing.text import clean_line, cut
from models.category import DEPTH_MAX

NAME_MAX = 120
ID_MAX = 64


class Node(msgspec.Struct, kw_only=True):
    """A category of the file. `position` orders it among its siblings."""

    id: str
    name: str
    parent: str | None
    position: int


class Tree(msgspec.Struct, kw_only=True):
    """Nodes, parents before their children; links as (parent, child); oddities with how often each was met."""

    nodes: dict[str, Node]
    links: list[tuple[str, str]]
    oddities: Counter[str]


class _Step(msgspec.Struct):
    id: str
    name: str | None = None


class _Record(msgspec.Struct):
    id: str
    name: str | None = None
    path: list[_Step] = []
    children: list[_Step] = msgspec.field(default=[], name="subCategories")


def plan_tree(records: Iterable[Any]) -> Tree:
    """The tree of a decoded file."""
    tree = Tree(nodes={}, links=[], oddities=Counter())
    read = [record for record in (_read(raw, tree.oddities) for raw in records) if record]
    places = _places(read)
    listed: dict[str, Node] = {}
    for record in read:
        _add(listed, record, places, tree.oddities)
    _add_ancestors(listed, read, places, tree.oddities)
    _drop_unrooted(listed, tree.oddities)
    tree.nodes = _parents_first(listed, tree.oddities)
    tree.links = _links(read, tree)
    return tree


def clean_name(name: str | None) -> str:
    """Without the strokes that some exports put before a name; "|Receivers" is Receivers."""
    return cut(clean_line(name or "").strip("| "), NAME_MAX)


def _read(raw: Any, oddities: Counter[str]) -> _Record | None:
    try:
        record = msgspec.convert(raw, _Record)
    except msgspec.ValidationError:
        oddities["entries that are no category were left out"] += 1
        return None
    if not record.id or len(record.id) > ID_MAX:
        oddities["entries without a usable id were left out"] += 1
        return None
    return record


def _places(read: Sequence[_Record]) -> dict[tuple[str | None, str], int]:
    """Where a child stands in its parent's list; roots as in the file."""
    places: dict[tuple[str | None, str], int] = {}
    for position, record in enumerate(read):
        places.setdefault((None, record.id), position)
        for place, child in enumerate(record.children):
            places.setdefault((record.id, child.id), place)
    return places


def _add(
    nodes: dict[str, Node], record: _Record, places: dict[tuple[str | None, str], int], oddities: Counter[str]
) -> None:
    name = clean_name(record.name)
    if not name:
        oddities["categories without a name were left out"] += 1
    elif record.id in nodes:
        oddities["categories that come twice were taken once"] += 1
    else:
        if name != record.name:
            oddities["names were tidied (spaces, strokes, broken characters)"] += 1
        parent = _parent(record, oddities)
        nodes[record.id] = Node(id=record.id, name=name, parent=parent, position=places.get((parent, record.id), 0))


def _parent(record: _Record, oddities: Counter[str]) -> str | None:
    """The step before the node itself in its path."""
    steps = [step.id for step in record.path]
    if not steps:
        return None
    if steps[-1] != record.id:
        oddities["paths that do not end at their category were taken as its parents"] += 1
        steps.append(record.id)
    parents = [step for step in steps[:-1] if step != record.id]
    if len(parents) != len(steps) - 1:
        oddities["categories that are their own parent were moved up"] += 1
    return parents[-1] if parents else None


def _add_ancestors(
    nodes: dict[str, Node],
    read: Sequence[_Record],
    places: dict[tuple[str | None, str], int],
    oddities: Counter[str],
) -> None:
    """A path may name a category that the file does not list: it exists all the same."""
    for record in read:
        parent = None
        for step in record.path:
            name = clean_name(step.name)
            if step.id not in nodes and name and step.id != record.id:
                position = places.get((parent, step.id), 0)
                nodes[step.id] = Node(id=step.id, name=name, parent=parent, position=position)
                oddities["ancestors that only paths name were made of the paths"] += 1
            parent = step.id
    known = {*nodes}
    unlisted = {child.id for record in read for child in record.children} - known
    if unlisted:
        oddities["children that the file names but does not list were left out"] += len(unlisted)


def _drop_unrooted(nodes: dict[str, Node], oddities: Counter[str]) -> None:
    """A node under a parent that is nowhere becomes a root; a loop is cut where it was found."""
    for node in nodes.values():
        if node.parent is not None and node.parent not in nodes:
            oddities["categories under a parent that is nowhere became roots"] += 1
            node.parent = None
    for node in nodes.values():
        seen = {node.id}
        above = node
        while above.parent is not None:
            if above.parent in seen:
                oddities["loops of parents were cut"] += 1
                above.parent = None
                break
            above = nodes[above.parent]
            seen.add(above.id)


def _parents_first(nodes: dict[str, Node], oddities: Counter[str]) -> dict[str, Node]:
    depths: dict[str, int] = {}
    for node in nodes.values():
        line = [node]
        while line[-1].parent is not None and line[-1].parent not in depths:
            line.append(nodes[line[-1].parent])
        for step in reversed(line):
            depths[step.id] = depths[step.parent] + 1 if step.parent is not None else 1
    too_deep = sum(1 for depth in depths.values() if depth > DEPTH_MAX)
    if too_deep:
        oddities[f"categories deeper than {DEPTH_MAX} levels were left out"] += too_deep
    kept = {key: nodes[key] for key in sorted(nodes, key=depths.__getitem__) if depths[key] <= DEPTH_MAX}
    siblings = Counter((node.parent, node.name.casefold()) for node in kept.values())
    twins = sum(count - 1 for count in siblings.values())
    if twins:
        oddities["categories have the name of a sibling and were kept apart by their ids"] += twins
    return kept


def _links(read: Sequence[_Record], tree: Tree) -> list[tuple[str, str]]:
    """Further parents, without links that would close a circle of homes and links."""
    below: dict[str, set[str]] = {}
    for node in tree.nodes.values():
        if node.parent is not None:
            below.setdefault(node.parent, set()).add(node.id)
    links = []
    for record in read:
        for child in record.children:
            if record.id not in tree.nodes or child.id not in tree.nodes or child.id in below.get(record.id, ()):
                continue
            if _reaches(below, child.id, record.id):
                tree.oddities["links that would close a circle were left out"] += 1
                continue
            below.setdefault(record.id, set()).add(child.id)
            links.append((record.id, child.id))
    return links


def _reaches(below: Mapping[str, set[str]], start: str, goal: str) -> bool:
    """Whether a walk down from `start` comes to `goal`, or is there already."""
    seen, waiting = {start}, [start]
    while waiting:
        step = waiting.pop()
        if step == goal:
            return True
        fresh = below.get(step, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False
