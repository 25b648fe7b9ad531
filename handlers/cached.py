"""Public answers out of the cache: the stored bytes as they are, with ETag, 304, `X-Cache` and the limit's headers.

Nothing personal may be answered here: the key says nothing of who asks.
"""

from collections.abc import Callable

from sanic.request import Request
from sanic.response import HTTPResponse

from server import limits
from server.cache import Answer, Compute
from server.http import context, principal
from server.reply import Reply

REVALIDATE = "Cache-Control: public, no-cache"


Note = Callable[[Answer], None]


async def cached_answer(
    request: Request,
    key: str,
    compute: Compute,
    *,
    ttl_s: int | None = None,
    inner: bool = False,
    note: Note | None = None,
) -> Answer:
    """Takes a token from the caller's `read` bucket and reads the page, in one round trip. Raises TooMany.

    `inner`: the answer becomes part of another cached one, which has paid, and must not take over what is old.
    `note` is told of the answer, cached or not.
    """
    shared = context(request)
    limited = shared.settings.limits.enabled and not inner
    policy = limits.policy(shared.settings.limits, "read") if limited else None
    answer: Answer = await shared.cache.answer(
        key, compute, policy=policy, principal=principal(request) if limited else "", ttl_s=ttl_s, stale=not inner
    )
    if note:
        note(answer)
    return answer


async def cached_json(
    request: Request, key: str, compute: Compute, *, ttl_s: int | None = None, note: Note | None = None
) -> HTTPResponse:
    answer = await cached_answer(request, key, compute, ttl_s=ttl_s, note=note)
    extra = answer.decision.lines() if answer.decision else ""
    return _reply(request, answer, f"application/json\r\n{REVALIDATE}", extra)


async def cached_page(request: Request, key: str, compute: Compute, *, ttl_s: int) -> HTTPResponse:
    """The same for a page of HTML, whole or a part of it."""
    answer = await cached_answer(request, key, compute, ttl_s=ttl_s)
    return _reply(request, answer, f"text/html; charset=utf-8\r\n{REVALIDATE}\r\nVary: HX-Request", "")


def _reply(request: Request, answer: Answer, lines: str, extra: str) -> HTTPResponse:
    tag = f'"{answer.etag}"'
    lines = f"{lines}\r\nETag: {tag}\r\nX-Cache: {answer.state}{extra}"
    unchanged = tag in request.headers.get("if-none-match", "")  # of several, or marked as weak by who compressed it
    return Reply(b"", lines, status=304) if unchanged else Reply(answer.data, lines)
