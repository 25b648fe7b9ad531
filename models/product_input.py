"""What a seller may send of a product: the limits of each field, checked before anything is read or written."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from models.slug import SLUG_PATTERN

PRICE_MAX_MINOR = 100_000_000_000
STOCK_MAX = 1_000_000
NAME_MAX, BRAND_MAX, SKU_MAX, DESCRIPTION_MAX = 200, 80, 64, 20_000
SPECIFICATIONS_MAX = 60
VARIANTS_MAX, OPTIONS_MAX, OPTION_NAME_MAX, OPTION_VALUE_MAX = 200, 4, 30, 60
SPECIFICATION_NAME_MAX, SPECIFICATION_TEXT_MAX, SPECIFICATION_UNIT_MAX = 60, 300, 16

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=NAME_MAX)]
Brand: TypeAlias = Annotated[str, Meta(max_length=BRAND_MAX)]
Description: TypeAlias = Annotated[str, Meta(max_length=DESCRIPTION_MAX)]
Sku: TypeAlias = Annotated[str, Meta(min_length=1, max_length=SKU_MAX)]
Slug: TypeAlias = Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=160)]
Price: TypeAlias = Annotated[int, Meta(ge=1, le=PRICE_MAX_MINOR)]
Units: TypeAlias = Annotated[int, Meta(ge=0, le=STOCK_MAX)]
Hsn: TypeAlias = Annotated[str, Meta(pattern=r"^(([0-9]{2}){1,4})?(?!\n)$")]
Country: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]
BuyerLimit: TypeAlias = Annotated[int, Meta(ge=1, le=1_000)]
Status: TypeAlias = Literal["draft", "pending", "active", "archived"]

SpecificationKind: TypeAlias = Literal["text", "number", "boolean"]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what a seller sends."""


class NewSpecification(Body, frozen=True, kw_only=True):
    """`value` is a text, a number (with its unit) or a boolean. `kind` needs to be said only where a text is to be read
    as a number or a boolean.
    """

    name: Annotated[str, Meta(min_length=1, max_length=SPECIFICATION_NAME_MAX)]
    value: Annotated[str, Meta(min_length=1, max_length=SPECIFICATION_TEXT_MAX)] | float | bool
    unit: Annotated[str, Meta(max_length=SPECIFICATION_UNIT_MAX)] = ""
    kind: SpecificationKind | None = None


Specifications: TypeAlias = Annotated[list[NewSpecification], Meta(max_length=SPECIFICATIONS_MAX)]


OptionName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=OPTION_NAME_MAX)]
OptionValue: TypeAlias = Annotated[str, Meta(min_length=1, max_length=OPTION_VALUE_MAX)]
Options: TypeAlias = Annotated[dict[OptionName, OptionValue], Meta(max_length=OPTIONS_MAX)]


class VariantChange(Body, frozen=True, kw_only=True):
    """`options` tell it from the others, as {"Size": "M"}: all that it shall have. `archived` is no longer sold, but
    stays readable in carts and orders; the last one that is sold cannot be. `stock_seen`: the free quantity that
    `stock` was counted by; where units were sold or came back since, the change is refused (409 `stock_changed`).

    `id` may be that of a variant that waits for the market: `archived` takes it out of what is asked for.
    """

    id: UUID
    sku: Sku | UnsetType = UNSET
    options: Options | UnsetType = UNSET
    status: Literal["active", "archived"] | UnsetType = UNSET
    price_minor: Price | UnsetType = UNSET
    list_price_minor: Price | UnsetType | None = UNSET
    stock: Units | UnsetType = UNSET
    stock_seen: Units | UnsetType = UNSET


class NewVariant(Body, frozen=True, kw_only=True):
    """One more of a product. Without a SKU one is made of the product's and the options."""

    options: Options
    sku: Sku | None = None
    price_minor: Price
    list_price_minor: Price | None = None
    stock: Units = 0


class ProductChange(Body, frozen=True, kw_only=True):
    """What is absent stays as it is. `price_minor` is for every variant; `stock` only where there is one variant.

    A list price (MRP) that a new price exceeds is dropped, unless the request gives a list price too. `hsn_code` finds
    the GST rate, "" that of the product; `buyer_limit`: units for one buyer, all orders together. `specifications` are
    all that the product shall have, in this order. `new_variants` are sold beside those that there are.

    What shoppers read of a product on sale waits for the market where it does not trust the seller: name, slug, brand,
    description, category, specifications, `sku` and `options` of variants, and `new_variants`.
    """

    name: Name | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    brand: Brand | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    category: Slug | UnsetType | None = UNSET
    specifications: Specifications | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    hsn_code: Hsn | UnsetType = UNSET
    country_of_origin: Country | UnsetType = UNSET
    buyer_limit: BuyerLimit | UnsetType | None = UNSET
    price_minor: Price | UnsetType = UNSET
    list_price_minor: Price | UnsetType | None = UNSET
    stock: Units | UnsetType = UNSET
    variants: Annotated[list[VariantChange], Meta(max_length=VARIANTS_MAX)] = []
    new_variants: Annotated[list[NewVariant], Meta(max_length=VARIANTS_MAX)] = []


class NewProduct(Body, frozen=True, kw_only=True):
    """A draft of one variant. Without a SKU one is made of the name. Pictures come next, then a change of `status`."""

    name: Name
    price_minor: Price
    list_price_minor: Price | None = None
    stock: Units = 0
    sku: Sku | None = None
    brand: Brand = ""
    description: Description = ""
    category: Slug | None = None
    specifications: Specifications = []
    status: Literal["draft"] = "draft"
    hsn_code: Hsn = ""
    country_of_origin: Country = "IN"
    buyer_limit: BuyerLimit | None = None
