"""The alert rules are well formed, and speak of metrics and labels that `/metrics` really has."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

import search.metrics
import server.metrics

RULES = Path(__file__).parents[2] / "deploy" / "alerts.yml"
SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}
MODULES = (search.metrics, server.metrics)


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    assert len({group["name"] for group in groups}) == len(groups)
    return [rule for group in groups for rule in group["rules"]]


def exported() -> dict[str, set[str]]:
    """The labels of every series, by its name; `le` of buckets."""
    found: dict[str, set[str]] = {}
    held = [metric for module in MODULES for metric in vars(module).values() if isinstance(metric, MetricWrapperBase)]
    for metric in held:
        for family in metric.describe():
            for suffix in SUFFIXES[family.type]:
                le = {"le"} if suffix == "_bucket" else set[str]()
                found[family.name + suffix] = {*metric._labelnames, *le}
    return found


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_is_whole_and_asks_for_series_that_are_exported(rule):
    assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"]["summary"]
    expr, known = rule["expr"], exported()
    assert expr.count("(") == expr.count(")")
    asked = re.findall(r"(haat_\w+)(?:\{([^}]*)\})?", expr)
    assert asked
    for name, selector in asked:
        assert name in known
        assert set(re.findall(r"(\w+)=", selector)) <= known[name]
    for by in re.findall(r"by \(([^)]*)\)", expr):
        assert set(by.split(", ")) <= set.intersection(*(known[name] for name, _ in asked))


def test_lag_heartbeat_and_age_of_the_queue_are_watched():
    watched = {name for rule in rules() for name in re.findall(r"haat_\w+", rule["expr"])}
    assert watched >= {
        "haat_search_lag_seconds_bucket",
        "haat_search_heartbeat_timestamp_seconds",
        "haat_search_waiting_seconds",
    }
