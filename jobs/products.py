"""Counts that products show: sales every minute in batches, ratings soon after a review."""

from uuid import UUID

from jobs.registry import job, scheduled
from models.counts import ORDERS, count_ratings, count_sales
from server.context import Context


@scheduled("* * * * *")
async def count_sold(_: Context) -> None:
    """Batch by batch, until an incomplete one."""
    while await count_sales() == ORDERS:
        continue


@job("products.counts")
async def count_reviews(_: Context, ids: dict[str, str]) -> None:
    await count_ratings(UUID(ids["product_id"]))
