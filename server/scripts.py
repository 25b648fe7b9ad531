"""Lua scripts by their hash: sent once, then one round trip each; a Redis that forgot one is sent it again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from server.pipelined import Word, pipelined


class Script:
    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Redis, keys: Sequence[str | bytes], arguments: Sequence[Word] = ()) -> Any:
        """Numbers come back as int, text as bytes."""
        call = pipelined(redis).call
        try:
            return await call(("EVALSHA", self.sha, len(keys), *keys, *arguments))
        except NoScriptError:
            return await call(("EVAL", self.text, len(keys), *keys, *arguments))
