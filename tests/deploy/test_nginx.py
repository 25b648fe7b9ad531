"""What stands in front of the shop in Docker: it keeps secrets out of its log, and what is for the operator within."""

import re
from pathlib import Path

CONF = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text("utf-8")
SERVERS = CONF.split("\nserver {\n")[1:]
WITH_QUERY = {"$request", "$request_uri", "$args", "$query_string", "$http_referer", "$is_args"}


def test_no_log_holds_a_query_or_a_referer() -> None:
    [(name, form)] = re.findall(r"^log_format (\w+) (.*);$", CONF, re.MULTILINE)
    assert "$uri" in form
    assert not set(re.findall(r"\$\w+", form)) & WITH_QUERY
    assert len(SERVERS) == 4
    for server in SERVERS:
        assert re.findall(r"access_log \S+ (\w+);", server) == [name], "else nginx's own form, with the query in it"


def test_metrics_are_told_to_nobody_outside() -> None:
    [shop] = [server for server in SERVERS if "proxy_pass http://haat;" in server]
    assert re.search(r"location = /metrics \{\s+return 404;", shop)
