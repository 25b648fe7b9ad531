"""Synonyms and stop words that the operator manages; the search settings are made of these and of the built-in ones."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
CREATE TABLE synonym (
    id uuid PRIMARY KEY,
    kind varchar(8) NOT NULL,
    term varchar(80) NOT NULL DEFAULT '',
    words text[] NOT NULL,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT synonym_kind CHECK (kind IN ('mutual', 'one_way')),
    CONSTRAINT synonym_term CHECK ((kind = 'one_way') = (term <> '')),
    CONSTRAINT synonym_words CHECK (
        cardinality(words) BETWEEN CASE kind WHEN 'mutual' THEN 2 ELSE 1 END AND 20
        AND array_position(words, '') IS NULL AND array_position(words, NULL) IS NULL)
);
CREATE UNIQUE INDEX synonym_one_way ON synonym (term) WHERE kind = 'one_way';
CREATE TABLE stop_word (
    id uuid PRIMARY KEY,
    word varchar(40) NOT NULL UNIQUE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stop_word_one CHECK (word <> '' AND word !~ '\\s')
);
"""
DROP = "DROP TABLE stop_word; DROP TABLE synonym;"


class Migration(migrations.Migration):
    dependencies = [("models", "0010_prices")]
    operations = [ops.RunSQL(ADD, DROP)]
