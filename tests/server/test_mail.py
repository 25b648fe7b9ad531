"""A mail on the wire says to a parser of mail exactly what was written, and no value can add a header to it."""

from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.message import EmailMessage

import pytest

from server.integrations.mail import Mail

SENDER = "हाट <orders@haat.example>"
TEXT = "नमस्ते, ₹1,299.00\n.\nFrom here = there\n" + "long " * 400 + "\n" + "ठ" * 900 + "\n"
HTML = "<p>" + "é" * 1500 + "</p>\n<a href='/orders?a=1&b=2'>Order</a>\n"
HEADERS = {
    "Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
}  # fmt: skip


def sent(subject: str = "Order", to: str = "buyer@example.com") -> bytes:
    return Mail(to, subject, TEXT, HTML, "order.1@haat.example").encode(SENDER)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize(
    "subject",
    [
        "Your order H-1 is paid",
        "आपका ऑर्डर H-1 चुकाया गया ✓",
        "word " * 60 + "end",
        "ह" * 300,
        "Now =?utf-8?Q?cheap?= in the shop",
    ],
    ids=["ascii", "other letters", "long", "long in other letters", "what looks encoded"],
)
def test_what_was_written_is_what_a_parser_reads(subject: str) -> None:
    content = sent(subject)
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    message = read(content)
    assert not message.defects
    assert (message["Subject"], message["From"], message["To"]) == (subject, SENDER, "buyer@example.com")
    assert message["Message-ID"] == "<order.1@haat.example>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert [part.get_content().replace("\r\n", "\n") for part in (text, html)] == [TEXT, HTML]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x1c", "\n\n"])
def test_a_line_end_in_a_value_adds_no_header(end: str) -> None:
    for subject in (f"Order{end}Bcc: thief@example.com", f"Order{end} Bcc: thief@example.com"):
        refuses_or_folds(subject, "buyer@example.com")
        refuses_or_folds(f"₹ {subject}", "buyer@example.com")
    refuses_or_folds("Order", f"buyer@example.com{end}Bcc: thief@example.com")
    refuses_or_folds("Order", f"₹ <buyer@example.com>{end}Bcc: thief@example.com")


def refuses_or_folds(subject: str, to: str) -> None:
    try:
        message = read(sent(subject, to))
    except HeaderParseError:
        return
    assert set(message.keys()) == HEADERS
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
