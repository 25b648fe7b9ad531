"""Who answers, and how long anybody waits, when the engine is well, slow, failing, or perhaps back."""

import asyncio
from functools import partial

import pytest

from models.errors import Unavailable
from search.breaker import Breaker
from search.client import SearchDown
from search.either import AT_ONCE, ENGINE_AT_ONCE
from search.either import Either as OnItsClock
from tests.virtual import in_virtual_time, now
from tests.wait import until

PATIENCE_S = 0.05
Either = partial(OnItsClock, clock=now)


async def instead() -> str:
    return "instead"


def answering(after_s: float = 0.0):
    async def engine() -> str:
        await asyncio.sleep(after_s)
        return "engine"

    return engine


def failing(after_s: float = 0.0):
    async def engine() -> str:
        await asyncio.sleep(after_s)
        raise SearchDown("no")

    return engine


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        (answering(), ("engine", False)),
        (failing(), ("instead", True)),
        (answering(60), ("instead", True)),
        (failing(PATIENCE_S * 2), ("instead", True)),
    ],
)
@in_virtual_time
async def test_whoever_asks_is_answered(engine, found):
    async with asyncio.timeout(2):
        assert await Either(Breaker(), patience_s=PATIENCE_S).ask(engine, instead) == found


@in_virtual_time
async def test_an_engine_that_is_slow_but_faster_than_the_other_still_answers():
    async def slower() -> str:
        await asyncio.sleep(60)
        return "instead"

    async with asyncio.timeout(2):
        found = await Either(Breaker(), patience_s=PATIENCE_S).ask(answering(PATIENCE_S * 2), slower)
    assert found == ("engine", False)


@in_virtual_time
async def test_an_engine_that_is_slow_is_not_robbed_of_its_cores_by_many_second_opinions():
    either, running, most = Either(Breaker(), patience_s=PATIENCE_S, at_once=12), [0], [0]

    async def slower() -> str:
        running[0] += 1
        most[0] = max(most[0], running[0])
        try:
            await asyncio.sleep(60)
        finally:
            running[0] -= 1
        return "instead"

    async with asyncio.timeout(5):
        answers = await asyncio.gather(*(either.ask(answering(PATIENCE_S * 1.6), slower) for _ in range(12)))
        assert (answers, most) == ([("engine", False)] * 12, [1])
        answers = await asyncio.gather(*(either.ask(answering(PATIENCE_S * 6), slower) for _ in range(12)))
        assert (answers, most) == ([("engine", False)] * 12, [AT_ONCE])
    assert await either.ask(answering(60), instead) == ("instead", True)


@in_virtual_time
async def test_an_engine_that_is_busy_with_others_is_waited_for():
    breaker = Breaker(failures=1, pause_s=60)
    either, asked = Either(breaker, patience_s=PATIENCE_S * 2, at_once=8), []

    async def other() -> str:
        asked.append(None)
        return "instead"

    async with asyncio.timeout(10):
        waits = [PATIENCE_S * turn for turn in range(1, 9)]
        answers = await asyncio.gather(*(either.ask(answering(wait), other) for wait in waits))
    assert answers == [("engine", False)] * len(waits)
    assert (asked, breaker.open) == ([], False)


@in_virtual_time
async def test_a_crowd_waits_for_its_turn_before_the_engine_and_brings_nobody_to_the_other():
    """Each question is quick while few are asked at once; all at once they would time out."""
    breaker, at_once, asked = Breaker(failures=1, pause_s=60), [0], []
    either = Either(breaker, patience_s=1)

    async def engine() -> str:
        at_once[0] += 1
        try:
            await asyncio.sleep(0.02)
            if at_once[0] > ENGINE_AT_ONCE:
                raise SearchDown("it timed out")
            return "engine"
        finally:
            at_once[0] -= 1

    async def other() -> str:
        asked.append(None)
        return "instead"

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(either.ask(engine, other) for _ in range(10 * ENGINE_AT_ONCE)))
    assert answers == [("engine", False)] * len(answers)
    assert (asked, breaker.open) == ([], False)


@in_virtual_time
async def test_silence_opens_the_breaker_and_one_late_answer_closes_it():
    """A hundred lost races would open it too: here there are four."""
    breaker = Breaker(failures=100, pause_s=60)
    either = Either(breaker, patience_s=PATIENCE_S)

    async def slow() -> str:
        await asyncio.sleep(PATIENCE_S * 3)
        return "instead"

    async with asyncio.timeout(10):
        assert await asyncio.gather(*(either.ask(answering(1), slow) for _ in range(4))) == [("instead", True)] * 4
    assert breaker.open

    async def closed() -> bool:
        return not breaker.open

    await until(closed)


@in_virtual_time
async def test_failures_in_a_row_open_the_breaker_and_then_nobody_waits():
    breaker, asked = Breaker(failures=2, pause_s=60), []
    either = Either(breaker, patience_s=PATIENCE_S)

    async def engine() -> str:
        asked.append(None)
        raise SearchDown("no")

    for _ in range(5):
        assert await either.ask(engine, instead) == ("instead", True)
    assert len(asked) == 2


@in_virtual_time
async def test_a_probe_costs_nobody_any_time_and_closes_the_breaker_when_it_succeeds():
    passed = [0.0]
    breaker = Breaker(failures=1, pause_s=1, clock=lambda: passed[0])
    breaker.failed()
    passed[0] = 2.0
    started = now()
    either = Either(breaker, patience_s=10)
    assert await either.ask(answering(0.2), instead) == ("instead", True)
    assert now() == started

    async def closed() -> bool:
        return not breaker.open

    await until(closed)
    assert await either.ask(answering(), instead) == ("engine", False)


@in_virtual_time
async def test_what_goes_wrong_otherwise_is_not_hidden():
    async def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Either(Breaker(), patience_s=PATIENCE_S).ask(broken, instead)
    with pytest.raises(ZeroDivisionError):
        await Either(Breaker(), patience_s=PATIENCE_S).ask(failing(), broken)


@in_virtual_time
async def test_a_crowd_without_an_engine_is_answered_in_turn_and_who_would_wait_too_long_is_told_so():
    breaker = Breaker(failures=1, pause_s=60)
    breaker.failed()
    either, going, most, gate = Either(breaker, patience_s=PATIENCE_S), 0, 0, asyncio.Event()

    async def slow() -> str:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await gate.wait()
        going -= 1
        return "instead"

    crowd = [asyncio.create_task(either.ask(answering(), slow)) for _ in range(20)]
    found = await asyncio.gather(*crowd[AT_ONCE:], return_exceptions=True)
    assert {type(one) for one in found} == {Unavailable}
    gate.set()
    assert await asyncio.gather(*crowd[:AT_ONCE]) == [("instead", True)] * AT_ONCE
    assert await asyncio.gather(*(either.ask(answering(), slow) for _ in range(20))) == [("instead", True)] * 20
    assert most == AT_ONCE
