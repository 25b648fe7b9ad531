"""Meilisearch over kept connections: what the hot path and the drainer need, with time-outs and typed errors.

Rare administration (settings, creation, swap) is in `search/admin.py`, on the official client.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from search.breaker import Breaker
from search.wire import Wire

T = TypeVar("T")
LONG_S = 60.0
REFUSED = 400
BROKEN = 500


class SearchDown(Exception):
    """Meilisearch refused the connection, took too long, or answered with a 5xx."""


class SearchRefused(Exception):
    """Meilisearch understood and said no: `code` is its own, such as `index_not_found`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class TaskFailed(Exception):
    """A task ended otherwise than by success; nothing of it is in the index."""


class _Error(msgspec.Struct):
    code: str = "unknown"
    message: str = ""


class _Enqueued(msgspec.Struct, rename="camel"):
    task_uid: int


class _Task(msgspec.Struct):
    status: str
    error: _Error | None = None


class Page(msgspec.Struct):
    """Documents as Meilisearch pages them; `total` is of the whole index."""

    results: list[dict[str, Any]]
    total: int


class FacetHit(msgspec.Struct):
    value: str
    count: int


class _FacetHits(msgspec.Struct, rename="camel"):
    facet_hits: list[FacetHit]


class _Stats(msgspec.Struct, rename="camel"):
    number_of_documents: int


class _Index(msgspec.Struct, rename="camel"):
    created_at: datetime


class SearchClient:
    """`index` is the name of the products' index; `breaker` guards what shoppers wait for."""

    def __init__(self, url: str, api_key: str, *, index: str, timeout_ms: int) -> None:
        self.url = url.rstrip("/")
        self.api_key = api_key
        self.index = index
        self.timeout_s = timeout_ms / 1000
        self.breaker = Breaker()
        self._wire = Wire(url, {"Authorization": f"Bearer {api_key}"} if api_key else {})

    async def close(self) -> None:
        self._wire.close()

    async def multi_search(self, body: bytes, kind: type[T]) -> T:
        """Raises SearchDown within the time-out, SearchRefused."""
        return msgspec.json.decode(await self._send("POST", "/multi-search", body, timeout_s=self.timeout_s), type=kind)

    async def facet_search(self, body: bytes) -> list[FacetHit]:
        """Values of one facet that begin with a text. Raises SearchDown within the time-out, SearchRefused."""
        data = await self._send("POST", f"/indexes/{self.index}/facet-search", body, timeout_s=self.timeout_s)
        return msgspec.json.decode(data, type=_FacetHits).facet_hits

    async def healthy(self) -> bool:
        try:
            await self._send("GET", "/health", timeout_s=self.timeout_s)
        except (SearchDown, SearchRefused):
            return False
        return True

    async def created_at(self, index: str) -> datetime | None:
        """When the index was made, which tells a wiped or foreign one from ours; None where there is none."""
        try:
            data = await self._send("GET", f"/indexes/{index}")
        except SearchRefused as refused:
            if refused.code == "index_not_found":
                return None
            raise
        return msgspec.json.decode(data, type=_Index).created_at

    async def count(self, index: str) -> int:
        """Documents in the index."""
        return msgspec.json.decode(await self._send("GET", f"/indexes/{index}/stats"), type=_Stats).number_of_documents

    async def put_documents(self, index: str, lines: bytes, *, partial: bool = False) -> int:
        """Enqueue documents as NDJSON, whole or in part. Returns the task's number."""
        path = f"/indexes/{index}/documents?primaryKey=id"
        return await self._enqueue("PUT" if partial else "POST", path, lines, kind="application/x-ndjson")

    async def delete_documents(self, index: str, ids: Sequence[str]) -> int:
        return await self._enqueue("POST", f"/indexes/{index}/documents/delete-batch", msgspec.json.encode(ids))

    async def fetch_documents(
        self, index: str, *, fields: Sequence[str] = (), limit: int, offset: int = 0, ids: Sequence[str] = ()
    ) -> Page:
        """A page of documents, or those of `ids`, with all fields unless some are named."""
        body: dict[str, Any] = {"limit": limit, "offset": offset}
        if fields:
            body["fields"] = list(fields)
        if ids:
            body["ids"] = list(ids)
        path = f"/indexes/{index}/documents/fetch"
        return msgspec.json.decode(await self._send("POST", path, msgspec.json.encode(body)), type=Page)

    async def wait(self, task: int) -> None:
        """Until the task has succeeded. Raises TaskFailed, SearchDown."""
        pause = 0.01
        while True:
            found = msgspec.json.decode(await self._send("GET", f"/tasks/{task}"), type=_Task)
            if found.status == "succeeded":
                return
            if found.status in {"failed", "canceled"}:
                error = found.error or _Error()
                raise TaskFailed(f"task {task} {found.status}: {error.code}: {error.message}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, 0.1)

    async def _enqueue(self, method: str, path: str, body: bytes, *, kind: str = "application/json") -> int:
        data = await self._send(method, path, body, kind=kind)
        return msgspec.json.decode(data, type=_Enqueued).task_uid

    async def _send(
        self, method: str, path: str, body: bytes = b"", *, kind: str = "application/json", timeout_s: float = LONG_S
    ) -> bytes:
        try:
            status, data = await self._wire.ask(method, path, body, kind=kind, timeout_s=timeout_s)
        except OSError as error:  # a TimeoutError is one
            raise SearchDown(f"{method} {path}: {error!r}") from error
        if status >= BROKEN:
            raise SearchDown(f"{method} {path}: status {status}")
        if status >= REFUSED:
            refusal = _refusal(data)
            raise SearchRefused(refusal.code, refusal.message)
        return data


def _refusal(data: bytes) -> _Error:
    try:
        return msgspec.json.decode(data, type=_Error)
    except msgspec.DecodeError:
        return _Error(message=data[:200].decode(errors="replace"))
