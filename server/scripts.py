"""Lua scripts by their hash: sent once, then one round trip each; a Redis that forgot one is sent it again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError


class Script:
    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Redis, keys: Sequence[str | bytes], arguments: Sequence[Any] = ()) -> Any:
        """Numbers come back as int, text as bytes."""
        answer: Any
        try:
            answer = await redis.evalsha(self.sha, len(keys), *keys, *arguments)
        except NoScriptError:
            answer = await redis.eval(self.text, len(keys), *keys, *arguments)
        return answer
