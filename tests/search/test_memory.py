import platform
from pathlib import Path

import pytest

from search.memory import give_back

MEGABYTE = 1_000_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to give memory back")
def test_memory_between_values_that_live_on_goes_back_to_the_system() -> None:
    held = [bytes(2_000) for _ in range(50_000)]
    full = resident_mb()
    survivors = held[::100]
    del held
    give_back()
    assert resident_mb() < full - 60
    assert len(survivors) == 500


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / MEGABYTE
