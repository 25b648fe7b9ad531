"""Writes documents into an index, whole or in part, deletes what is gone, and waits until all of it is searchable."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from search.client import SearchClient
from search.document import Document, part
from search.slots import fold

PAYLOAD_MAX = 20_000_000


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Documents by product, also encoded as PostgreSQL keeps them, and the products that have none."""

    documents: Mapping[UUID, Document]
    encoded: Mapping[UUID, bytes]
    gone: Sequence[UUID]

    @classmethod
    def of(cls, wanted: Collection[UUID], documents: Sequence[Document]) -> "Batch":
        """`wanted` that have no document are gone."""
        by_id = {UUID(document.id): document for document in documents}
        return cls(
            documents=by_id,
            encoded={key: msgspec.json.encode(document) for key, document in by_id.items()},
            gone=[key for key in wanted if key not in by_id],
        )


async def write(client: SearchClient, index: str, batch: Batch, *, partial: Collection[UUID] = ()) -> None:
    """Returns when everything is searchable. Raises SearchDown, SearchRefused, TaskFailed."""
    for task in await send(client, index, batch, partial=partial):
        await client.wait(task)


async def send(client: SearchClient, index: str, batch: Batch, *, partial: Collection[UUID] = ()) -> list[int]:
    """Returns the engine's tasks, which it takes up in turn. Raises SearchDown, SearchRefused."""
    whole = [msgspec.json.encode(fold(one)) for key, one in batch.documents.items() if key not in partial]
    parts = [msgspec.json.encode(part(batch.documents[key])) for key in partial if key in batch.documents]
    tasks = [await client.put_documents(index, lines) for lines in chunks(whole)]
    tasks += [await client.put_documents(index, lines, partial=True) for lines in chunks(parts)]
    if batch.gone:
        tasks.append(await client.delete_documents(index, [str(key) for key in batch.gone]))
    return tasks


def chunks(lines: Sequence[bytes], limit: int = PAYLOAD_MAX) -> Iterator[bytes]:
    """Lines joined into payloads of at most `limit` bytes; a longer line stands alone."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        if held and size + len(line) > limit:
            yield b"\n".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    if held:
        yield b"\n".join(held)
