"""Staff of sellers and their grants, a key per person for the trail, documents of sellers, and changes that wait."""

from tortoise import migrations
from tortoise.migrations import operations as ops

GRANTS = "grants <@ ARRAY['products', 'orders', 'money']::varchar[]"
ADD = f"""
CREATE TABLE seller_staff (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    seller_id uuid NOT NULL REFERENCES seller ON DELETE CASCADE,
    grants varchar(16)[] NOT NULL DEFAULT '{{}}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seller_staff_grants CHECK ({GRANTS})
);
CREATE INDEX seller_staff_seller ON seller_staff (seller_id);
CREATE TABLE staff_invitation (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES seller ON DELETE CASCADE,
    email_hash varchar(64) NOT NULL,
    email_encrypted bytea NOT NULL,
    grants varchar(16)[] NOT NULL DEFAULT '{{}}',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT staff_invitation_grants CHECK ({GRANTS}),
    CONSTRAINT staff_invitation_expires CHECK (expires_at > created_at)
);
CREATE UNIQUE INDEX staff_invitation_once ON staff_invitation (seller_id, email_hash);
CREATE TABLE person_key (
    user_id uuid PRIMARY KEY,
    key_encrypted bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE audit_entry ADD COLUMN origin_sealed bytea, ADD COLUMN person_id uuid, ADD COLUMN personal_sealed bytea,
    ADD CONSTRAINT audit_entry_person CHECK (personal_sealed IS NULL OR person_id IS NOT NULL);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE INDEX audit_entry_action ON audit_entry (action, id);
CREATE INDEX audit_entry_person_id ON audit_entry (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE seller DROP CONSTRAINT seller_state, ADD CONSTRAINT seller_state
    CHECK (state IN ('draft', 'pending', 'approved', 'rejected', 'suspended'));
ALTER TABLE seller ADD COLUMN submitted_at timestamptz, ADD COLUMN suspended_at timestamptz;
ALTER TABLE seller_document DROP COLUMN media_key,
    ADD COLUMN name varchar(120) NOT NULL, ADD COLUMN content_type varchar(40) NOT NULL,
    ADD COLUMN content_encrypted bytea NOT NULL, ADD COLUMN size_bytes int NOT NULL,
    ADD CONSTRAINT seller_document_kind CHECK (kind IN ('identity', 'tax', 'bank', 'address')),
    ADD CONSTRAINT seller_document_type CHECK (content_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    ADD CONSTRAINT seller_document_size CHECK (size_bytes > 0);
CREATE UNIQUE INDEX seller_document_once ON seller_document (seller_id, kind);
CREATE TABLE product_change (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product ON DELETE CASCADE,
    state varchar(16) NOT NULL DEFAULT 'pending',
    wanted jsonb NOT NULL,
    reason varchar(500) NOT NULL DEFAULT '',
    actor_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    CONSTRAINT product_change_state CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT product_change_decided CHECK ((state = 'pending') = (decided_at IS NULL)),
    CONSTRAINT product_change_wanted CHECK (wanted <> '{{}}')
);
CREATE INDEX product_change_product ON product_change (product_id);
CREATE UNIQUE INDEX product_change_one_pending ON product_change (product_id) WHERE state = 'pending';
CREATE INDEX product_change_waiting ON product_change (created_at) WHERE state = 'pending';
"""
DROP = """
DROP TABLE product_change; DROP TABLE person_key; DROP TABLE staff_invitation; DROP TABLE seller_staff;
DROP INDEX seller_document_once;
ALTER TABLE seller_document DROP COLUMN name, DROP COLUMN content_type, DROP COLUMN content_encrypted,
    DROP COLUMN size_bytes, DROP CONSTRAINT seller_document_kind, ADD COLUMN media_key varchar(300) NOT NULL DEFAULT '';
ALTER TABLE seller DROP COLUMN submitted_at, DROP COLUMN suspended_at;
UPDATE seller SET state = 'rejected' WHERE state = 'draft';
ALTER TABLE seller DROP CONSTRAINT seller_state, ADD CONSTRAINT seller_state
    CHECK (state IN ('pending', 'approved', 'rejected', 'suspended'));
DROP INDEX audit_entry_actor, audit_entry_action;
ALTER TABLE audit_entry DROP COLUMN origin_sealed, DROP COLUMN person_id, DROP COLUMN personal_sealed;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0016_money")]
    operations = [ops.RunSQL(ADD, DROP)]
