"""At a second start one web process begins beside the databases, and all else of Python when that answers."""

from pathlib import Path

import pytest

from devstack.datafolder import DataFolder
from devstack.draft import Plan
from devstack.shop import FIRST, MIGRATED, MIGRATIONS, SEEDED, schema_digest
from devstack.stack import plan_stack


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.make()
    return folder


def test_a_first_start_waits_for_whatever_is_needed(folder: DataFolder) -> None:
    stack = plan_stack(folder, Plan(), environ={})
    assert all(service.awaits is None for service in stack.services)


def test_a_second_start_begins_with_a_web_process_and_what_it_needs(folder: DataFolder) -> None:
    folder.mark(SEEDED, SEEDED)
    folder.mark(MIGRATED, schema_digest(MIGRATIONS))
    stack = plan_stack(folder, Plan(), environ={})
    at_once = {
        service.name for service in stack.services if not (service.after if service.awaits is None else service.awaits)
    }
    assert at_once == {"postgres", "redis", "meilisearch", FIRST}
    later = {service.name: service for service in stack.services if service.name not in at_once}
    assert all(
        FIRST in (service.awaits or ()) and {*service.after} <= {*(service.awaits or ())} for service in later.values()
    )
    assert {"web-2", "worker", "migrate", "razorpay", "inbox", "oidc"} == later.keys()
