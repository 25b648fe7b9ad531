"""Which parts of two sides differ, by one hash each: 256 buckets of (id, version), by two bytes of the id.

Meilisearch can hash nothing, so its ids and versions are read and hashed here; PostgreSQL hashes its own, and only the
buckets that differ are read from it.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import reduce
from operator import xor
from struct import Struct
from uuid import UUID

from models.database import Connection

BUCKETS = 256
PREFETCH = 500

BUCKET = "get_byte(uuid_send(product_id), 5) # get_byte(uuid_send(product_id), 15)"
"""In SQL what `bucket_of` is: XOR of a UUIDv7's last byte, which is random, and of its moment's, for seeded ids differ
in nothing else."""

HASHES = f"""
SELECT {BUCKET} AS bucket,
       bit_xor(('x' || left(md5(product_id::text || coalesce(version, '')), 16))::bit(64)::bigint) AS hash
  FROM product_search GROUP BY 1
"""
HASHED = f"""
SELECT {BUCKET} AS bucket, product_id,
       ('x' || left(md5(product_id::text || coalesce(version, '')), 16))::bit(64)::bigint AS hash
  FROM product_search WHERE {BUCKET} = ANY($1::int[]) ORDER BY 1
"""
RECORD = Struct(">16sq")


class Buckets:
    """The ids of one side, each with the hash of its version: 24 bytes a product, for there may be a million."""

    def __init__(self) -> None:
        self._records = [bytearray() for _ in range(BUCKETS)]

    def add(self, key: UUID, version: str) -> None:
        self._records[bucket_of(key)] += RECORD.pack(key.bytes, hash_of(key, version))

    def different(self, others: Mapping[int, int]) -> list[int]:
        return [
            bucket
            for bucket in range(BUCKETS)
            if reduce(xor, self._hashes(bucket).values(), 0) != others.get(bucket, 0)
        ]

    def within(self, buckets: Iterable[int]) -> dict[UUID, int]:
        return {UUID(bytes=key): hashed for bucket in buckets for key, hashed in self._hashes(bucket).items()}

    def _hashes(self, bucket: int) -> dict[bytes, int]:
        """A page may show a document again that moved meanwhile: each counts once, as it was seen last."""
        return dict(RECORD.iter_unpack(self._records[bucket]))


async def read_hashes(connection: Connection) -> dict[int, int]:
    return {row["bucket"]: row["hash"] for row in await connection.fetch(HASHES)}


async def read_hashed(connection: Connection, buckets: Iterable[int]) -> AsyncIterator[tuple[int, dict[UUID, int]]]:
    """Bucket by bucket, without those that are empty: beside a busy shop nearly all of them differ."""
    bucket, hashed = -1, dict[UUID, int]()
    async with connection.transaction():
        async for row in connection.cursor(HASHED, list(buckets), prefetch=PREFETCH):
            if row["bucket"] != bucket:
                if hashed:
                    yield bucket, hashed
                bucket, hashed = row["bucket"], {}
            hashed[row["product_id"]] = row["hash"]
    if hashed:
        yield bucket, hashed


def bucket_of(key: UUID) -> int:
    return key.bytes[5] ^ key.bytes[15]


def hash_of(key: UUID, version: str) -> int:
    """As PostgreSQL computes it."""
    digest = hashlib.md5(f"{key}{version}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
