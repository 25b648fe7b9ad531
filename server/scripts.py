"""Lua scripts by their hash: sent once, then one round trip each; a Redis that forgot one is sent it again."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from redis.exceptions import NoScriptError

from server.pipelined import Word
from server.redis_client import Client, hot

_put_off: set[asyncio.Future[Any]] = set()


class Script:
    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Client, keys: Sequence[str | bytes], arguments: Sequence[Word] = ()) -> Any:
        """Numbers come back as int, text as bytes. On a cluster all keys must be of one slot."""
        call = hot(redis).call
        try:
            return await call(("EVALSHA", self.sha, len(keys), *keys, *arguments), keys[0])
        except NoScriptError:
            return await call(("EVAL", self.text, len(keys), *keys, *arguments), keys[0])

    def put_off(
        self, redis: Client, keys: Sequence[str | bytes], arguments: Sequence[Word], failed: Callable[[], None]
    ) -> None:
        """For what nobody waits for: sent within milliseconds, and to one server before any later call (on a cluster a
        call that follows at once may overtake it). `failed`: Redis did not do it.

        The whole text is sent, since nobody would be there to send it where only the hash is not known.
        """
        words = ("EVAL", self.text, len(keys), *keys, *arguments)
        sent = hot(redis).put_off(words) or asyncio.ensure_future(hot(redis).call(words, keys[0]))
        _put_off.add(sent)
        sent.add_done_callback(partial(_told, failed))


def _told(failed: Callable[[], None], sent: "asyncio.Future[Any]") -> None:
    _put_off.discard(sent)
    if not sent.cancelled() and sent.exception() is not None:
        failed()
