"""Mail by SMTP: a text and an HTML part from one pair of templates, and a Message-ID that a second sending repeats.

The first line of the text template is the subject.
"""

import binascii
import secrets
from email.errors import HeaderParseError
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr
from typing import NamedTuple

import aiosmtplib
import jinja2
import structlog

from models.errors import Unavailable
from server.integrations.smtp import Smtp
from server.settings import Settings

LINE = 76
"""Of a header's value; a longer one is folded."""

log = structlog.get_logger("mail")


class Mail(NamedTuple):
    """A rendered mail to one address; `message_id` is without its brackets."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str

    def encode(self, sender: str) -> bytes:
        """As it goes over the wire (RFC 5322, RFC 2045): both parts quoted-printable, in ASCII throughout.

        Raises HeaderParseError for a value that would not stay in its header. Written out here: the library's objects
        for headers and parts took a seventh of all that the worker does for a purchase.
        """
        boundary = f"haat-{secrets.token_hex(12)}"
        headers = {
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
            "MIME-Version": "1.0",
            "From": formataddr(parseaddr(sender)),
            "To": self.to,
            "Subject": self.subject,
            "Date": formatdate(),
            "Message-ID": f"<{self.message_id}>",
            "Auto-Submitted": "auto-generated",
        }
        lines = [*(_header(name, value) for name, value in headers.items()), ""]
        for kind, content in (("plain", self.text), ("html", self.html)):
            lines += [f"--{boundary}", f'Content-Type: text/{kind}; charset="utf-8"', "MIME-Version: 1.0"]
            lines += ["Content-Transfer-Encoding: quoted-printable", "", _quoted(content)]
        return "\r\n".join([*lines, f"--{boundary}--", ""]).encode("ascii")


class Mailer:
    """`templates` finds NAME.txt and NAME.html; every template also gets `site`."""

    def __init__(self, settings: Settings, templates: jinja2.Environment) -> None:
        self._site = settings.site
        self._sender = settings.mail.sender
        self._smtp = Smtp(settings.mail)
        self._templates = templates

    async def close(self) -> None:
        await self._smtp.close()

    async def send(self, to: str, template: str, *, key: str, **values: object) -> None:
        """Send one mail; the same `key` is the same Message-ID. Raises Unavailable when the server does not take it."""
        mail = self.compose(to, template, key=key, **values)
        try:
            await self._smtp.send(parseaddr(self._sender)[1], to, mail.encode(self._sender))
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server did not take the mail: {error!r}.", code="mail") from error
        log.info("mail sent", template=template, key=key)

    def compose(self, to: str, template: str, *, key: str, **values: object) -> Mail:
        rendered = self._templates.get_template(f"{template}.txt").render(values, site=self._site)
        first, _, text = rendered.partition("\n")
        subject = " ".join(first.split())
        html = self._templates.get_template(f"{template}.html").render(values, site=self._site, subject=subject)
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        return Mail(to, subject, text.strip() + "\n", html, f"{key.replace(':', '.')}@{domain}")


def _header(name: str, value: str) -> str:
    """One header, on as many lines as it needs. What only looks encoded is encoded, or a reader would decode it."""
    if not value.isprintable():
        raise HeaderParseError(f"{name} holds what no header can: {value!r}")
    if not value.isascii() or ("=?" in value and name == "Subject") or len(value) > LINE:
        charset = "us-ascii" if value.isascii() and "=?" not in value else "utf-8"
        value = Header(value, charset, header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}"


def _quoted(content: str) -> str:
    plain = content.replace("\r\n", "\n").replace("\r", "\n").encode()
    return binascii.b2a_qp(plain, istext=True).decode("ascii").replace("\n", "\r\n")
