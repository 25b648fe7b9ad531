"""Razorpay's errors: a status and the JSON shape that its clients read."""

from typing import Any


class ApiError(Exception):
    """Answered as {"error": {...}}; `field` names the wrong parameter."""

    def __init__(
        self, description: str, *, field: str | None = None, status: int = 400, code: str = "BAD_REQUEST_ERROR"
    ) -> None:
        super().__init__(description)
        self.description = description
        self.field = field
        self.status = status
        self.code = code

    def body(self) -> dict[str, Any]:
        error = {
            "code": self.code,
            "description": self.description,
            "source": "business",
            "step": "payment_initiation",
            "reason": "input_validation_failed",
            "metadata": {},
        }
        return {"error": error if self.field is None else {**error, "field": self.field}}


def not_found() -> ApiError:
    return ApiError("The id provided does not exist")
