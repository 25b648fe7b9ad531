"""Whether a logged search was narrowed by filters: that one found nothing says nothing of its words."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = "ALTER TABLE search_query_log ADD COLUMN narrowed boolean NOT NULL DEFAULT false"
DROP = "ALTER TABLE search_query_log DROP COLUMN narrowed"


class Migration(migrations.Migration):
    dependencies = [("models", "0035_known_words")]
    operations = [ops.RunSQL(ADD, DROP)]
