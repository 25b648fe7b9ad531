"""The servers of the tests are built for glibc, so this is what they run on."""

import asyncio
from pathlib import Path

from search.guard import keep_true
from search.memory import give_back
from tests.wait import until

MEGABYTE = 1_000_000


def test_memory_between_values_that_live_on_goes_back_to_the_system() -> None:
    full, survivors = fragmented()
    give_back()
    assert resident_mb() < full - 60
    assert len(survivors) == 500


async def test_the_worker_gives_it_back_at_its_next_look_at_the_index(settings, database, client, drain, bumps):
    await drain()
    full, survivors = fragmented()
    stop = asyncio.Event()
    guard = asyncio.create_task(keep_true(settings.database.url, client, stop, bump=bumps, look_s=0.05))

    async def given_back() -> bool:
        return resident_mb() < full - 60

    try:
        await until(given_back)
    finally:
        stop.set()
        await guard
    assert len(survivors) == 500


def fragmented() -> tuple[float, list[bytes]]:
    """What was resident with 100 MB more, and the few values that keep most of it from going back by itself."""
    held = [bytes(2_000) for _ in range(50_000)]
    return resident_mb(), held[::100]


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / MEGABYTE
