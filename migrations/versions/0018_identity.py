"""Links sent by mail, codes by mail or SMS, second factors, proved phones; every account has a proved address."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ADD = """
UPDATE users SET email_verified_at = created_at WHERE email_verified_at IS NULL;
ALTER TABLE users ALTER COLUMN email_verified_at SET DEFAULT now(), ALTER COLUMN email_verified_at SET NOT NULL,
    ADD COLUMN phone_hash varchar(64), ADD COLUMN phone_verified_at timestamptz,
    ADD CONSTRAINT users_phone CHECK ((phone_hash IS NULL) = (phone_verified_at IS NULL)
        AND (phone_hash IS NULL OR phone_encrypted IS NOT NULL));
CREATE UNIQUE INDEX users_phone_hash ON users (phone_hash);
CREATE TABLE mail_link (
    id uuid PRIMARY KEY,
    purpose varchar(16) NOT NULL,
    token_hash varchar(64) NOT NULL,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    email_hash varchar(64) NOT NULL,
    email_encrypted bytea NOT NULL,
    name varchar(120),
    password_hash varchar(72),
    sent int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT mail_link_purpose CHECK (purpose IN ('register', 'reset', 'change_mail')),
    CONSTRAINT mail_link_registration
        CHECK (num_nonnulls(name, password_hash) = CASE purpose WHEN 'register' THEN 2 ELSE 0 END),
    CONSTRAINT mail_link_user CHECK ((purpose = 'change_mail') = (user_id IS NOT NULL)),
    CONSTRAINT mail_link_expires CHECK (expires_at > created_at)
);
CREATE UNIQUE INDEX mail_link_token ON mail_link (token_hash);
CREATE INDEX mail_link_email ON mail_link (email_hash, purpose, created_at);
CREATE INDEX mail_link_user_id ON mail_link (user_id);
DELETE FROM otp_challenge;
ALTER TABLE otp_challenge ADD COLUMN channel varchar(4) NOT NULL, ADD COLUMN destination_encrypted bytea NOT NULL,
    ADD CONSTRAINT otp_challenge_channel CHECK (channel IN ('mail', 'sms')),
    ADD CONSTRAINT otp_challenge_purpose CHECK (purpose IN ('login', 'phone')),
    ADD CONSTRAINT otp_challenge_phone CHECK (purpose <> 'phone' OR (user_id IS NOT NULL AND channel = 'sms')),
    ADD CONSTRAINT otp_challenge_expires CHECK (expires_at > created_at);
CREATE TABLE second_factor (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret_encrypted bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0,
    tries int NOT NULL DEFAULT 0,
    tries_since timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT second_factor_tries CHECK (tries BETWEEN 0 AND 10)
);
CREATE TABLE recovery_code (
    user_id uuid NOT NULL REFERENCES second_factor ON DELETE CASCADE,
    code_hash varchar(64) NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);
ALTER TABLE session ADD COLUMN second_factor boolean NOT NULL DEFAULT false,
    ADD COLUMN method varchar(8) NOT NULL DEFAULT 'password',
    ADD CONSTRAINT session_method CHECK (method IN ('password', 'link', 'code', 'google'));
ALTER TABLE social_account ADD CONSTRAINT social_account_provider CHECK (provider IN ('google'));
CREATE UNIQUE INDEX social_account_once ON social_account (user_id, provider);
"""
DROP = """
DROP INDEX social_account_once;
ALTER TABLE social_account DROP CONSTRAINT social_account_provider;
ALTER TABLE session DROP COLUMN method, DROP COLUMN second_factor;
DROP TABLE recovery_code; DROP TABLE second_factor;
ALTER TABLE otp_challenge DROP CONSTRAINT otp_challenge_purpose, DROP CONSTRAINT otp_challenge_phone,
    DROP CONSTRAINT otp_challenge_expires, DROP COLUMN channel, DROP COLUMN destination_encrypted;
DROP TABLE mail_link;
ALTER TABLE users DROP CONSTRAINT users_phone, DROP COLUMN phone_hash, DROP COLUMN phone_verified_at,
    ALTER COLUMN email_verified_at DROP NOT NULL, ALTER COLUMN email_verified_at DROP DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0017_roles")]
    operations = [ops.RunSQL(ADD, DROP)]
