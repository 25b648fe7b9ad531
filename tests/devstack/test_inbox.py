"""The inbox takes mail by SMTP and shows it, newest first, on a page and as JSON."""

import os
import signal
import threading
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
import pytest
import requests

import devstack
from devstack.datafolder import DataFolder
from tests.devstack.eventually import eventually


@pytest.fixture
def inbox(simulators: dict[str, str]) -> dict[str, str]:
    """Empty before the test."""
    clear(simulators)
    return simulators


def mail(subject: str, to: str = "buyer@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Haat <orders@haat.example>", to, subject
    message.set_content("Thank you. ₹1,299.00")
    message.add_alternative('<p>Thank you</p><script>alert(1)</script><a href="/orders/1">Order</a>', subtype="html")
    return message


async def send(env: dict[str, str], message: EmailMessage) -> None:
    address = urlsplit(env["HAAT_MAIL__URL"])
    await aiosmtplib.send(message, hostname=address.hostname, port=address.port)


def listed(env: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(env, f"/api/messages{query}").json()
    return found


def get(env: dict[str, str], path: str) -> requests.Response:
    return requests.get(env["HAAT_INBOX_URL"] + path, timeout=20)


def clear(env: dict[str, str]) -> dict[str, int]:
    answer: dict[str, int] = requests.delete(f"{env['HAAT_INBOX_URL']}/api/messages", timeout=5).json()
    return answer


async def test_mails_are_listed_newest_first_with_both_bodies(inbox: dict[str, str]) -> None:
    await send(inbox, mail("Order H-1 is paid ✓"))
    await send(inbox, mail("Order H-1 is shipped"))
    newest, oldest = listed(inbox)
    assert (newest["subject"], oldest["subject"]) == ("Order H-1 is shipped", "Order H-1 is paid ✓")
    assert oldest["from"] == "Haat <orders@haat.example>"
    assert oldest["to"] == ["buyer@example.com"]
    assert "₹1,299.00" in oldest["text"]
    assert "<p>Thank you</p>" in oldest["html"]


UNKNOWN = (
    b"From: =?nope?Q?Haat?= <orders@haat.example>\r\nTo: buyer@example.com\r\n"
    b"Subject: =?xyz?Q?Order?= =?utf-8?Q?=20paid=FF?=\r\n"
    b"Content-Type: text/plain; charset=xyz\r\n\r\nThank you\r\n"
)


async def test_a_mail_in_charsets_that_nobody_knows_is_taken_and_shown(inbox: dict[str, str]) -> None:
    address = urlsplit(inbox["HAAT_MAIL__URL"])
    async with aiosmtplib.SMTP(hostname=address.hostname, port=address.port) as client:
        await client.sendmail("orders@haat.example", ["buyer@example.com"], UNKNOWN)
    (found,) = listed(inbox)
    assert (found["subject"], found["from"]) == ("Order paid\ufffd", "Haat <orders@haat.example>")
    assert found["text"].strip() == "Thank you"
    assert get(inbox, "/").status_code == 200
    assert "Thank you" in get(inbox, f"/messages/{found['id']}").text


async def test_mails_are_found_by_recipient_and_subject(inbox: dict[str, str]) -> None:
    await send(inbox, mail("Welcome", to="first@example.com"))
    await send(inbox, mail("Order", to="second@example.com"))
    assert [found["subject"] for found in listed(inbox, "?to=FIRST@example.com")] == ["Welcome"]
    assert [found["to"] for found in listed(inbox, "?subject=order")] == [["second@example.com"]]


async def test_a_client_can_wait_for_a_mail(inbox: dict[str, str]) -> None:
    answers: list[list[dict[str, Any]]] = []
    waiter = threading.Thread(target=lambda: answers.append(listed(inbox, "?to=late@example.com&wait_s=10")))
    waiter.start()
    await send(inbox, mail("Other"))
    await send(inbox, mail("Late", to="late@example.com"))
    waiter.join(10)
    assert [found["subject"] for found in answers[0]] == ["Late"]


async def test_the_page_shows_a_mail_in_a_sandbox(inbox: dict[str, str]) -> None:
    await send(inbox, mail("<b>bold</b> subject"))
    assert "&lt;b&gt;bold&lt;/b&gt; subject" in get(inbox, "/").text
    path = f"/messages/{listed(inbox)[0]['id']}"
    shown = get(inbox, path).text
    assert "<iframe sandbox=" in shown
    assert "₹1,299.00" in shown
    raw = get(inbox, f"{path}/html")
    policy = raw.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


async def test_deleting_empties_the_inbox(inbox: dict[str, str]) -> None:
    await send(inbox, mail("One"))
    assert clear(inbox) == {"deleted": 1}
    assert listed(inbox) == []
    assert get(inbox, "/messages/gone").status_code == 404


async def test_mails_survive_a_kill(tmp_path: Path) -> None:
    with devstack.launched(("inbox",), data=tmp_path) as env:
        await send(env, mail("Kept"))
        state = DataFolder(tmp_path).read_state()
        assert state is not None
        process = state.services["inbox"].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        assert [found["subject"] for found in eventually(lambda: listed(env))] == ["Kept"]
