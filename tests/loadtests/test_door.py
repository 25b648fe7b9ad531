"""Log-ins beyond what the cores can hash are counted apart; any other refusal ends the measurement with its words."""

import aiohttp
import pytest
from aiohttp import web

from loadtests.door import Door, DoorError, wait_beside
from tests.loadtests.servers import serving

SECONDS, LOG_INS_PER_S = 0.4, 20


async def test_who_is_turned_away_is_counted_apart_from_who_is_let_in() -> None:
    statuses = [200, 429, 200, 503, 200, 200, 429, 200]
    left = iter(statuses)

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"access_token": "t"}, status=next(left) if request.method == "POST" else 200)

    async with serving(answer) as url, aiohttp.ClientSession(url) as client:
        found = await wait_beside(client, LOG_INS_PER_S, seconds=SECONDS)
    assert (found.log_ins, found.turned_away) == (5, 3)
    assert found.route.count == 20
    assert found.seconds >= SECONDS * 0.9


async def test_a_log_in_that_fails_is_no_figure() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({}, status=401 if request.method == "POST" else 200)

    async with serving(answer) as url, aiohttp.ClientSession(url) as client:
        with pytest.raises(DoorError, match="answers 401"):
            await wait_beside(client, LOG_INS_PER_S, seconds=SECONDS)


def test_those_turned_away_are_named_where_there_were_any() -> None:
    door = Door(open_us=90, door_us=190, calm_p99_ms=9, busy_p99_ms=20, log_ins_per_s=7.5, turned_away_per_s=2.5)
    assert door.lines()[1] == ("a JSON route has p99 20.0 ms at 7.5 log-ins a second and 2.5 turned away (9.0 without)")
