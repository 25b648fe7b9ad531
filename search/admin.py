"""Rare administration of Meilisearch through its official client, in a thread: indexes, settings, swap."""

import asyncio
from typing import Any

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchCommunicationError, MeilisearchTimeoutError
from meilisearch.models.task import TaskInfo

from search.client import SearchClient, SearchDown, SearchRefused, TaskFailed
from search.index import WORDS, drift, is_of_another_form, settings
from search.vocabulary import NONE, Vocabulary

REQUEST_TIMEOUT_S = 10
TASK_TIMEOUT_MS = 600_000


class SearchAdmin:
    """Each call returns when the task behind it is done. Raises SearchDown, SearchRefused, TaskFailed.

    `managed`: the operator's own words, which settings hold beside those built in.
    """

    def __init__(self, client: SearchClient, managed: Vocabulary = NONE) -> None:
        self._managed = managed
        self._client = Client(client.url, client.api_key or None, timeout=REQUEST_TIMEOUT_S)

    async def create(self, index: str) -> None:
        """A new, empty index with our settings; one that exists already only gets the settings."""
        try:
            await self._run(lambda: self._client.create_index(index, {"primaryKey": "id"}))
        except TaskFailed as failed:
            if "index_already_exists" not in str(failed):
                raise
        await self.apply_settings(index)

    async def apply_settings(self, index: str) -> None:
        """All of ours; where the index waits to be made anew, only words: other fields would be there, and empty."""
        wanted = settings(self._managed)
        if await self.outdated(index):
            wanted = {name: wanted[name] for name in WORDS}
        await self._run(lambda: self._client.index(index).update_settings(wanted))

    async def outdated(self, index: str) -> bool:
        """Whether an index has documents of another form, as another release of ours made them."""
        found: dict[str, Any] = await self._call(lambda: self._client.index(index).get_settings())
        if not is_of_another_form(found):
            return False
        stats = await self._call(lambda: self._client.index(index).get_stats())
        return bool(stats.number_of_documents)

    async def drifted(self, index: str) -> list[str]:
        """Names of settings that are not ours."""
        found: dict[str, Any] = await self._call(lambda: self._client.index(index).get_settings())
        return drift(found, self._managed)

    async def swap(self, one: str, other: str) -> None:
        await self._run(lambda: self._client.swap_indexes([{"indexes": [one, other]}]))

    async def rename(self, index: str, new: str) -> None:
        """Fails where there is an index of the new name."""
        await self._run(lambda: self._client.swap_indexes([{"indexes": [index, new], "rename": True}]))

    async def delete(self, index: str) -> None:
        await self._run(lambda: self._client.delete_index(index))

    async def names(self, prefix: str) -> list[str]:
        """Names of indexes that begin so."""
        found = await self._call(lambda: self._client.get_indexes({"limit": 1000}))
        return sorted(index.uid for index in found["results"] if index.uid.startswith(prefix))

    async def _run(self, call: Any) -> None:
        info: TaskInfo = await self._call(call)
        task = await self._call(lambda: self._client.wait_for_task(info.task_uid, TASK_TIMEOUT_MS, 20))
        if task.status != "succeeded":
            error = task.error or {}
            raise TaskFailed(f"task {task.uid} {task.status}: {error.get('code')}: {error.get('message')}")

    async def _call(self, call: Any) -> Any:
        try:
            return await asyncio.to_thread(call)
        except MeilisearchApiError as error:
            raise SearchRefused(str(error.code), str(error)) from error
        except (MeilisearchCommunicationError, MeilisearchTimeoutError) as error:
            raise SearchDown(repr(error)) from error
