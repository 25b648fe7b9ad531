"""Reviews over HTTP: anybody reads them, whoever got the product writes one."""

import aiohttp

from models.database import Pool
from models.moderation import decide_review
from server.context import Context
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.fulfilling import get_hold_of

PATH = "/api/v1/products/lamp/reviews"


async def test_a_review_is_written_once_and_read_by_all(
    http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    product_id, user_id = await make_product(await make_seller(), slug="lamp"), await make_user(context.settings)
    headers = await log_in_as(context.settings, user_id)
    review = {"rating": 4, "title": "Bright", "text": "Lights the room."}
    for parcel, status in (("", 403), ("shipped", 403), ("delivered", 201), ("delivered", 409)):
        if parcel == "shipped":
            await get_hold_of(user_id, product_id)
        await database.execute("UPDATE shipment SET state = $1", parcel)
        async with http.post(PATH, json=review, headers=headers) as response:
            assert response.status == status, parcel
    async with http.get(PATH) as response:
        assert (await response.json())["items"] == []
    await decide_review(await database.fetchval("SELECT id FROM review"), "published", actor_id=user_id)
    async with http.get(PATH) as response:
        (item,) = (await response.json())["items"]
    assert (item["rating"], item["author"], item["verified"]) == (4, "Asha", True)


async def test_bad_reviews_and_strangers_are_refused(http: aiohttp.ClientSession, context: Context) -> None:
    async with http.post(PATH, json={"rating": 4}) as response:
        assert response.status == 401
    headers = await log_in_as(context.settings, await make_user(context.settings))
    for body, status in (({"rating": 6}, 422), ({"rating": "5"}, 422), ({"rating": 5}, 404)):
        async with http.post(PATH, json=body, headers=headers) as response:
            assert response.status == status, body
