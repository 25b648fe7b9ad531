"""Orders that nobody paid, and keys of orders that nobody will repeat."""

from uuid import UUID

from jobs.registry import job, scheduled
from models.checkout import forget_keys
from models.closing import expire_order
from models.errors import Unavailable
from server.context import Context


@job("orders.expire")
async def expire(_: Context, ids: dict[str, str]) -> None:
    if not await expire_order(UUID(ids["order_id"])):
        raise Unavailable("The hold has not run out yet; look again.")


@scheduled("41 * * * *")
async def forget_old_keys(_: Context) -> None:
    await forget_keys()
