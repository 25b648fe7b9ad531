"""`haat seed`, `haat import` and `haat import-categories`. Each command's module adds its own options and runs it."""

import argparse

from catalogue.importing import command as products
from catalogue.importing import tree_command as categories
from catalogue.seed import command as seed
from server.outlet import exit_with

COMMANDS = (seed, products, categories)


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    arguments = parser.parse_args()
    code: int = arguments.run(arguments)
    return code


if __name__ == "__main__":
    exit_with(main)
