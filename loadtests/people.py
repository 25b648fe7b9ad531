"""Who simulated shoppers say that they are: an address on the network, a mail address, a delivery address."""

import random
import secrets

DELIVERY = {
    "name": "Asha Rao",
    "phone": "98765 43210",
    "line1": "12 MG Road",
    "city": "Bengaluru",
    "region": "Karnataka",
    "pin_code": "560001",
}
_ANY = random.SystemRandom()


def address() -> str:
    """A fresh one: limits are for each address, and an earlier run has used up some of them."""
    number = _ANY.randrange(1 << 24)
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def order_body() -> dict[str, object]:
    """What `POST /api/v1/checkout` wants of a guest, each with a mailbox and a telephone of their own."""
    delivery = {**DELIVERY, "phone": f"9{_ANY.randrange(10**9):09d}"}
    return {"email": f"{secrets.token_hex(6)}@example.com", "delivery": delivery}


def idempotency_key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}
