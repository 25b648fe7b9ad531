"""`haat seed`: fills the shop with demo products, as many as wanted, and says what it made and how long it took."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from catalogue.progress import Progress
from catalogue.seed.generator import make_world
from catalogue.seed.load import Counts, SeedError, analyse, seed_shop
from catalogue.seed.people import DEMO_PASSWORD
from models.keyring import Keyring
from server.passwords import hash_password
from server.settings import Settings, SettingsError, load_settings

DESCRIPTION = """Fill the shop with demo products: the same for the same --products and --seed on every machine.
Run again with more --products, it adds those that are missing; products of your own stay as they are."""
PRODUCTS_MAX = 1 << 30
REFUSED = 2
COUNTED = {
    "product": "products",
    "variant": "variants",
    "specification": "specifications",
    "product_image": "pictures",
    "review": "reviews",
    "category": "categories",
    "seller": "sellers",
}


def add_parser(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("seed", help="make a demo catalogue", description=DESCRIPTION)
    parser.add_argument("--products", type=_products, default=2_000, help="how many products (default: 2000)")
    parser.add_argument("--seed", type=_seed, default=1, help="which of the possible catalogues (default: 1)")
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    parser.add_argument(
        "--demo", action="store_true", help="as a first start does: a shop that is seeded already is no error"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when the products are there; 2 with one sentence when they cannot be."""
    started = time.monotonic()
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        _demand_playground(settings)
        counts = asyncio.run(_seed_shop(settings, arguments.products, arguments.seed))
    except SeedError as error:
        print(f"haat seed: {error}.", file=sys.stderr)
        return 0 if arguments.demo else REFUSED
    except (SettingsError, OSError, asyncpg.PostgresError) as error:
        print(f"haat seed: {error}", file=sys.stderr)
        return REFUSED
    print(summary(counts, seconds=time.monotonic() - started))
    return 0


def summary(counts: Counts, *, seconds: float) -> str:
    if not counts.get("product"):
        return "Nothing to do: the shop has these demo products already."
    made = ", ".join(f"{counts[table]:,} {name}" for table, name in COUNTED.items() if counts.get(table))
    return f"Added {made} in {seconds:.1f} s."


async def _seed_shop(settings: Settings, products: int, seed: int) -> Counts:
    keyring = Keyring(settings.keys.ring, settings.keys.lookup)
    password_hash = hash_password(DEMO_PASSWORD, settings.auth.bcrypt_cost)
    with Progress("Seeding", products) as progress:
        counts = await seed_shop(
            settings.database.url,
            make_world(seed),
            products,
            keyring=keyring,
            password_hash=password_hash,
            progress=progress,
        )
    if settings.database.owner_url and counts.get("product"):
        await analyse(settings.database.owner_url)
    return counts


def _demand_playground(settings: Settings) -> None:
    if settings.site.environment == "production":
        raise SettingsError("production takes no demo data: its log-ins are public.")


def _products(text: str) -> int:
    count = _seed(text)
    if not 0 < count <= PRODUCTS_MAX:
        raise argparse.ArgumentTypeError(f"between 1 and {PRODUCTS_MAX:,}")
    return count


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)
