"""A load process: `python -m loadtests.swarm PLAN INDEX OUT` simulates its share of the people with Locust.

A process of its own, because gevent replaces the blocking calls of the whole interpreter. It says when it is ready, and
is told on its standard input when to begin: however long it took to start, nobody comes late. SIGTERM ends it early,
in good order.
"""

import random
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gevent
import gevent.event
import gevent.queue
import msgspec
from locust import FastHttpUser, constant, task
from locust.env import Environment

from loadtests.catalogue import Catalogue, read_catalogue
from loadtests.journeys import JOURNEYS as SHOPPING
from loadtests.plan import READY, Crowd, Plan, read_plan
from loadtests.recording import Recording
from loadtests.schedule import arrivals, shared
from loadtests.selling import edit
from loadtests.shopper import Abandoned, Left, Over, Run, Shopper

JOURNEYS = {**SHOPPING, "edit": edit}
POLL_S = 0.05


class Person(FastHttpUser):
    """One who makes journeys for as long as the run lasts; its class carries the crowd."""

    abstract = True
    wait_time = constant(0)
    network_timeout = 30.0
    connection_timeout = 10.0
    the_run: Run
    crowd: Crowd
    planned: gevent.queue.Queue | None
    under_way = 0

    @task
    def journey(self) -> None:
        run = type(self).the_run
        due_s = run.now_s if self.planned is None else self.planned.get()
        if due_s >= run.plan.duration_s:
            gevent.sleep(run.plan.drain_s)
            return
        names = list(self.crowd.journeys)
        (name,) = run.rng.choices(names, list(self.crowd.journeys.values()))
        type(self).under_way += 1
        try:
            self._make(name, due_s)
        except Over:
            due_s = run.plan.duration_s
        finally:
            type(self).under_way -= 1
        if due_s >= run.plan.duration_s:
            gevent.sleep(max(0.0, run.plan.end_s - run.now_s))
        elif self.planned is None:
            gevent.sleep(run.plan.think_s * run.rng.uniform(0.5, 1.5))

    def _make(self, name: str, due_s: float) -> None:
        run, ok = type(self).the_run, True
        try:
            JOURNEYS[name](Shopper(self.client, run, due_s=due_s))
        except Abandoned:
            ok = False
        except Left:
            run.recording.count("left_sold_out")
            return
        run.recording.add("journeys", name, (run.now_s - due_s) * 1000, at_s=due_s, ok=ok)


def person_class(name: str, crowd: Crowd, run: Run, *, users: int) -> type[Person]:
    planned = gevent.queue.Queue() if crowd.stages else None
    fields: dict[str, Any] = {
        "the_run": run,
        "crowd": crowd,
        "planned": planned,
        "fixed_count": users,
    }
    return type(name, (Person,), fields)


def announce(person: type[Person], rng: random.Random) -> None:
    """Put each planned arrival into the queue when its time has come: who finds nobody free waits there."""
    run, queue = person.the_run, person.planned
    assert queue is not None
    for at_s in arrivals(shared(person.crowd.stages, run.plan.processes), run.plan.duration_s, rng):
        gevent.sleep(max(0.0, at_s - run.now_s))
        queue.put(at_s)


def simulate(plan: Plan, catalogue: Catalogue, *, index: int) -> Recording:
    recording = Recording(slice_s=plan.slice_s, warm_up_s=plan.warm_up_s)
    run = Run(plan, catalogue, recording, index=index)
    people: list[type[Any]] = [
        person_class(name, crowd, run, users=part_of(crowd.users, plan.processes, index))
        for name, crowd in plan.crowds.items()
    ]
    environment = Environment(user_classes=people, host=plan.host, catch_exceptions=True)
    environment.events.user_error.add_listener(lambda **what: recording.fail(f"the load tool: {what['exception']!r}"))
    runner = environment.create_local_runner()
    stopped = gevent.event.Event()
    gevent.signal_handler(signal.SIGTERM, stopped.set)
    stopped.wait(max(0.0, plan.begin_at - time.time()))
    runner.start(sum(person.fixed_count for person in people), spawn_rate=plan.spawn_rate)
    open_loops = [person for person in people if person.planned is not None]
    heralds = [gevent.spawn(announce, person, run.rng) for person in open_loops]
    if stopped.wait(max(0.0, plan.duration_s - run.now_s)):
        run.end_now()
        gevent.killall(heralds)
    gevent.joinall(heralds)
    drain(run, open_loops, people)
    runner.quit()
    return recording


def drain(run: Run, open_loops: Sequence[type[Person]], people: Sequence[type[Person]]) -> None:
    """Let journeys end that have begun; who still waits for a free place then was never served."""
    until_s = run.plan.end_s
    while run.now_s < until_s and (any(p.under_way for p in people) or any(map(waiting, open_loops))):
        gevent.sleep(POLL_S)
    for person in open_loops:
        while person.planned and person.planned.qsize():
            at_s = person.planned.get()
            run.recording.add("journeys", "never served", (run.now_s - at_s) * 1000, at_s=at_s, ok=False)
            run.recording.fail("never served: nobody was free before the run ended")


def waiting(person: type[Person]) -> int:
    """How many have come and found nobody free to be."""
    return person.planned.qsize() if person.planned else 0


def part_of(users: int, processes: int, index: int) -> int:
    return users // processes + (index < users % processes)


def main(arguments: list[str]) -> int:
    plan_path, index, out = arguments
    plan = read_plan(Path(plan_path))
    catalogue = read_catalogue(Path(plan.catalogue))
    print(READY, flush=True)
    plan = msgspec.structs.replace(plan, begin_at=float(sys.stdin.readline()))
    recording = simulate(plan, catalogue, index=int(index))
    Path(out).write_bytes(msgspec.json.encode(recording))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
