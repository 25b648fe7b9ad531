"""`haat up`, `haat down` and `haat status`: the whole real stack on this machine, without Docker or root."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from devstack import detached, redis_cluster, replica, session
from devstack.console import ready_page, status_table
from devstack.datafolder import DataFolder, StackState
from devstack.draft import EVERYTHING, ON_REQUEST, ROOT, Plan
from devstack.errors import StackError
from devstack.ports import LOOPBACK
from devstack.processes import is_alive
from devstack.stack import Stack
from server.outlet import exit_with
from server.settings import DEFAULT_DATA, SettingsError

PORT_MAX = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 2 with one sentence when something is wrong with the machine, the settings or the request."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    options = parser().parse_args(words)
    options.words = words
    try:
        code: int = options.run(options)
    except (StackError, SettingsError) as error:
        print(f"haat {options.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="haat", description=__doc__, allow_abbrev=False)
    commands = root.add_subparsers(dest="command", required=True)
    up_command(commands.add_parser("up", help="start the whole stack", description=up.__doc__, allow_abbrev=False))
    for name, run, text in (("down", down, "stop the stack"), ("status", status, "show its servers")):
        command = commands.add_parser(name, help=text, description=run.__doc__)
        command.set_defaults(run=run)
        _data_option(command)
        if name == "status":
            command.add_argument("--json", action="store_true", help="print the state as JSON")
    return root


def up_command(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=up)
    _data_option(command)
    command.add_argument("--port", type=_port, help="port of the shop (default: HAAT_HTTP__PORT, else 8000)")
    command.add_argument("--workers", type=_positive, default=2, help="web processes (default: 2)")
    command.add_argument("--products", type=_positive, default=2_000, help="size of the demo catalogue (default: 2000)")
    command.add_argument("--no-seed", action="store_true", help="start with an empty shop")
    command.add_argument("--detach", action="store_true", help="give the terminal back once the shop is ready")
    command.add_argument("--only", type=_names, default=EVERYTHING, help=f"some of {','.join(EVERYTHING)}")
    command.add_argument("--replica", action="store_true", help="a second PostgreSQL, streamed to, for reads")
    command.add_argument("--redis-cluster", action="store_true", help="three nodes of Redis Cluster in place of one")
    command.add_argument("--no-fsync", action="store_true", help="for tests: a crash of the machine may lose data")
    command.add_argument("--detached", action="store_true", help=argparse.SUPPRESS)


def up(options: argparse.Namespace) -> int:
    """Start every server that no HAAT_*__URL replaces, then the worker and the web processes; seed a first time."""
    folder = DataFolder(options.data)
    if options.detach:
        return detached.up(folder, _without(options.words[1:], "--detach"))
    plan = Plan(
        only=_wanted(options),
        port=options.port,
        workers=options.workers,
        products=options.products,
        seed=not options.no_seed,
        fsync=not options.no_fsync,
    )
    return asyncio.run(_hold(folder, plan, detached=options.detached))


def _wanted(options: argparse.Namespace) -> tuple[str, ...]:
    names = {name: name for name in options.only}
    if options.redis_cluster:
        names["redis"] = redis_cluster.NAME
    if options.replica:
        names[replica.NAME] = replica.NAME
    return tuple(names.values())


async def _hold(folder: DataFolder, plan: Plan, *, detached: bool) -> int:
    """Until a signal; the first one starts the orderly stop, further ones do not interrupt it."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping and task is not None:
            stopping = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    started = time.monotonic()

    def page(stack: Stack) -> str:
        return ready_page(stack.env, seconds=time.monotonic() - started, detached=detached)

    shown = page if "web" in plan.only else None
    try:
        async with session.supervised(folder, plan, os.environ, report=_say, page=shown):
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        _say("Stopped.")
    return 0


def down(options: argparse.Namespace) -> int:
    """Stop the stack of a data folder, wherever it was started, and whatever a killed one left behind."""
    folder = DataFolder(options.data)
    found = session.stop(folder)
    print(f"Stopped the stack on {folder.path}." if found else f"No stack runs on {folder.path}.")
    return 0


def status(options: argparse.Namespace) -> int:
    """Show each server, its port, process, restarts and last death; exit code 1 unless all is well."""
    folder = DataFolder(options.data)
    state = folder.read_state()
    if state is None or not is_alive(state.supervisor):
        print(f"No stack runs on {folder.path}.", file=sys.stderr)
        return 1
    answers = asyncio.run(_ask(state))
    print(msgspec.json.format(msgspec.json.encode(state)).decode() if options.json else status_table(state, answers))
    well = all(service.state in ("running", "done") for service in state.services.values())
    return 0 if state.phase == "ready" and well and all(answers.values()) else 1


async def _ask(state: StackState) -> dict[str, bool]:
    """Whether each port takes a connection."""
    ports = {name: service.port for name, service in state.services.items() if service.port is not None}
    results = await asyncio.gather(*(_connects(port) for port in ports.values()))
    return dict(zip(ports, results, strict=True))


async def _connects(port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(LOOPBACK, port), 2)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _data_option(command: argparse.ArgumentParser) -> None:
    default = Path(os.environ.get("HAAT_DATA") or ROOT / DEFAULT_DATA)
    command.add_argument("--data", type=Path, default=default, help=f"data folder (default: {DEFAULT_DATA})")


def _port(text: str) -> int:
    port = _positive(text)
    if port > PORT_MAX:
        raise argparse.ArgumentTypeError(f"a port is at most {PORT_MAX}")
    return port


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = set(names) - set(EVERYTHING) - set(ON_REQUEST)
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: the servers are {', '.join(EVERYTHING)}")
    return names


def _without(arguments: Sequence[str], flag: str) -> list[str]:
    return [argument for argument in arguments if argument != flag]


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    exit_with(main)
