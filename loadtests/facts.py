"""Figures about a whole run that no single request shows: hit ratio, SQL and CPU per request, memory, slopes."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from loadtests.monitor import Sample
from loadtests.recording import Recording
from loadtests.result import hit_ratio_of

APPLICATION = ("web", "worker")
MEGABYTE = 1_000_000
SLOPE_AFTER_S = 600.0
SLOPE_PER_S = 600.0
TOO_SHORT = f"a slope wants a run of {SLOPE_AFTER_S:.0f} s"

Reading = Callable[[Sample], float | None]


def application_memory(sample: Sample) -> float | None:
    """Web processes and worker, in MB; the databases are not the application."""
    used = [size for name, size in sample.memory.items() if name.startswith(APPLICATION)]
    return sum(used) / MEGABYTE if used else None


def others_cpu(sample: Sample) -> float | None:
    """Cores that neither the stack nor the load processes used: what disturbs the measurement."""
    if not sample.cpu or "machine_cpu" not in sample.gauges:
        return None
    return sample.gauges["machine_cpu"] - sum(sample.cpu.values())


def gauge(name: str) -> Reading:
    return lambda sample: sample.gauges.get(name)


# What must be flat in a soak, and the level below which a change of it is no slope: nobody minds 1 job more than 0.
FLAT: dict[str, tuple[Reading, float]] = {
    "memory_slope": (application_memory, 1.0),
    "connections_slope": (gauge("connections"), 10.0),
    "queue_slope": (gauge("jobs_due"), 100.0),
    "lag_slope": (gauge("index_lag_ms"), 1000.0),
}


def facts_of(
    recording: Recording, samples: Sequence[Sample], first: Mapping[str, float], last: Mapping[str, float]
) -> dict[str, float]:
    facts = dict(recording.facts)
    answered = sum(slice_.histogram.count for slice_ in recording.all_of("requests").slices.values())
    hit_ratio = hit_ratio_of(recording)
    if hit_ratio is not None:
        facts["hit_ratio"] = hit_ratio
    if answered:
        for total in first:
            facts[f"{total}_per_request"] = (last[total] - first[total]) / answered
        facts |= _cpu_facts(samples, answered)
    others = [other for sample in samples if (other := others_cpu(sample)) is not None]
    if others:
        facts["other_programs_cores"] = max(0.0, _mean(others))
    memories = [memory for memory in map(application_memory, samples) if memory is not None]
    if memories:
        facts["application_memory_mb"] = memories[-1]
    return facts


def slopes_of(samples: Sequence[Sample]) -> dict[str, float]:
    """How much each reading clearly rose in ten minutes, as a share of its level, after the first third of the run.

    Clearly: by the lower end of the slope's confidence, so that noise is none; a fall is 0.
    """
    if not samples:
        return {}
    begin = samples[-1].at_s / 3
    found = {}
    for name, (read, floor) in FLAT.items():
        points = [(s.at_s, value) for s in samples if s.at_s >= begin and (value := read(s)) is not None]
        if len(points) > 2:
            found[name] = _rise(points) * SLOPE_PER_S / max(floor, _mean([y for _, y in points]))
    return found


def _cpu_facts(samples: Sequence[Sample], answered: int) -> dict[str, float]:
    """CPU milliseconds a request, of each kind of process."""
    spent: dict[str, float] = {}
    for before, sample in pairwise(samples):
        for name, cores in sample.cpu.items():
            kind = name.partition("-")[0]
            spent[kind] = spent.get(kind, 0.0) + cores * (sample.at_s - before.at_s)
    return {f"{kind}_cpu_ms_per_request": seconds * 1000 / answered for kind, seconds in spent.items()}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rise(points: Sequence[tuple[float, float]]) -> float:
    """Least squares, less two standard errors."""
    x_mean, y_mean = _mean([x for x, _ in points]), _mean([y for _, y in points])
    across = sum((x - x_mean) ** 2 for x, _ in points)
    if not across or len(points) < 3:
        return 0.0
    slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / across
    left = sum((y - y_mean - slope * (x - x_mean)) ** 2 for x, y in points)
    return max(0.0, slope - 2 * math.sqrt(left / (len(points) - 2) / across))
