"""Imports go one way, stand at the top of their module, and no module outgrows one head."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "models": set[str](),
    "web": set[str](),
    "search": {"models"},
    "server": {"models"},
    "catalogue": {"models", "server"},
    "jobs": {"models", "search", "server"},
    "handlers": {"models", "search", "server", "jobs", "web"},
    "loadtests": {"models", "server"},
    "migrations": {"models"},
    "devstack": {"server"},
}
COMPOSITION_ROOTS = {"server/app.py", "server/worker.py"}
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40


def modules() -> Iterator[Path]:
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def is_root(path: Path) -> bool:
    return path.name == "__main__.py" or path.relative_to(ROOT).as_posix() in COMPOSITION_ROOTS


class Facts(NamedTuple):
    """Of one module, read once for all tests: what it imports, and its functions, each with its lines and imports."""

    lines: int
    docstring: str | None
    imported: tuple[tuple[int, str], ...]
    functions: tuple[tuple[str, int, int], ...]
    deferred: frozenset[int]


@cache
def facts_of(path: Path) -> Facts:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    functions = tuple((node.name, node.lineno, node.end_lineno or node.lineno) for node in found)
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    deferred = {n.lineno for n in imports if any(start <= n.lineno <= end for _, start, end in functions)}
    return Facts(text.count("\n"), ast.get_docstring(tree), tuple(imported(imports)), functions, frozenset(deferred))


def imported(nodes: list[ast.Import | ast.ImportFrom]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif node.module and not node.level:
            yield node.lineno, node.module


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        if not is_root(path)
        for line, name in facts_of(path).imported
        for package in [path.relative_to(ROOT).parts[0]]
        if (top := name.split(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_devstack_takes_nothing_but_the_settings_and_the_end_of_a_command_from_the_server() -> None:
    names = {name for path in (ROOT / "devstack").rglob("*.py") for _, name in facts_of(path).imported}
    allowed = {"server.connections", "server.outlet", "server.settings"}
    assert {name for name in names if name.split(".")[0] == "server"} <= allowed


def test_no_production_module_imports_devstack_or_tests() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] != "devstack"
        for line, name in facts_of(path).imported
        if name.split(".")[0] in {"devstack", "tests"}
    ]
    assert wrong == []


def test_no_import_is_deferred_into_a_function() -> None:
    assert [f"{path.relative_to(ROOT)}:{line}" for path in modules() for line in sorted(facts_of(path).deferred)] == []


def test_modules_and_functions_stay_small() -> None:
    wrong = []
    for path in modules():
        facts = facts_of(path)
        if facts.lines > FILE_LINES_MAX:
            wrong.append(f"{path.relative_to(ROOT)}: {facts.lines} lines")
        for name, start, end in facts.functions:
            if (length := end - start + 1) > FUNCTION_LINES_MAX:
                wrong.append(f"{path.relative_to(ROOT)}:{start} {name}: {length} lines")
    assert wrong == []


def test_every_module_says_why_it_exists() -> None:
    assert [str(path.relative_to(ROOT)) for path in modules() if not facts_of(path).docstring] == []


@pytest.mark.parametrize("name", ["services", "repositories", "managers", "utils", "helpers", "common"])
def test_no_place_is_named_after_nothing(name: str) -> None:
    assert [p for p in modules() if p.stem == name or p.parent.name == name] == []
