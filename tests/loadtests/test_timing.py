"""The proof of equal answers holds on our server, and is red for one that answers sooner about nobody."""

import random

import aiohttp
from msgspec.structs import replace

from loadtests.timing import interval_of, judge, prove
from server.context import Context
from server.passwords import Passwords


class Hasty(Passwords):
    """What a server does that hashes nothing where there is no account."""

    async def verify(self, password: str, hashed: str | None) -> bool:
        return hashed is not None and await super().verify(password, hashed)


def test_the_interval_includes_0_for_the_same_and_leaves_it_out_for_different_times() -> None:
    rng = random.Random(4)
    same = [[rng.gauss(60, 2) for _ in range(300)] for _ in range(2)]
    found = interval_of(*same)
    assert (found.side, found.is_narrow, judge([found]).red) == (0, True, False)
    slower = interval_of([value + 2 for value in same[0]], same[1])
    assert (slower.side, judge([slower]).red, judge([slower, slower]).red) == (1, True, True)
    assert not judge([slower, found]).red
    wide = interval_of([rng.gauss(60, 60) for _ in range(300)], [rng.gauss(60, 60) for _ in range(300)])
    assert judge([wide]).red


async def test_our_server_answers_alike_and_a_hasty_one_does_not(http: aiohttp.ClientSession, context: Context) -> None:
    host = context.settings.site.base_url
    for _ in range(3):  # chance alone makes one in two hundred red, a leak all of them
        found = await prove(context.settings, host, pairs=40)
        if not any(verdict.red for verdict in found.values()):
            break
    assert {path: verdict.red for path, verdict in found.items()} == dict.fromkeys(found, False)
    context.passwords = Hasty(9)
    costly = replace(context.settings, auth=replace(context.settings.auth, bcrypt_cost=9))
    assert (await prove(costly, host, pairs=20))["login"].red
