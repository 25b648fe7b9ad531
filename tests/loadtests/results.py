"""Results to report and to compare, made of recordings as load processes make them."""

import math
import random

from loadtests.budgets import Budget, judge
from loadtests.monitor import Sample
from loadtests.recording import Recording
from loadtests.result import Ratio, Result, curve_of, figures_of, row_of, rows_of, timeline_of

SECONDS = 40


def recording(*, scale: float = 1.0, seed: int = 1) -> Recording:
    """Forty seconds of searches and pages; `scale` makes all of them slower."""
    rng = random.Random(seed)
    made = Recording(slice_s=1.0, warm_up_s=2.0)
    for number in range(2_000):
        at_s = number * SECONDS / 2_000
        name = "GET /api/v1/search" if number % 2 else "GET /p/:slug"
        made.add("requests", name, scale * rng.lognormvariate(2, 0.5), at_s=at_s, ok=number % 500 != 3)
        made.cache("hit" if rng.random() < 0.7 else "miss", at_s=at_s)
    made.add("outside", "POST /api/v1/auth/login", 90.0, at_s=1.0)
    made.add("journeys", "browse", 900.0, at_s=5.0)
    made.add("freshness", "edit", 210.0, at_s=6.0)
    made.fail("GET /p/:slug: 500 unexpected <b>")
    return made


def samples() -> list[Sample]:
    return [
        Sample(
            at_s=float(second),
            cpu={"web-1": 0.5, "web-2": 0.4, "postgres": 0.3, "load-1": 0.2 + 0.1 * math.sin(second)},
            memory={"web-1": 90_000_000, "web-2": 91_000_000, "worker": 80_000_000, "postgres": 200_000_000},
            gauges={
                "connections": 14.0,
                "jobs_due": float(second % 3),
                "index_lag_ms": 150.0,
                "statements_per_s": 150.0,
            },
        )
        for second in range(SECONDS)
    ]


def result(*, suite: str = "mixed", budgets: tuple[Budget, ...] = (), scale: float = 1.0, seed: int = 1) -> Result:
    made = recording(scale=scale, seed=seed)
    seconds = SECONDS - made.warm_up_s
    found = Result(
        id=f"{suite}-20261123-120000-{seed:04x}",
        suite=suite,
        started_at="2026-11-23T12:00:00+00:00",
        commit="0123456789",
        machine="2 cores",
        host="http://127.0.0.1:8000",
        shape="shoppers: 14 journeys/s, at most 400 at once",
        duration_s=SECONDS,
        warm_up_s=made.warm_up_s,
        overall=row_of(made.all_of("requests"), seconds=seconds),
        requests=rows_of(made, "requests", seconds=seconds),
        journeys=rows_of(made, "journeys", seconds=seconds),
        freshness=rows_of(made, "freshness", seconds=seconds),
        outside=rows_of(made, "outside", seconds=seconds),
        curve=curve_of(made),
        timeline=timeline_of(made, duration_s=SECONDS),
        samples=samples(),
        facts={"hit_ratio": 0.7, "oversold": 0.0},
        ratios={"cached_search": Ratio(what="a cached search", measured=900, ceiling=1800)},
        failures=made.failures,
    )
    found.verdicts = judge(budgets, suite, figures_of(found))
    return found
