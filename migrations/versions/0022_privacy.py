"""Pictures of people, what a webhook's body speaks of, and how far the sealing under a new key has come."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE users ADD COLUMN avatar_key varchar(600) NOT NULL DEFAULT '';
ALTER TABLE webhook_event ADD COLUMN gateway_ids varchar(64)[] NOT NULL DEFAULT '{}';
CREATE INDEX webhook_event_gateway_ids ON webhook_event USING gin (gateway_ids);
CREATE INDEX webhook_event_time ON webhook_event (created_at);
CREATE TABLE resealing (
    place varchar(64) PRIMARY KEY,
    key_id varchar(64) NOT NULL,
    after uuid,
    sealed bigint NOT NULL DEFAULT 0,
    finished_at timestamptz
);
"""
DROP = """
DROP TABLE resealing;
DROP INDEX webhook_event_time;
ALTER TABLE webhook_event DROP COLUMN gateway_ids;
ALTER TABLE users DROP COLUMN avatar_key;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0021_cheaper_books")]
    operations = [ops.RunSQL(ADD, DROP)]
