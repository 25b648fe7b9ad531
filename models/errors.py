"""The one tree of domain errors: kinds by meaning, a stable code each, no HTTP in sight.

`server/errors.py` holds the only table from kind to status.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class FieldError(NamedTuple):
    """What was wrong with one input field and what would be right."""

    field: str
    detail: str


class DomainError(Exception):
    """Base of all kinds. `code` is stable for programs, `detail` is a sentence for people.

    `facts` is the present state where the caller has seen an older one.
    """

    code = "error"
    title = "The request failed"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        fields: Sequence[FieldError] = (),
        retry_after_s: int | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.fields = tuple(fields)
        self.retry_after_s = retry_after_s
        self.facts = facts or {}


class NotFound(DomainError):
    code = "not_found"
    title = "Not found"


class Unauthenticated(DomainError):
    code = "unauthenticated"
    title = "Log in first"


class Forbidden(DomainError):
    code = "forbidden"
    title = "Not allowed"


class Invalid(DomainError):
    code = "invalid"
    title = "The input is not valid"

    @classmethod
    def field(cls, field: str, detail: str, *, code: str | None = None) -> "Invalid":
        """One bad field, named in both the sentence and the list."""
        return cls(f"{field}: {detail}", code=code, fields=[FieldError(field, detail)])


class Conflict(DomainError):
    code = "conflict"
    title = "The state has changed"


class OutOfStock(Conflict):
    code = "out_of_stock"
    title = "Out of stock"


class Declined(DomainError):
    code = "declined"
    title = "The payment was declined"


class TooMany(DomainError):
    code = "too_many_requests"
    title = "Too many requests"


class Unavailable(DomainError):
    code = "unavailable"
    title = "Temporarily unavailable"
