"""`haat seed` on a real database: all rows, once, topped up on request, and fed to the search index."""

import asyncio
import os
import sys
from io import StringIO
from typing import Any

import asyncpg
import pytest

from catalogue.progress import Progress
from catalogue.seed.generator import make_world
from catalogue.seed.load import SeedError, seed_shop
from catalogue.seed.people import DEMO_PASSWORD
from models.database import Pool
from models.keyring import Keyring
from models.sign_in import find_credentials
from server.passwords import Passwords, hash_password
from server.settings import Settings

PRODUCTS = 240
TABLES = ("product", "variant", "stock", "specification", "product_image", "review", "category", "seller")


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    return Keyring(settings.keys.ring, settings.keys.lookup)


async def seed(settings: Settings, keyring: Keyring, count: int, *, seed: int = 1, chunk: int = 100) -> dict[str, int]:
    return await seed_shop(
        settings.database.url,
        make_world(seed),
        count,
        keyring=keyring,
        password_hash=hash_password(DEMO_PASSWORD, 4),
        progress=Progress("Seeding", count, stream=StringIO()),
        chunk=chunk,
    )


async def fingerprint(database: Pool) -> dict[str, Any]:
    """Of each table, a hash of all rows in order."""
    return {
        table: await database.fetchval(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
        for table in TABLES
    }


async def test_every_row_arrives_once(settings: Settings, keyring: Keyring, database: Pool) -> None:
    counts = await seed(settings, keyring, PRODUCTS)
    for table, count in counts.items():
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == count
    assert counts["product"] == PRODUCTS
    before = await fingerprint(database)
    assert (await seed(settings, keyring, PRODUCTS)).get("product", 0) == 0
    assert await fingerprint(database) == before


async def test_a_topped_up_shop_is_the_shop_made_at_once(
    settings: Settings, keyring: Keyring, database: Pool, owner: asyncpg.Connection
) -> None:
    await seed(settings, keyring, 90, chunk=40)
    counts = await seed(settings, keyring, PRODUCTS)
    assert counts["product"] == PRODUCTS - 90
    topped_up = await fingerprint(database)
    await owner.execute("TRUNCATE users, seller, category, product CASCADE")
    await seed(settings, keyring, PRODUCTS)
    assert await fingerprint(database) == topped_up


async def test_another_seed_is_refused_and_leaves_the_shop_alone(
    settings: Settings, keyring: Keyring, database: Pool
) -> None:
    await seed(settings, keyring, 20)
    before = await fingerprint(database)
    with pytest.raises(SeedError, match="another --seed"):
        await seed(settings, keyring, 20, seed=2)
    assert await fingerprint(database) == before


async def test_own_categories_and_products_stay(settings: Settings, keyring: Keyring, database: Pool) -> None:
    await database.execute(
        "INSERT INTO category (id, slug, name, path) VALUES (gen_random_uuid(), 'sofas', 'Sofas', 'sofas')"
    )
    await seed(settings, keyring, 20)
    assert await database.fetchval("SELECT path FROM category WHERE slug = 'sofas'") == "sofas"
    assert await database.fetchval("SELECT path FROM category WHERE slug = 'sofas-2'") == (
        "furniture/living-room-furniture/sofas-2"
    )


async def test_a_taken_log_in_is_a_clear_refusal_that_writes_nothing(
    settings: Settings, keyring: Keyring, database: Pool
) -> None:
    await database.execute(
        "INSERT INTO users (id, email_hash, email_encrypted, name) VALUES (gen_random_uuid(), $1, '', 'Somebody')",
        keyring.email_hash("admin@haat.example"),
    )
    with pytest.raises(SeedError, match="rows of its own"):
        await seed(settings, keyring, 20)
    assert await database.fetchval("SELECT count(*) FROM product") == 0


async def test_the_load_feeds_the_search_index_each_product_once(
    settings: Settings, keyring: Keyring, database: Pool
) -> None:
    await seed(settings, keyring, PRODUCTS)
    assert await database.fetchval("SELECT count(*) FROM search_change") == PRODUCTS
    missing = await database.fetchval(
        "SELECT count(*) FROM product p WHERE state = 'active'"
        " AND NOT EXISTS (SELECT FROM search_change s WHERE s.product_id = p.id AND s.kind = 'full')"
    )
    assert missing == 0


async def test_stock_adds_up_and_ratings_are_those_of_the_reviews(
    settings: Settings, keyring: Keyring, database: Pool
) -> None:
    await seed(settings, keyring, PRODUCTS)
    assert await database.fetchval(
        "SELECT bool_and(s.on_hand = coalesce(m.total, 0)) FROM stock s LEFT JOIN LATERAL"
        " (SELECT sum(on_hand_change) AS total FROM stock_movement WHERE variant_id = s.variant_id) m ON true"
    )
    assert await database.fetchval(
        "SELECT bool_and(p.rating_count = r.count AND p.rating_sum = r.sum) FROM product p CROSS JOIN LATERAL"
        " (SELECT count(*) AS count, coalesce(sum(rating), 0) AS sum FROM review WHERE product_id = p.id) r"
    )
    assert await database.fetchval("SELECT bool_and(jsonb_typeof(options::jsonb) = 'object') FROM variant")


async def test_the_demo_log_ins_work_and_other_people_have_none(
    settings: Settings, keyring: Keyring, database: Pool
) -> None:
    await seed(settings, keyring, 5)
    passwords = Passwords(4)
    for name in ("admin", "support", "seller", "shopper"):
        found = await find_credentials(keyring, f"{name}@haat.example")
        assert found is not None
        assert await passwords.verify(DEMO_PASSWORD, found.password_hash)
        assert await database.fetchval("SELECT role FROM users WHERE id = $1", found.user_id) == name
    passwords.close()
    assert await database.fetchval("SELECT count(*) FROM users WHERE password_hash IS NOT NULL") == 4


async def haat_seed(environment: dict[str, str], *options: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "catalogue", "seed", *options,
        env={"PATH": os.environ["PATH"], **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_command_says_what_it_did(environment: dict[str, str], database: Pool) -> None:
    status, out, err = await haat_seed(environment, "--products", "120")
    assert status == 0, err
    assert out.startswith("Added 120 products, ")
    assert "120 of 120" in err
    status, out, _ = await haat_seed(environment, "--products", "50")
    assert (status, out) == (0, "Nothing to do: the shop has these demo products already.\n")
    status, _, err = await haat_seed(environment, "--products", "50", "--seed", "2")
    assert (status, "another --seed" in err) == (2, True)
    assert (await haat_seed(environment, "--products", "50", "--seed", "2", "--demo"))[0] == 0
    assert await database.fetchval("SELECT count(*) FROM product") == 120


async def test_production_takes_no_demo_data(environment: dict[str, str], database: Pool) -> None:
    secrets = {
        "HAAT_SITE__ENVIRONMENT": "production",
        "HAAT_AUTH__SECRET": "a secret of this test alone",
        "HAAT_PAYMENTS__KEY_SECRET": "another one",
        "HAAT_PAYMENTS__WEBHOOK_SECRETS": "a third",
        "HAAT_KEYS__RING": "cHJvZHVjdGlvbi10ZXN0LWtleS0wMDAwMDAwMDAwMDE=",
        "HAAT_KEYS__LOOKUP": "a fourth",
    }
    status, _, err = await haat_seed({**environment, **secrets}, "--products", "20", "--demo")
    assert status == 2
    assert "production takes no demo data" in err
    assert await database.fetchval("SELECT count(*) FROM product") == 0
