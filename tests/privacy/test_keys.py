"""Rotation seals everything anew, goes on where it was interrupted, and the old key is then worth nothing."""

import time

import pytest
from cryptography.fernet import Fernet

from models.database import Pool
from models.errors import Unavailable
from models.keyring import Keyring
from models.personal import SEALED
from models.resealing import reseal
from server.settings import Keys
from tests.factories import insert

PEOPLE = 25


async def test_rotation_reseals_in_batches_goes_on_after_a_crash_and_ends(database: Pool) -> None:
    old = Keys().ring[0]
    new = Fernet.generate_key().decode()
    before, both, after = (Keyring(ring, "lookup") for ring in ([old], [new, old], [new]))
    for number in range(PEOPLE):
        await insert("users", email_hash=f"h{number}", email_encrypted=before.encrypt(f"p{number}@x.in"), name="A")
    with pytest.raises(Unavailable):
        after.decrypt(await database.fetchval("SELECT email_encrypted FROM users LIMIT 1"))

    broken = await database.fetchval("SELECT id FROM users ORDER BY id OFFSET 17 LIMIT 1")
    good = await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", broken)
    await database.execute("UPDATE users SET email_encrypted = 'torn' WHERE id = $1", broken)
    with pytest.raises(Unavailable):
        await reseal("users.email_encrypted", keyring=both, batch=5)
    assert await database.fetchval("SELECT sealed FROM resealing WHERE finished_at IS NULL") == 15
    await database.execute("UPDATE users SET email_encrypted = $2 WHERE id = $1", broken, good)
    done = await reseal("users.email_encrypted", keyring=both, batch=5)
    assert (done.read, done.sealed) == (10, 10), "the first fifteen were not read again"

    for place in SEALED:
        await reseal(place, keyring=both)
    rows = await database.fetch("SELECT email_encrypted FROM users ORDER BY id")
    assert {after.decrypt(row[0]) for row in rows} == {f"p{number}@x.in" for number in range(PEOPLE)}
    assert (await reseal("users.email_encrypted", keyring=both)).sealed == 0
    assert await database.fetchval("SELECT count(*) FROM resealing WHERE finished_at IS NULL") == 0


def test_a_cookie_is_read_for_its_purpose_its_time_and_through_a_rotation() -> None:
    old, new = Keys().ring[0], Fernet.generate_key().decode()
    before, both, after = (Keyring(ring, "lookup") for ring in ([old], [new, old], [new]))
    sealed = before.seal_cookie("look_up", "a:b@example.in")
    assert both.open_cookie("look_up", sealed, ttl_s=60) == "a:b@example.in"
    assert both.open_cookie("google", sealed, ttl_s=60) is None
    assert after.open_cookie("look_up", sealed, ttl_s=60) is None
    assert before.open_cookie("look_up", before.encrypt("b@example.in").decode(), ttl_s=60) is None
    late = Fernet(old).encrypt_at_time(b"look_up:b@example.in", int(time.time()) - 61).decode()
    assert (before.open_cookie("look_up", late, ttl_s=60), before.open_cookie("look_up", late, ttl_s=90)) == (
        None, "b@example.in",
    )  # fmt: skip
