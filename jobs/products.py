"""What follows from sales and stock by the clock: counts that products show, and who waits for what is back."""

from uuid import UUID

from jobs.registry import job, scheduled
from models.counts import ORDERS, count_ratings, count_sales
from models.wishlist import BATCH, tell_of_stock
from server.context import Context


@scheduled("* * * * *")
async def count_sold(_: Context) -> None:
    """Batch by batch, until an incomplete one."""
    while await count_sales() == ORDERS:
        continue


@scheduled("* * * * *")
async def tell_who_waits(_: Context) -> None:
    """Batch by batch, until an incomplete one."""
    while await tell_of_stock() == BATCH:
        continue


@job("products.counts")
async def count_reviews(_: Context, ids: dict[str, str]) -> None:
    await count_ratings(UUID(ids["product_id"]))
