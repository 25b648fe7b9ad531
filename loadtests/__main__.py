"""`haat bench`, `bench-scale`, `load`, `probe`, `prove`: each module adds its own parser, and `run` is what it set."""

import argparse

from loadtests import bench, growth, load, probe, prove
from server.outlet import exit_with


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat", description="Measure the shop, and prove what it promises.")
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (bench, growth, load, probe, prove):
        module.add_parser(commands)
    arguments = parser.parse_args()
    code: int = arguments.run(arguments)
    return code


if __name__ == "__main__":
    exit_with(main)
