"""Drills, in development only: die at a named point, or drop a named guard, to prove that the proofs can fail.

`HAAT_CRASH_AT=checkout.before_commit` kills the process there; `HAAT_UNSAFE=stock` switches that guard off. The guards
are stock and coupon (the conditional writes), key (lock and look-up of the idempotency key), dedupe (of payments) and
signature.
"""

import os
import signal


def point(name: str) -> None:
    """A place where a drill may kill this process, as `kill -9` would."""
    if os.environ.get("HAAT_CRASH_AT") == name and _development():
        os.kill(os.getpid(), signal.SIGKILL)


def guarded(guard: str) -> bool:
    """False where a drill has switched this guard off."""
    return guard not in os.environ.get("HAAT_UNSAFE", "").split(",") or not _development()


def _development() -> bool:
    return os.environ.get("HAAT_SITE__ENVIRONMENT", "development") == "development"
