"""Lua scripts by their hash: sent once, then one round trip each; a Redis that forgot one is sent it again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.exceptions import NoScriptError

from server.pipelined import Word
from server.redis_client import Client, hot


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
