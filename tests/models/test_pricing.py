"""Prices by example, checked by hand."""

from uuid import UUID

from models.discount import Coupon, refusals
from models.pricing import Line, Split, price, split_sale
from models.proration import part_of
from models.shipping import ShippingRule

ANIL, BINA = UUID(int=1), UUID(int=2)
RULE = ShippingRule(flat_minor=4_900, free_over_minor=49_900)


def coupon(**columns: object) -> Coupon:
    values = {"id": UUID(int=7), "code": "DIWALI", "kind": "amount", "value": 10_000, "borne_by": "platform"}
    return Coupon(**{**values, **columns})


def line(seller: UUID, unit_price_minor: int, quantity: int = 1, *, gst_bps: int = 1800, **columns: object) -> Line:
    return Line(
        variant_id=UUID(int=9),
        seller_id=seller,
        quantity=quantity,
        unit_price_minor=unit_price_minor,
        gst_bps=gst_bps,
        commission_bps=1000,
        **columns,
    )


def test_gst_is_contained_in_the_price():
    cost = price([line(ANIL, 118_000)], RULE)
    assert (cost.subtotal_minor, cost.shipping_minor, cost.tax_minor, cost.total_minor) == (118_000, 0, 18_000, 118_000)


def test_each_seller_below_the_threshold_charges_carriage():
    cost = price([line(ANIL, 49_899), line(BINA, 49_900)], RULE)
    assert [priced.shipping_minor for priced in cost.lines] == [4_900, 0]


def test_the_threshold_counts_what_is_left_after_the_discount():
    assert price([line(ANIL, 49_900)], RULE, coupons=[coupon(value=1)]).shipping_minor == 4_900


def test_carriage_is_spread_by_worth_and_taxed_with_the_goods():
    cost = price([line(ANIL, 10_000), line(ANIL, 20_000, gst_bps=0)], RULE)
    assert [priced.shipping_minor for priced in cost.lines] == [1_633, 3_267]
    assert [priced.tax_minor for priced in cost.lines] == [1_775, 0]


def test_goods_that_their_seller_gives_away_bear_no_tax_and_no_less_than_none():
    """CGST and SGST of the carriage are 2 paise each; 5 % of it at once would be 5, one more than the line's tax."""
    rule = ShippingRule(flat_minor=100, free_over_minor=None)
    free = line(ANIL, 10_000, gst_bps=500, intra_state=True)
    [priced] = price([free], rule, coupons=[coupon(borne_by="seller", seller_id=ANIL)]).lines
    assert (priced.total_minor, priced.tax_minor) == (100, 4)
    kept, whole = (part_of(priced, before=0, units=1, with_shipping=with_) for with_ in (False, True))
    assert (kept.tax_minor, kept.total_minor, whole.tax_minor, whole.total_minor) == (0, 0, 4, 100)
    assert [whole.split] == split_sale([priced])


def test_nothing_costs_nothing():
    cost = price([], RULE)
    assert (cost.total_minor, cost.lines) == (0, ())


def test_what_is_sold_is_shared_between_seller_platform_carriage_and_tax():
    cost = price([line(ANIL, 11_800)], RULE)
    assert cost.total_minor == 16_700
    assert split_sale(cost.lines) == [
        Split(seller_id=ANIL, seller_minor=8_820, commission_minor=1_180, shipping_minor=4_153, tax_minor=2_547)
    ]


def test_within_a_state_the_tax_is_cgst_and_sgst_at_half_the_rate_each():
    bought = price([line(ANIL, 118_000, intra_state=True)], RULE).lines[0]
    assert (bought.taxable_minor, bought.cgst_minor, bought.sgst_minor, bought.igst_minor) == (100_000, 9_000, 9_000, 0)


def test_between_states_the_tax_is_igst():
    bought = price([line(ANIL, 118_000)], RULE).lines[0]
    assert (bought.taxable_minor, bought.cgst_minor, bought.sgst_minor, bought.igst_minor) == (100_000, 0, 0, 18_000)


def test_half_a_paisa_of_tax_rounds_up():
    bought = price([line(ANIL, 59, gst_bps=1800, intra_state=True)], ShippingRule(0, 0)).lines[0]
    assert (bought.cgst_minor, bought.sgst_minor) == (5, 5)  # 4.5 each
    assert bought.taxable_minor == 49


def test_what_the_seller_takes_off_is_not_taxed_and_what_the_platform_adds_is():
    own = coupon(borne_by="seller", seller_id=ANIL, value=11_800)
    seller = price([line(ANIL, 118_000)], RULE, coupons=[own])
    platform = price([line(ANIL, 118_000)], RULE, coupons=[coupon(value=11_800)])
    assert seller.total_minor == platform.total_minor == 106_200
    assert (seller.tax_minor, platform.tax_minor) == (16_200, 18_000)
    assert split_sale(platform.lines)[0].promotion_minor == 11_800
    assert split_sale(platform.lines)[0].seller_minor == 118_000 - 18_000 - 11_800
    assert split_sale(seller.lines)[0].commission_minor == 10_620


def test_percent_comes_before_amount_and_free_carriage_last():
    basket = [line(ANIL, 20_000), line(BINA, 10_000)]
    offers = [
        coupon(id=UUID(int=1), code="SHIP", kind="free_shipping", value=0),
        coupon(id=UUID(int=2), code="FIFTY", value=5_000),
        coupon(id=UUID(int=3), code="TEN", kind="percent", value=1_000),
    ]
    cost = price(basket, RULE, coupons=offers)
    assert [(a.coupon.code, a.amount_minor) for a in cost.coupons] == [
        ("TEN", 3_000),
        ("FIFTY", 5_000),
        ("SHIP", 9_800),
    ]
    assert [priced.discount_minor for priced in cost.lines] == [2_000 + 3_333 + 4_900, 1_000 + 1_667 + 4_900]
    assert (cost.shipping_minor, cost.total_minor) == (9_800, 30_000 - 8_000)


def test_a_percentage_has_a_cap_and_a_seller_s_coupon_covers_that_seller_alone():
    capped = coupon(kind="percent", value=5_000, cap_minor=4_000, seller_id=BINA, borne_by="seller")
    cost = price([line(ANIL, 20_000), line(BINA, 10_000)], RULE, coupons=[capped])
    assert [priced.seller_discount_minor for priced in cost.lines] == [0, 4_000]


def test_the_last_coupon_leaves_one_rupee_where_less_would_be_left():
    offers = [
        coupon(id=UUID(int=1), code="MOST", kind="percent", value=9_990),
        coupon(id=UUID(int=2), code="SHIP", kind="free_shipping", value=0),
    ]
    cost = price([line(ANIL, 40_000)], RULE, coupons=offers)
    assert [(a.coupon.code, a.amount_minor) for a in cost.coupons] == [("MOST", 39_960), ("SHIP", 4_840)]
    assert (cost.total_minor, cost.discount_minor, cost.kept_back_minor) == (100, 44_800, 60)


def test_goods_for_less_than_a_rupee_keep_their_price():
    cost = price([line(ANIL, 60)], ShippingRule(0, 0), coupons=[coupon(value=20)])
    assert (cost.total_minor, cost.discount_minor, cost.kept_back_minor) == (60, 0, 20)


def test_carriage_grows_with_each_started_step_of_weight():
    rule = ShippingRule(4_000, None, base_grams=500, step_grams=500, step_minor=1_500)
    assert [rule.charge(grams=grams, worth_minor=10**9) for grams in (0, 500, 501, 1_000, 1_001)] == [
        4_000, 4_000, 5_500, 5_500, 7_000,
    ]  # fmt: skip
    heavy = line(ANIL, 10_000, quantity=2, weight_grams=400, carriage=rule)
    assert price([heavy, line(BINA, 10_000)], RULE).shipping_minor == 5_500 + 4_900


def test_a_coupon_says_why_it_does_not_hold():
    sellers, goods = [ANIL], [20_000]
    assert refusals([coupon()], sellers, goods) == {}
    assert refusals([coupon(minimum_minor=20_001)], sellers, goods)[UUID(int=7)] == ("minimum", 1)
    assert refusals([coupon(standing="used_up")], sellers, goods)[UUID(int=7)] == ("used_up", 0)
    assert refusals([coupon(seller_id=BINA)], sellers, goods)[UUID(int=7)] == ("other_goods", 0)
    two = [coupon(stackable=True), coupon(id=UUID(int=8), code="ALONE")]
    assert refusals(two, sellers, goods) == {UUID(int=8): ("alone", 0)}
