"""What a process keeps so near that no round trip is needed: pages, and tokens that it took ahead of their use.

A page is served while what Redis said of the generation is less than `LOCAL_S` old and no change since the page's own
has touched it, and never beyond its TTL. A
token is taken from the caller's own bucket before it is spent, so that no caller ever gets more than the bucket gave.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from server.changes import Changes
from server.limits import MICROS, Decision, Policy

LOCAL_S = 0.05
BYTES_MAX = 24_000_000
CALLERS_MAX = 10_000
LEASE_SHARE = 100
ASKING_S = 1.0


class Page(NamedTuple):
    """`made` and `until`: when it was computed and when its TTL ends, on this process's clock."""

    data: bytes
    etag: str
    generation: bytes
    made: float
    until: float
    tags: Sequence[int]


class LocalPages:
    """Keeps the pages that came last, `most` bytes of them and none for longer than its time; `local_s` 0 keeps none.

    `changes`: what was touched up to the generation that is known.
    """

    def __init__(
        self, local_s: float = LOCAL_S, *, most: int = BYTES_MAX, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock = clock
        self.changes = Changes()
        self._local_s = local_s
        self._most = most
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._generation = b""
        self._known_until = 0.0

    def know(self, generation: bytes, asked_at: float, news: Sequence[bytes]) -> None:
        """Redis said that this was the generation, and what changed up to it, in answer to what was asked then."""
        self.changes.follow(generation, news)
        if generation >= self._generation:
            self._generation = generation
            self._known_until = max(self._known_until, asked_at + self._local_s)

    def find(self, key: str) -> Page | None:
        now = self.clock()
        if now >= self._known_until:
            return None
        page = self._pages.get(key)
        if page is None or now >= page.until:
            return None
        if page.generation != self._generation:
            if self.changes.touched(page.tags, page.generation):
                return None
            page = self._pages[key] = page._replace(generation=self._generation)
        return page

    def put(self, key: str, page: Page) -> None:
        if not self._local_s or len(page.data) > self._most // 10:
            return
        old = self._pages.pop(key, None)
        self._pages[key] = page
        self._bytes += len(page.data) - (len(old.data) if old else 0)
        now = self.clock()
        while self._pages and (self._bytes > self._most or next(iter(self._pages.values())).until <= now):
            _, gone = self._pages.popitem(last=False)
            self._bytes -= len(gone.data)


class Lease:
    """Tokens of one caller: how many are left, until when, and what the bucket said when they were taken."""

    __slots__ = ("asking_until", "full_at", "left", "remaining", "until")

    def __init__(self) -> None:
        self.left = self.remaining = 0
        self.full_at = self.until = self.asking_until = 0.0


class Leases:
    """The callers who were quiet longest are forgotten first, and with them tokens that they had not used.

    A lease is one in `share` of a policy's requests: what may lie unused in each process. With 0 there are none.
    """

    def __init__(self, share: int = LEASE_SHARE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._share = share
        self._clock = clock
        self._leases: OrderedDict[tuple[str, str], Lease] = OrderedDict()

    def take(self, policy: Policy, principal: str) -> Decision | None:
        """None where none is left: ask Redis."""
        lease = self._leases.get((policy.name, principal))
        if lease is None or lease.left < 1:
            return None
        now = self._clock()
        if now >= lease.until:
            return None
        lease.left -= 1
        return Decision.of(policy, 1, lease.remaining + lease.left, (lease.full_at - now) * MICROS)

    def wanted(self, policy: Policy, principal: str) -> int:
        """How many tokens to take from the bucket now: a lease for one call at a time, else one."""
        size = policy.requests // self._share if self._share else 1
        if size <= 1:
            return 1
        lease = self._of(policy, principal)
        now = self._clock()
        if now < lease.asking_until:
            return 1
        lease.asking_until = now + ASKING_S
        return size

    def put(self, policy: Policy, principal: str, given: int, remaining: int, reset_us: float) -> Decision:
        """What Redis gave: one token is spent now, the others later."""
        left = 0
        if given > 1:
            lease, now = self._of(policy, principal), self._clock()
            left = lease.left = given - 1 + (lease.left if now < lease.until else 0)
            lease.remaining, lease.full_at = remaining, now + reset_us / MICROS
            lease.until, lease.asking_until = now + policy.seconds, 0.0
        return Decision.of(policy, given, remaining + left, reset_us)

    def _of(self, policy: Policy, principal: str) -> Lease:
        key = (policy.name, principal)
        lease = self._leases.get(key)
        if lease is None:
            lease = self._leases[key] = Lease()
            if len(self._leases) > CALLERS_MAX:
                self._leases.popitem(last=False)
        else:
            self._leases.move_to_end(key)
        return lease
