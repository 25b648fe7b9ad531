"""`haat keys`: a new key for the ring, and everything that is sealed brought under the newest one.

First every process gets `OLD,NEW` as HAAT_KEYS__RING and can read what others will write, then every process `NEW,OLD`;
then `haat keys rotate` runs, then OLD may be taken out.
"""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg
from cryptography.fernet import Fernet

from models.database import connected
from models.errors import DomainError
from models.keyring import Keyring
from models.personal import SEALED
from models.resealing import reseal
from server.outlet import exit_with
from server.settings import Settings, SettingsError, load_settings


async def rotate(settings: Settings) -> int:
    keyring = Keyring(settings.keys.ring, settings.keys.lookup)
    async with connected(settings.database.session_url):
        for place in SEALED:
            done = await reseal(place, keyring=keyring)
            print(f"{done.place:36} {done.read:8} read {done.sealed:8} sealed anew", flush=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat", description="Keys of personal data.")
    commands = parser.add_subparsers(dest="command", required=True)
    keys = commands.add_parser("keys", help="make a key, or bring everything under the newest one")
    keys.add_argument("action", choices=["new", "rotate"], help="new prints a key for HAAT_KEYS__RING")
    keys.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    if arguments.action == "new":
        print(Fernet.generate_key().decode())
        return 0
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        return asyncio.run(rotate(settings))
    except (SettingsError, DomainError, OSError, asyncpg.PostgresError) as error:
        print(f"haat keys: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    exit_with(main)
