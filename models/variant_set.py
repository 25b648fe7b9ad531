"""The variants of a product together: what a change adds, alters and retires, and what must hold of all of them then.

Those on sale differ in their options, which each has where there are several; one at least stays on sale. Written by
whoever holds the product's row; the database keeps SKUs and options apart too.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET

from models.base import uuid7
from models.database import Connection
from models.errors import Conflict, FieldError, Invalid
from models.legible import is_legible, looks, one_line
from models.listing import ListedVariant, Listing
from models.product_input import VARIANTS_MAX, NewVariant, ProductChange, VariantChange
from models.slug import slugify
from models.states import VARIANT, move

ADD = """
INSERT INTO variant (id, product_id, sku, options, price_minor, list_price_minor, position)
SELECT w.id, $1, w.sku, w.options, w.price, w.list_price,
       place + (SELECT coalesce(max(position), -1) FROM variant WHERE product_id = $1)
  FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::bigint[], $6::bigint[])
       WITH ORDINALITY AS w (id, sku, options, price, list_price, place)
"""
ALTER = """
UPDATE variant v SET sku = w.sku, options = w.options
  FROM unnest($2::uuid[], $3::text[], $4::jsonb[]) AS w (id, sku, options) WHERE v.id = w.id AND v.product_id = $1
"""
UNREADABLE = "must not be blank: it wants a letter or a digit"


class Described(NamedTuple):
    """What tells a variant from the others."""

    sku: str
    options: Mapping[str, object]
    status: str


class AddedVariant(msgspec.Struct, frozen=True, kw_only=True):
    """A new one, with the id that it has from now on, also while it waits for the market."""

    id: UUID
    sku: str
    options: dict[str, str]
    price_minor: int
    list_price_minor: int | None
    stock: int


class VariantPlan(NamedTuple):
    """False where nothing changes."""

    altered: dict[UUID, Described]
    moved: dict[UUID, str]
    added: list[AddedVariant]

    def __bool__(self) -> bool:
        return any(self)


def plan_variants(old: Listing, change: ProductChange, *, taken: Collection[str] = ()) -> VariantPlan:
    """Raises Invalid with every field that is wrong. Of ids only those of this product count: `plan_prices` refuses
    others. No SKU that is made is one of `taken`.
    """
    wrong: list[FieldError] = []
    fields = {entry.id: f"variants[{i}]." for i, entry in enumerate(change.variants)}
    said = {entry.id: entry for entry in change.variants}
    then = {v.id: _described(v, said.get(v.id), fields.get(v.id, ""), wrong) for v in old.variants}
    added: list[AddedVariant] = []
    for i, new in enumerate(change.new_variants):
        at, variant_id = f"new_variants[{i}].", uuid7()
        if new.list_price_minor is not None and new.list_price_minor < new.price_minor:
            wrong.append(FieldError(f"{at}list_price_minor", f"must not be below the price, {new.price_minor}"))
        options = _options(new.options, at, wrong)
        skus = {*taken, *(described.sku for described in then.values())}
        sku = _sku(new, at, wrong, of_product=old.sku, options=options, taken=skus)
        added.append(
            AddedVariant(
                id=variant_id,
                sku=sku,
                options=options,
                price_minor=new.price_minor,
                list_price_minor=new.list_price_minor,
                stock=new.stock,
            )
        )
        fields[variant_id], then[variant_id] = at, Described(sku, options, "active")
    plan = VariantPlan(
        altered={v.id: then[v.id] for v in old.variants if then[v.id][:2] != (v.sku, v.options)},
        moved={v.id: then[v.id].status for v in old.variants if then[v.id].status != v.status},
        added=added,
    )
    if plan.moved and not any(described.status == "active" for described in then.values()):
        at = fields[next(iter(plan.moved))]
        wrong.append(FieldError(f"{at}status", "is the last one on sale: archive the product instead"))
    if plan:
        _demand_distinct(then, fields, wrong, fresh={*plan.altered, *plan.moved, *(one.id for one in added)})
    if wrong:
        raise Invalid(f"{wrong[0].field}: {wrong[0].detail}", fields=wrong)
    return plan


async def write_variants(connection: Connection, product_id: UUID, plan: VariantPlan) -> None:
    """All but the free quantities, which come last of all. Raises Conflict where somebody else was faster."""
    altered, added = plan.altered, plan.added
    try:
        for variant_id, status in plan.moved.items():
            if status == "archived":
                await move(connection, VARIANT, variant_id, old="active", new=status)
        if altered:
            skus, options, _ = zip(*altered.values(), strict=True)
            await connection.execute(ALTER, product_id, list(altered), list(skus), _encoded(options))
        for variant_id, status in plan.moved.items():
            if status == "active":
                await move(connection, VARIANT, variant_id, old="archived", new=status)
        if added:
            ids, skus, options, prices, mrps, _ = zip(*map(msgspec.structs.astuple, added), strict=True)
            described = (list(ids), list(skus), _encoded(options))
            await connection.execute(ADD, product_id, *described, list(prices), list(mrps))
            await connection.execute("INSERT INTO stock (variant_id) SELECT unnest($1::uuid[])", list(ids))
    except asyncpg.UniqueViolationError as error:
        raise Conflict("Two variants of this product would have one SKU.", code="variant_sku") from error
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("Two variants of this product would have the same options.", code="variant_options") from error


def _described(old: ListedVariant, said: VariantChange | None, at: str, wrong: list[FieldError]) -> Described:
    if said is None:
        return Described(old.sku, old.options, old.status)
    sku = old.sku if said.sku in (UNSET, old.sku) else one_line(said.sku)
    if sku != old.sku and not is_legible(sku):
        wrong.append(FieldError(f"{at}sku", UNREADABLE))
    return Described(
        sku,
        old.options if said.options in (UNSET, old.options) else _options(said.options, at, wrong),
        old.status if said.status is UNSET else said.status,
    )


def _options(given: Mapping[str, str], at: str, wrong: list[FieldError]) -> dict[str, str]:
    """Tidied."""
    found = {one_line(name): one_line(value) for name, value in given.items()}
    if not all(map(is_legible, [*found, *found.values()])):
        wrong.append(FieldError(f"{at}options", "wants a name and a value of each, such as Size: M"))
    if len(set(map(looks, found))) < len(given):
        wrong.append(FieldError(f"{at}options", "wants each name once"))
    return found


def _demand_distinct(
    then: Mapping[UUID, Described], fields: Mapping[UUID, str], wrong: list[FieldError], *, fresh: set[UUID]
) -> None:
    """What was so before is no reason to refuse a change of something else: `fresh` are those that the change is about.
    Where it names none of two, its first entry is told.
    """
    on_sale = {one: described for one, described in then.items() if described.status == "active"}
    if len(then) > VARIANTS_MAX:
        wrong.append(FieldError(f"{[*fields.values()][-1]}options", f"is one too many; {VARIANTS_MAX} are the most"))
    skus: dict[str, UUID] = {}
    for one, described in then.items():
        if (other := skus.setdefault(described.sku, one)) != one:
            wrong.append(FieldError(f"{_named(fields, one, other)}sku", f"{described.sku} is another variant's"))
    seen: dict[frozenset[tuple[str, str]], UUID] = {}
    for one, described in on_sale.items():
        if not described.options and len(on_sale) > 1 and fresh & on_sale.keys():
            wrong.append(FieldError(f"{_named(fields, one)}options", "wants what tells it from the others: Size: M"))
        folded = frozenset((looks(name), looks(str(value))) for name, value in described.options.items())
        if folded and (other := seen.setdefault(folded, one)) != one and {one, other} & fresh:
            wrong.append(FieldError(f"{_named(fields, one, other)}options", "another variant has the same"))


def _named(fields: Mapping[UUID, str], *ids: UUID) -> str:
    """The first of these that was spoken of; else whatever was."""
    return next((fields[one] for one in ids if one in fields), next(iter(fields.values())))


def _sku(
    new: NewVariant, at: str, wrong: list[FieldError], *, of_product: str, options: Mapping[str, str], taken: set[str]
) -> str:
    if new.sku and (said := one_line(new.sku)):
        if not is_legible(said):
            wrong.append(FieldError(f"{at}sku", UNREADABLE))
        return said
    made = f"{of_product[:48]}-{slugify(' '.join(options.values()), limit=24, empty='variant')}"
    return next(sku for n in range(VARIANTS_MAX * 2) if (sku := f"{made}-{n + 1}" if n else made) not in taken)


def _encoded(options: Sequence[Mapping[str, object]]) -> list[str]:
    return [msgspec.json.encode(one).decode() for one in options]
