"""A value that is read anew by itself: once at a time, and nobody waits who may have the old one."""

import asyncio
import sys

import pytest

from search.kept import Kept, Renewed
from tests.wait import until


async def test_a_crowd_reads_once_and_gets_the_old_value_while_it_is_read_anew():
    now, gate, reads = [0.0], asyncio.Event(), [0]

    async def read() -> int:
        reads[0] += 1
        number = reads[0]
        await gate.wait()
        return number

    renewed = Renewed(read, 30, clock=lambda: now[0])
    first = [asyncio.create_task(renewed.get()) for _ in range(50)]
    gate.set()
    assert await asyncio.gather(*first) == [1] * 50
    gate.clear()
    now[0] = 31
    assert await asyncio.gather(*(renewed.get() for _ in range(50))) == [1] * 50
    gate.set()

    async def anew() -> bool:
        return await renewed.get() == 2

    await until(anew)
    now[0] += 61
    assert await asyncio.gather(*(renewed.get() for _ in range(50))) == [3] * 50
    assert reads == [3]


async def test_who_waits_is_told_what_went_wrong_and_the_next_one_tries_again():
    broken = True

    async def read() -> int:
        if broken:
            raise OSError("no such server")
        return 1

    renewed = Renewed(read, 30)
    with pytest.raises(OSError, match="no such server"):
        await renewed.get()
    broken = False
    assert await renewed.get() == 1


async def test_the_latest_is_there_at_once_however_old_and_is_read_anew():
    now, reads = [0.0], []

    async def read() -> float:
        reads.append(now[0])
        return now[0]

    renewed = Renewed(read, 30, clock=lambda: now[0])
    assert renewed.latest() is None
    await until_read(reads, 1)
    now[0] = 29
    assert renewed.latest() == 0
    now[0] = 1_000
    assert renewed.latest() == 0
    await until_read(reads, 2)
    assert renewed.latest() == 1_000
    assert reads == [0, 1_000]


async def test_what_takes_long_to_read_is_read_more_rarely():
    now, reads = [0.0], []

    async def read() -> float:
        now[0] += cost
        reads.append(now[0])
        return now[0]

    renewed = Renewed(read, 30, clock=lambda: now[0])
    for cost, held_s in ((0.25, 30), (1.0, 100), (60.0, 300)):
        now[0] += 1_000
        await renewed.get()
        before, began = len(reads), now[0] - cost
        now[0] = began + held_s - 1
        await renewed.get()
        assert len(reads) == before
        now[0] = began + held_s
        await renewed.get()
        await until_read(reads, before + 1)


async def until_read(reads: list[float], count: int) -> None:
    async def enough() -> bool:
        return len(reads) == count

    await until(enough)


def test_of_many_keys_those_are_told_whose_values_are_kept_still() -> None:
    now = [0.0]
    kept: Kept[str, int] = Kept(10, 5, clock=lambda: now[0])
    kept.put("old", 1)
    now[0] = 6.0
    kept.put("young", 2)
    assert kept.get_all(["old", "young", "never"]) == {"old": 1, "young": 2}
    now[0] = 11.0
    assert kept.get_all(["old", "young", "never"]) == {"young": 2}


def test_what_has_had_its_time_takes_no_memory_once_others_come() -> None:
    now = [0.0]
    kept: Kept[str, object] = Kept(10, 100, clock=lambda: now[0])
    value = object()
    others = sys.getrefcount(value)
    for key in ("first", "second"):
        kept.put(key, value)
    now[0] = 10.0
    kept.put("third", None)
    assert sys.getrefcount(value) == others
