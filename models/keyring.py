"""Encryption of personal data at rest, under a ring of keys that rotates, and the look-up hash of an e-mail.

Fernet (AES-128-CBC with HMAC-SHA256): the newest key writes, every key of the ring reads.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from models.errors import Unavailable

T = TypeVar("T")
LONGEST = 1_000
"""Characters of an address that are looked at: more than any has, and few enough to be put in order."""


class Keyring:
    def __init__(self, ring: Sequence[str], lookup: str) -> None:
        """`ring`: Fernet keys, newest first; `lookup`: the key of the e-mail hash, which never rotates."""
        self._ring = MultiFernet([Fernet(key) for key in ring])
        self._newest = Fernet(ring[0])
        self.newest_id = hashlib.sha256(ring[0].encode()).hexdigest()
        self._lookup = lookup.encode()

    def encrypt(self, text: str) -> bytes:
        return self._ring.encrypt(text.encode())

    def decrypt(self, token: bytes) -> str:
        """Raises Unavailable where no key of the ring fits."""
        return self.decrypt_bytes(token).decode()

    def encrypt_bytes(self, content: bytes) -> bytes:
        return self._ring.encrypt(content)

    def decrypt_bytes(self, token: bytes) -> bytes:
        """Raises Unavailable where no key of the ring fits."""
        try:
            return self._ring.decrypt(bytes(token))
        except InvalidToken as error:
            raise Unavailable("A stored value cannot be read with the keys of this process.", code="keyring") from error

    def encrypt_json(self, value: object) -> bytes:
        return self._ring.encrypt(msgspec.json.encode(value))

    def decrypt_json(self, token: bytes, kind: type[T]) -> T:
        return msgspec.json.decode(self.decrypt(token), type=kind)

    def seal_cookie(self, purpose: str, text: str) -> str:
        """For a browser to keep and bring back: `open_cookie` reads it, for the same purpose alone."""
        return self.encrypt(f"{purpose}:{text}").decode()

    def open_cookie(self, purpose: str, token: str, *, ttl_s: int) -> str | None:
        """None for what was not sealed here for this purpose, or longer ago than `ttl_s`."""
        try:
            sealed_for, _, text = self._ring.decrypt(token.encode(), ttl=ttl_s).decode().partition(":")
        except (InvalidToken, UnicodeError):
            return None
        return text if sealed_for == purpose else None

    def rotate(self, token: bytes) -> bytes:
        """The same value under the newest key. Raises Unavailable where no key of the ring fits."""
        try:
            return self._ring.rotate(bytes(token))
        except InvalidToken as error:
            raise Unavailable("A stored value cannot be read with the keys of this process.", code="keyring") from error

    def is_newest(self, token: bytes) -> bool:
        """Whether the newest key has sealed it already."""
        try:
            self._newest.decrypt(bytes(token))
        except InvalidToken:
            return False
        return True

    def email_hash(self, email: str) -> str:
        """HMAC-SHA256, in hex, of the normalised address."""
        return hmac.new(self._lookup, normalise_email(email).encode(), hashlib.sha256).hexdigest()

    def phone_hash(self, phone: str) -> str:
        """HMAC-SHA256, in hex, of a number in full (+91...)."""
        return self._mac(f"phone:{phone}").hex()

    def link_token(self, link_id: UUID) -> str:
        """The secret part of a link in a mail; without the key nobody can tell it from the id."""
        return base64.urlsafe_b64encode(self._mac(f"link:{link_id}")).decode().rstrip("=")

    def code(self, challenge_id: UUID) -> str:
        """Six digits that only who has the key can tell from the id."""
        return f"{int.from_bytes(self._mac(f'code:{challenge_id}')) % 1_000_000:06}"

    def code_hash(self, owner_id: UUID, code: str) -> str:
        """What is stored of a code: keyed, since a million plain hashes are soon tried."""
        return self._mac(f"code of {owner_id}:{code}").hex()

    def _mac(self, text: str) -> bytes:
        return hmac.new(self._lookup, text.encode(), hashlib.sha256).digest()


def normalise_email(email: str) -> str:
    """NFKC and case-folded: two spellings of one mailbox are one account. Of what no mailbox is called, the start."""
    return unicodedata.normalize("NFKC", email.strip()[:LONGEST]).casefold()


def token_hash(token: str) -> str:
    """SHA-256, in hex, of a random token: what is stored in place of it."""
    return hashlib.sha256(token.encode()).hexdigest()
