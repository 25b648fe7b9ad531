"""Hashing passwords: beside the loop, in a queue that has an end, whole however long; and which ones are refused."""

import asyncio
import threading
import time

import aiohttp
import pytest

from models.common_passwords import demand_uncommon, is_common
from models.errors import Invalid, Unavailable
from server.context import Context
from server.passwords import Passwords, hash_password
from tests.people import PERSON, register
from tests.wait import until


async def test_a_burst_waits_in_a_queue_that_has_an_end_and_the_loop_goes_on() -> None:
    passwords = Passwords(8, waiting_max=5)
    hashed = hash_password("right", 8)
    turns, stop = 0, asyncio.Event()

    async def tick() -> None:
        nonlocal turns
        while not stop.is_set():
            await asyncio.sleep(0)
            turns += 1

    ticking = asyncio.create_task(tick())
    answers = await asyncio.gather(*(passwords.verify("right", hashed) for _ in range(20)), return_exceptions=True)
    stop.set()
    await ticking
    passwords.close()
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert answers.count(True) == 5
    assert [(error.code, error.retry_after_s) for error in refused] == [("login_queue", 5)] * 15
    assert turns > 200, "hashed on the loop, it turns a few times for each of the twenty"


async def test_a_burst_of_log_ins_gets_503_with_retry_after(http: aiohttp.ClientSession, context: Context) -> None:
    await register(http, context)
    context.passwords = Passwords(4, waiting_max=3)
    gate = threading.Event()  # nobody's turn ends before all are there
    held = asyncio.create_task(context.passwords._thread.run(gate.wait))
    await asyncio.sleep(0)
    login = {"email": "asha@example.com", "password": PERSON["password"]}

    async def log_in(number: int) -> tuple[int, str | None]:
        headers = {"X-Forwarded-For": f"10.1.0.{number}"}
        async with http.post(
            "/api/v1/auth/login", json={**login, "email": f"{number}@b.co"}, headers=headers
        ) as response:
            return response.status, response.headers.get("Retry-After")

    asking = [asyncio.create_task(log_in(number)) for number in range(8)]

    async def turned_away() -> bool:
        return sum(one.done() for one in asking) == 6

    try:
        await until(turned_away)
    finally:
        gate.set()
    answers = await asyncio.gather(*asking)
    await held
    assert answers.count((503, "5")) == 6
    assert answers.count((401, None)) == 2


def test_a_password_of_any_length_is_hashed_whole() -> None:
    assert hash_password("x" * 300, 4) != hash_password("x" * 299, 4)


@pytest.mark.parametrize(
    "password",
    ["password1", "P@ssw0rd!", "qwerty123", "Iloveyou2", "12345678", "19841984", "aaaaaaaa", "abcabcabc", "1q2w3e4r",
     "Sachin@123", "JaiShriRam108", "adminadmin", "letmein1!", "1qaz2wsx", "passwordadmin", "trustno1",
     "０１２３４５６７８"],
)  # fmt: skip
def test_what_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="first that anybody would try"):
        demand_uncommon(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "kl3j9vw0q", "tulips unlikely", "नदी के पार एक गाँव", "long enough"]
)
def test_what_nobody_tries_first_is_not_whatever_it_is_composed_of(password: str) -> None:
    demand_uncommon(password)


@pytest.mark.parametrize("password", ["asha.rao", "Asha.Rao1", "asha.rao@example.in", "short", "x" * 257])
def test_what_is_known_of_a_person_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        demand_uncommon(password, personal=("asha.rao@example.in", "Asha Rao"))


def test_judging_a_long_password_takes_no_time() -> None:
    def cpu_s() -> float:
        began = time.thread_time()
        for password in ("ab9x" * 64, "qwerty" * 42, "a1" * 128, "é̀" * 128):
            is_common(password)
        return time.thread_time() - began

    assert min(cpu_s() for _ in range(3)) < 0.05
