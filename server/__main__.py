"""The `haat` command: a table of subcommands, each run as a module in place of this process."""

import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from server.outlet import exit_with
from server.settings import DEFAULT_DATA

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = 2


class Subcommand(NamedTuple):
    module: str
    help: str


TOPICS: dict[str, dict[str, Subcommand]] = {
    "Run the shop": {
        "up": Subcommand("devstack", "start the whole stack: servers, worker, web processes, demo catalogue"),
        "down": Subcommand("devstack", "stop it"),
        "status": Subcommand("devstack", "show its servers and their restarts"),
        "serve": Subcommand("server.app", "serve the shop as one web process"),
        "worker": Subcommand("server.worker", "run jobs and keep the search index in sync"),
    },
    "People": {
        "code": Subcommand("server.codes", "print the code that an admin's authenticator app would show (development)"),
    },
    "Watch over it": {
        "limits": Subcommand("server.throttled", "show the limits and who is throttled now"),
        "keys": Subcommand("server.rotation", "make a key; seal all personal data anew under the newest"),
    },
    "Pictures": {
        "pictures": Subcommand("server.resizing", "make kept pictures anew in the sizes and formats of today"),
    },
    "Database": {
        "migrate": Subcommand("migrations", "bring the schema up to date"),
        "downgrade": Subcommand("migrations", "undo migrations"),
    },
    "Catalogue": {
        "seed": Subcommand("catalogue", "make a demo catalogue of any size"),
        "import": Subcommand("catalogue", "import products from CSV or JSONL"),
        "import-categories": Subcommand("catalogue", "import a category tree"),
    },
    "Search and jobs": {
        "reindex": Subcommand("search", "rebuild the search index without downtime"),
        "reconcile": Subcommand("search", "compare the index with the database and repair it"),
        "jobs": Subcommand("jobs", "list jobs, retry the failed ones"),
    },
    "Measure and prove": {
        "probe": Subcommand("loadtests", "measure how soon an edit is findable"),
        "prove": Subcommand("loadtests", "prove that nothing is oversold, lost or doubled"),
        "bench": Subcommand("loadtests", "tell the speed of reads as ratios to what this machine can do"),
        "bench-scale": Subcommand("loadtests", "tell how cost grows with the catalogue and the web processes"),
        "load": Subcommand("loadtests", "load the shop with simulated shoppers"),
    },
}
SUBCOMMANDS = {name: subcommand for topic in TOPICS.values() for name, subcommand in topic.items()}


def main() -> NoReturn:
    exit_with(command)


def command() -> int:
    """The exit code, 2 after a sentence, where this process is not replaced by the module of the subcommand."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    line = command_line(arguments)
    if line is not None:
        os.execve(line[0], line, environment())  # noqa: S606 - our own interpreter and modules
    print(unknown(arguments[0]), file=sys.stderr)
    return UNKNOWN


def command_line(arguments: Sequence[str]) -> list[str] | None:
    """What is executed for these words; None when the first one is no subcommand."""
    subcommand = SUBCOMMANDS.get(arguments[0])
    return None if subcommand is None else [sys.executable, "-m", subcommand.module, *arguments]


def environment() -> dict[str, str]:
    """From a checkout, modules and the data folder are the checkout's, wherever the command is called."""
    env = dict(os.environ)
    if (ROOT / "pyproject.toml").is_file():
        env.setdefault("HAAT_DATA", str(ROOT / DEFAULT_DATA))
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH", "")]))
    return env


def usage() -> str:
    lines = ["haat: an open-air market. Many sellers, one shop, instant search.", "", "usage: haat COMMAND [OPTIONS]"]
    width = max(map(len, SUBCOMMANDS)) + 2
    for topic, subcommands in TOPICS.items():
        lines += ["", f"{topic}:"]
        lines += [f"  {name:<{width}}{subcommand.help}" for name, subcommand in subcommands.items()]
    return "\n".join([*lines, "", "`haat COMMAND --help` explains one command."])


def unknown(word: str) -> str:
    close = difflib.get_close_matches(word, SUBCOMMANDS, n=1)
    hint = f"did you mean `haat {close[0]}`?" if close else "`haat --help` lists them."
    return f"haat: there is no command {word!r}: {hint}"


if __name__ == "__main__":
    main()
