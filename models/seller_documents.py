"""The papers of sellers: PDF, JPEG or PNG by their first bytes, encrypted here, read by their owner and the operator.

They lie in the database: few, small, never public, and so backed up and erased with their seller.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, Invalid, NotFound
from models.keyring import Keyring

KINDS = {
    "identity": "Proof of identity (PAN card)",
    "tax": "GST certificate",
    "bank": "Cancelled cheque or bank letter",
}
SIZE_MAX = 900_000
SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ADD = """
INSERT INTO seller_document (id, seller_id, kind, name, content_type, content_encrypted, size_bytes)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    name: str
    content_type: str
    size_bytes: int
    state: str
    created_at: datetime


class Document(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    content_type: str
    content: bytes


async def keep_document(
    seller_id: UUID, kind: str, name: str, content: bytes, *, actor_id: UUID, keyring: Keyring
) -> UUID:
    """In place of an older one of its kind. Raises Invalid, NotFound for an unknown kind, Conflict once approved."""
    if kind not in KINDS:
        raise NotFound(f"There is no such document; there are {', '.join(KINDS)}.")
    content_type, document_id = type_of(content), uuid7()
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '/\\"')[-120:] or kind
    sealed = keyring.encrypt_bytes(content)
    async with transaction() as connection:
        await _demand_open(connection, seller_id)
        old = await connection.fetchval(
            "DELETE FROM seller_document WHERE seller_id = $1 AND kind = $2 RETURNING id", seller_id, kind
        )
        await connection.execute(ADD, document_id, seller_id, kind, name, content_type, sealed, len(content))
        await record(
            connection, actor_id=actor_id, action="seller.document", subject_id=seller_id, before={"id": old},
            after={"id": document_id, "kind": kind, "content_type": content_type, "size_bytes": len(content)},
        )  # fmt: skip
    return document_id


async def drop_document(seller_id: UUID, document_id: UUID, *, actor_id: UUID) -> None:
    """Raises NotFound, and Conflict once the shop is approved."""
    async with transaction() as connection:
        await _demand_open(connection, seller_id)
        kind = await connection.fetchval(
            "DELETE FROM seller_document WHERE id = $1 AND seller_id = $2 RETURNING kind", document_id, seller_id
        )
        if kind is None:
            raise NotFound("You have no such document.")
        await record(
            connection, actor_id=actor_id, action="seller.document", subject_id=seller_id,
            before={"id": document_id, "kind": kind}, after={},
        )  # fmt: skip


async def list_documents(seller_id: UUID) -> list[DocumentRow]:
    rows = await pool().fetch(
        "SELECT id, kind, name, content_type, size_bytes, state, created_at FROM seller_document"
        " WHERE seller_id = $1 ORDER BY array_position($2::text[], kind::text)",
        seller_id,
        list(KINDS),
    )
    return [DocumentRow(**row) for row in rows]


async def read_document(document_id: UUID, *, seller_id: UUID | None, keyring: Keyring) -> Document:
    """`seller_id` None is the operator. Raises NotFound, also for a document of another seller."""
    row = await pool().fetchrow(
        "SELECT name, content_type, content_encrypted FROM seller_document"
        " WHERE id = $1 AND ($2::uuid IS NULL OR seller_id = $2)",
        document_id,
        seller_id,
    )
    if row is None:
        raise NotFound("There is no such document.")
    content = keyring.decrypt_bytes(row["content_encrypted"])
    return Document(name=row["name"], content_type=row["content_type"], content=content)


def type_of(content: bytes) -> str:
    """By the first bytes, whatever it is called. Raises Invalid."""
    if len(content) > SIZE_MAX:
        raise Invalid.field("document", f"is larger than {SIZE_MAX // 1000} kB")
    for signature, content_type in SIGNATURES.items():
        if content.startswith(signature):
            return content_type
    raise Invalid.field("document", "is no PDF, JPEG or PNG")


async def _demand_open(connection: Connection, seller_id: UUID) -> None:
    state = await connection.fetchval("SELECT state FROM seller WHERE id = $1 FOR UPDATE", seller_id)
    if state not in {"draft", "pending", "rejected"}:
        raise Conflict("The shop was checked with these papers: write to the market to change them.", code="settled")
