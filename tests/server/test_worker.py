import urllib.request
from pathlib import Path

import pytest

from server.settings import SettingsError, load_settings
from server.worker import telling_metrics
from tests.conftest import free_port


def test_a_worker_in_a_container_of_its_own_tells_its_metrics(tmp_path: Path) -> None:
    port = free_port()
    settings = load_settings({"HAAT_JOBS__METRICS_PORT": str(port), "HAAT_HTTP__HOST": "127.0.0.1"}, tmp_path)
    with telling_metrics(settings):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            told = answer.read().decode()
        with pytest.raises(SettingsError, match=f"HAAT_JOBS__METRICS_PORT={port}: Address already in use"):
            telling_metrics(settings).__enter__()
    assert "# TYPE haat_search_lag_seconds histogram" in told
    with telling_metrics(settings):
        """The port is free again."""
