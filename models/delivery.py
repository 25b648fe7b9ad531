"""Where an order goes and who hears of it: strict for India, every wrong field named at once."""

import re
from collections.abc import Iterator

import msgspec

from models.errors import FieldError, Invalid

REGIONS = frozenset({
    "Andaman and Nicobar Islands", "Andhra Pradesh", "Arunachal Pradesh", "Assam", "Bihar", "Chandigarh",
    "Chhattisgarh", "Dadra and Nagar Haveli and Daman and Diu", "Delhi", "Goa", "Gujarat", "Haryana",
    "Himachal Pradesh", "Jammu and Kashmir", "Jharkhand", "Karnataka", "Kerala", "Ladakh", "Lakshadweep",
    "Madhya Pradesh", "Maharashtra", "Manipur", "Meghalaya", "Mizoram", "Nagaland", "Odisha", "Puducherry", "Punjab",
    "Rajasthan", "Sikkim", "Tamil Nadu", "Telangana", "Tripura", "Uttar Pradesh", "Uttarakhand", "West Bengal",
})  # fmt: skip
"""The 28 states and 8 union territories."""

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)  # the HTML standard's address, with a dot in the domain
PHONE = re.compile(r"(?:\+?91|0)?([6-9][0-9]{9})")
PHONE_FILLING = str.maketrans("", "", " -()")
PIN_CODE = re.compile(r"[1-9][0-9]{5}")
LENGTHS = {"name": (2, 120), "line1": (3, 200), "line2": (0, 200), "city": (2, 80)}


class Delivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`phone` is an Indian mobile number, `region` a state or union territory by name, `pin_code` six digits."""

    name: str
    phone: str
    line1: str
    city: str
    region: str
    pin_code: str
    line2: str = ""


NOBODY = Delivery(name="Erased", phone="+910000000000", line1="Erased", city="Erased", region="", pin_code="000000")
"""Where the orders of somebody who was erased went. No place in India has such a PIN code."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Checked and tidied: phone as +91 and ten digits, no stray blanks."""

    email: str
    delivery: Delivery


def check_contact(email: str, delivery: Delivery) -> Contact:
    """Raises Invalid naming each field that is wrong and what would be right."""
    tidy = msgspec.structs.replace(
        delivery, **{field: " ".join(getattr(delivery, field).split()) for field in delivery.__struct_fields__}
    )
    email = email.strip()
    wrong = list(_wrong(email, tidy))
    if wrong:
        listed = "; ".join(f"{field} {detail}" for field, detail in wrong)
        raise Invalid(f"The order cannot be sent there: {listed}.", fields=wrong)
    phone = PHONE.fullmatch(tidy.phone.translate(PHONE_FILLING))
    assert phone is not None
    return Contact(email=email, delivery=msgspec.structs.replace(tidy, phone=f"+91{phone[1]}"))


def read_phone(field: str, phone: str) -> str:
    """An Indian mobile number as +91 and ten digits. Raises Invalid."""
    found = PHONE.fullmatch(phone.strip().translate(PHONE_FILLING))
    if found is None:
        raise Invalid.field(field, "wants an Indian mobile number of ten digits, such as 98765 43210")
    return f"+91{found[1]}"


def _wrong(email: str, delivery: Delivery) -> Iterator[FieldError]:
    if len(email) > 254 or not EMAIL.fullmatch(email):
        yield FieldError("email", "wants a mail address such as asha@example.in")
    for field, (least, most) in LENGTHS.items():
        if not least <= len(getattr(delivery, field)) <= most:
            yield FieldError(f"delivery.{field}", f"wants {least} to {most} characters")
    if not PHONE.fullmatch(delivery.phone.translate(PHONE_FILLING)):
        yield FieldError("delivery.phone", "wants an Indian mobile number of ten digits, such as 98765 43210")
    if delivery.region not in REGIONS:
        yield FieldError("delivery.region", "wants a state or union territory of India by its name, such as Karnataka")
    if not PIN_CODE.fullmatch(delivery.pin_code):
        yield FieldError("delivery.pin_code", "wants six digits, the first not 0, such as 560001")
