"""What prices are made of: GST rates by HSN code, carriage by zone, coupons, gift cards, and each line's share of them.

The limits that money depends on are rules of the database: no coupon beyond its limit, no gift card below zero, no
order line whose taxable value and taxes do not add up to what is paid for it.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

COLUMNS = """
ALTER TABLE orders ADD COLUMN gift_card_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN seller_discount_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN platform_discount_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN taxable_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN cgst_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN sgst_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN igst_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN buyer_limit INT;
ALTER TABLE cart ADD COLUMN pin_code VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE cart ADD COLUMN region VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE cart_item ADD COLUMN wanted INT;
ALTER TABLE wishlist_item ADD COLUMN awaits_stock BOOL NOT NULL DEFAULT FALSE;
"""
NO_COLUMNS = """
ALTER TABLE wishlist_item DROP COLUMN awaits_stock;
ALTER TABLE cart_item DROP COLUMN wanted;
ALTER TABLE cart DROP COLUMN region;
ALTER TABLE cart DROP COLUMN pin_code;
ALTER TABLE product DROP COLUMN buyer_limit;
ALTER TABLE order_line DROP COLUMN igst_minor;
ALTER TABLE order_line DROP COLUMN sgst_minor;
ALTER TABLE order_line DROP COLUMN cgst_minor;
ALTER TABLE order_line DROP COLUMN taxable_minor;
ALTER TABLE order_line DROP COLUMN platform_discount_minor;
ALTER TABLE order_line DROP COLUMN seller_discount_minor;
ALTER TABLE orders DROP COLUMN gift_card_minor;
"""

FILL = """
UPDATE order_line l SET taxable_minor = l.total_minor - l.tax_minor, seller_discount_minor = l.discount_minor,
       cgst_minor = CASE WHEN s.region = o.region THEN l.tax_minor / 2 ELSE 0 END,
       sgst_minor = CASE WHEN s.region = o.region THEN l.tax_minor - l.tax_minor / 2 ELSE 0 END,
       igst_minor = CASE WHEN s.region = o.region THEN 0 ELSE l.tax_minor END
  FROM orders o, seller s WHERE o.id = l.order_id AND s.id = l.seller_id
"""

CHECKS = {
    "order_line": {
        "order_line_tax": "tax_minor = cgst_minor + sgst_minor + igst_minor",
        "order_line_supply": "taxable_minor + tax_minor = total_minor + platform_discount_minor",
        "order_line_discount": "discount_minor = seller_discount_minor + platform_discount_minor",
        "order_line_amounts": (
            "LEAST(discount_minor, seller_discount_minor, platform_discount_minor, taxable_minor, cgst_minor,"
            " sgst_minor, igst_minor, total_minor) >= 0"
        ),
    },
    "orders": {"orders_gift_card": "gift_card_minor BETWEEN 0 AND total_minor"},
    "product": {"product_buyer_limit": "buyer_limit > 0"},
    "cart_item": {"cart_item_wanted": "wanted > quantity"},
    "payment": {
        "payment_amount": "amount_minor > 0 OR state IN ('captured', 'refunded')",
        "payment_captured": (
            "state NOT IN ('captured', 'refunded') OR gateway_payment_id IS NOT NULL OR amount_minor = 0"
        ),
    },
    "ledger_entry": {
        "ledger_entry_account": (
            "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee', 'promotion',"
            " 'gift_card')"
        )
    },
}
BEFORE = {
    "order_line": {"order_line_tax": "tax_minor BETWEEN 0 AND total_minor"},
    "payment": {
        "payment_amount": "amount_minor > 0",
        "payment_captured": "state NOT IN ('captured', 'refunded') OR gateway_payment_id IS NOT NULL",
    },
    "ledger_entry": {
        "ledger_entry_account": (
            "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee')"
        )
    },
}

TABLES = """
CREATE TABLE tax_rate (
    hsn_prefix varchar(8) NOT NULL CONSTRAINT tax_rate_hsn CHECK (hsn_prefix ~ '^([0-9]{2}){1,4}$'),
    over_minor bigint NOT NULL DEFAULT 0 CONSTRAINT tax_rate_over CHECK (over_minor >= 0),
    rate_bps int NOT NULL CONSTRAINT tax_rate_bps CHECK (rate_bps BETWEEN 0 AND 10000),
    valid_from date NOT NULL,
    PRIMARY KEY (hsn_prefix, over_minor, valid_from));

CREATE TABLE shipping_zone (
    prefix varchar(6) PRIMARY KEY CONSTRAINT shipping_zone_prefix CHECK (prefix ~ '^[1-9][0-9]{0,5}$'),
    zone varchar(16) NOT NULL CONSTRAINT shipping_zone_zone CHECK (zone IN ('metro', 'national', 'remote')));
CREATE TABLE shipping_rate (
    id uuid PRIMARY KEY,
    seller_id uuid REFERENCES seller ON DELETE CASCADE,
    zone varchar(16) NOT NULL CONSTRAINT shipping_rate_zone CHECK (zone IN ('local', 'metro', 'national', 'remote')),
    flat_minor bigint NOT NULL,
    base_grams int NOT NULL DEFAULT 0,
    step_grams int NOT NULL DEFAULT 1000,
    step_minor bigint NOT NULL DEFAULT 0,
    free_over_minor bigint CONSTRAINT shipping_rate_free_over CHECK (free_over_minor >= 0),
    days_min int NOT NULL,
    days_max int NOT NULL,
    CONSTRAINT shipping_rate_amounts CHECK (LEAST(flat_minor, base_grams, step_minor) >= 0 AND step_grams > 0),
    CONSTRAINT shipping_rate_days CHECK (0 <= days_min AND days_min <= days_max AND days_max <= 60),
    CONSTRAINT shipping_rate_seller_zone UNIQUE NULLS NOT DISTINCT (seller_id, zone));

CREATE TABLE coupon (
    id uuid PRIMARY KEY,
    code varchar(32) NOT NULL CONSTRAINT coupon_code UNIQUE,
    title varchar(120) NOT NULL DEFAULT '',
    kind varchar(16) NOT NULL CONSTRAINT coupon_kind CHECK (kind IN ('percent', 'amount', 'free_shipping')),
    value int NOT NULL DEFAULT 0,
    cap_minor bigint CONSTRAINT coupon_cap CHECK (cap_minor > 0),
    minimum_minor bigint NOT NULL DEFAULT 0 CONSTRAINT coupon_minimum CHECK (minimum_minor >= 0),
    seller_id uuid REFERENCES seller ON DELETE CASCADE,
    borne_by varchar(16) NOT NULL,
    stackable boolean NOT NULL DEFAULT false,
    starts_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz,
    total_limit int,
    buyer_limit int CONSTRAINT coupon_buyer_limit CHECK (buyer_limit > 0),
    uses int NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT coupon_written CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
    CONSTRAINT coupon_value CHECK (
        CASE kind WHEN 'percent' THEN value BETWEEN 1 AND 10000 WHEN 'amount' THEN value > 0 ELSE value = 0 END),
    CONSTRAINT coupon_bearer CHECK (borne_by = 'platform' OR (borne_by = 'seller' AND seller_id IS NOT NULL)),
    CONSTRAINT coupon_window CHECK (ends_at > starts_at),
    CONSTRAINT coupon_limit CHECK (uses >= 0 AND uses <= total_limit AND total_limit > 0));
CREATE INDEX coupon_seller ON coupon (seller_id);
CREATE TABLE coupon_use (
    coupon_id uuid NOT NULL REFERENCES coupon ON DELETE RESTRICT,
    order_id uuid NOT NULL REFERENCES orders ON DELETE RESTRICT,
    buyer varchar(72) NOT NULL,
    number int CONSTRAINT coupon_use_number CHECK (number > 0),
    amount_minor bigint NOT NULL CONSTRAINT coupon_use_amount CHECK (amount_minor >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (coupon_id, order_id),
    CONSTRAINT coupon_use_once UNIQUE (coupon_id, buyer, number));
CREATE INDEX coupon_use_order ON coupon_use (order_id);
CREATE TABLE cart_coupon (
    cart_id uuid NOT NULL REFERENCES cart ON DELETE CASCADE,
    coupon_id uuid NOT NULL REFERENCES coupon ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, coupon_id));
CREATE INDEX cart_coupon_coupon ON cart_coupon (coupon_id);

CREATE TABLE gift_card (
    id uuid PRIMARY KEY,
    code_hash varchar(64) NOT NULL CONSTRAINT gift_card_code UNIQUE,
    last4 varchar(4) NOT NULL,
    currency varchar(3) NOT NULL,
    balance_minor bigint NOT NULL CONSTRAINT gift_card_balance CHECK (balance_minor >= 0),
    expires_at timestamptz,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE gift_card_movement (
    id uuid PRIMARY KEY,
    gift_card_id uuid NOT NULL REFERENCES gift_card ON DELETE RESTRICT,
    order_id uuid REFERENCES orders ON DELETE RESTRICT,
    kind varchar(16) NOT NULL
        CONSTRAINT gift_card_movement_kind CHECK (kind IN ('issued', 'redeemed', 'released', 'refunded')),
    amount_minor bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT gift_card_movement_sign CHECK (
        CASE kind WHEN 'redeemed' THEN amount_minor < 0 ELSE amount_minor > 0 END),
    CONSTRAINT gift_card_movement_order CHECK ((kind = 'issued') = (order_id IS NULL)));
CREATE INDEX gift_card_movement_card ON gift_card_movement (gift_card_id);
CREATE INDEX gift_card_movement_order_of ON gift_card_movement (order_id);
CREATE TABLE cart_gift_card (
    cart_id uuid NOT NULL REFERENCES cart ON DELETE CASCADE,
    gift_card_id uuid NOT NULL REFERENCES gift_card ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, gift_card_id));
CREATE INDEX cart_gift_card_card ON cart_gift_card (gift_card_id);
CREATE INDEX wishlist_item_awaits ON wishlist_item (product_id) WHERE awaits_stock;
"""
DROP_TABLES = """
DROP INDEX wishlist_item_awaits;
DROP TABLE cart_gift_card, gift_card_movement, gift_card, cart_coupon, coupon_use, coupon, shipping_rate,
           shipping_zone, tax_rate;
"""

# Rates of the 56th meeting of the GST Council, in force since 22 September 2025 (notification 9/2025-Central Tax
# (Rate)); CGST and SGST together. Chapters 61 to 64: 5 % up to 2,500 rupees a piece before tax, 18 % above.
SINCE = "2025-09-22"
RATES = {
    0: "0713 4820 4901",
    300: "7113 7117",
    500: (
        "08 09 1006 1101 1512 1905 20 2106 3213 3305 3306 3401 3924 4419 4602 4911 50 52 57 6913 6912 7013 7321 7323"
        " 8215 8712 8715 9018 9503 9506"
    ),
    1800: (
        "2309 32 33 34 39 42 44 48 54 55 65 66 67 68 69 70 73 76 82 83 84 85 87 90 91 92 94 95 96"
    ),
}  # fmt: skip
BY_PRICE = "61 62 63 64"
DEAR_MINOR = 262_500
"""2,500 rupees and 5 % on them: the dearest price with tax that is taxed at the lower rate."""


def _rates() -> str:
    rows = [(prefix, 0, rate) for rate, prefixes in RATES.items() for prefix in prefixes.split()]
    rows += [(prefix, over, rate) for prefix in BY_PRICE.split() for over, rate in ((0, 500), (DEAR_MINOR, 1800))]
    values = ", ".join(f"('{prefix}', {over}, {rate}, '{SINCE}')" for prefix, over, rate in rows)
    return f"INSERT INTO tax_rate (hsn_prefix, over_minor, rate_bps, valid_from) VALUES {values};"


def _add(checks: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} CHECK ({rule});"
        for table, rules in checks.items()
        for name, rule in rules.items()
    )


def _drop(checks: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"ALTER TABLE {table} DROP CONSTRAINT {name};" for table, rules in checks.items() for name in rules
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0009_lean_search_rows")]
    operations = [
        ops.RunSQL(COLUMNS, NO_COLUMNS),
        ops.RunSQL(FILL, "SELECT 1"),
        ops.RunSQL(_add(CHECKS), _drop(CHECKS) + _add(BEFORE)),
        ops.RunSQL(TABLES + _rates(), DROP_TABLES),
    ]
