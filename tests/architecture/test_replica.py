"""Which reads may come from a replica is a list on purpose: catalogue and history, nothing that a write depends on."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = {
    "models/category_tree.py",
    "models/order_view.py",
    "models/product_page.py",
    "models/review.py",
    "search/fallback.py",
    "server/app.py",
}


def test_only_the_catalogue_and_the_history_are_read_from_a_replica() -> None:
    packages = ("models", "search", "server", "handlers", "jobs", "catalogue")
    paths = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    asking = {path.relative_to(ROOT).as_posix() for path in paths if "replica" in path.read_text("utf-8")}
    assert asking - {"models/replica.py", "server/settings.py"} == NAMED
