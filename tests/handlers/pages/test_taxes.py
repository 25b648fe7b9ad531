"""The operator's GST rates: entered for a day to come, never for a day that has passed, and charged from then on."""

import re
from datetime import date, timedelta
from uuid import UUID

import aiohttp

from models.basket import Shopper
from models.cart_view import read_cart
from models.database import Pool
from server.context import Context
from tests.factories import log_in_as
from tests.handlers.pages.visitor import Visitor
from tests.ordering import TERMS, fill, guest
from tests.shop import variant

__all__ = ["variant"]
RATES = "/api/v1/admin/tax-rates"


async def tax_of(shopper: Shopper) -> int:
    return (await read_cart(shopper, TERMS)).tax_minor


async def test_a_rate_holds_from_its_day_on_and_the_longest_prefix_wins(
    visitor: Visitor, operator: UUID, variant, database: Pool
) -> None:
    shopper = guest()
    await fill(shopper, await variant(price_minor=118_000, hsn_code="94036000"))
    assert await tax_of(shopper) == 18_000
    tomorrow = (await database.fetchval("SELECT (now() AT TIME ZONE 'Asia/Kolkata')::date")) + timedelta(days=1)
    seen = await visitor.post("/admin/taxes", hsn_prefix="94", rate="40", valid_from=tomorrow.isoformat())
    assert (seen.location, await tax_of(shopper)) == ("/admin/taxes", 18_000)
    assert "Later" in (await visitor.get("/admin/taxes")).text
    await visitor.post("/admin/taxes", hsn_prefix="9403", rate="0.25", over_minor="1,000")
    assert await tax_of(shopper) == 294
    assert "tax_rate.set" in [row["action"] for row in await database.fetch("SELECT action FROM audit_entry")]


async def test_the_rates_of_one_code_are_found_among_all(visitor: Visitor, operator: UUID) -> None:
    for prefix in ("94", "9403", "940360", "9405", "61"):
        await visitor.post("/admin/taxes", hsn_prefix=prefix, rate="18")
    for code, wanted in (
        ("9403 6000", {"94", "9403", "940360"}),
        ("9403", {"94", "9403", "940360"}),
        ("6", {"61"}),
        ("%25", set()),
        ("_1", set()),
        ("<b>", set()),
    ):
        text = (await visitor.get(f"/admin/taxes?code={code}")).text
        shown = set(re.findall(r"<strong>([0-9]+)</strong></td>", text))
        assert shown & {"94", "9403", "940360", "9405", "61"} == wanted, code
        assert wanted or "No rate fits this code" in text


async def test_pin_codes_lie_in_the_zone_of_their_longest_prefix(
    visitor: Visitor, operator: UUID, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    assert (await visitor.post("/admin/zones", prefix="0", zone="metro")).status == 422
    assert (await visitor.post("/admin/zones", prefix="560", zone="moon")).status == 422
    for prefix, zone in (("5", "remote"), ("560", "metro"), ("560", "national")):
        assert (await visitor.post("/admin/zones", prefix=prefix, zone=zone)).location == "/admin/zones"
    assert "560" in (await visitor.get("/admin/zones")).text
    headers = await log_in_as(context.settings, operator)
    async with http.get("/api/v1/admin/zones", headers=headers) as response:
        assert (await response.json())["items"] == [
            {"prefix": "5", "zone": "remote"}, {"prefix": "560", "zone": "national"},
        ]  # fmt: skip
    assert (await visitor.post("/admin/zones/560/remove")).location == "/admin/zones"
    assert (await visitor.post("/admin/zones/560/remove")).status == 404
    trail = [row["action"] for row in await database.fetch("SELECT action FROM audit_entry ORDER BY id")]
    assert trail.count("zone.set") == 3
    assert trail[-1] == "zone.dropped"


async def test_what_is_no_rate_is_refused_by_its_field(
    visitor: Visitor, operator: UUID, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    before = await database.fetchval("SELECT count(*) FROM tax_rate")
    for form, words in (
        ({"hsn_prefix": "94", "rate": "a lot"}, "Write percent"),
        ({"hsn_prefix": "94", "rate": "101"}, "Write percent"),
        ({"hsn_prefix": "941", "rate": "5"}, "hsn_prefix-error"),
        ({"hsn_prefix": "94", "rate": "5", "over_minor": "dear"}, "rite a price"),
        ({"hsn_prefix": "94", "rate": "5", "valid_from": "2020-01-01"}, "what was sold keeps its rate"),
    ):
        seen = await visitor.post("/admin/taxes", **form)
        assert (seen.status, words in seen.text) == (422, True), form
    body = {"hsn_prefix": "94", "rate_bps": 10_001, "valid_from": date(2099, 1, 1).isoformat()}
    headers = await log_in_as(context.settings, operator)
    async with http.put(RATES, json=body, headers=headers) as response:
        problem = await response.json()
        assert (response.status, problem["errors"][0]["field"]) == (422, "rate_bps")
    async with http.put(RATES, json={**body, "rate_bps": 4_000}, headers=headers) as response:
        assert (await response.json())["items"][-1]["holds"] in {"now", "later"}
    assert await database.fetchval("SELECT count(*) FROM tax_rate") == before + 1
