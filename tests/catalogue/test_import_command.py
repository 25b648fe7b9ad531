"""`haat import` and `haat import-categories` as processes: exit codes, what they print, where the errors file lies."""

import asyncio
import json
import os
import sys
from pathlib import Path

from models.database import Pool
from tests.factories import make_seller

ROOT = Path(__file__).resolve().parents[2]


async def haat(environment: dict[str, str], *arguments: str, folder: Path) -> tuple[int, str]:
    """Exit code, and both streams."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "catalogue", *arguments, "--data", str(folder)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
        cwd=ROOT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def slug_of(database: Pool) -> str:
    found: str = await database.fetchval("SELECT slug FROM seller WHERE id = $1", await make_seller())
    return found


async def test_an_import_prints_its_counts_and_leaves_an_errors_file(
    environment: dict[str, str], database: Pool, tmp_path: Path
) -> None:
    slug, file = await slug_of(database), tmp_path / "products.csv"
    file.write_text("Label,Cost\nLamp,₹500\nStool,soon\n", "utf-8")
    wanted = ("import", str(file), "--seller", slug, "--map", "name=Label", "--map", 'price="Cost"')
    code, output = await haat(environment, *wanted, "--dry-run", folder=tmp_path)
    assert (code, await database.fetchval("SELECT count(*) FROM product")) == (0, 0), output
    assert "nothing written" in output
    code, output = await haat(environment, *wanted, folder=tmp_path)
    assert code == 0, output
    assert "rows                 2" in output
    assert "1  Cost: not a price" in output
    errors = tmp_path / "products.csv.errors.csv"
    assert errors.read_text("utf-8").splitlines() == ["line,column,value,reason", "3,Cost,soon,not a price"]
    file.write_text("Label,Cost\nLamp,₹500\nStool,₹5\n", "utf-8")
    code, output = await haat(environment, *wanted, folder=tmp_path)
    assert "unchanged            1" in output
    assert not errors.exists(), "an errors file of an earlier run would mislead"


async def test_an_import_that_cannot_start_exits_2_with_one_sentence(
    environment: dict[str, str], database: Pool, tmp_path: Path
) -> None:
    file = tmp_path / "products.csv"
    file.write_text("Label,Cost\nLamp,500\n", "utf-8")
    slug = await slug_of(database)
    cases = (
        ((str(file), "--seller", "nobody", "--map", "name=Label", "--map", "price=Cost"), "no seller nobody"),
        ((str(file), "--seller", slug), "Which column is the name?"),
        ((str(file), "--seller", slug, "--map", "name=Nope"), 'no column "Nope"'),
        ((str(tmp_path / "none.csv"), "--seller", slug), "No such file"),
        ((str(file), "--seller", slug, "--rate", "USD=abc"), "USD=83.0"),
    )
    for arguments, said in cases:
        code, output = await haat(environment, "import", *arguments, folder=tmp_path)
        assert (code, said in output) == (2, True), output
        assert "Traceback" not in output


async def test_categories_are_imported_by_the_command(
    environment: dict[str, str], database: Pool, tmp_path: Path
) -> None:
    file = tmp_path / "tree.json"
    root = {
        "id": "a",
        "name": "Toys",
        "path": [{"id": "a", "name": "Toys"}],
        "subCategories": [{"id": "x", "name": "X"}],
    }
    file.write_text(json.dumps([root]), "utf-8")
    code, output = await haat(environment, "import-categories", str(file), folder=tmp_path)
    assert code == 0, output
    assert "created 1, updated 0, unchanged 0" in output
    assert "Note: 1 children that the file names but does not list were left out." in output
    file.write_text("{", "utf-8")
    code, output = await haat(environment, "import-categories", str(file), folder=tmp_path)
    assert (code, "no JSON" in output) == (2, True)
