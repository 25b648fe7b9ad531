"""The rules that the database itself keeps: checks, unique indexes, foreign-key indexes, the zero-sum ledger.

Generated migrations drop CHECK constraints and give foreign keys no index, so each one is written out here, and
`tests/migrations/test_rules.py` asserts that the migrated database has every one of them.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "users": {
        "users_role": "role IN ('shopper', 'seller', 'support', 'admin')",
        "users_state": "state IN ('active', 'suspended', 'erased')",
    },
    "session": {"session_expires": "expires_at > created_at"},
    "otp_challenge": {"otp_challenge_attempts": "attempts BETWEEN 0 AND 5"},
    "seller": {
        "seller_state": "state IN ('pending', 'approved', 'rejected', 'suspended')",
        "seller_commission": "commission_bps BETWEEN 0 AND 10000",
        "seller_slug": "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'",
    },
    "seller_document": {"seller_document_state": "state IN ('submitted', 'accepted', 'rejected')"},
    "category": {
        "category_depth": "depth BETWEEN 1 AND 12",
        "category_commission": "commission_bps IS NULL OR commission_bps BETWEEN 0 AND 10000",
        "category_no_loop": "parent_id IS NULL OR parent_id <> id",
    },
    "category_link": {"category_link_no_loop": "parent_id <> child_id"},
    "product": {
        "product_state": "state IN ('draft', 'pending', 'active', 'rejected', 'archived')",
        "product_currency": "currency ~ '^[A-Z]{3}$'",
        "product_gst": "gst_bps BETWEEN 0 AND 10000",
        "product_rating": "rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count",
        "product_sales": "sales_count >= 0",
        "product_name": "length(name) > 0",
    },
    "variant": {
        "variant_price": "price_minor > 0 AND price_minor <= 100000000000",
        "variant_list_price": "list_price_minor IS NULL OR list_price_minor >= price_minor",
        "variant_weight": "weight_grams >= 0",
        "variant_state": "state IN ('active', 'archived')",
    },
    "specification": {
        "specification_kind": "kind IN ('number', 'text', 'boolean')",
        "specification_number": "(kind = 'text') = (number IS NULL)",
    },
    "stock": {"stock_reserved": "0 <= reserved AND reserved <= on_hand", "stock_low_at": "low_at >= 0"},
    "reservation": {
        "reservation_quantity": "quantity > 0",
        "reservation_state": "state IN ('held', 'sold', 'released')",
    },
    "stock_movement": {
        "stock_movement_kind": "kind IN ('stocked', 'reserved', 'released', 'sold', 'returned', 'lost')",
    },
    "cart": {"cart_owner": "num_nonnulls(user_id, token_hash) = 1"},
    "cart_item": {
        "cart_item_quantity": "quantity BETWEEN 1 AND 1000",
        "cart_item_price_seen": "price_seen_minor > 0",
    },
    "orders": {
        "orders_state": "state IN ('pending', 'paid', 'expired', 'cancelled', 'refunded', 'partly_refunded')",
        "orders_total": "total_minor = subtotal_minor - discount_minor + shipping_minor",
        "orders_amounts": "LEAST(subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor) >= 0",
        "orders_paid_at": "(paid_at IS NOT NULL) = (state IN ('paid', 'refunded', 'partly_refunded'))",
    },
    "order_line": {
        "order_line_quantity": "quantity > 0",
        "order_line_total": "total_minor = unit_price_minor * quantity - discount_minor + shipping_minor",
        "order_line_tax": "tax_minor BETWEEN 0 AND total_minor",
    },
    "payment": {
        "payment_state": "state IN ('created', 'open', 'captured', 'failed', 'refunded')",
        "payment_amount": "amount_minor > 0",
        "payment_open": "state <> 'open' OR gateway_order_id IS NOT NULL",
        "payment_captured": "state NOT IN ('captured', 'refunded') OR gateway_payment_id IS NOT NULL",
    },
    "refund": {
        "refund_state": "state IN ('requested', 'sent', 'processed', 'failed')",
        "refund_amount": "amount_minor > 0",
    },
    "shipment": {
        "shipment_state": "state IN ('waiting', 'packed', 'shipped', 'delivered', 'lost', 'cancelled')",
    },
    "shipment_line": {"shipment_line_quantity": "quantity > 0"},
    "return_line": {
        "return_line_state": "state IN ('requested', 'approved', 'refused', 'received', 'refunded')",
        "return_line_quantity": "quantity > 0",
    },
    "invoice": {"invoice_kind": "kind IN ('invoice', 'credit_note')"},
    "ledger_entry": {
        "ledger_entry_account": (
            "account IN ('buyer', 'seller', 'commission', 'tax', 'shipping', 'gateway', 'gateway_fee')"
        ),
        "ledger_entry_amount": "amount_minor <> 0",
    },
    "payout": {
        "payout_state": "state IN ('pending', 'sent', 'failed', 'unknown')",
        "payout_amount": "amount_minor > 0",
    },
    "review": {
        "review_rating": "rating BETWEEN 1 AND 5",
        "review_state": "state IN ('pending', 'published', 'rejected')",
    },
    "search_change": {"search_change_kind": "kind IN ('full', 'part')"},
}

UNIQUE = {
    "social_account_subject": "social_account (provider, subject)",
    "address_one_default": "address (user_id) WHERE is_default",
    "category_link_pair": "category_link (parent_id, child_id)",
    "product_seller_sku": "product (seller_id, sku)",
    "variant_product_sku": "variant (product_id, sku)",
    "specification_product_name": "specification (product_id, name)",
    "reservation_order_variant": "reservation (order_id, variant_id)",
    "cart_item_cart_variant": "cart_item (cart_id, variant_id)",
    "wishlist_item_user_product": "wishlist_item (user_id, product_id)",
    "orders_one_pending_per_cart": "orders (cart_id) WHERE state = 'pending'",
    "order_line_order_variant": "order_line (order_id, variant_id)",
    "payment_one_live_per_order": "payment (order_id) WHERE state IN ('created', 'open')",
    "webhook_event_once": "webhook_event (gateway, event_id)",
    "shipment_line_pair": "shipment_line (shipment_id, order_line_id)",
    "invoice_seller_number": "invoice (seller_id, kind, number)",
    "ledger_entry_once": "ledger_entry (transaction_id, account, seller_id) NULLS NOT DISTINCT",
    "review_product_user": "review (product_id, user_id)",
    "idempotency_key_principal": "idempotency_key (principal, key)",
}

INDEXES = {
    "session_of_user": "session (user_id)",
    "otp_challenge_user": "otp_challenge (user_id)",
    "otp_challenge_destination": "otp_challenge (destination_hash, created_at)",
    "social_account_user": "social_account (user_id)",
    "address_user": "address (user_id)",
    "seller_state_created": "seller (state, created_at)",
    "seller_document_seller": "seller_document (seller_id)",
    "category_parent": "category (parent_id)",
    "category_path_prefix": "category (path text_pattern_ops)",
    "category_link_child": "category_link (child_id)",
    "product_category": "product (category_id)",
    "product_pending": "product (created_at) WHERE state = 'pending'",
    "product_redirect_product": "product_redirect (product_id)",
    "product_image_product": "product_image (product_id, position)",
    "reservation_variant": "reservation (variant_id)",
    "reservation_held": "reservation (expires_at) WHERE state = 'held'",
    "stock_movement_variant": "stock_movement (variant_id)",
    "stock_movement_order": "stock_movement (order_id)",
    "cart_item_variant": "cart_item (variant_id)",
    "wishlist_item_product": "wishlist_item (product_id)",
    "orders_user": "orders (user_id, created_at)",
    "orders_cart": "orders (cart_id)",
    "orders_email": "orders (email_hash)",
    "orders_pending": "orders (expires_at) WHERE state = 'pending'",
    "orders_created": "orders (created_at)",
    "order_line_seller": "order_line (seller_id)",
    "order_line_product": "order_line (product_id)",
    "order_line_variant": "order_line (variant_id)",
    "order_event_order": "order_event (order_id)",
    "payment_order": "payment (order_id)",
    "payment_unsettled": "payment (created_at) WHERE state IN ('created', 'open')",
    "refund_payment": "refund (payment_id)",
    "refund_unsettled": "refund (created_at) WHERE state IN ('requested', 'sent')",
    "shipment_order": "shipment (order_id)",
    "shipment_seller": "shipment (seller_id, state)",
    "shipment_line_order_line": "shipment_line (order_line_id)",
    "return_line_order_line": "return_line (order_line_id)",
    "invoice_shipment": "invoice (shipment_id)",
    "ledger_entry_order": "ledger_entry (order_id)",
    "ledger_entry_seller": "ledger_entry (seller_id)",
    "payout_seller": "payout (seller_id)",
    "review_user": "review (user_id)",
    "review_order_line": "review (order_line_id)",
    "audit_entry_subject": "audit_entry (subject_id)",
    "search_change_product": "search_change (product_id)",
}

ZERO_SUM = """
CREATE FUNCTION ledger_entry_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken uuid;
BEGIN
    SELECT l.transaction_id INTO broken FROM ledger_entry l
     WHERE l.transaction_id IN (SELECT transaction_id FROM added)
     GROUP BY l.transaction_id, l.currency HAVING sum(l.amount_minor) <> 0 LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'ledger transaction % does not add up to zero', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_zero_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_zero_sum AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_zero_sum();
"""

ADD = [
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
        for table, rules in CHECKS.items()
        for name, rule in rules.items()
    ),
    *(f"CREATE UNIQUE INDEX {name} ON {columns}" for name, columns in UNIQUE.items()),
    *(f"CREATE INDEX {name} ON {columns}" for name, columns in INDEXES.items()),
]
DROP = [
    *(f"DROP INDEX {name}" for name in (*INDEXES, *UNIQUE)),
    *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, rules in CHECKS.items() for name in rules),
]


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [
        ops.RunSQL(";\n".join(ADD), ";\n".join(DROP)),
        ops.RunSQL(
            ZERO_SUM, "DROP TRIGGER ledger_entry_zero_sum ON ledger_entry; DROP FUNCTION ledger_entry_zero_sum();"
        ),
    ]
