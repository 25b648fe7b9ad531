"""Settings that cannot be meant are refused at start, in a sentence that names them."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from server.integrations.mail import Mail
from server.settings import DEVELOPMENT_SECRET, Keys, SettingsError, load_settings

GOOD = {
    "Haat <orders@haat.example>": "Haat",
    '"Haat, Bengaluru" <orders@haat.example>': "Haat, Bengaluru",
    "Haat. O'Neil & Sons (India) <orders@haat.example>": "Haat. O'Neil & Sons (India)",
    "हाट <orders@haat.example>": "हाट",
    "orders@haat.example": "",
}
BAD = (
    "Haat, shop <orders@haat.example>", "Haat; shop <orders@haat.example>", "Haat: shop <orders@haat.example>",
    "Haat @ home <orders@haat.example>", "Haat (India <orders@haat.example>", "Haat <orders>", "Haat", "", "a@b, c@d",
    'Haat "shop <orders@haat.example>', "Haat <orders@haat.example> x", "Haat\r\nBcc: a@b <orders@haat.example>",
)  # fmt: skip


@pytest.mark.parametrize("sender", BAD)
def test_a_sender_that_mail_would_read_otherwise_is_refused_at_start(sender: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^HAAT_MAIL__SENDER is .*: write NAME <ADDRESS>, with quotes around"):
        load_settings({"HAAT_MAIL__SENDER": sender}, tmp_path)


@pytest.mark.parametrize("sender", GOOD)
def test_any_other_sender_is_who_the_mail_is_from(sender: str, tmp_path: Path) -> None:
    settings = load_settings({"HAAT_MAIL__SENDER": sender}, tmp_path)
    sent = Mail("buyer@example.com", "Order", "text", "<p>html</p>", "1@haat.example").encode(settings.mail.sender)
    message = message_from_bytes(sent, _class=EmailMessage, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert [(a.display_name, a.addr_spec) for a in message["From"].addresses] == [(GOOD[sender], "orders@haat.example")]


def test_a_shop_in_another_currency_than_rupees_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"USD.*site\.currency"):
        load_settings({"HAAT_SITE__CURRENCY": "USD"}, tmp_path)


PRODUCTION = {
    "HAAT_SITE__ENVIRONMENT": "production", "HAAT_AUTH__SECRET": "a", "HAAT_PAYMENTS__KEY_SECRET": "b",
    "HAAT_PAYMENTS__WEBHOOK_SECRETS": "c", "HAAT_KEYS__RING": "d", "HAAT_KEYS__LOOKUP": "e",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HAAT_AUTH__SECRET", DEVELOPMENT_SECRET), ("HAAT_AUTH__SECRET", ""), ("HAAT_KEYS__LOOKUP", ""),
        ("HAAT_KEYS__RING", f"d,{Keys().ring[0]}"), ("HAAT_PAYMENTS__WEBHOOK_SECRETS", f"c,{DEVELOPMENT_SECRET}"),
        ("HAAT_PAYMENTS__PREVIOUS_KEY_SECRET", DEVELOPMENT_SECRET),
    ],
)  # fmt: skip
def test_production_runs_on_no_secret_that_everybody_knows_not_even_beside_another(
    name: str, value: str, tmp_path: Path
) -> None:
    assert load_settings({**PRODUCTION, "HAAT_PAYMENTS__WEBHOOK_SECRETS": ""}, tmp_path).auth.secret == "a"
    with pytest.raises(SettingsError, match=name):
        load_settings({**PRODUCTION, name: value}, tmp_path)
