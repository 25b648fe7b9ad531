"""The demo products: the same each time, no two alike, and saying the same in name, description and specifications."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from catalogue.seed.generator import EPOCH, Product, World, make_product, make_world, products
from catalogue.seed.ids import Ids, code, index_of
from catalogue.seed.people import gstin_check, shoppers
from catalogue.seed.prices import gst_bps, shop_price
from catalogue.seed.rows import category_rows, product_rows
from catalogue.seed.shelves import load_shop

MANY = 20_000


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(1)


@pytest.fixture(scope="module")
def some(world: World) -> list[Product]:
    return list(products(world, 0, 3_000))


def test_the_same_seed_makes_the_same_rows(world: World) -> None:
    again = make_world(1)
    assert repr(list(product_rows(world, 0, 300, chunk=100))) == repr(list(product_rows(again, 0, 300, chunk=100)))
    assert world.sellers == again.sellers
    assert shoppers(1) == shoppers(1)


def test_a_product_depends_on_seed_and_number_alone(world: World, some: list[Product]) -> None:
    assert make_product(world, 1_234) == some[1_234]
    assert make_product(make_world(2), 1_234) != some[1_234]


def test_names_are_nearly_all_distinct(world: World) -> None:
    names = Counter(product.name for product in products(world, 0, MANY))
    assert len(names) >= MANY * 0.995


def test_numbers_in_names_measure_or_count_something(some: list[Product]) -> None:
    units = {value.unit for kind in load_shop().kinds for _, _, values in kind.specs for value in values}
    units |= {"x", "ft", "mAh", "ton", "Years", "Seater", "Piece", "Step", "Gang", "SSD", "ml", "V", "RAM"} | {"TB"}
    for product in some:
        words = re.sub(r"[(),:]", " ", product.name).split()
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            if word.isdigit():
                assert after in units or before in ("of", "UK", "x", "Wi-Fi"), product.name


def test_every_product_class_of_the_furniture_queries_is_a_leaf(data_folder: Path) -> None:
    with (data_folder / "wands_queries.tsv").open(encoding="utf-8") as lines:
        wanted = {row["query_class"] for row in csv.DictReader(lines, delimiter="\t") if row["query_class"]}
    assert wanted
    assert wanted - {kind.name for kind in load_shop().kinds} == set()


def test_every_leaf_gets_products(world: World) -> None:
    found = {product.kind.name for product in products(world, 0, MANY)}
    assert found == {kind.name for kind in load_shop().kinds}


def test_the_colour_of_the_name_is_the_colour_of_specification_and_description(some: list[Product]) -> None:
    seen = 0
    for product in some:
        tail = product.name.removesuffix(")").rpartition(", ")[2].rpartition("(")[2]
        if "Colour" in product.specs:
            seen += 1
            assert product.specs["Colour"].text == tail
            assert product.specs["Colour"].text.lower() in product.description
        elif product.kind.colours:
            assert tail not in product.kind.colours
            colours = dict.fromkeys(variant.options["Colour"] for variant in product.variants)
            assert len(colours) > 1
            assert all(colour.lower() in product.description for colour in list(colours)[:3])
    assert seen > len(some) / 3


def test_descriptions_give_the_figures_of_the_specifications(some: list[Product]) -> None:
    seen = 0
    for product in some:
        for key, lowered, _ in product.kind.specs:
            value = product.specs.get(key)
            for number in re.findall(rf"(?:{re.escape(key)}|{re.escape(lowered)}) ([\d.]+ \S+)", product.description):
                seen += 1
                assert value is not None
                assert value.text.startswith(number.rstrip(".,"))
    assert seen > len(some)


def test_descriptions_name_the_product_and_have_thirty_to_fifty_five_words(some: list[Product]) -> None:
    for product in some:
        assert 30 <= len(product.description.split()) <= 55, product.description
        assert product.brand in product.description
        assert not set("{}|") & set(product.description + product.name)
        assert "  " not in product.description + product.name
        assert len(product.name) <= 200


def test_a_specification_has_one_type_and_unit_everywhere(some: list[Product]) -> None:
    types = defaultdict(set)
    for product in some:
        for key, value in product.specs.items():
            types[key].add((value.kind, value.unit))
            assert (value.kind == "text") == (value.number is None)
            assert len(key) <= 60
            assert len(value.unit) <= 16
        for variant in product.variants:
            for key in variant.options:
                types[key].add(("text", ""))
                assert key not in product.specs
    assert {key: found for key, found in types.items() if len(found) > 1} == {}


def test_prices_look_like_a_shops(some: list[Product]) -> None:
    for product in some:
        for variant in product.variants:
            assert variant.price_minor > 0
            assert variant.price_minor % 1_000 == 900
            assert variant.list_price_minor is None or variant.list_price_minor >= variant.price_minor
            assert variant.weight_grams > 0
    assert shop_price(387) == 38_900
    assert shop_price(12_340) == 1_229_900
    assert gst_bps(500, "6109", 262_500) == 500
    assert gst_bps(500, "6109", 262_600) == 1_800


def test_a_pack_weighs_at_least_what_is_printed_on_it(some: list[Product]) -> None:
    packs = [p for p in some if p.specs.get("Net weight") and p.specs["Net weight"].text.endswith("kg")]
    assert packs
    for product in packs:
        kilograms = float(product.specs["Net weight"].text.split()[0])
        assert product.variants[0].weight_grams >= kilograms * 1_000


def test_a_third_of_the_products_has_two_to_six_variants(some: list[Product]) -> None:
    counts = Counter(len(product.variants) for product in some)
    assert max(counts) == 6
    assert 0.28 < 1 - counts[1] / len(some) < 0.4
    for product in some:
        options = [tuple(variant.options.items()) for variant in product.variants]
        assert len(set(options)) == len(options)


def test_about_six_in_a_hundred_are_sold_out(some: list[Product]) -> None:
    sold_out = sum(all(variant.on_hand == 0 for variant in product.variants) for product in some)
    assert 0.04 < sold_out / len(some) < 0.08


def test_a_few_products_wait_for_approval(some: list[Product]) -> None:
    states = Counter(product.state for product in some)
    assert set(states) == {"active", "pending", "draft"}
    assert states["active"] > len(some) * 0.97


def test_popularity_is_skewed_and_reviews_follow_it(some: list[Product]) -> None:
    sales = sorted((product.sales_count for product in some), reverse=True)
    assert sum(sales[: len(sales) // 100]) > sum(sales) * 0.25
    assert 0.3 < sum(len(product.reviews) for product in some) / len(some) < 1
    for product in some:
        assert len({review.shopper for review in product.reviews}) == len(product.reviews)
        assert len(product.reviews) <= product.sales_count
        for review in product.reviews:
            assert 1 <= review.rating <= 5
            assert product.created_at <= review.created_at <= EPOCH
            assert "{" not in review.text


def test_sellers_are_approved_and_one_waits(world: World) -> None:
    assert Counter(seller.state for seller in world.sellers) == {"approved": 50, "pending": 1}
    demo = world.sellers[0]
    assert (demo.slug, demo.name, demo.person.email) == ("demo-seller", "Demo Bazaar", "seller@haat.example")
    assert demo.trusted
    assert len({seller.slug for seller in world.sellers}) == 51
    assert len({seller.person.email for seller in world.sellers}) == 51


def test_only_open_sellers_who_keep_the_department_sell(world: World, some: list[Product]) -> None:
    for product in some:
        seller = world.sellers[product.seller]
        assert seller.state == "approved"
        assert product.kind.department in seller.departments
    share = sum(product.seller == 0 for product in some) / len(some)
    assert 0.02 < share < 0.08


def test_gstins_pass_the_check(world: World) -> None:
    assert gstin_check("27AAPFU0939F1Z") == "V"
    for seller in world.sellers:
        assert re.fullmatch(r"\d{2}[A-Z]{3}[CP][A-Z]\d{4}[A-Z]1Z[0-9A-Z]", seller.gstin)
        assert seller.gstin[-1] == gstin_check(seller.gstin[:-1])


def test_the_category_tree_has_three_levels_and_parents_come_first() -> None:
    shop, ids = load_shop(), Ids.of(1)
    rows = list(category_rows(shop.kinds, ids, free=str))
    seen: dict[object, str] = {}
    for category_id, parent_id, slug, _, path, depth, _ in rows:
        assert path == (f"{seen[parent_id]}/{slug}" if parent_id else slug)
        assert path.count("/") == depth - 1
        seen[category_id] = path
    assert {row[5] for row in rows} == {1, 2, 3}
    assert len({row[2] for row in rows}) == len(rows)


def test_ids_and_codes_lead_back_to_the_number() -> None:
    ids = Ids.of(7)
    assert index_of(ids.product(123_456)) == 123_456
    assert ids.product(5).version == 7
    assert ids.product(5) < ids.product(6)
    assert len({code(number) for number in range(50_000)}) == 50_000
