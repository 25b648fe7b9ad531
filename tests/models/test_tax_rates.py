"""Which GST rate goods bear: by HSN code, and for clothes and shoes by what a piece is sold for, not by its label."""

import pytest

from models.cart_view import read_cart
from models.tax import Rate, rate_of
from tests.factories import make_product, make_seller
from tests.offering import make_coupon, put_on_cart
from tests.ordering import TERMS, fill, guest, place
from tests.shop import variant_of

BY_PRICE = (Rate(262_500, 1_800), Rate(0, 500))


@pytest.mark.parametrize(
    ("value_minor", "pieces", "bps"),
    [(262_500, 1, 500), (262_501, 1, 1_800), (525_000, 2, 500), (525_001, 2, 1_800), (0, 1, 500)],
)
def test_the_bound_is_of_one_piece(value_minor, pieces, bps):
    assert rate_of(BY_PRICE, value_minor, pieces=pieces, otherwise=9_999) == bps
    assert rate_of((), value_minor, pieces=pieces, otherwise=1_200) == 1_200


@pytest.mark.parametrize(
    ("off_minor", "bearer", "bps"),
    [(0, "", 1_800), (50_000, "seller", 500), (50_000, "platform", 1_800), (30_000, "seller", 1_800)],
)
async def test_a_kurta_is_taxed_by_what_it_is_sold_for(database, off_minor, bearer, bps):
    """Two at 2,800: 500 rupees off by the seller make it 2,550 each; what the platform pays for the buyer is paid."""
    seller, shopper = await make_seller(), guest()
    await fill(
        shopper, await variant_of(await make_product(seller, price_minor=280_000, hsn_code="610910")), quantity=2
    )
    if off_minor:
        coupon = await make_coupon(value=off_minor, borne_by=bearer, seller_id=seller)
        await put_on_cart(shopper, coupon=coupon)
    shown = await read_cart(shopper, TERMS)
    placed = await place(shopper)
    line = await database.fetchrow("SELECT gst_bps, taxable_minor, tax_minor, total_minor FROM order_line")
    worth = 560_000 - (off_minor if bearer == "seller" else 0)
    assert (shown.items[0].gst_bps, line["gst_bps"]) == (bps, bps)
    assert (shown.tax_minor, shown.total_minor) == (line["tax_minor"], line["total_minor"])
    assert placed.price.tax_minor == line["tax_minor"] == round(worth * bps / (10_000 + bps))
    assert line["taxable_minor"] + line["tax_minor"] == worth


NOTIFIED = {
    0: "48202000 490110",
    300: "711719",
    500: (
        "07136000 22029920 21069099 330510 34011110 340600 630900 660110 691110 732394 741810 871200 940440 950300"
        " 950490 950662 960321"
    ),
    1_800: (
        "24031921 33059040 340130 392410 48201090 491191 701337 732111 821520 940161 940490 950450 950691"
    ),
    4_000: "21069020 22021010 24022010",
}  # fmt: skip


async def test_the_table_says_what_was_notified(database):
    seller, found = await make_seller(), {}
    wanted = {code: bps for bps, codes in NOTIFIED.items() for code in codes.split()}
    for code in wanted:
        shopper = guest()
        await fill(shopper, await variant_of(await make_product(seller, price_minor=10_000, hsn_code=code)))
        found[code] = (await read_cart(shopper, TERMS)).items[0].gst_bps
    assert found == wanted
