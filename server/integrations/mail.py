"""Mail by SMTP: a text and an HTML part from one pair of templates, and a Message-ID that a second sending repeats.

The first line of the text template is the subject.
"""

from email.message import EmailMessage
from email.utils import formatdate, parseaddr

import aiosmtplib
import jinja2
import structlog

from models.errors import Unavailable
from server.integrations.smtp import POLICY, Smtp
from server.settings import Settings

log = structlog.get_logger("mail")


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
        message = self.compose(to, template, key=key, **values)
        try:
            await self._smtp.send(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server did not take the mail: {error!r}.", code="mail") from error
        log.info("mail sent", template=template, key=key)

    def compose(self, to: str, template: str, *, key: str, **values: object) -> EmailMessage:
        rendered = self._templates.get_template(f"{template}.txt").render(values, site=self._site)
        subject, _, text = rendered.partition("\n")
        html = self._templates.get_template(f"{template}.html").render(values, site=self._site, subject=subject)
        message = EmailMessage(policy=POLICY)
        message["From"], message["To"], message["Subject"] = self._sender, to, subject.strip()
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{key.replace(':', '.')}@{parseaddr(self._sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text.strip() + "\n")
        message.add_alternative(html, subtype="html")
        return message
