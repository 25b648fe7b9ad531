"""The tables of pgqueuer 1.6, as its `pgq sql install` prints them, and the parking place of jobs that gave up."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("models", "0003_change_feed")]
    operations = [
        ops.RunSQL(
            (SQL / "pgqueuer_install.sql").read_text("utf-8"), (SQL / "pgqueuer_uninstall.sql").read_text("utf-8")
        ),
    ]
