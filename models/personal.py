"""Every column that can hold something about a person, what erasure makes of it and where the export tells of it, and
every other column by name.

Tests compare this with the schema and with an export: a new column that can hold text is in one of the two, and what it
holds is told or said why not, or the build fails.
"""

from typing import Literal, NamedTuple

Fate = Literal["gone", "pseudonym", "emptied", "unreadable", "expires"]
"""With the row; replaced; set to nothing; its key destroyed; deleted by the clock, whoever it was."""


HASH = "found by it, and nothing to be read"
SECRET = "opens something"
COPY = "a copy of what is told elsewhere, for a while"
THINGS = "about things; what is about a person is sealed beside it"
ANYBODYS = "not known whose it is"


class Place(NamedTuple):
    """`told`: the document of the export that it stands in; else `untold` says why in none. `sealed`: under the
    keyring, whose rotation seals it anew; the row's key is `row`.
    """

    fate: Fate
    told: str = ""
    untold: str = ""
    sealed: bool = False
    row: str = "id"


PERSONAL: dict[str, Place] = {
    "users.email_hash": Place("gone", untold=HASH),
    "users.email_encrypted": Place("gone", "profile", sealed=True),
    "users.phone_encrypted": Place("gone", "profile", sealed=True),
    "users.phone_hash": Place("gone", untold=HASH),
    "users.name": Place("gone", "profile"),
    "users.password_hash": Place("gone", untold=SECRET),
    "users.avatar_key": Place("gone", "profile"),
    "address.details_encrypted": Place("gone", "addresses", sealed=True),
    "address.region": Place("gone", "addresses"),
    "address.pin_code": Place("gone", "addresses"),
    "cart.token_hash": Place("gone", untold=HASH),
    "cart.pin_code": Place("gone", "cart"),
    "cart.region": Place("gone", "cart"),
    "session.refresh_hash": Place("gone", untold=HASH),
    "session.user_agent": Place("gone", "log-ins"),
    "social_account.subject": Place("gone", "log-in-providers"),
    "otp_challenge.destination_hash": Place("gone", untold=HASH),
    "otp_challenge.destination_encrypted": Place("gone", untold=COPY, sealed=True),
    "otp_challenge.code_hash": Place("gone", untold=HASH),
    "second_factor.secret_encrypted": Place("gone", untold=SECRET, sealed=True, row="user_id"),
    "recovery_code.code_hash": Place("gone", untold=HASH),
    "mail_link.email_hash": Place("gone", untold=HASH),
    "mail_link.email_encrypted": Place("gone", "links", sealed=True),
    "mail_link.token_hash": Place("gone", untold=HASH),
    "mail_link.name": Place("gone", "links"),
    "mail_link.password_hash": Place("gone", untold=SECRET),
    "staff_invitation.email_hash": Place("gone", untold=HASH),
    "staff_invitation.email_encrypted": Place("gone", "invitations", sealed=True),
    "person_key.key_encrypted": Place("gone", untold=SECRET, sealed=True, row="user_id"),
    "audit_entry.before": Place("unreadable", untold=THINGS),
    "audit_entry.after": Place("unreadable", untold=THINGS),
    "audit_entry.origin_sealed": Place("unreadable", "trail"),
    "audit_entry.personal_sealed": Place("unreadable", "trail"),
    "orders.email_hash": Place("pseudonym", untold=HASH),
    "orders.email_encrypted": Place("pseudonym", "orders", sealed=True),
    "orders.delivery_encrypted": Place("pseudonym", "orders", sealed=True),
    "orders.pin_code": Place("pseudonym", "orders"),
    "coupon_use.buyer": Place("pseudonym", untold=HASH),
    "idempotency_key.principal": Place("gone", untold=COPY),
    "idempotency_key.key": Place("gone", untold=COPY),
    "idempotency_key.body_hash": Place("gone", untold=HASH),
    "review.title": Place("gone", "reviews"),
    "review.text": Place("gone", "reviews"),
    "review.answer": Place("gone", "reviews"),
    "review.rejection": Place("gone", "reviews"),
    "review_photo.key": Place("gone", "reviews"),
    "return_line.reason": Place("emptied", "returns"),
    "return_line.comment": Place("emptied", "returns"),
    "return_line.answer": Place("emptied", "returns"),
    "shipment.tracking_number": Place("emptied", "orders"),
    "shipment.cancel_reason": Place("emptied", "orders"),
    "webhook_event.body_encrypted": Place("emptied", untold=COPY, sealed=True),
    "webhook_event.gateway_ids": Place("emptied", untold=COPY),
    "pgqueuer.payload": Place("gone", untold=COPY),
    "pgqueuer.headers": Place("gone", untold=COPY),
    "pgqueuer_log.traceback": Place("gone", untold=ANYBODYS),
    "search_query_log.query": Place("gone", untold=ANYBODYS),
    "search_click.query": Place("gone", untold=ANYBODYS),
    "popular_query.query": Place("gone", untold=ANYBODYS),
    "hidden_query.query": Place("gone", untold=ANYBODYS),
    "limit_bucket.principal": Place("expires", untold=COPY),
    "seller_document.content_encrypted": Place("gone", "papers", sealed=True),
    "seller_document.name": Place("gone", "papers"),
}

IMPERSONAL: dict[str, str] = {
    "audit_entry": "action",
    "cart_item": "name_seen options_seen",
    "category": "slug name path external_id",
    "coupon": "code title kind borne_by",
    "dispute": "gateway_dispute_id state phase reason currency borne_by",
    "gateway_difference": "kind gateway_id",
    "gift_card": "code_hash last4 currency",
    "gift_card_movement": "kind",
    "invoice": "kind financial_year number supplier",
    "invoice_counter": "id",
    "ledger_entry": "account reason currency",
    "limit_bucket": "policy",
    "mail_link": "purpose",
    "merchandising_item": "action brand",
    "merchandising_rule": "name state query",
    "order_event": "kind detail",
    "order_line": "name sku options image_key hsn_code",
    "orders": "number state currency region payment_kind",
    "otp_challenge": "channel purpose",
    "payment": "gateway state currency gateway_order_id gateway_payment_id error",
    "payout": "state currency reference account gateway_payout_id error",
    "pg_stat_statements": "userid dbid query",
    "pgqueuer": "status entrypoint dedupe_key",
    "pgqueuer_log": "status entrypoint",
    "pgqueuer_schedules": "expression entrypoint status",
    "pgqueuer_statistics": "status entrypoint",
    "product": "sku slug name brand description state currency hsn_code country_of_origin",
    "product_change": "state wanted reason",
    "product_image": "key alt source",
    "product_redirect": "slug",
    "product_search": "document words name brand seller categories spec spec_fields version",
    "refund": "key state currency reason gateway_refund_id error",
    "resealing": "place key_id",
    "reservation": "state",
    "return_line": "state",
    "review": "state",
    "search_change": "kind",
    "search_query_log": "engine search_id",
    "search_rebuild": "index_uid",
    "search_word": "word",
    "seller": "slug name legal_name gstin description address_line city region pin_code state payout_account",
    "seller_document": "kind state content_type",
    "seller_staff": "grants",
    "session": "method",
    "shipment": "state carrier",
    "shipping_rate": "zone",
    "shipping_zone": "prefix zone",
    "social_account": "provider",
    "specification": "name kind text unit",
    "staff_invitation": "grants",
    "stock_movement": "kind",
    "stop_word": "word",
    "synonym": "kind term words",
    "tax_rate": "hsn_prefix valid_from",
    "tortoise_migrations": "app name",
    "users": "role state",
    "variant": "sku options state",
    "webhook_event": "gateway event_id kind outcome",
}
"""A seller is a business, whose name and address the law wants to be public; it is closed by the operator."""

SEALED = {name: place.row for name, place in PERSONAL.items() if place.sealed}
