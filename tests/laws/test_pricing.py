"""Whatever is bought: lines add up to the order, sellers to the sale, and no paisa is made or lost."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.ledger import collection_entries, refund_entries, sale_entries
from models.money import included_tax
from models.pricing import Line, ShippingRule, price, split_sale

SELLERS = [UUID(int=n) for n in range(1, 5)]

lines = st.lists(
    st.builds(
        Line,
        variant_id=st.uuids(),
        seller_id=st.sampled_from(SELLERS),
        quantity=st.integers(1, 10),
        unit_price_minor=st.integers(1, 10_000_000),
        gst_bps=st.sampled_from([0, 300, 500, 1200, 1800, 2800]),
        commission_bps=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=8,
)
rules = st.builds(ShippingRule, flat_minor=st.integers(0, 50_000), free_over_minor=st.integers(0, 2_000_000))
discounts = st.integers(0, 20_000_000)


@given(lines, rules, discounts)
def test_lines_add_up_to_the_order(basket, rule, discount):
    cost = price(basket, rule, discount_minor=discount)
    assert cost.total_minor == cost.subtotal_minor - cost.discount_minor + cost.shipping_minor
    for field in ("discount_minor", "shipping_minor", "tax_minor", "total_minor"):
        assert getattr(cost, field) == sum(getattr(line, field) for line in cost.lines)
    assert [priced.line for priced in cost.lines] == list(basket)


@given(lines, rules, discounts)
def test_nothing_is_ever_negative_and_a_discount_takes_no_more_than_the_goods(basket, rule, discount):
    cost = price(basket, rule, discount_minor=discount)
    assert cost.discount_minor == min(discount, cost.subtotal_minor)
    for priced in cost.lines:
        assert 0 <= priced.discount_minor <= priced.line.goods_minor
        assert priced.shipping_minor >= 0
        assert 0 <= priced.tax_minor <= priced.total_minor


@given(lines, rules)
def test_each_seller_charges_carriage_once_or_not_at_all(basket, rule):
    cost = price(basket, rule)
    for seller in {line.seller_id for line in basket}:
        own = [priced for priced in cost.lines if priced.line.seller_id == seller]
        goods = sum(priced.line.goods_minor for priced in own)
        expected = 0 if goods >= rule.free_over_minor else rule.flat_minor
        assert sum(priced.shipping_minor for priced in own) == expected


@given(lines, rules, discounts)
def test_tax_is_what_the_total_contains(basket, rule, discount):
    for priced in price(basket, rule, discount_minor=discount).lines:
        assert priced.tax_minor == included_tax(priced.total_minor, priced.line.gst_bps)


@given(lines, rules, discounts, st.randoms(use_true_random=False))
def test_the_total_does_not_depend_on_the_order_of_lines(basket, rule, discount, shuffler):
    shuffled = list(basket)
    shuffler.shuffle(shuffled)
    assert (
        price(basket, rule, discount_minor=discount).total_minor
        == price(shuffled, rule, discount_minor=discount).total_minor
    )


@given(lines, rules, discounts)
def test_a_sale_is_split_without_a_rest(basket, rule, discount):
    cost = price(basket, rule, discount_minor=discount)
    splits = split_sale(cost.lines)
    assert len({split.seller_id for split in splits}) == len(splits)
    parts = [s.seller_minor + s.commission_minor + s.shipping_minor + s.tax_minor for s in splits]
    assert sum(parts) == cost.total_minor


@given(lines, rules, discounts, st.integers(0, 5_000))
def test_the_books_add_up_to_zero_and_the_buyer_ends_even(basket, rule, discount, fee):
    cost = price(basket, rule, discount_minor=discount)
    sale, collection = sale_entries(split_sale(cost.lines)), collection_entries(cost.total_minor + fee, fee)
    refund = refund_entries(cost.total_minor + fee)
    for entries in (sale, collection, refund):
        assert sum(entry.amount_minor for entry in entries) == 0
    assert [e.amount_minor for e in sale if e.account == "buyer"] == [-cost.total_minor]
    assert sum(e.amount_minor for e in (*collection, *refund) if e.account == "buyer") == 0
