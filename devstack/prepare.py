"""The last step of `make setup`: makes the embedded servers usable, says which ones this platform lacks."""

import sys
from collections.abc import Callable
from pathlib import Path

from devstack import meilisearch, pgbinaries, redis
from devstack.draft import ROOT
from devstack.errors import StackError


def main() -> None:
    """A missing server is no failure here: its URL in the settings may replace it."""
    for prepare in (_postgres, meilisearch.binary, _redis):
        report(prepare, ROOT)


def report(prepare: Callable[[Path], object], root: Path) -> None:
    try:
        prepare(root)
    except StackError as error:
        print(error, file=sys.stderr)


def _postgres(root: Path) -> None:
    pgbinaries.hydrate(pgbinaries.package(root))


def _redis(_: Path) -> None:
    redis.binary()


if __name__ == "__main__":
    main()
