"""Ids of the demo's rows: UUIDv7 that follow from seed, table and place alone.

The time of an id is its row's place after the start of 2020: loading appends to every index, ids made by the clock are
never met, and a later run of the same seed finds what is there.
"""

from random import Random
from typing import NamedTuple
from uuid import UUID

ID_EPOCH_MS = 1_577_836_800_000
PRODUCTS_AT = 1_000_000
CATEGORY, USER, SELLER, PRODUCT, VARIANT, SPECIFICATION, IMAGE, REVIEW = range(8)
CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH, CODE_BITS = 6, 30
CODE_MULTIPLIER = 0x2545F491


class Ids(NamedTuple):
    """`salt`: the 62 random bits of every id of this seed."""

    salt: int

    @classmethod
    def of(cls, seed: int) -> "Ids":
        return cls(Random(f"ids {seed}").getrandbits(62))

    def row(self, table: int, place: int, child: int = 0) -> UUID:
        high = (ID_EPOCH_MS + place) << 80 | 0x7 << 76 | (table << 8 | child) << 64
        return UUID(int=high | 0b10 << 62 | self.salt)

    def product(self, index: int) -> UUID:
        return self.row(PRODUCT, PRODUCTS_AT + index)


def index_of(product_id: UUID) -> int:
    """The index of the product with this id."""
    return (product_id.int >> 80) - ID_EPOCH_MS - PRODUCTS_AT


def code(index: int) -> str:
    """Six letters that name a product and look like no count: one for each index below 2^30."""
    number, letters = index * CODE_MULTIPLIER % (1 << CODE_BITS), ""
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[rest]
    return letters
