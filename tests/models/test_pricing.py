"""Prices by example, checked by hand."""

from uuid import UUID

from models.pricing import Line, ShippingRule, Split, price, split_sale

ANIL, BINA = UUID(int=1), UUID(int=2)
RULE = ShippingRule(flat_minor=4_900, free_over_minor=49_900)


def line(seller: UUID, unit_price_minor: int, quantity: int = 1, *, gst_bps: int = 1800) -> Line:
    return Line(
        variant_id=UUID(int=9),
        seller_id=seller,
        quantity=quantity,
        unit_price_minor=unit_price_minor,
        gst_bps=gst_bps,
        commission_bps=1000,
    )


def test_gst_is_contained_in_the_price():
    cost = price([line(ANIL, 118_000)], RULE)
    assert (cost.subtotal_minor, cost.shipping_minor, cost.tax_minor, cost.total_minor) == (118_000, 0, 18_000, 118_000)


def test_each_seller_below_the_threshold_charges_carriage():
    cost = price([line(ANIL, 49_899), line(BINA, 49_900)], RULE)
    assert [priced.shipping_minor for priced in cost.lines] == [4_900, 0]


def test_the_threshold_counts_what_is_left_after_the_discount():
    assert price([line(ANIL, 49_900)], RULE, discount_minor=1).shipping_minor == 4_900


def test_carriage_is_spread_by_worth_and_taxed_with_the_goods():
    cost = price([line(ANIL, 10_000), line(ANIL, 20_000, gst_bps=0)], RULE)
    assert [priced.shipping_minor for priced in cost.lines] == [1_633, 3_267]
    assert [priced.tax_minor for priced in cost.lines] == [1_775, 0]


def test_nothing_costs_nothing():
    cost = price([], RULE)
    assert (cost.total_minor, cost.lines) == (0, ())


def test_what_is_sold_is_shared_between_seller_platform_carriage_and_tax():
    cost = price([line(ANIL, 11_800)], RULE)
    assert cost.total_minor == 16_700
    assert split_sale(cost.lines) == [
        Split(seller_id=ANIL, seller_minor=8_820, commission_minor=1_180, shipping_minor=4_153, tax_minor=2_547)
    ]
