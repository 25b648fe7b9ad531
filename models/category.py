"""The category tree. A category has one home in the tree; `category_link` lists the further parents that show it."""

from uuid import UUID

from tortoise import fields

from models.base import Row


class Category(Row):
    """`path` is the slugs from the root, joined by `/`, so that a subtree is one prefix."""

    parent: fields.ForeignKeyNullableRelation["Category"] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.RESTRICT, null=True, related_name="children"
    )
    parent_id: UUID | None
    slug = fields.CharField(max_length=120, unique=True)
    name = fields.CharField(max_length=120)
    path = fields.CharField(max_length=600, unique=True)
    depth = fields.SmallIntField(db_default=1)
    position = fields.IntField(db_default=0)
    commission_bps = fields.IntField(null=True)
    external_id = fields.CharField(max_length=64, null=True, unique=True)

    class Meta:
        table = "category"


class CategoryLink(Row):
    parent: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.CASCADE, related_name="links"
    )
    child: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.CASCADE, related_name="linked_from"
    )

    class Meta:
        table = "category_link"


TABLES = (Category, CategoryLink)
