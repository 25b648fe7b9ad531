"""What pgbench is given to do is what the shop does: its orders are as sound as those of the shop."""

import pytest

from loadtests.pgbench import PgbenchError, pgbench
from loadtests.rehearsal import rehearsing
from models.database import connected
from tests.buying import variant_of
from tests.factories import make_product, make_seller
from tests.oracle import broken_promises

LINES = 3


@pytest.fixture
async def variants(settings) -> list[str]:
    async with connected(settings.database.url):
        return [str(await variant_of(await make_product(await make_seller(), stock=10_000))) for _ in range(LINES)]


async def test_a_rehearsed_purchase_becomes_a_script_whose_orders_are_sound(settings, variants, tmp_path):
    async with rehearsing(settings, variants[0]) as rehearsal:
        one, three = await rehearsal.count(variants[:1]), await rehearsal.count(variants)
        assert one <= 9
        assert three - one <= LINES - 1
        rehearsed = await rehearsal.buy(variants[:1])
        steps = [*rehearsed.cart, *rehearsed.order, *rehearsed.opened, *rehearsed.paid]
        script = tmp_path / "purchase.sql"
        script.write_text(await rehearsal.script(steps, rehearsed.own, variants[:1]), "utf-8")
        before = await rehearsal.connection.fetchval("SELECT count(*) FROM orders WHERE state = 'paid'")
        rate = await pgbench(settings.database.url, script, clients=2, seconds=1)
        paid = await rehearsal.connection.fetchval("SELECT count(*) FROM orders WHERE state = 'paid'")
        assert paid > before
        assert rate > 0
        assert await broken_promises(rehearsal.connection) == {}


async def test_a_script_that_fails_is_no_figure(settings, variants, tmp_path):
    script = tmp_path / "broken.sql"
    script.write_text("\\set turn :turn + 1\nSELECT 1 / 0;\n", "utf-8")
    with pytest.raises(PgbenchError, match="division by zero"):
        await pgbench(settings.database.url, script, clients=1, seconds=1)
