"""Gift cards that were issued before the books knew of it: the shop owes what it promised with them."""

from tortoise import migrations
from tortoise.migrations import operations as ops

BOOK = """
INSERT INTO ledger_entry (transaction_id, account, reason, amount_minor, currency)
SELECT g.id, side.account, 'gift_card', side.sign * m.amount_minor, g.currency
  FROM gift_card g JOIN gift_card_movement m ON m.gift_card_id = g.id AND m.kind = 'issued'
 CROSS JOIN (VALUES ('gift_card', 1), ('promotion', -1)) AS side (account, sign);
"""
FORGET = "DELETE FROM ledger_entry WHERE reason = 'gift_card' AND order_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("models", "0019_limits")]
    operations = [ops.RunSQL(BOOK, FORGET)]
