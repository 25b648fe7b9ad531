"""The people of the demo: invented sellers with valid GSTINs, shoppers who review, and the three demo log-ins."""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from catalogue.seed.opinions import SHOPPERS
from models.slug import slugify

DEMO_PASSWORD = "haat-demo-2026"
DEMO_SELLER = "demo-seller"
DOMAIN = "haat.example"
SELLERS = 50
DEMO_SHARE = 0.05
GSTIN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = GSTIN_ALPHABET[10:]
PEOPLE = Path(__file__).parent / "data" / "people.toml"


class Person(NamedTuple):
    email: str
    name: str
    role: str


class Seller(NamedTuple):
    """`departments` are what this shop keeps; the demo seller keeps everything."""

    person: Person
    slug: str
    name: str
    legal_name: str
    gstin: str
    description: str
    address_line: str
    city: str
    region: str
    pin_code: str
    state: str
    trusted: bool
    departments: tuple[str, ...]
    created_at: datetime


@cache
def load_people() -> dict[str, Any]:
    return tomllib.loads(PEOPLE.read_text("utf-8"))


def demo_people() -> tuple[Person, ...]:
    """The log-ins that the start page prints; the seller's belongs to the demo seller."""
    return (
        Person(f"shopper@{DOMAIN}", "Asha Demo", "shopper"),
        Person(f"admin@{DOMAIN}", "Admin Demo", "admin"),
        Person(f"support@{DOMAIN}", "Support Demo", "support"),
    )


def shoppers(seed: int) -> list[Person]:
    """SHOPPERS reviewers, no two of the same name."""
    rng, people = Random(f"shoppers {seed}"), load_people()
    names = [f"{first} {last}" for first in people["first"] for last in people["last"]]
    chosen = rng.sample(names, SHOPPERS)
    return [Person(f"{name.lower().replace(' ', '.')}@shoppers.{DOMAIN}", name, "shopper") for name in chosen]


def sellers(seed: int, *, opened_at: datetime) -> list[Seller]:
    """SELLERS approved ones, the demo seller first, and one more who waits for approval."""
    rng, people = Random(f"sellers {seed}"), load_people()
    stems = list(people["stems"])
    rng.shuffle(stems)
    trades = [(name, trade) for name, trade in people["trades"].items() for _ in range(trade["sellers"])]
    trades.append(trades[0])
    everything = tuple(people["trades"])
    demo = _seller(rng, "Demo Bazaar", DEMO_SELLER, everything, people=people, opened_at=opened_at)
    found = [demo._replace(person=Person(f"seller@{DOMAIN}", "Demo Seller", "seller"), trusted=True)]
    for stem, (department, trade) in zip(stems, trades, strict=True):
        name = f"{stem} {trade['names'][int(rng.random() * len(trade['names']))]}"
        departments = (department, *trade["also"])
        found.append(_seller(rng, name, slugify(name), departments, people=people, opened_at=opened_at))
    found[-1] = found[-1]._replace(state="pending")
    return found


def _seller(
    rng: Random, name: str, slug: str, departments: tuple[str, ...], *, people: dict[str, Any], opened_at: datetime
) -> Seller:
    city, region, code, pin = people["cities"][int(rng.random() * len(people["cities"]))]
    keeper = f"{rng.choice(people['first'])} {rng.choice(people['last'])}"
    company = rng.random() < 0.5
    return Seller(
        person=Person(f"{slug}@sellers.{DOMAIN}", keeper, "seller"),
        slug=slug,
        name=name,
        legal_name=f"{name} Private Limited" if company else f"{name} ({keeper}, proprietor)",
        gstin=gstin(code, keeper, company=company, rng=rng),
        description=f"{name} of {city} keeps {departments[0].lower()} and answers within a day.",
        address_line=f"{rng.randint(2, 240)}, {rng.choice(people['streets'])}",
        city=city,
        region=region,
        pin_code=f"{pin}{rng.randint(1, 60):02}",
        state="approved",
        trusted=False,
        departments=departments,
        created_at=opened_at + timedelta(minutes=int(rng.random() * 400_000)),
    )


def gstin(state_code: str, keeper: str, *, company: bool, rng: Random) -> str:
    """15 characters: state, PAN of an invented holder, entity number, Z and the check character."""
    initial = keeper.rpartition(" ")[2][0].upper()
    pan = f"{''.join(rng.choices(LETTERS, k=3))}{'C' if company else 'P'}{initial}{rng.randint(0, 9999):04}"
    head = f"{state_code}{pan}{rng.choice(LETTERS)}1Z"
    return head + gstin_check(head)


def gstin_check(head: str) -> str:
    """The last character of a GSTIN: digits in base 36, weighted 1 and 2 in turn, quotient and rest added up."""
    total = 0
    for place, letter in enumerate(head):
        product = GSTIN_ALPHABET.index(letter) * (1 + place % 2)
        total += product // 36 + product % 36
    return GSTIN_ALPHABET[-total % 36]


def keepers(found: Sequence[Seller]) -> dict[str, tuple[int, ...]]:
    """For each department the sellers who keep it, earlier ones repeated more often: a uniform pick is skewed."""
    draws: dict[str, list[int]] = {}
    for department in found[0].departments:
        open_ones = enumerate(found[1:], start=1)
        kept = [i for i, shop in open_ones if shop.state == "approved" and department in shop.departments]
        draw = [i for rank, i in enumerate(kept) for _ in range(max(1, round(40 / (rank + 1))))]
        draws[department] = draw + [0] * max(1, round(len(draw) * DEMO_SHARE))
    return {department: tuple(draw) for department, draw in draws.items()}
