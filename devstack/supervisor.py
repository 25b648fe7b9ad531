"""Starts servers as soon as what they need is ready, keeps them alive, and stops them in reverse order.

Every change is written to the data folder's state, where `haat status` reads it.
"""

import asyncio
import os
from collections.abc import Callable, Sequence

from devstack.datafolder import DataFolder, StackState
from devstack.processes import Identity, identify, is_alive, stop_all
from devstack.runner import Runner
from devstack.service import Service

ORPHANS_TIMEOUT_S = 30.0
Report = Callable[[str], None]


def ignore(_: str) -> None:
    """A report that nobody reads."""


def nothing_to_say() -> None:
    """A stack that is ready without a word."""


class Supervisor:
    """The servers of one stack, in the order in which they may start."""

    def __init__(self, folder: DataFolder, services: Sequence[Service], *, site: str, report: Report = ignore) -> None:
        self._folder = folder
        self._state = StackState(supervisor=_myself(), phase="starting", site=site)
        self._runners = {
            service.name: Runner(service, folder.log(service.name), changed=self._write, report=report)
            for service in services
        }
        self._state.services = {name: runner.state for name, runner in self._runners.items()}
        self._ready = {name: asyncio.Event() for name in self._runners}
        self._watchers: list[asyncio.Task[None]] = []

    async def start(self, *, announce: Callable[[], None] = nothing_to_say) -> None:
        """Until every server is ready; StackError of the first that fails (the caller stops the others).

        `announce` is called before the state says so: who waits for that finds what was said.
        """
        self._write()
        try:
            async with asyncio.TaskGroup() as group:
                for runner in self._runners.values():
                    group.create_task(self._start(runner))
        except BaseExceptionGroup as group:
            raise first_of(group) from None
        announce()
        self._state.phase = "ready"
        self._write()

    async def stop(self) -> None:
        """Stop what depends on others first; returns when every process is gone."""
        self._state.phase = "stopping"
        self._write()
        for layer in reversed(layers([runner.service for runner in self._runners.values()])):
            await asyncio.gather(*(self._runners[name].stop() for name in layer))
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)

    async def _start(self, runner: Runner) -> None:
        service = runner.service
        for name in service.after if service.awaits is None else service.awaits:
            if name in self._ready:
                await self._ready[name].wait()
        await runner.start()
        if not runner.service.once:
            self._watchers.append(asyncio.create_task(runner.watch()))
        self._ready[runner.service.name].set()

    def _write(self) -> None:
        self._folder.write_state(self._state)


def first_of(error: BaseException) -> BaseException:
    """The error that a task group wrapped."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def layers(services: Sequence[Service]) -> list[list[str]]:
    """Names by depth of dependency: each layer needs only earlier ones."""
    waiting = {service.name: set(service.after) for service in services}
    known: list[list[str]] = []
    while waiting:
        layer = [name for name, after in waiting.items() if not after & waiting.keys()]
        if not layer:
            raise ValueError(f"These services wait for each other: {', '.join(waiting)}")
        known.append(layer)
        waiting = {name: after for name, after in waiting.items() if name not in layer}
    return known


def clean_up_orphans(folder: DataFolder) -> int:
    """Stop servers that outlived a killed supervisor of this folder; how many there were."""
    state = folder.read_state()
    if state is None or is_alive(state.supervisor):
        return 0
    signals = {
        service.process: service.stop_signal for service in state.services.values() if service.process is not None
    }
    return stop_all(signals, timeout_s=ORPHANS_TIMEOUT_S)


def _myself() -> Identity:
    identity = identify(os.getpid())
    if identity is None:
        raise RuntimeError("This process is not in the process table.")
    return identity
