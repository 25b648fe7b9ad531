"""The inbox takes mail by SMTP and shows it, newest first, on a page and as JSON."""

import os
import signal
import socket
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


def talk(env: dict[str, str], *said: bytes) -> list[bytes]:
    """All of it at once, as PIPELINING allows; the answers, without the greetings."""
    address = urlsplit(env["HAAT_MAIL__URL"])
    with socket.create_connection((address.hostname, address.port), timeout=10) as line, line.makefile("rb") as heard:
        line.sendall(b"EHLO me\r\n" + b"".join(said) + b"QUIT\r\n")
        answers = heard.read().split(b"\r\n")
    return [answer[:3] for answer in answers if answer and answer[3:4] == b" "][2:]


BEGIN = b"MAIL FROM:<me@haat.example> SIZE=20 BODY=8BITMIME\r\nRCPT TO:<you@haat.example>\r\nDATA\r\n"


async def test_a_mail_may_come_in_one_piece_with_its_commands_and_keeps_its_dots(inbox: dict[str, str]) -> None:
    dotted = b"Subject: Dots\r\n\r\n..dot\r\n\r\n.\r\n..\r\n...dots\r\n".replace(b"\r\n.", b"\r\n..")
    two = BEGIN + dotted + b".\r\n" + BEGIN + b".\r\n"
    assert talk(inbox, two) == [b"250", b"250", b"354", b"250"] * 2 + [b"221"]
    empty, dots = listed(inbox)
    assert (empty["subject"], empty["text"]) == ("", "")
    assert dots["text"].splitlines() == ["..dot", "", ".", "..", "...dots"]


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (b"RCPT TO:<you@haat.example>\r\n", [b"503"]),
        (b"DATA\r\n", [b"503"]),
        (b"MAIL FROM:me\r\nMAIL TO:<me@haat.example>\r\n", [b"501", b"501"]),
        (b"MAIL FROM:<>\r\nMAIL FROM:<>\r\nRCPT TO:<>\r\nRCPT FROM:<a@b>\r\n", [b"250", b"503", b"501", b"501"]),
        (b"MAIL FROM:<me@haat.example> SIZE=99999999\r\n", [b"552"]),
        (b"MAIL FROM:<me@haat.example>\r\nRSET\r\nRCPT TO:<a@b>\r\n", [b"250", b"250", b"503"]),
        (b"\xff\r\nTURN\r\nNOOP\r\nVRFY you\r\nHELO me\r\n", [b"500", b"500", b"250", b"252", b"250"]),
        (b"NOOP " + b"x" * 5_000 + b"\r\n", [b"500"]),
    ],
)  # fmt: skip
async def test_what_is_out_of_turn_is_refused_by_its_number(inbox: dict[str, str], said: bytes, answers: list[bytes]):
    assert talk(inbox, said)[: len(answers)] == answers
    assert listed(inbox) == []


async def test_a_mail_that_is_too_large_is_refused_and_the_line_goes_on(inbox: dict[str, str]) -> None:
    large = BEGIN + b"x" * 26_000_000 + b"\r\n.\r\n"
    assert talk(inbox, large, b"NOOP\r\n") == [b"250", b"250", b"354", b"552", b"250", b"221"]
    assert listed(inbox) == []
