"""Disputes hold and cost their sellers: a share of each, what of it is lost, and the order of the gateway's news.

Those that are open now get shares in proportion to what each seller sold in the order; the first takes odd paise.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
ALTER TABLE dispute ADD COLUMN respond_by timestamptz, ADD COLUMN told_at timestamptz NOT NULL DEFAULT to_timestamp(0),
    ADD CONSTRAINT dispute_state CHECK (state IN ('open', 'under_review', 'won', 'lost', 'closed'));
CREATE TABLE dispute_share (
    dispute_id uuid NOT NULL REFERENCES dispute ON DELETE CASCADE,
    seller_id uuid NOT NULL REFERENCES seller ON DELETE RESTRICT,
    amount_minor bigint NOT NULL,
    lost_minor bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (dispute_id, seller_id),
    CONSTRAINT dispute_share_amounts CHECK (amount_minor >= 0 AND lost_minor >= 0)
);
CREATE INDEX dispute_share_seller ON dispute_share (seller_id);
INSERT INTO dispute_share (dispute_id, seller_id, amount_minor)
SELECT dispute_id, seller_id, part + CASE place WHEN 1 THEN amount_minor - sum(part) OVER (PARTITION BY dispute_id)
                                     ELSE 0 END
  FROM (SELECT d.id AS dispute_id, d.amount_minor, l.seller_id,
               floor(d.amount_minor::numeric * sum(l.total_minor) / o.total_minor)::bigint AS part,
               row_number() OVER (PARTITION BY d.id ORDER BY l.seller_id) AS place
          FROM dispute d JOIN payment p ON p.id = d.payment_id JOIN orders o ON o.id = p.order_id
          JOIN order_line l ON l.order_id = o.id
         WHERE d.state IN ('open', 'under_review')
           AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = p.id AND r.key LIKE 'unwanted:%')
         GROUP BY d.id, o.id, l.seller_id) AS shares;
"""
DROP = """
DROP TABLE dispute_share;
ALTER TABLE dispute DROP CONSTRAINT dispute_state, DROP COLUMN told_at, DROP COLUMN respond_by;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0025_forgettable_reasons")]
    operations = [ops.RunSQL(ADD, DROP)]
