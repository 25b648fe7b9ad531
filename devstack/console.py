"""What people read: the page of addresses when the stack is ready, and the table of `haat status`."""

import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack.datafolder import ServiceState, StackState
from devstack.draft import ROOT
from devstack.processes import is_alive
from server.settings import DEFAULT_DATA

LOGINS = "shopper@, seller@, support@ or admin@haat.example"
PASSWORD = "haat-demo-2026"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
HEADINGS = ("SERVER", "STATE", "PORT", "PROCESS", "FOR", "RESTARTS", "LAST DEATH")


def haat_command() -> str:
    """The command as a person can type it here: `haat` when PATH has it, else its path."""
    script = Path(sys.executable).parent / "haat"
    if shutil.which("haat") == str(script):
        return "haat"
    try:
        return str(script.relative_to(Path.cwd()))
    except ValueError:
        return str(script)


def ready_page(env: Mapping[str, str], *, seconds: float, detached: bool) -> str:
    """One page: where everything is, how to log in, how to stop."""
    site = env["HAAT_SITE__BASE_URL"]
    data = "" if Path(env["HAAT_DATA"]) == ROOT / DEFAULT_DATA else f" --data {env['HAAT_DATA']}"
    rows = {
        "Shop": f"{site}/",
        "Sellers": f"{site}/seller",
        "Admin": f"{site}/admin",
        "API": f"{site}/api/docs",
        "Mail inbox": env.get("HAAT_INBOX_URL", f"none: mail goes out by {env.get('HAAT_MAIL__URL')}"),
        "Payments": f"{env.get('HAAT_PAYMENTS__BASE_URL')}/sim/ledger (simulated, no money moves)",
        "Data, logs": env["HAAT_DATA"],
        "Log in as": LOGINS,
        "Password": PASSWORD,
        "Admin's code": f"`{haat_command()} code{data}` prints what the admin's app shows (support's: with the mail)",
    }
    if "HAAT_INBOX_URL" not in env or "HAAT_PAYMENTS__BASE_URL" not in env:
        rows["Payments"] = env.get("HAAT_PAYMENTS__BASE_URL", "Razorpay")
    stop = f"Stop it with `{haat_command()} down{data}`." if detached else "Ctrl-C stops it."
    lines = [f"  {name:<14}{value}" for name, value in rows.items()]
    status = f"`{haat_command()} status{data}` shows the servers."
    return "\n".join(["", f"Haat is ready, after {seconds:.1f} s.", "", *lines, "", f"{stop} {status}", ""])


def status_table(state: StackState, answers: Mapping[str, bool]) -> str:
    """A line for each server: what it does, since when, how often it was restarted and how it died last."""
    rows = [HEADINGS, *(_row(name, service, answers) for name, service in state.services.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"Haat at {state.site}: {state.phase} (supervisor: process {state.supervisor.pid})", "", *lines])


def _row(name: str, service: ServiceState, answers: Mapping[str, bool]) -> Sequence[str]:
    condition = service.state
    if condition == "running" and service.process is not None and not is_alive(service.process):
        condition = "dead"
    elif condition == "running" and not answers.get(name, True):
        condition = "silent"
    died = f"{service.last_exit}, {ago(service.died_at)} ago" if service.last_exit and service.died_at else "-"
    return (
        name,
        condition,
        str(service.port or "-"),
        str(service.process.pid) if service.process and condition != "done" else "-",
        ago(service.since),
        str(service.restarts),
        died,
    )


def ago(moment: float) -> str:
    """The time since then, in its largest unit."""
    seconds = max(time.time() - moment, 0)
    for unit, name in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"
