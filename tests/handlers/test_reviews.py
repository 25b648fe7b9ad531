"""Reviews over HTTP: anybody reads them, whoever is logged in writes one."""

import aiohttp

from models.database import Pool
from server.context import Context
from tests.factories import log_in_as, make_product, make_seller, make_user

PATH = "/api/v1/products/lamp/reviews"


async def test_a_review_is_written_once_and_read_by_all(
    http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    await make_product(await make_seller(), slug="lamp")
    headers = await log_in_as(context.settings, await make_user(context.settings))
    review = {"rating": 4, "title": "Bright", "text": "Lights the room."}
    for status in (201, 409):
        async with http.post(PATH, json=review, headers=headers) as response:
            assert response.status == status
    async with http.get(PATH) as response:
        (item,) = (await response.json())["items"]
    assert (item["rating"], item["author"], item["verified"]) == (4, "Asha", False)


async def test_bad_reviews_and_strangers_are_refused(http: aiohttp.ClientSession, context: Context) -> None:
    async with http.post(PATH, json={"rating": 4}) as response:
        assert response.status == 401
    headers = await log_in_as(context.settings, await make_user(context.settings))
    for body, status in (({"rating": 6}, 422), ({"rating": "5"}, 422), ({"rating": 5}, 404)):
        async with http.post(PATH, json=body, headers=headers) as response:
            assert response.status == status, body
