"""Whatever is bought: lines add up to the order, sellers to the sale, and no paisa is made or lost."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.discount import Coupon
from models.ledger import collection_entries, gift_card_entries, refund_entries, sale_entries
from models.money import COLLECTED_LEAST_MINOR, included_tax
from models.offers import GiftCard
from models.pricing import Line, price, split_sale
from models.quote import redeem
from models.shipping import ShippingRule

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
        intra_state=st.booleans(),
        weight_grams=st.integers(0, 90_000),
    ),
    min_size=1,
    max_size=8,
)
rules = st.builds(ShippingRule, flat_minor=st.integers(0, 50_000), free_over_minor=st.integers(0, 2_000_000))


@st.composite
def coupons(draw):
    """Up to three, each of its own kind of bearer and reach."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["percent", "amount", "free_shipping"]))
        seller = draw(st.sampled_from([None, *SELLERS]))
        value = draw(st.integers(1, 10_000 if kind == "percent" else 20_000_000)) if kind != "free_shipping" else 0
        bearer = draw(st.sampled_from(["platform", "seller"])) if seller else "platform"
        cap = draw(st.none() | st.integers(1, 1_000_000))
        found.append(
            Coupon(
                id=UUID(int=number), code=f"C{number}", kind=kind, value=value, seller_id=seller, borne_by=bearer,
                cap_minor=cap, stackable=True,
            )
        )  # fmt: skip
    return found


weighed = st.builds(
    ShippingRule,
    flat_minor=st.integers(0, 50_000),
    free_over_minor=st.none() | st.integers(0, 2_000_000),
    base_grams=st.integers(0, 5_000),
    step_grams=st.integers(1, 5_000),
    step_minor=st.integers(0, 5_000),
)


@given(lines, weighed, coupons())
def test_lines_add_up_to_the_order(basket, rule, offers):
    cost = price(basket, rule, coupons=offers)
    assert cost.total_minor == cost.subtotal_minor - cost.discount_minor + cost.shipping_minor
    for field in ("discount_minor", "shipping_minor", "tax_minor", "total_minor"):
        assert getattr(cost, field) == sum(getattr(line, field) for line in cost.lines)
    assert cost.discount_minor == sum(applied.amount_minor for applied in cost.coupons)
    assert [priced.line for priced in cost.lines] == list(basket)


@given(lines, weighed, coupons())
def test_nothing_is_ever_negative_and_a_discount_takes_no_more_than_there_is(basket, rule, offers):
    for priced in price(basket, rule, coupons=offers).lines:
        amounts = (
            priced.seller_discount_minor, priced.platform_discount_minor, priced.shipping_minor, priced.taxable_minor,
            priced.cgst_minor, priced.sgst_minor, priced.igst_minor, priced.total_minor,
        )  # fmt: skip
        assert min(amounts) >= 0
        assert priced.discount_minor <= priced.line.goods_minor + priced.shipping_minor


@given(lines, rules)
def test_each_seller_charges_carriage_once_or_not_at_all(basket, rule):
    cost = price(basket, rule)
    for seller in {line.seller_id for line in basket}:
        own = [priced for priced in cost.lines if priced.line.seller_id == seller]
        goods = sum(priced.line.goods_minor for priced in own)
        expected = 0 if goods >= rule.free_over_minor else rule.flat_minor
        assert sum(priced.shipping_minor for priced in own) == expected


@given(lines, weighed, coupons())
def test_the_taxes_are_those_of_the_supply_within_a_paisa_and_of_the_right_kind(basket, rule, offers):
    for priced in price(basket, rule, coupons=offers).lines:
        supply = priced.total_minor + priced.platform_discount_minor
        assert priced.taxable_minor + priced.tax_minor == supply
        assert abs(priced.tax_minor - included_tax(supply, priced.line.gst_bps)) <= 1
        assert priced.cgst_minor == priced.sgst_minor
        assert (priced.igst_minor if priced.line.intra_state else priced.cgst_minor) == 0


@given(lines, weighed, coupons())
def test_a_coupon_takes_nothing_off_what_it_does_not_cover(basket, rule, offers):
    for applied in price(basket, rule, coupons=offers).coupons:
        for line, share in zip(basket, applied.shares, strict=True):
            assert share == 0 or applied.coupon.covers(line.seller_id)


@given(lines, rules, coupons(), st.randoms(use_true_random=False))
def test_the_order_in_which_coupons_are_entered_changes_nothing(basket, rule, offers, shuffler):
    shuffled = list(offers)
    shuffler.shuffle(shuffled)
    assert price(basket, rule, coupons=offers) == price(basket, rule, coupons=shuffled)


@given(lines, rules, st.randoms(use_true_random=False))
def test_the_total_does_not_depend_on_the_order_of_lines(basket, rule, shuffler):
    shuffled = list(basket)
    shuffler.shuffle(shuffled)
    assert price(basket, rule).total_minor == price(shuffled, rule).total_minor


@given(lines, weighed, coupons())
def test_a_sale_is_split_without_a_rest(basket, rule, offers):
    cost = price(basket, rule, coupons=offers)
    splits = split_sale(cost.lines)
    assert len({split.seller_id for split in splits}) == len(splits)
    parts = [s.seller_minor + s.commission_minor + s.shipping_minor + s.tax_minor - s.promotion_minor for s in splits]
    assert sum(parts) == cost.total_minor


@given(lines, weighed, coupons(), st.integers(0, 5_000), st.integers(0, 1_000_000))
def test_the_books_add_up_to_zero_and_the_buyer_ends_even(basket, rule, offers, fee, on_card):
    cost = price(basket, rule, coupons=offers)
    on_card = min(on_card, cost.total_minor)
    due = cost.total_minor - on_card
    sale, gift = sale_entries(split_sale(cost.lines)), gift_card_entries(on_card)
    collection, back = collection_entries(due + fee, fee), refund_entries(fee)
    for entries in (sale, gift, collection, back):
        assert sum(entry.amount_minor for entry in entries) == 0
    assert sum(e.amount_minor for e in sale if e.account == "buyer") == -cost.total_minor
    assert sum(e.amount_minor for e in (*sale, *gift, *collection, *back) if e.account == "buyer") == 0


@given(lines, weighed, coupons(), st.integers(-200, 200), st.sampled_from([9_990, 9_999, 10_000]))
def test_coupons_leave_nothing_to_pay_or_what_can_be_collected(basket, rule, offers, short, bps):
    whole = price(basket, rule)
    nearly = Coupon(
        id=UUID(int=8), code="N", kind="amount", value=max(1, whole.subtotal_minor - short), borne_by="platform"
    )
    most = Coupon(id=UUID(int=9), code="M", kind="percent", value=bps, borne_by="platform")
    free = Coupon(id=UUID(int=10), code="F", kind="free_shipping", value=0, borne_by="platform")
    for taken in ([nearly], [most], [nearly, free], [most, free], [*offers, nearly, free]):
        cost = price(basket, rule, coupons=taken)
        least = min(COLLECTED_LEAST_MINOR, cost.subtotal_minor + cost.shipping_minor)
        assert cost.total_minor == 0 or cost.total_minor >= least
        assert 0 <= cost.kept_back_minor < COLLECTED_LEAST_MINOR
        assert cost.kept_back_minor == 0 or cost.total_minor == least


balances = st.lists(st.integers(0, 300), max_size=4)


@given(balances, st.just(0) | st.integers(COLLECTED_LEAST_MINOR, 600))
def test_gift_cards_leave_nothing_to_pay_or_what_can_be_collected_and_pay_all_that_they_can(held, due):
    cards = [
        GiftCard(id=UUID(int=i), last4="ABCD", currency="INR", usable=True, balance_minor=balance)
        for i, balance in enumerate(held)
    ]
    paid = redeem(cards, due, "INR")
    assert all(0 <= part.amount_minor <= part.card.balance_minor for part in paid)
    wanted = max(0, due - sum(held))
    least = max(wanted, COLLECTED_LEAST_MINOR) if wanted else 0
    assert due - sum(part.amount_minor for part in paid) == least
