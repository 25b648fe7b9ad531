"""Pages about money: the operator's books, the seller's payouts and statements, and who may not see them."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.database import Pool
from models.paying_out import prepare_payout
from models.settlement import receive_event
from tests.factories import make_product, make_seller, make_user
from tests.handlers.pages.visitor import Visitor
from tests.ordering import KEYRING, charge, event, new_order
from tests.shop import variant_of


@pytest.fixture
async def payout(seller: UUID, database: Pool) -> UUID:
    """A payout of the visitor's own shop for one delivered chair."""
    await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001' WHERE id = $1", seller)
    order = await new_order(await variant_of(await make_product(seller, price_minor=118_000)))
    await receive_event(event(charge(order)), keyring=KEYRING)
    await database.execute("UPDATE shipment SET state = 'delivered', delivered_at = now() - interval '30 days'")
    made = await prepare_payout(seller, hold=timedelta(days=7), currency="INR")
    assert made
    return made


async def test_a_seller_reads_payouts_and_statements_on_pages_and_as_csv(
    visitor: Visitor, payout: UUID, database: Pool
) -> None:
    assert f"/seller/payouts/{payout}" in (await visitor.get("/seller/payouts")).text
    number = await database.fetchval("SELECT number FROM orders")
    assert number in (await visitor.get(f"/seller/payouts/{payout}")).text
    seen = await visitor.get(f"/seller/payouts/{payout}?format=csv")
    head, row = seen.text.split()[0], seen.text.splitlines()[1]
    assert head.startswith("number,reason,at,value_minor")
    assert row.startswith(f"{number},sale,")
    assert (await visitor.get(f"/seller/payouts/{payout}?format=xml")).status == 422


async def test_a_seller_names_the_account_and_a_wrong_one_is_refused(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    assert (await visitor.post("/seller/payouts", payout_account="my bank")).status == 422
    assert (await visitor.post("/seller/payouts", payout_account="fa_0123456789abcd")).status == 303
    assert await database.fetchval("SELECT payout_account FROM seller WHERE id = $1", seller) == "fa_0123456789abcd"


async def test_the_operator_names_the_account_of_no_shop_that_somebody_owns(
    visitor: Visitor, operator: UUID, database: Pool
) -> None:
    owned, left = await make_seller(user_id=await make_user()), await make_seller()
    for shop, account, status in ((owned, "fa_0123456789abcd", 409), (left, "my bank", 422)):
        assert (await visitor.post(f"/admin/sellers/{shop}/payout-account", payout_account=account)).status == status
    assert {row[0] for row in await database.fetch("SELECT payout_account FROM seller")} == {""}
    assert (
        await visitor.post(f"/admin/sellers/{left}/payout-account", payout_account="fa_0123456789abcd")
    ).status == 303
    assert await database.fetchval("SELECT payout_account FROM seller WHERE id = $1", left) == "fa_0123456789abcd"


async def test_a_stranger_sees_no_statement(visitor: Visitor, payout: UUID, operator: UUID) -> None:
    assert (await visitor.get(f"/seller/payouts/{payout}")).status in (403, 404)


async def test_the_operator_sees_books_that_add_up_and_pays_what_is_due(
    visitor: Visitor, operator: UUID, database: Pool
) -> None:
    seen = await visitor.get("/admin/money")
    assert (seen.status, "Accounts of the ledger" in seen.text) == (200, True)
    assert (await visitor.post("/admin/money/payouts")).status == 303


@pytest.mark.parametrize("path", ["/admin/money"])
async def test_nobody_else_gets_in(visitor: Visitor, seller: UUID, path: str) -> None:
    assert (await visitor.get(path)).status == 403
