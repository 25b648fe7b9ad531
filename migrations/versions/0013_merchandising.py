"""Merchandising: what the operator pins, boosts and hides in the results of a query or on a category's page."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
CREATE TABLE merchandising_rule (
    id uuid PRIMARY KEY,
    name varchar(80) NOT NULL,
    state varchar(10) NOT NULL DEFAULT 'draft',
    query varchar(100),
    category_id uuid REFERENCES category ON DELETE CASCADE,
    starts_at timestamptz,
    ends_at timestamptz,
    published_at timestamptz,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT merchandising_rule_name CHECK (name <> ''),
    CONSTRAINT merchandising_rule_state CHECK (state IN ('draft', 'published')),
    CONSTRAINT merchandising_rule_target CHECK (num_nonnulls(query, category_id) = 1 AND query <> ''),
    CONSTRAINT merchandising_rule_dates CHECK (ends_at > starts_at),
    CONSTRAINT merchandising_rule_published CHECK (state = 'draft' OR published_at IS NOT NULL)
);
CREATE INDEX merchandising_rule_category ON merchandising_rule (category_id);
CREATE TABLE merchandising_item (
    rule_id uuid NOT NULL REFERENCES merchandising_rule ON DELETE CASCADE,
    place int NOT NULL,
    action varchar(5) NOT NULL,
    product_id uuid REFERENCES product ON DELETE CASCADE,
    brand varchar(120),
    position int,
    PRIMARY KEY (rule_id, place),
    CONSTRAINT merchandising_item_action CHECK (action IN ('pin', 'boost', 'hide')),
    CONSTRAINT merchandising_item_what CHECK (num_nonnulls(product_id, brand) = 1 AND brand <> ''),
    CONSTRAINT merchandising_item_pin CHECK ((action = 'pin') = (position IS NOT NULL)
        AND (action <> 'pin' OR product_id IS NOT NULL)),
    CONSTRAINT merchandising_item_position CHECK (position BETWEEN 1 AND 100)
);
CREATE INDEX merchandising_item_product ON merchandising_item (product_id);
CREATE UNIQUE INDEX merchandising_item_once ON merchandising_item (rule_id, product_id);
CREATE UNIQUE INDEX merchandising_item_slot ON merchandising_item (rule_id, position);
"""
DROP = "DROP TABLE merchandising_item; DROP TABLE merchandising_rule;"


class Migration(migrations.Migration):
    dependencies = [("models", "0012_fulfilment")]
    operations = [ops.RunSQL(ADD, DROP)]
