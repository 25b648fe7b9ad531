"""Working tables: the search change feed, the fallback's documents, idempotency keys and the query log."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.base import CLOCK, Entry, Row, now_column


class SearchChange(Entry):
    """A product whose document must be rewritten; appended by triggers, deleted by the drainer, row by row."""

    product_id = fields.UUIDField()
    kind = fields.CharField(max_length=8, db_default="full")
    bulk = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField(db_default=CLOCK)

    class Meta:
        table = "search_change"


class ProductSearch(Model):
    """The search document of a sellable product as PostgreSQL answers it when Meilisearch cannot."""

    product_id = fields.UUIDField(primary_key=True)
    document = fields.JSONField[dict[str, Any]]()
    updated_at: datetime = now_column()

    class Meta:
        table = "product_search"


class IdempotencyKey(Row):
    """What a checkout with this key made. `principal` is the user or the hash of the guest's cart token."""

    principal = fields.CharField(max_length=80)
    key = fields.CharField(max_length=80)
    body_hash = fields.CharField(max_length=64)
    order_id = fields.UUIDField()
    created_at: datetime = now_column()

    class Meta:
        table = "idempotency_key"


class SearchQueryLog(Entry):
    """A sampled search, without a person in it."""

    query = fields.CharField(max_length=200)
    results = fields.IntField()
    engine = fields.CharField(max_length=16)
    took_ms = fields.FloatField()
    search_id = fields.CharField(max_length=32, db_default="")
    cached = fields.BooleanField(db_default=False)
    narrowed = fields.BooleanField(db_default=False)
    weight = fields.IntField(db_default=1)
    created_at: datetime = now_column()

    class Meta:
        table = "search_query_log"


TABLES: tuple[Any, ...] = (SearchChange, ProductSearch, IdempotencyKey, SearchQueryLog)
