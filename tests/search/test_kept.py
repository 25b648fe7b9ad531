"""A value that is read anew by itself: once at a time, and nobody waits who may have the old one."""

import asyncio

import pytest

from search.kept import Renewed
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
