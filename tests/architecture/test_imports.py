"""Imports go one way, stand at the top of their module, and no module outgrows one head."""

import ast
from collections.abc import Iterator
from pathlib import Path

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


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        if not is_root(path)
        for line, name in imported(ast.parse(path.read_text("utf-8")))
        for package in [path.relative_to(ROOT).parts[0]]
        if (top := name.split(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_devstack_takes_nothing_but_the_settings_from_the_server() -> None:
    names = {
        name for path in (ROOT / "devstack").rglob("*.py") for _, name in imported(ast.parse(path.read_text("utf-8")))
    }
    assert {name for name in names if name.split(".")[0] == "server"} <= {"server.settings"}


def test_no_production_module_imports_devstack_or_tests() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] != "devstack"
        for line, name in imported(ast.parse(path.read_text("utf-8")))
        if name.split(".")[0] in {"devstack", "tests"}
    ]
    assert wrong == []


def test_no_import_is_deferred_into_a_function() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_modules_and_functions_stay_small() -> None:
    wrong = []
    for path in modules():
        text = path.read_text("utf-8")
        if (lines := text.count("\n")) > FILE_LINES_MAX:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert wrong == []


def test_every_module_says_why_it_exists() -> None:
    assert [str(p.relative_to(ROOT)) for p in modules() if not ast.get_docstring(ast.parse(p.read_text("utf-8")))] == []


@pytest.mark.parametrize("name", ["services", "repositories", "managers", "utils", "helpers", "common"])
def test_no_place_is_named_after_nothing(name: str) -> None:
    assert [p for p in modules() if p.stem == name or p.parent.name == name] == []
