"""Which parts of two sides differ, by one hash each: 256 buckets of (id, version), by the last byte of the id.

Meilisearch can hash nothing, so its ids and versions are read and hashed here; PostgreSQL hashes its own, and only the
buckets that differ are read from it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from models.database import Connection

BUCKETS = 256

HASHES = """
SELECT get_byte(uuid_send(product_id), 15) AS bucket,
       bit_xor(('x' || left(md5(product_id::text || coalesce(version, '')), 16))::bit(64)::bigint) AS hash
  FROM product_search GROUP BY 1
"""
VERSIONS = """
SELECT product_id, coalesce(version, '') AS version FROM product_search
 WHERE get_byte(uuid_send(product_id), 15) = ANY($1::int[])
"""


class Buckets:
    """The ids and versions of one side."""

    def __init__(self) -> None:
        self.versions: dict[UUID, str] = {}
        self._hashes: dict[int, int] = {}

    def add(self, key: UUID, version: str) -> None:
        if key not in self.versions:  # a page may show a document again that moved meanwhile
            self.versions[key] = version
            self._hashes[bucket_of(key)] = self._hashes.get(bucket_of(key), 0) ^ hash_of(key, version)

    def different(self, others: Mapping[int, int]) -> list[int]:
        return [bucket for bucket in range(BUCKETS) if self._hashes.get(bucket, 0) != others.get(bucket, 0)]

    def within(self, buckets: Iterable[int]) -> dict[UUID, str]:
        wanted = frozenset(buckets)
        return {key: version for key, version in self.versions.items() if bucket_of(key) in wanted}


async def read_hashes(connection: Connection) -> dict[int, int]:
    return {row["bucket"]: row["hash"] for row in await connection.fetch(HASHES)}


async def read_versions(connection: Connection, buckets: Iterable[int]) -> dict[UUID, str]:
    return {row["product_id"]: row["version"] for row in await connection.fetch(VERSIONS, list(buckets))}


def bucket_of(key: UUID) -> int:
    """The last byte of a UUIDv7 is random."""
    return key.bytes[15]


def hash_of(key: UUID, version: str) -> int:
    """As PostgreSQL computes it."""
    digest = hashlib.md5(f"{key}{version}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
