"""Trees of categories: oddities are counted and stop nothing, addresses stay, and twice is once."""

from pathlib import Path
from typing import Any

import pytest

from catalogue.importing.lines import SourceError
from catalogue.importing.tree import Tree, plan_tree
from catalogue.importing.tree_command import read_records
from catalogue.importing.tree_write import write_tree
from models.database import Pool
from tests.factories import make_category, make_product, make_seller


def node(path: str, children: str = "", name: str | None = None) -> dict[str, Any]:
    """`path` and `children` are ids; names are the ids in capitals."""
    steps = [{"id": step, "name": step.upper()} for step in path.split()]
    return {
        "id": steps[-1]["id"],
        "name": steps[-1]["name"] if name is None else name,
        "path": steps,
        "subCategories": [{"id": child, "name": child.upper()} for child in children.split()],
    }


def homes(tree: Tree) -> dict[str, str | None]:
    return {node.id: node.parent for node in tree.nodes.values()}


def test_the_path_is_home_and_other_parents_are_links() -> None:
    tree = plan_tree([node("a", "c"), node("b", "c"), node("a c")])
    assert homes(tree) == {"a": None, "b": None, "c": "a"}
    assert tree.links == [("b", "c")]


def test_ancestors_that_only_paths_name_are_made() -> None:
    tree = plan_tree([node("a b c"), node("a b d")])
    assert homes(tree) == {"a": None, "b": "a", "c": "b", "d": "b"}
    assert tree.oddities["ancestors that only paths name were made of the paths"] == 2


def test_loops_and_self_parents_are_cut_and_counted() -> None:
    tree = plan_tree([node("b a"), node("a b"), node("a b c"), node("x x"), node("y", "y"), node("z")])
    assert sum(count for oddity, count in tree.oddities.items() if "loops" in oddity) == 1
    assert sum(count for oddity, count in tree.oddities.items() if "own parent" in oddity) == 1
    assert set(homes(tree)) == {"a", "b", "c", "x", "y", "z"}
    assert homes(tree)["x"] is None
    assert tree.links == []


def test_links_close_no_circle() -> None:
    tree = plan_tree([node("a", "b"), node("b", "a"), node("b c", "a")])
    assert tree.links == [("a", "b")]
    assert tree.oddities["links that would close a circle were left out"] == 2


def test_odd_entries_are_left_out_and_odd_names_tidied() -> None:
    records = [
        node("a", name="|Hm  Theater "),
        node("b", name=""),
        {"id": "c"},
        7,
        {"name": "D"},
        node("a", name="Twice"),
    ]
    tree = plan_tree(records)
    assert {key: entry.name for key, entry in tree.nodes.items()} == {"a": "Hm Theater"}
    assert sum(tree.oddities.values()) == 6


def test_what_lies_too_deep_is_left_out() -> None:
    tree = plan_tree([node(" ".join(f"n{i}" for i in range(1, depth + 1))) for depth in range(1, 16)])
    assert len(tree.nodes) == 12


async def test_a_tree_is_written_once_and_keeps_its_addresses(database: Pool) -> None:
    records = [node("a", "b c"), node("a b"), node("a c", "d"), node("e", "b"), node("a c d")]
    first = await write_tree(plan_tree(records))
    assert (first.created, first.links) == (5, 1)
    again = await write_tree(plan_tree(records))
    assert (again.created, again.updated, again.unchanged, again.links) == (0, 0, 5, 0)
    moved = [node("a", "b"), node("a b"), node("e", "b c"), node("e c", "d", name="Renamed"), node("e c d")]
    assert (await write_tree(plan_tree(moved))).updated == 2, "c moved, and e moved up among the roots"
    rows = await database.fetch("SELECT external_id, slug, name, path, depth FROM category ORDER BY external_id")
    assert [tuple(row) for row in rows] == [
        ("a", "a", "A", "a", 1),
        ("b", "b", "B", "a/b", 2),
        ("c", "c", "Renamed", "e/c", 2),
        ("d", "d", "D", "e/c/d", 3),
        ("e", "e", "E", "e", 1),
    ]


async def test_a_category_made_by_products_is_taken_over(database: Pool) -> None:
    root = await make_category("A")
    leaf = await make_category("b", parent_id=root)
    product_id = await make_product(await make_seller(), category_id=leaf)
    written = await write_tree(plan_tree([node("a", "b"), node("a b")]))
    assert (written.created, written.updated) == (0, 2)
    assert await database.fetchval("SELECT external_id FROM category WHERE id = $1", leaf) == "b"
    assert await database.fetchval("SELECT category_id FROM product WHERE id = $1", product_id) == leaf


async def test_the_real_tree_comes_in_whole(database: Pool, data_folder: Path) -> None:
    tree = plan_tree(read_records(data_folder / "bestbuy_categories.json.gz"))
    assert tree.oddities["categories without a name were left out"] == 1
    assert tree.oddities["ancestors that only paths name were made of the paths"] == 139
    assert len(tree.nodes) == 4584 - 1 + 139
    written = await write_tree(tree)
    assert (written.created, written.links) == (4722, len(tree.links))
    assert (await write_tree(tree)).unchanged == 4722
    broken = await database.fetchval(
        "SELECT count(*) FROM category c LEFT JOIN category p ON p.id = c.parent_id WHERE c.path <>"
        " coalesce(p.path || '/', '') || c.slug OR c.depth <> coalesce(p.depth, 0) + 1 OR c.name <> btrim(c.name, ' |')"
    )
    assert broken == 0
    several = await database.fetchval(
        "SELECT count(*) FROM category_link l JOIN category c ON c.id = l.child_id WHERE c.parent_id = l.parent_id"
    )
    assert several == 0


def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    for data, said in ((b"{", "no JSON"), (b"\x1f\x8b broken", "damaged")):
        (tmp_path / "a.json").write_bytes(data)
        with pytest.raises(SourceError, match=said):
            read_records(tmp_path / "a.json")
