"""What people's data asks of the worker: nothing about them is kept for longer than it is needed."""

from jobs.registry import scheduled
from models.buckets import forget_full
from models.cart import forget_guest_carts
from models.retention import forget_what_has_ended
from server.context import Context


@scheduled("7 * * * *")
async def forget_addresses(_: Context) -> None:
    """Of callers whose limits are whole again."""
    await forget_full()


@scheduled("37 3 * * *")
async def forget_carts(_: Context) -> None:
    """Of guests who did not come back."""
    await forget_guest_carts()


@scheduled("52 3 * * *")
async def forget_ended(_: Context) -> None:
    """Log-ins, invitations and failures of long ago."""
    await forget_what_has_ended()
