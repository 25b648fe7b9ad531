"""What shoppers thought: popularity by a power law, and reviews for whatever sells, in English with some Hindi."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

SALES_MAX = 20_000
SALES_TAIL = 0.85
REVIEWS_PER_SALE = 0.045
REVIEWS_MAX = 40
ENDING = 0.5
SHOPPERS = 200
STRIDE = 37
"""Coprime to SHOPPERS: nobody reviews a product twice."""

MOODS = (
    (0.02, 0.04, 0.10, 0.30),
    (0.03, 0.07, 0.17, 0.45),
    (0.05, 0.11, 0.26, 0.60),
    (0.10, 0.20, 0.42, 0.75),
    (0.22, 0.38, 0.60, 0.86),
)
"""Shares of at most 1, 2, 3 and 4 stars, for products from very good to poor; most are good."""
MOOD_DRAW = (0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4)


class Review(NamedTuple):
    shopper: int
    rating: int
    title: str
    text: str
    created_at: datetime


def draw_sales(rng: Random, *, age: float) -> int:
    """Units sold: a few products sell by the thousand, most by the handful. `age` is 0 for new, 1 for the oldest."""
    power = (1 - rng.random()) ** (-SALES_TAIL)
    return min(int((power - 1) * 6 * (0.15 + age)), SALES_MAX)


def draw_reviews(
    rng: Random, *, noun: str, sales: int, since: datetime, until: datetime, stars: Mapping[str, Any]
) -> list[Review]:
    rand = rng.random
    count = min(int(sales * REVIEWS_PER_SALE + rand()), REVIEWS_MAX) if sales else 0
    if not count:
        return []
    mood = MOODS[MOOD_DRAW[int(rand() * len(MOOD_DRAW))]]
    first, seconds = int(rand() * SHOPPERS), (until - since).total_seconds()
    reviews = []
    for number in range(count):
        draw = rand()
        rating = 1 + sum(draw >= share for share in mood)
        title, text = _words(stars[str(rating)], noun, rng)
        written_at = since + timedelta(seconds=int(seconds * rand()))
        reviews.append(Review((first + number * STRIDE) % SHOPPERS, rating, title, text, written_at))
    return reviews


def _words(said: Mapping[str, Sequence[str]], noun: str, rng: Random) -> tuple[str, str]:
    rand = rng.random

    def pick(name: str) -> str:
        options = said[name]
        return options[int(rand() * len(options))]

    parts = [pick("openings"), pick("middles")]
    if rand() < ENDING:
        parts.append(pick("endings"))
    return pick("titles"), " ".join(parts).replace("{noun}", noun)
