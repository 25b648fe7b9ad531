"""Gives memory back to the system that a rebuild or a comparison of the index took for a moment.

The C library keeps what lies between values that live on: 90 MB of a worker's 257 after 100,000 products (glibc).
"""

import ctypes
import gc

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it


def give_back(*, collect: bool = True) -> None:
    """What nothing holds any more; without `collect` but for circles. Nothing happens with another C library."""
    if collect:
        gc.collect()
    if _trim:
        _trim(0)
