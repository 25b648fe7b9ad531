"""Category paths to categories: reused by name under their parents, homes and links alike, created where missing."""

from uuid import UUID

from models.base import uuid7
from models.category import add_category, list_children, lock_tree
from models.database import Connection

NEW_MAX = 2_000


class CategoryFinder:
    """Knows the whole tree; in a dry run new categories exist only here."""

    def __init__(self, connection: Connection, *, dry_run: bool) -> None:
        self._connection, self._dry_run = connection, dry_run
        self._children: dict[tuple[UUID | None, str], UUID] = {}
        self.created = 0

    async def load(self) -> None:
        self._children.clear()
        for parent_id, name, category_id in await list_children(self._connection):
            self._children.setdefault((parent_id, name.casefold()), category_id)

    async def find(self, path: tuple[str, ...]) -> UUID | None:
        """The category at the end of the path, None for an empty one. Raises ValueError when too many are new.

        A name that repeats its parent's ("Screen Protectors > Screen Protectors") is the parent, unless the tree has
        such a child.
        """
        parent_id, parent_name = None, ""
        for name in path:
            folded = name.casefold()
            found = self._children.get((parent_id, folded))
            if found is None and folded == parent_name:
                continue
            parent_id, parent_name = found or await self._create(parent_id, name), folded
        return parent_id

    async def _create(self, parent_id: UUID | None, name: str) -> UUID:
        if self.created >= NEW_MAX:
            raise ValueError(f"more than {NEW_MAX:,} new categories: is this really the category column?")
        if self._dry_run:
            category_id = uuid7()
        else:
            async with self._connection.transaction():
                await lock_tree(self._connection)
                await self.load()
                known = self._children.get((parent_id, name.casefold()))
                if known:
                    return known
                category_id = await add_category(self._connection, parent_id=parent_id, name=name)
        self.created += 1
        self._children[parent_id, name.casefold()] = category_id
        return category_id
