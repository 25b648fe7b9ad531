"""The tables that the shop began with.

Written out in SQL, as are all migrations: for each operation on Tortoise's migration state it renders every model
anew, which took seven eighths of the time of a first start.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = r"""
CREATE TABLE audit_entry (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    actor_id UUID NOT NULL,
    action VARCHAR(48) NOT NULL,
    subject_id UUID NOT NULL,
    before JSONB NOT NULL DEFAULT '{}',
    after JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit_entry IS '`actor_id` is a user without a foreign key: the trail outlives the account.';
CREATE TABLE category (
    id UUID NOT NULL PRIMARY KEY,
    slug VARCHAR(120) NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    path VARCHAR(600) NOT NULL UNIQUE,
    depth SMALLINT NOT NULL DEFAULT 1,
    position INT NOT NULL DEFAULT 0,
    commission_bps INT,
    external_id VARCHAR(64) UNIQUE,
    parent_id UUID REFERENCES category (id) ON DELETE RESTRICT
);
COMMENT ON TABLE category IS '`path` is the slugs from the root, joined by `/`, so that a subtree is one prefix.';
CREATE TABLE category_link (
    id UUID NOT NULL PRIMARY KEY,
    child_id UUID NOT NULL REFERENCES category (id) ON DELETE CASCADE,
    parent_id UUID NOT NULL REFERENCES category (id) ON DELETE CASCADE
);
CREATE TABLE idempotency_key (
    id UUID NOT NULL PRIMARY KEY,
    principal VARCHAR(80) NOT NULL,
    key VARCHAR(80) NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    order_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE idempotency_key IS
    'What a checkout with this key made. `principal` is the user or the hash of the guest''s cart token.';
CREATE TABLE invoice_counter (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    last_number INT NOT NULL DEFAULT 0
);
COMMENT ON TABLE invoice_counter IS 'The last number given, locked last in the transaction that dispatches.';
CREATE TABLE product_search (
    product_id UUID NOT NULL PRIMARY KEY,
    document JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE product_search IS
    'The search document of a sellable product as PostgreSQL answers it when Meilisearch cannot.';
CREATE TABLE search_change (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    product_id UUID NOT NULL,
    kind VARCHAR(8) NOT NULL DEFAULT 'full',
    bulk BOOL NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE search_change IS
    'A product whose document must be rewritten; appended by triggers, deleted by the drainer, row by row.';
CREATE TABLE search_query_log (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    query VARCHAR(200) NOT NULL,
    results INT NOT NULL,
    engine VARCHAR(16) NOT NULL,
    took_ms INT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE search_query_log IS 'A sampled search, without a person in it.';
CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    email_hash VARCHAR(64) NOT NULL UNIQUE,
    email_encrypted BYTEA NOT NULL,
    phone_encrypted BYTEA,
    name VARCHAR(120) NOT NULL,
    password_hash VARCHAR(72),
    role VARCHAR(16) NOT NULL DEFAULT 'shopper',
    state VARCHAR(16) NOT NULL DEFAULT 'active',
    email_verified_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE address (
    id UUID NOT NULL PRIMARY KEY,
    details_encrypted BYTEA NOT NULL,
    region VARCHAR(64) NOT NULL,
    pin_code VARCHAR(10) NOT NULL,
    is_default BOOL NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
COMMENT ON TABLE address IS
    '`details_encrypted` is JSON: name, phone, line1, line2, city. Region and pin code stay readable: they '
    'price orders.';
CREATE TABLE cart (
    id UUID NOT NULL PRIMARY KEY,
    token_hash VARCHAR(64) UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    user_id UUID UNIQUE REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE orders (
    id UUID NOT NULL PRIMARY KEY,
    number VARCHAR(16) NOT NULL UNIQUE,
    state VARCHAR(16) NOT NULL DEFAULT 'pending',
    currency VARCHAR(3) NOT NULL,
    subtotal_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL DEFAULT 0,
    shipping_minor BIGINT NOT NULL DEFAULT 0,
    tax_minor BIGINT NOT NULL DEFAULT 0,
    total_minor BIGINT NOT NULL,
    email_hash VARCHAR(64) NOT NULL,
    email_encrypted BYTEA NOT NULL,
    delivery_encrypted BYTEA NOT NULL,
    region VARCHAR(64) NOT NULL,
    pin_code VARCHAR(10) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    paid_at TIMESTAMPTZ,
    cart_id UUID REFERENCES cart (id) ON DELETE SET NULL,
    user_id UUID REFERENCES users (id) ON DELETE RESTRICT
);
COMMENT ON TABLE orders IS
    'Totals are tax-inclusive: total = subtotal - discount + shipping; `tax_minor` is contained in it.';
CREATE TABLE order_event (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    kind VARCHAR(32) NOT NULL,
    detail JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_id UUID NOT NULL REFERENCES orders (id) ON DELETE RESTRICT
);
COMMENT ON TABLE order_event IS
    'The order''s history, in words of the state machine; `detail` never holds personal data.';
CREATE TABLE otp_challenge (
    id UUID NOT NULL PRIMARY KEY,
    destination_hash VARCHAR(64) NOT NULL,
    purpose VARCHAR(24) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE payment (
    id UUID NOT NULL PRIMARY KEY,
    gateway VARCHAR(16) NOT NULL DEFAULT 'razorpay',
    state VARCHAR(16) NOT NULL DEFAULT 'created',
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    gateway_order_id VARCHAR(64) UNIQUE,
    gateway_payment_id VARCHAR(64) UNIQUE,
    fee_minor BIGINT NOT NULL DEFAULT 0,
    fee_tax_minor BIGINT NOT NULL DEFAULT 0,
    claimed_until TIMESTAMPTZ,
    error VARCHAR(300) NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    captured_at TIMESTAMPTZ,
    order_id UUID NOT NULL REFERENCES orders (id) ON DELETE RESTRICT
);
CREATE TABLE refund (
    id UUID NOT NULL PRIMARY KEY,
    key VARCHAR(80) NOT NULL UNIQUE,
    state VARCHAR(16) NOT NULL DEFAULT 'requested',
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    reason VARCHAR(64) NOT NULL,
    gateway_refund_id VARCHAR(64) UNIQUE,
    error VARCHAR(300) NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    processed_at TIMESTAMPTZ,
    payment_id UUID NOT NULL REFERENCES payment (id) ON DELETE RESTRICT
);
CREATE TABLE seller (
    id UUID NOT NULL PRIMARY KEY,
    slug VARCHAR(80) NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    legal_name VARCHAR(160) NOT NULL,
    gstin VARCHAR(15),
    description TEXT NOT NULL DEFAULT '',
    address_line VARCHAR(300) NOT NULL DEFAULT '',
    city VARCHAR(80) NOT NULL DEFAULT '',
    region VARCHAR(64) NOT NULL DEFAULT '',
    pin_code VARCHAR(10) NOT NULL DEFAULT '',
    state VARCHAR(16) NOT NULL DEFAULT 'pending',
    commission_bps INT NOT NULL DEFAULT 1000,
    trusted BOOL NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    approved_at TIMESTAMPTZ,
    user_id UUID UNIQUE REFERENCES users (id) ON DELETE RESTRICT
);
CREATE TABLE ledger_entry (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    transaction_id UUID NOT NULL,
    account VARCHAR(16) NOT NULL,
    reason VARCHAR(32) NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_id UUID REFERENCES orders (id) ON DELETE RESTRICT,
    seller_id UUID REFERENCES seller (id) ON DELETE RESTRICT
);
COMMENT ON TABLE ledger_entry IS
    '`account` is buyer, seller, commission, tax, shipping, gateway or gateway_fee; credit positive, debit '
    'negative.';
CREATE TABLE payout (
    id UUID NOT NULL PRIMARY KEY,
    state VARCHAR(16) NOT NULL DEFAULT 'pending',
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    reference VARCHAR(64) UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    sent_at TIMESTAMPTZ,
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE RESTRICT
);
CREATE TABLE product (
    id UUID NOT NULL PRIMARY KEY,
    sku VARCHAR(64) NOT NULL,
    slug VARCHAR(160) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL,
    brand VARCHAR(80) NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    state VARCHAR(16) NOT NULL DEFAULT 'draft',
    currency VARCHAR(3) NOT NULL DEFAULT 'INR',
    hsn_code VARCHAR(8) NOT NULL DEFAULT '',
    gst_bps INT NOT NULL DEFAULT 1800,
    country_of_origin VARCHAR(2) NOT NULL DEFAULT 'IN',
    rating_sum BIGINT NOT NULL DEFAULT 0,
    rating_count INT NOT NULL DEFAULT 0,
    sales_count INT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    category_id UUID REFERENCES category (id) ON DELETE RESTRICT,
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE RESTRICT
);
COMMENT ON TABLE product IS '`sku` is the seller''s own code, unique for that seller; prices live on the variants.';
CREATE TABLE product_image (
    id UUID NOT NULL PRIMARY KEY,
    key VARCHAR(600) NOT NULL,
    alt VARCHAR(200) NOT NULL DEFAULT '',
    position SMALLINT NOT NULL DEFAULT 0,
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE
);
COMMENT ON TABLE product_image IS '`key` names an object of the media store, or is an https address as imported.';
CREATE TABLE product_redirect (
    id UUID NOT NULL PRIMARY KEY,
    slug VARCHAR(160) NOT NULL UNIQUE,
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE
);
COMMENT ON TABLE product_redirect IS 'A slug that a product had before.';
CREATE TABLE seller_document (
    id UUID NOT NULL PRIMARY KEY,
    kind VARCHAR(24) NOT NULL,
    media_key VARCHAR(300) NOT NULL,
    state VARCHAR(16) NOT NULL DEFAULT 'submitted',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE CASCADE
);
CREATE TABLE session (
    id UUID NOT NULL PRIMARY KEY,
    refresh_hash VARCHAR(64) NOT NULL UNIQUE,
    user_agent VARCHAR(300) NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    used_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
COMMENT ON TABLE session IS 'One log-in on one device: the family of its rotating refresh tokens.';
CREATE TABLE shipment (
    id UUID NOT NULL PRIMARY KEY,
    state VARCHAR(16) NOT NULL DEFAULT 'waiting',
    carrier VARCHAR(64) NOT NULL DEFAULT '',
    tracking_number VARCHAR(64) NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    shipped_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    order_id UUID NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE RESTRICT
);
COMMENT ON TABLE shipment IS 'waiting -> packed -> shipped -> delivered | lost; waiting | packed -> cancelled.';
CREATE TABLE invoice (
    id UUID NOT NULL PRIMARY KEY,
    kind VARCHAR(16) NOT NULL DEFAULT 'invoice',
    financial_year VARCHAR(7) NOT NULL,
    number VARCHAR(16) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE RESTRICT,
    shipment_id UUID NOT NULL REFERENCES shipment (id) ON DELETE RESTRICT
);
COMMENT ON TABLE invoice IS
    'An invoice or credit note; `number` is consecutive for a seller and financial year (CGST Rules 2017, '
    'rule 46(b)).';
CREATE TABLE social_account (
    id UUID NOT NULL PRIMARY KEY,
    provider VARCHAR(24) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE specification (
    id UUID NOT NULL PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    text VARCHAR(300) NOT NULL,
    number DOUBLE PRECISION,
    unit VARCHAR(16) NOT NULL DEFAULT '',
    position SMALLINT NOT NULL DEFAULT 0,
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE
);
COMMENT ON TABLE specification IS
    'One typed property: `number` with its unit, or `text`, or a boolean as 1 and 0; `text` is always what '
    'people read.';
CREATE TABLE variant (
    id UUID NOT NULL PRIMARY KEY,
    sku VARCHAR(80) NOT NULL,
    options JSONB NOT NULL DEFAULT '{}',
    price_minor BIGINT NOT NULL,
    list_price_minor BIGINT,
    weight_grams INT NOT NULL DEFAULT 0,
    position SMALLINT NOT NULL DEFAULT 0,
    state VARCHAR(16) NOT NULL DEFAULT 'active',
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE
);
COMMENT ON TABLE variant IS
    'What is bought. `options` tells it from its siblings, as {\"Colour\": \"Teal\"}; `list_price_minor` is '
    'the MRP.';
CREATE TABLE cart_item (
    id UUID NOT NULL PRIMARY KEY,
    quantity INT NOT NULL,
    price_seen_minor BIGINT NOT NULL,
    saved_for_later BOOL NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    cart_id UUID NOT NULL REFERENCES cart (id) ON DELETE CASCADE,
    variant_id UUID NOT NULL REFERENCES variant (id) ON DELETE CASCADE
);
COMMENT ON TABLE cart_item IS
    '`price_seen_minor` is what the shopper saw when adding: a change since is shown before paying.';
CREATE TABLE order_line (
    id UUID NOT NULL PRIMARY KEY,
    position SMALLINT NOT NULL DEFAULT 0,
    name VARCHAR(200) NOT NULL,
    sku VARCHAR(80) NOT NULL,
    options JSONB NOT NULL DEFAULT '{}',
    image_key VARCHAR(600) NOT NULL DEFAULT '',
    hsn_code VARCHAR(8) NOT NULL DEFAULT '',
    gst_bps INT NOT NULL,
    commission_bps INT NOT NULL,
    quantity INT NOT NULL,
    unit_price_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL DEFAULT 0,
    shipping_minor BIGINT NOT NULL DEFAULT 0,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    order_id UUID NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE RESTRICT,
    seller_id UUID NOT NULL REFERENCES seller (id) ON DELETE RESTRICT,
    variant_id UUID NOT NULL REFERENCES variant (id) ON DELETE RESTRICT
);
COMMENT ON TABLE order_line IS
    'What was sold, as it was when it was sold. `tax_minor` is contained in `total_minor`.';
CREATE TABLE reservation (
    id UUID NOT NULL PRIMARY KEY,
    quantity INT NOT NULL,
    state VARCHAR(16) NOT NULL DEFAULT 'held',
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_id UUID NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    variant_id UUID NOT NULL REFERENCES variant (id) ON DELETE RESTRICT
);
COMMENT ON TABLE reservation IS 'Units promised to an order: held -> sold | released.';
CREATE TABLE return_line (
    id UUID NOT NULL PRIMARY KEY,
    quantity INT NOT NULL,
    state VARCHAR(16) NOT NULL DEFAULT 'requested',
    reason VARCHAR(300) NOT NULL,
    restock BOOL NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_line_id UUID NOT NULL REFERENCES order_line (id) ON DELETE RESTRICT
);
COMMENT ON TABLE return_line IS 'requested -> approved | refused; approved -> received -> refunded.';
CREATE TABLE review (
    id UUID NOT NULL PRIMARY KEY,
    rating SMALLINT NOT NULL,
    title VARCHAR(120) NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    state VARCHAR(16) NOT NULL DEFAULT 'published',
    answer TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_line_id UUID REFERENCES order_line (id) ON DELETE RESTRICT,
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE shipment_line (
    id UUID NOT NULL PRIMARY KEY,
    quantity INT NOT NULL,
    order_line_id UUID NOT NULL REFERENCES order_line (id) ON DELETE RESTRICT,
    shipment_id UUID NOT NULL REFERENCES shipment (id) ON DELETE CASCADE
);
CREATE TABLE stock (
    on_hand INT NOT NULL DEFAULT 0,
    reserved INT NOT NULL DEFAULT 0,
    low_at INT NOT NULL DEFAULT 3,
    variant_id UUID NOT NULL PRIMARY KEY REFERENCES variant (id) ON DELETE CASCADE
);
CREATE TABLE stock_movement (
    id BIGSERIAL NOT NULL PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    on_hand_change INT NOT NULL DEFAULT 0,
    reserved_change INT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    order_id UUID REFERENCES orders (id) ON DELETE RESTRICT,
    variant_id UUID NOT NULL REFERENCES variant (id) ON DELETE CASCADE
);
CREATE TABLE webhook_event (
    id UUID NOT NULL PRIMARY KEY,
    gateway VARCHAR(16) NOT NULL,
    event_id VARCHAR(64) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    body_encrypted BYTEA NOT NULL,
    outcome VARCHAR(32) NOT NULL DEFAULT 'received',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE webhook_event IS
    'An event of the gateway, once each: the unique (gateway, event_id) is the dedupe. The body is '
    'ciphertext.';
CREATE TABLE wishlist_item (
    id UUID NOT NULL PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    product_id UUID NOT NULL REFERENCES product (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
"""
NO_TABLES = """
DROP TABLE
    wishlist_item, webhook_event, stock_movement, stock, shipment_line, review, return_line, reservation,
    order_line, cart_item, variant, specification, social_account, invoice, shipment, session,
    seller_document, product_redirect, product_image, product, payout, ledger_entry, seller, refund, payment,
    otp_challenge, order_event, orders, cart, address, users, search_query_log, search_change, product_search,
    invoice_counter, idempotency_key, category_link, category, audit_entry;
"""


class Migration(migrations.Migration):
    initial = True
    operations = [ops.RunSQL(TABLES, NO_TABLES)]
