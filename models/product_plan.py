"""What a change of a product writes, and what the audit trail says of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from models.listing import Listing
from models.product_change import Wanted
from models.specifications import ListedSpecification
from models.variant_change import Prices
from models.variant_set import VariantPlan

Specified: TypeAlias = list[ListedSpecification] | None


class Plan(NamedTuple):
    """What a change writes; `wanted` is what waits for the market from then on."""

    columns: dict[str, Any]
    specified: Specified
    facts: dict[str, Any]
    prices: Prices
    free: dict[UUID, int]
    variants: VariantPlan
    status: str
    wanted: Wanted

    def changes(self, old: Listing) -> bool:
        """What shoppers or the law read; what only waits is no change of the product."""
        is_written = any((self.columns, self.facts, self.prices, self.free, self.variants))
        return is_written or self.specified is not None or self.status != old.status


def told(old: Listing, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed, before and after."""
    columns = plan.columns | plan.facts
    before: dict[str, Any] = {name: getattr(old, name.removesuffix("_id")) for name in columns}
    after: dict[str, Any] = dict(columns)
    if lines := [*_lines(old, plan)]:
        before["variants"], after["variants"] = ([line for line in side if line] for side in zip(*lines, strict=True))
    if plan.specified is not None:
        before["specifications"], after["specifications"] = old.specifications, plan.specified
    if plan.status != old.status:
        before["status"], after["status"] = old.status, plan.status
    return before, after


def _lines(old: Listing, plan: Plan) -> Iterator[tuple[dict[str, object] | None, dict[str, object]]]:
    """Of each variant that changed, before and after; nothing is before one that is added."""
    altered, moved, added = plan.variants
    for v in old.variants:
        if v.id not in plan.prices | plan.free | altered | moved:
            continue
        now = _line(v.id, v.price_minor, v.list_price_minor, v.stock)
        then = _line(v.id, *plan.prices.get(v.id, (v.price_minor, v.list_price_minor)), plan.free.get(v.id, v.stock))
        if v.id in altered:
            now |= {"sku": v.sku, "options": v.options}
            then |= {"sku": altered[v.id].sku, "options": altered[v.id].options}
        if v.id in moved:
            now["status"], then["status"] = v.status, moved[v.id]
        yield now, then
    for new in added:
        made = _line(new.id, new.price_minor, new.list_price_minor, new.stock)
        yield None, made | {"sku": new.sku, "options": new.options}


def _line(variant_id: UUID, price_minor: int, list_price_minor: int | None, stock: int) -> dict[str, object]:
    return {"id": variant_id, "price_minor": price_minor, "list_price_minor": list_price_minor, "stock": stock}
