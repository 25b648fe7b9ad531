"""Mail by SMTP: a text and an HTML part from one pair of templates, and a Message-ID that a second sending repeats.

The first line of the text template is the subject.
"""

import binascii
import secrets
from email import policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr, formatdate, parseaddr
from typing import NamedTuple

import aiosmtplib
import jinja2
import structlog

from models.errors import Unavailable
from server.integrations.smtp import Smtp
from server.settings import Settings

# The plain policy: the newer one parses each header that it is given, for three quarters of the cost of a mail.
LINES = policy.compat32.clone(linesep="\r\n")

log = structlog.get_logger("mail")


class Mail(NamedTuple):
    """A rendered mail to one address; `message_id` is without its brackets."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str

    def encode(self, sender: str) -> bytes:
        """As it goes over the wire (RFC 5322, RFC 2045): both parts quoted-printable, in ASCII throughout."""
        whole = MIMEMultipart("alternative", boundary=f"haat-{secrets.token_hex(12)}")
        name, address = parseaddr(sender)
        whole["From"], whole["To"] = formataddr((name, address)), self.to
        plain = self.subject.isascii() and "=?" not in self.subject  # else a reader would decode what was not encoded
        whole["Subject"] = self.subject if plain else Header(self.subject, "utf-8", header_name="Subject").encode()
        whole["Date"], whole["Message-ID"] = formatdate(), f"<{self.message_id}>"
        whole["Auto-Submitted"] = "auto-generated"
        for kind, content in (("plain", self.text), ("html", self.html)):
            part = MIMENonMultipart("text", kind, charset="utf-8")
            part["Content-Transfer-Encoding"] = "quoted-printable"
            part.set_payload(binascii.b2a_qp(content.encode(), istext=True).decode("ascii"))
            whole.attach(part)
        return whole.as_bytes(policy=LINES)


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
