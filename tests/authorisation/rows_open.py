"""Rows of what anybody may call, and of the routes that carry no declaration because nothing stands before them."""

from models.database import pool
from tests.authorisation.rows import PLAIN, PROOF, SELF, Given, Row, sends
from tests.authorisation.world import World, word
from tests.buying import ADDRESS

UNDECLARED = {
    "GET /api/docs": "the description of the API",
    "GET /api/openapi.json": "the description of the API",
    "GET /favicon.ico": "a picture",
    "GET /healthz": "whether the process lives",
    "GET /readyz": "whether its servers answer",
    "GET /metrics": "numbers without anybody in them",
    "GET /robots.txt": "for search engines",
    "GET /static/<path:path>": "styles and scripts",
    "GET /media/demo/<name:str>": "pictures of products",
    "GET /media/products/<name:str>": "pictures of products",
    "GET /media/avatars/<name:str>": "pictures of people, by an id that nobody guesses",
    "GET /media/reviews/<name:str>": "photos of reviews",
    "POST /webhooks/razorpay": "signed by the gateway: a bad signature is 401",
    "POST /payments/return": "the buyer who comes back from the gateway, signed",
}


async def a_log_in(w: World) -> Given:
    email = f"{word()}@example.in"
    hashed = await w.context.passwords.hash("correct horse battery")
    keyring = w.context.keyring
    await pool().execute(
        "INSERT INTO users (id, email_hash, email_encrypted, name, password_hash)"
        " VALUES (gen_random_uuid(), $1, $2, 'Ravi', $3)",
        keyring.email_hash(email),
        keyring.encrypt(email),
        hashed,
    )
    return {"send": {"email": email, "password": "correct horse battery"}}


ROWS = {
    "POST /api/v1/auth/login": Row(a_log_in),
    "POST /login": Row(a_log_in),
    "POST /api/v1/auth/refresh": Row(sends(refresh_token="x"), PROOF),
    "PUT /api/v1/cart/place": Row(sends(pin_code=ADDRESS["pin_code"]), SELF),
    "POST /cart/place": Row(sends(pin_code=ADDRESS["pin_code"]), SELF),
    "POST /orders/look-up": Row(sends(number="HT-1", email="asha@example.in"), PROOF),
    "GET /orders/look-up": PLAIN,
    "POST /api/v1/search/clicks": Row(sends(search_id="x", product_id="00000000-0000-7000-8000-000000000000",
                                            position=1), PROOF),
}  # fmt: skip
