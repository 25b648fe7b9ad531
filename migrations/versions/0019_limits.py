"""Token buckets of the limits that stay closed while Redis is away."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
CREATE TABLE limit_bucket (
    policy varchar(32) NOT NULL,
    principal varchar(80) NOT NULL,
    full_at timestamptz NOT NULL,
    PRIMARY KEY (policy, principal)
);
CREATE INDEX limit_bucket_full ON limit_bucket (full_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0018_identity")]
    operations = [ops.RunSQL(ADD, "DROP TABLE limit_bucket")]
