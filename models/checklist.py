"""What must be there before something is sent to the market: its page shows the list, and it is refused in its words.

Of a product shoppers see at least what it is, where it belongs and how it looks; the rest is advice.
"""

from collections.abc import Sequence

import msgspec

from models.errors import FieldError, Invalid
from models.listing import Listing


class Step(msgspec.Struct, frozen=True):
    """One line. `name` is the field, or the part of the page, where it is mended; without what is `needed` nothing is
    sent.
    """

    name: str
    words: str
    done: bool
    needed: bool = True


def product_steps(listing: Listing) -> list[Step]:
    """What is needed first."""
    return [
        Step("pictures", "A picture, best two or three", bool(listing.images)),
        Step("category", "The category, by which shoppers find it", bool(listing.category)),
        Step("description", "A description", bool(listing.description.strip())),
        Step("hsn_code", "The HSN code, which decides the GST rate", bool(listing.hsn_code), needed=False),
        Step("variants", "Units in stock", listing.stock > 0, needed=False),
    ]


def demand_steps(steps: Sequence[Step]) -> None:
    """Raises Invalid (`checklist`) with every line that is needed and not done."""
    missing = [step for step in steps if step.needed and not step.done]
    if missing:
        words = "; ".join(_inside(step.words) for step in missing)
        fields = [FieldError(step.name, "is still missing") for step in missing]
        raise Invalid(f"Still missing: {words}.", code="checklist", fields=fields)


def _inside(words: str) -> str:
    """As a part of a sentence: GST stays GST."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"
