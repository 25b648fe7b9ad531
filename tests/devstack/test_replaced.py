"""A server that the settings name by URL is used as it is and not started."""

from pathlib import Path

import pytest

import devstack
from devstack.stack import merge
from server.settings import load_settings


def test_a_given_server_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with devstack.launched(("redis",), data=tmp_path / "first") as env:
        monkeypatch.setenv("HAAT_REDIS__URL", env["HAAT_REDIS__URL"])
        with devstack.launched(("redis", "inbox"), data=tmp_path / "second") as replaced:
            assert replaced["HAAT_REDIS__URL"] == env["HAAT_REDIS__URL"]
            assert "HAAT_INBOX_URL" in replaced
            assert not (tmp_path / "second" / "logs" / "redis.log").exists()


def test_the_environment_of_a_stack_is_valid_settings() -> None:
    with devstack.launched(("redis", "razorpay", "inbox")) as env:
        settings = load_settings(env, Path("/nowhere"))
        assert settings.payments.base_url == env["HAAT_PAYMENTS__BASE_URL"]
        assert settings.payments.webhook_secrets == (env["HAAT_PAYMENTS__WEBHOOK_SECRETS"],)
        assert settings.keys.ring == (env["HAAT_KEYS__RING"],)
        assert settings.mail.url.startswith("smtp://127.0.0.1:")


def test_given_settings_win_and_the_rest_belongs_to_the_stack() -> None:
    made = {"HAAT_DATA": "/mine", "HAAT_SITE__BASE_URL": "http://127.0.0.1:8000", "HAAT_INBOX_URL": "http://mine"}
    given = {
        "HAAT_DATA": "/elsewhere",
        "HAAT_SITE__BASE_URL": "https://haat.example",
        "HAAT_INBOX_URL": "http://other",
        "HAAT_AUTH__SECRET": "",
        "PATH": "/bin",
    }
    assert merge(made, given) == {**made, "HAAT_SITE__BASE_URL": "https://haat.example"}
