"""One simulated person: an address of its own, pauses to think, and latencies that count from the planned moment.

Runs under gevent, in a load process only.
"""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import gevent
import msgspec
from locust.contrib.fasthttp import FastHttpSession

from loadtests import people
from loadtests.catalogue import Catalogue
from loadtests.plan import Plan
from loadtests.recording import Recording
from loadtests.schedule import Zipf

TIMEOUT_S = 15.0
KEY_S = 0.12
RANKS = 10_000
CACHE_HEADER = "x-cache"
DEGRADED = b'"degraded":true'


class Abandoned(Exception):
    """A step failed: the person gives up. The message says at what."""


class Left(Exception):
    """What was wanted is sold out: the person leaves, which is nobody's error."""


class Over(Exception):
    """This person has nothing left to do in this run; a journey that it was on counts for nothing."""


class Run:
    """What all people of one load process share. `zero` is second 0 on the clock of time.perf_counter()."""

    def __init__(self, plan: Plan, catalogue: Catalogue, recording: Recording, *, index: int) -> None:
        self.plan = plan
        self.catalogue = catalogue
        self.recording = recording
        self.rng = random.Random(plan.seed * 1_000 + index)
        self.zipf = Zipf(RANKS, catalogue.exponent)
        self.zero = time.perf_counter() + plan.begin_at - time.time()
        self.numbers = iter(range(index, 1 << 60, plan.processes))

    @property
    def now_s(self) -> float:
        return time.perf_counter() - self.zero

    def end_now(self) -> None:
        """Nobody begins anything any more; what is under way comes to its end as at the planned one."""
        at_s = min(max(0.0, self.now_s), self.plan.duration_s)
        self.plan = msgspec.structs.replace(self.plan, duration_s=at_s)
        self.recording.stopped_at_s = at_s

    def draw(self, items: Sequence[Any]) -> Any:
        """One of the items, the first ones most often."""
        return self.zipf.draw(items, self.rng)


class Shopper:
    """`due_s` is when the next step was planned; between steps that follow at once, the end of the last one."""

    def __init__(self, session: FastHttpSession, run: Run, *, due_s: float) -> None:
        self.run = run
        self.rng = run.rng
        self.due_s = due_s
        self.headers = {"X-Forwarded-For": people.address(), "Accept-Encoding": "identity"}
        self._session = session
        session.cookiejar.clear()

    def ask(
        self,
        method: str,
        path: str,
        *,
        name: str = "",
        expect: Sequence[int] = (200,),
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        kind: str = "requests",
    ) -> Any:
        """The response; raises Abandoned for a status that is not expected. `name` stands for all paths of a route."""
        due_s, run = self.due_s, self.run
        title = f"{method} {name or path.partition('?')[0]}"
        sent = {**self.headers, **(headers or {})}
        with self._session.request(
            method, path, name=title, json=body, headers=sent, catch_response=True, allow_redirects=False
        ) as response:
            self.due_s = run.now_s
            ok = response.status_code in expect
            if ok:
                response.success()
            else:
                response.failure(f"status {response.status_code}")
        run.recording.add(kind, title, (self.due_s - due_s) * 1000, at_s=due_s, ok=ok)
        if kind == "requests" and response.headers:
            run.recording.cache(response.headers.get(CACHE_HEADER, ""), at_s=due_s)
            run.recording.count("degraded_answers", DEGRADED in (response.content or b""))
        if not ok:
            self.give_up(f"{title}: {_reason(response)}")
        return response

    def get_json(self, path: str, **options: Any) -> Any:
        return json.loads(self.ask("GET", path, **options).content)

    def send_json(self, method: str, path: str, body: Any, **options: Any) -> Any:
        return json.loads(self.ask(method, path, body=body, **options).content)

    def think(self, mean_s: float | None = None) -> None:
        """A pause of around `mean_s` (default: the plan's)."""
        mean_s = self.run.plan.think_s if mean_s is None else mean_s
        self.pause(mean_s * self.rng.uniform(0.5, 1.5))

    def pause(self, seconds: float) -> None:
        self.due_s = max(self.due_s, self.run.now_s) + seconds
        self.wait_until(self.due_s)

    def wait_until(self, at_s: float) -> None:
        """Until that second of the run; the next step is due then. Raises Over where the run ends before."""
        if at_s >= self.run.plan.duration_s:
            raise Over
        self.due_s = at_s
        gevent.sleep(max(0.0, at_s - self.run.now_s))
        if at_s >= self.run.plan.duration_s:  # it was ended meanwhile
            raise Over

    def until(self, condition: Callable[[], bool], *, what: str, poll_s: float, timeout_s: float = TIMEOUT_S) -> None:
        """Asks again and again; raises Abandoned when it stays false."""
        deadline_s = self.run.now_s + timeout_s
        while not condition():
            if self.run.now_s > deadline_s:
                self.give_up(f"{what}: not within {timeout_s:.0f} s")
            gevent.sleep(poll_s)
            self.due_s = self.run.now_s

    def give_up(self, reason: str) -> NoReturn:
        """What went wrong is told at the end of the run. Raises Abandoned."""
        self.run.recording.fail(reason)
        raise Abandoned(reason)


def _reason(response: Any) -> str:
    if not response.status_code:
        return type(response.error).__name__ if response.error else "no answer"
    code = ""
    try:
        code = json.loads(response.content).get("code", "")
    except (ValueError, TypeError, AttributeError):
        return f"{response.status_code}"
    return f"{response.status_code} {code}"
