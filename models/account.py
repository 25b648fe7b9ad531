"""People: users, their sessions, one-time codes, social log-ins and addresses. Personal columns are ciphertext."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Row, now_column


class User(Row):
    email_hash = fields.CharField(max_length=64, unique=True)
    email_encrypted = fields.BinaryField()
    phone_encrypted = fields.BinaryField(null=True)
    name = fields.CharField(max_length=120)
    password_hash = fields.CharField(max_length=72, null=True)
    avatar_key = fields.CharField(max_length=600, db_default="")
    role = fields.CharField(max_length=16, db_default="shopper")
    state = fields.CharField(max_length=16, db_default="active")
    email_verified_at = fields.DatetimeField(null=True)
    created_at: datetime = now_column()

    class Meta:
        table = "users"


class Session(Row):
    """One log-in on one device: the family of its rotating refresh tokens."""

    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    user_id: UUID
    refresh_hash = fields.CharField(max_length=64, unique=True)
    user_agent = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    used_at: datetime = now_column()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class OtpChallenge(Row):
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE, null=True
    )
    destination_hash = fields.CharField(max_length=64)
    purpose = fields.CharField(max_length=24)
    code_hash = fields.CharField(max_length=64)
    attempts = fields.IntField(db_default=0)
    created_at: datetime = now_column()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "otp_challenge"


class SocialAccount(Row):
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    provider = fields.CharField(max_length=24)
    subject = fields.CharField(max_length=255)
    created_at: datetime = now_column()

    class Meta:
        table = "social_account"


class Address(Row):
    """`details_encrypted` is JSON: name, phone, line1, line2, city. Region and pin code stay readable."""

    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    user_id: UUID
    details_encrypted = fields.BinaryField()
    region = fields.CharField(max_length=64)
    pin_code = fields.CharField(max_length=10)
    is_default = fields.BooleanField(db_default=False)
    created_at: datetime = now_column()

    class Meta:
        table = "address"


TABLES = (User, Session, OtpChallenge, SocialAccount, Address)
