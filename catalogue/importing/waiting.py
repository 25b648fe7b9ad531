"""What a row says of a live product whose seller the market does not trust: it waits, as what the product's page says.

A file says a product's name, and whatever else it has columns for; that is the seller's last word on it, also where a
change waits already. Prices and stock never wait.
"""

from uuid import UUID

from msgspec.structs import replace

from catalogue.importing.item import Item
from catalogue.importing.stored import Stored
from models.base import uuid7
from models.product_change import NewPicture, Wanted
from models.specifications import listed


def spoken_over(item: Item, wanted: Wanted) -> Wanted:
    """What goes on waiting once the row is written."""
    left = replace(wanted, **dict.fromkeys(_said(item)))
    return left if item.images is None else replace(left, added=(), removed=())


def asked_for(item: Item, old: Stored, category_id: UUID | None, category: str, *, copy: bool) -> Wanted:
    """What waits once the row is heard: wherever it differs from what is live. `category` is the slug of its own."""
    asked = replace(old.wanted, **dict.fromkeys(_said(item)))
    for name in {"name", "brand", "description"} & {*_said(item)}:
        if (text := getattr(item, name)) != getattr(old, name):
            asked = replace(asked, **{name: text})
    if category_id != old.category_id:
        asked = replace(asked, category=category)
    if item.specifications is not None and item.specifications != old.specifications:
        asked = replace(asked, specifications=tuple(map(listed, item.specifications)))
    return asked if item.images is None else _with_pictures(asked, item.images, old, copy=copy)


def _said(item: Item) -> list[str]:
    """Fields of `Wanted` that the row speaks of."""
    fields = ("brand", "description", "category", "specifications")
    return ["name", *(name for name in fields if getattr(item, name) is not None)]


def _with_pictures(asked: Wanted, images: list[str], old: Stored, *, copy: bool) -> Wanted:
    """Those of the row in the place of all others: what stands at the same place already stays, what waits so too."""
    shown = dict(zip(old.image_ids, old.images, strict=True))
    left = [address for one, address in shown.items() if one not in asked.removed]
    if images == [*left, *(picture.source or picture.key for picture in asked.added)]:
        return asked
    same = next((n for n, (a, b) in enumerate(zip(images, old.images, strict=False)) if a != b), None)
    same = min(len(images), len(old.images)) if same is None else same
    added = [NewPicture(id=uuid7(), key=address, source=address, copy=copy) for address in images[same:]]
    return replace(asked, removed=tuple(old.image_ids[same:]), added=tuple(added))
