"""Who the shop's mails are from, as the operator writes it; what a parser of mail would read otherwise is refused."""

import re
from email.utils import parseaddr

ATOM = r"[^\s\"<>@,;:()\[\]\\]+"
NAME = r"\"(?:[^\"\\\r\n]|\\[^\r\n])*\"[ ]*|[^\"\\<>@,;:\[\]\r\n]*"
SENDER = re.compile(rf"(?:(?:{NAME})<(?P<named>{ATOM}@{ATOM})>|(?P<bare>{ATOM}@{ATOM}))")
RIGHT = 'write NAME <ADDRESS>, with quotes around a name that has one of , ; : @ in it: "Haat, Bengaluru" <a@b.example>'


def is_sender(text: str) -> bool:
    """Whether it is one address, with or without a name, that goes into From: as it stands."""
    match = SENDER.fullmatch(text)
    return match is not None and text.isprintable() and parseaddr(text)[1] == (match["named"] or match["bare"])
