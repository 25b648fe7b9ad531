"""Pictures that an import only linked to: fetched, made fit, stored, and the product then shows the shop's own copy.

And the files of pictures that nobody shows any more.
"""

from uuid import UUID

from jobs.registry import job
from models.pictures import find_linked, replace_key
from models.resizing import follow_late
from server.context import Context
from server.fetch import fetch_picture
from server.integrations.media import LocalMedia, Media
from server.pictures import fit


@job("media.remove")
async def remove(context: Context, ids: dict[str, str]) -> None:
    media: Media = context.media
    await media.remove(ids["key"])


@job("media.retire")
async def retire(context: Context, ids: dict[str, str]) -> None:
    if product_id := ids.get("product_id"):
        await follow_late(UUID(product_id), old=ids["key"], new=ids["new"])
    media: Media = context.media
    if isinstance(media, LocalMedia):
        await media.retire(ids["key"], new=ids["new"])


@job("media.upload")
async def upload(context: Context, ids: dict[str, str]) -> None:
    """Once the key is the shop's own there is nothing left to do: a second run changes nothing."""
    image_id = UUID(ids["image_id"])
    address = await find_linked(image_id)
    if address is None:
        return
    media: Media = context.media
    picture = await fit(await fetch_picture(address, local=context.settings.site.environment == "development"))
    key = await media.store(f"products/{image_id}", picture)
    await replace_key(image_id, old=address, new=key)
