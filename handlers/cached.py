"""Public answers out of the cache: the stored bytes as they are, with ETag, 304, `X-Cache` and the limit's headers.

Nothing personal may be answered here: the key says nothing of who asks.
"""

from sanic.request import Request
from sanic.response import HTTPResponse

from server import limits
from server.cache import Answer, Compute
from server.http import context, principal
from server.reply import Reply


async def cached_answer(request: Request, key: str, compute: Compute, *, ttl_s: int | None = None) -> Answer:
    """Takes a token from the caller's `read` bucket and reads the page, in one round trip. Raises TooMany."""
    shared = context(request)
    policy = limits.policy(shared.settings.limits, "read") if shared.settings.limits.enabled else None
    answer: Answer = await shared.cache.answer(key, compute, policy=policy, principal=principal(request), ttl_s=ttl_s)
    return answer


async def cached_json(request: Request, key: str, compute: Compute, *, ttl_s: int | None = None) -> HTTPResponse:
    answer = await cached_answer(request, key, compute, ttl_s=ttl_s)
    tag = f'"{answer.etag}"'
    lines = f"application/json\r\nCache-Control: public, no-cache\r\nETag: {tag}\r\nX-Cache: {answer.state}"
    if answer.decision:
        lines += answer.decision.lines()
    unchanged = request.headers.get("if-none-match") == tag
    return Reply(b"", lines, status=304) if unchanged else Reply(answer.data, lines)
