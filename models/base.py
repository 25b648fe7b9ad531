"""What every table shares: UUIDv7 keys made by us and timestamps made by the database."""

import os
import time
from datetime import datetime
from uuid import UUID

import tortoise.models
from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

_RANDOM_BITS = (1 << 74) - 1
_RAND_B_BITS = (1 << 62) - 1

# For each model Tortoise parses the whole module that it stands in, in search of comments that would describe columns:
# a fifth of every start. Ours are described by migrations.
tortoise.models._get_comments = lambda cls: {}  # noqa: SLF001, ARG005

NOW = SqlDefault("now()")
CLOCK = SqlDefault("clock_timestamp()")


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM_BITS
    return UUID(int=(millis << 80) | (0x7 << 76) | ((random >> 62) << 64) | (0b10 << 62) | (random & _RAND_B_BITS))


def first_uuid7(moment: datetime) -> UUID:
    """No UUIDv7 of that millisecond or later is less."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62))


def now_column() -> datetime:
    """A column that the database fills with the transaction's time."""
    return fields.DatetimeField(db_default=NOW)


class Row(Model):
    """A table keyed by a UUIDv7."""

    id = fields.UUIDField(primary_key=True, default=uuid7)

    class Meta:
        abstract = True


class Entry(Model):
    """An append-only table keyed by a sequence."""

    id = fields.BigIntField(primary_key=True, generated=True)

    class Meta:
        abstract = True
