"""Which column of a file is which field of a product: as `--map` says, else by the names that shops commonly use."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalogue.importing.text import clean_line, cut
from models.product_input import SPECIFICATION_NAME_MAX

ALIASES: dict[str, tuple[str, ...]] = {
    "sku": ("sku", "sellersku", "productid", "uniqid", "itemid", "id"),
    "name": ("name", "productname", "title", "producttitle", "itemname"),
    "brand": ("brand", "brandname", "manufacturer"),
    "description": (
        "description", "productdescription", "longdescription", "shortdescription", "productdetails", "aboutproduct",
    ),
    "price": ("price", "sellingprice", "saleprice", "currentprice", "discountedprice", "priceinr"),
    "list_price": ("listprice", "mrp", "regularprice", "retailprice", "originalprice"),
    "category": ("category", "categories", "productcategory", "categorypath", "categoryname", "productcategorytree"),
    "image": ("image", "images", "imageurl", "imageurls", "picture", "pictures", "imagelink", "img"),
    "stock": ("stock", "quantity", "qty", "inventory", "stockquantity"),
    "sold": (),
}  # fmt: skip
REQUIRED = ("name", "price")
SPECIFICATION = "spec:"
CACHE_MAX = 10_000
_OTHER = re.compile(r"[^a-z0-9]+")


class MappingError(Exception):
    """`--map` names a field that does not exist or a column that the file lacks."""


class Role(NamedTuple):
    """What a column is for. `field` "" is a column that nobody wants; of one field's columns the lowest rank wins."""

    field: str
    rank: int = 0
    name: str = ""


class Columns:
    def __init__(self, mapping: Mapping[str, str], *, keep_unknown: bool) -> None:
        """`mapping`: field (or spec:Name) -> column, as `--map` gives it. Raises MappingError."""
        self.explicit: dict[str, Role] = {}
        for field, column in mapping.items():
            if not (field in ALIASES or (field.startswith(SPECIFICATION) and field != SPECIFICATION)):
                known = ", ".join(ALIASES)
                raise MappingError(f'--map {field}="{column}": the fields are {known} and spec:NAME.')
            self.explicit[column] = _role(field)
        mapped = {role.field for role in self.explicit.values()}
        self._aliases = {
            alias: Role(field, rank)
            for field, aliases in ALIASES.items()
            if field not in mapped
            for rank, alias in enumerate(aliases)
        }
        self._keep_unknown = keep_unknown
        self._roles: dict[str, Role] = {}

    def role(self, column: str) -> Role:
        found = self._roles.get(column)
        if found is None:
            if len(self._roles) >= CACHE_MAX:
                self._roles.clear()
            found = self._roles[column] = self._find(column)
        return found

    def check(self, columns: Iterable[str]) -> None:
        """Raises MappingError where a header lacks a column that was named, or has none for a required field."""
        columns = list(columns)
        listed = ", ".join(columns[:40])
        for column in self.explicit:
            if column not in columns:
                raise MappingError(f'The file has no column "{column}". It has: {listed}.')
        fields = {self.role(column).field for column in columns}
        for field in REQUIRED:
            if field not in fields:
                raise MappingError(f'Which column is the {field}? Say --map {field}="…". The file has: {listed}.')

    def _find(self, column: str) -> Role:
        if column in self.explicit:
            return self.explicit[column]
        alias = self._aliases.get(_OTHER.sub("", column.lower()))
        if alias:
            return alias
        return Role("specification", name=specification_name(column)) if self._keep_unknown else Role("")


def specification_name(column: str) -> str:
    """screen_size becomes Screen size."""
    name = clean_line(column.replace("_", " "))
    return cut(name[:1].upper() + name[1:], SPECIFICATION_NAME_MAX)


def _role(field: str) -> Role:
    if not field.startswith(SPECIFICATION):
        return Role(field)
    return Role("specification", name=cut(clean_line(field.removeprefix(SPECIFICATION)), SPECIFICATION_NAME_MAX))
