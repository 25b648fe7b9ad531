"""An edit that touches none of an answer's tags has changed neither what that answer finds nor what it shows of it."""

import asyncio
import random

import msgspec
import pytest

from models.database import pool
from models.merchandising import Item, RuleInput, create_rule, publish_rule
from search.answer import SearchAnswer, Suggested, Suggestions
from search.document import Document
from search.index import FILTERABLE, FIXED, SORTABLE
from search.query import Search, SearchQuery, normalise
from search.slots import CREATED, NAMED, SPEC
from search.tags import NOT_FOR_SALE, Told, of_search, of_suggestions, read, touched
from search.vocabulary import BUILT_IN
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import make_specification

BOUNDED = {"rating", "rating_count", "sales_count", "popularity", *CREATED}
"""What orders by these or narrows by a rating may be as old as the cache lets it be."""
THE_SAME = {NAMED, "subject", "price_band", "spec_fields", "list_price_minor"}
"""Rules of merchandising have a bump of their own; the others follow from fields that are told."""

WORDS = ("marble", "copper", "velvet", "granite", "bamboo", "wicker", "crystal", "leather")
BRANDS = ("Zubin", "Ferro", "Okhla")
QUERIES = (
    *({"q": word} for word in WORDS),
    {"q": "marble bamboo"}, {"q": "head phones"}, {"q": "headphones"}, {"q": "vel"}, {"q": "16 gb"}, {"q": "ferro"},
    {"q": "wicker", "price_max": "900"}, {"q": "copper", "sort": "price_asc"}, {"q": "crystal", "in_stock": "1"},
    {"category": "tables"}, {"category": "chairs", "sort": "discount"}, {"category": "tables", "price_min": "700"},
    {"category": "chairs", "spec": {"colour": ("red",)}}, {"brand": ("Ferro",)}, {"brand": ("zubin", "Okhla")},
    {"in_stock": "1"}, {}, {"sort": "newest"}, {"discount_min": "10"}, {"spec": {"weight": ("3..7",)}},
)  # fmt: skip


def test_what_a_search_may_ask_about_is_told():
    asked = {*FIXED["searchableAttributes"], *SORTABLE, *(name.removesuffix(".*") for name in FILTERABLE)}
    told = {*Told.__struct_fields__, SPEC}
    assert asked - told - BOUNDED - THE_SAME == set()
    assert told - {SPEC} <= set(Document.__struct_fields__)


def told(**fields: object) -> Told:
    return msgspec.structs.replace(Told(slug="a-1", name="Red Vase", version="1"), **fields)


def answered(**parameters: object) -> frozenset[int]:
    """The tags of an answer that found nothing."""
    query: Search = normalise(SearchQuery(**parameters))
    empty = SearchAnswer(id="", query=query.q, total=0, page=1, pages=0, per_page=24, sort="", hits=(), facets=(),
        engine="meilisearch", degraded=False, relaxed=False, took_ms=0)  # fmt: skip
    return of_search(query, empty)


@pytest.mark.parametrize(
    ("change", "touches", "spares"),
    [
        ({"name": "Blue Vase"}, [{"q": "blue"}, {"q": "bl"}, {"q": "red vase"}], [{"q": "vase"}, {"q": "rug"}, {}]),
        ({"price_minor": 5}, [{"sort": "price_asc"}, {"price_max": "5"}], [{"q": "red"}, {"category": "vases"}]),
        ({"categories": ("vases",)}, [{"category": "vases"}], [{"category": "rugs"}, {"brand": ("Ferro",)}]),
        ({"brand": "Ferro"}, [{"brand": ("ferro",)}, {"q": "ferr"}], [{"brand": ("Zubin",)}]),
        ({"spec": {"colour": "red"}}, [{"spec": {"colour": ("blue",)}}], [{"spec": {"weight": ("5",)}}]),
        ({"name": "Red Vase Olive"}, [{"q": "olive things"}], [{"q": "things red"}]),
        ({"in_stock": True}, [{"in_stock": "1"}], [{"q": "red"}, {"category": "vases"}]),
        ({"name": "Red Vases"}, [], [{"q": "red"}, {"q": "vases"}]),
        ({"name": "Caf\u00e9 Vase"}, [{"q": "cafe"}, {"q": "caf\u00e9"}], [{"q": "vase"}]),
    ],
)
def test_a_change_touches_what_it_makes_true_or_untrue(change, touches, spares):
    tags = touched(told(), told(version="2", **change), whole=True)
    assert [query for query in touches if not tags & answered(**query)] == []
    assert [query for query in spares if tags & answered(**query)] == []


def test_words_that_matched_and_words_that_stand_for_what_was_asked_are_seen():
    hit = Suggested(
        slug="b-2", name="Galaxy", highlight="<mark>Gala</mark>xy S9", image="", price_minor=1, currency="INR"
    )
    found = of_suggestions(Suggestions(query="glaa", queries=(), categories=(), products=(hit,), engine="meilisearch",
        degraded=False))  # fmt: skip
    assert found & touched(told(), told(version="2", name="Galaxy Vase"), whole=True)
    assert not found & touched(told(), told(version="2", name="Nokia Vase"), whole=True)
    one, others = next(iter(BUILT_IN.synonyms().items()))
    assert answered(q=one) & touched(told(), told(version="2", name=f"{others[0]} Vase"), whole=True)


def test_what_begins_or_ends_to_be_for_sale_touches_all_that_is_true_of_it():
    for change in ((NOT_FOR_SALE, told()), (told(), NOT_FOR_SALE)):
        tags = touched(*change, whole=True)
        assert all(tags & answered(**query) for query in ({"q": "vase"}, {"sort": "newest"}, {}, {"q": "!!!"}))
        assert not tags & answered(q="rug")


def test_a_whole_change_that_changed_nothing_repairs_the_index_and_a_count_that_changed_nothing_does_not():
    assert touched(told(), told(), whole=True) == touched(NOT_FOR_SALE, told(), whole=True)
    assert not touched(told(), told(), whole=False) & answered(q="vase")


async def test_an_empty_answer_to_an_operators_word_grows_old_when_what_it_stands_for_appears(database, drain, bumps):
    await pool().execute(
        "INSERT INTO synonym (id, kind, term, words) VALUES (gen_random_uuid(), 'one_way', 'night deepam', '{diya}')"
    )
    seller = await make_seller()
    for name in ("Rug", "Mat"):  # only then nothing can have failed since the last bump
        await make_product(seller, name=name)
        await drain()
    bumps.tags.clear()
    await make_product(seller, name="Brass Diya")
    await drain()
    (changed,) = bumps.tags
    assert changed is not None
    assert changed & answered(q="deepam")
    assert changed & answered(q="night deepam")
    assert not changed & answered(q="carpet")
    nothing = Suggestions(query="deep", queries=(), categories=(), products=(), engine="meilisearch", degraded=False)
    assert changed & of_suggestions(nothing)


async def test_an_answer_in_which_a_product_is_pinned_grows_old_when_that_comes_back_on_sale(database, drain, bumps):
    seller = await make_seller()
    await make_category("Lamps")
    vase = await make_product(seller, name="Vase")
    for target in ({"query": "Reading Lamp"}, {"category": "lamps"}):
        item = Item(action="pin", product_id=vase, position=1)
        rule = await create_rule(RuleInput(name="Test", items=[item], **target), actor_id=vase)
        await publish_rule(rule.id, version=1, actor_id=vase)
    await drain()
    await pool().execute("UPDATE product SET state = 'archived' WHERE id = $1", vase)
    await drain()  # only now nothing can have failed since the last bump
    bumps.tags.clear()
    await pool().execute("UPDATE product SET state = 'active' WHERE id = $1", vase)
    await drain()
    await pool().execute("UPDATE variant SET price_minor = 4200 WHERE product_id = $1", vase)
    await drain()
    back, dearer = bumps.tags
    assert back is not None
    for query in ({"q": "reading lamp"}, {"q": "reading lamp", "page": 2}, {"category": "lamps"}):
        assert back & answered(**query)
        assert not dearer & answered(**query)
    assert not back & answered(q="carpet")
    assert not back & answered(category="rugs")


async def edit(chance: random.Random, products: list, kinds: dict) -> None:
    """One of what sellers do."""
    product = chance.choice(products)
    match chance.randrange(9):
        case 0 | 1:
            name = " ".join(chance.sample((*WORDS, "head phones", "headphones", "16 GB"), 2))
            await pool().execute("UPDATE product SET name = $2 WHERE id = $1", product, name)
        case 2:
            await pool().execute("UPDATE product SET brand = $2 WHERE id = $1", product, chance.choice(BRANDS))
        case 3:
            category = chance.choice(list(kinds.values()))
            await pool().execute("UPDATE product SET category_id = $2 WHERE id = $1", product, category)
        case 4:
            price = chance.randrange(50_000, 120_000)
            await pool().execute("UPDATE variant SET price_minor = $2 WHERE product_id = $1", product, price)
        case 5:
            await pool().execute("UPDATE variant SET list_price_minor = 150000 WHERE product_id = $1", product)
        case 6:
            await pool().execute(
                "UPDATE stock SET on_hand = 5 - on_hand FROM variant v WHERE v.id = variant_id AND v.product_id = $1",
                product,
            )
        case 7:
            await pool().execute(
                "UPDATE product SET state = CASE state WHEN 'active' THEN 'archived' ELSE 'active' END WHERE id = $1",
                product,
            )
        case 8:
            await pool().execute("DELETE FROM specification WHERE product_id = $1", product)
            await make_specification(product, "Colour", chance.choice(("red", "blue")))
            weight = chance.randrange(1, 9)
            await make_specification(product, "Weight", str(weight), number=weight, unit="kg")


async def test_answers_that_no_tag_of_an_edit_touches_stay_as_they_are(database, drain, bumps, engine):
    """Twenty-five edits of a small shop, each beside thirty searches, of which every page shows all that was found."""
    chance = random.Random(26)
    seller = await make_seller()
    kinds = {name: await make_category(name) for name in ("Tables", "Chairs")}
    products = [
        await make_product(seller, name=" ".join(chance.sample(WORDS, 2)), brand=chance.choice(BRANDS), stock=5)
        for _ in range(12)
    ]
    await drain()
    await edit(chance, products, kinds)
    await drain()  # only now nothing can have failed since the last bump
    searches = [normalise(SearchQuery(per_page=100, facets=("none",), **query)) for query in QUERIES]

    async def look() -> tuple[list[SearchAnswer], list[Suggestions]]:
        found = await asyncio.gather(*(engine.search(search) for search in searches))
        return found, await asyncio.gather(*(engine.suggest(word[:3]) for word in WORDS))

    def content(answer: SearchAnswer | Suggestions) -> object:
        if isinstance(answer, Suggestions):
            return {product.slug: product for product in answer.products}
        return answer.total, {hit.slug: hit for hit in answer.hits}

    (before, hints), kept, old = await look(), 0, 0
    for _ in range(25):
        bumps.tags.clear()
        await edit(chance, products, kinds)
        await drain()
        assert None not in bumps.tags
        changed = frozenset().union(*bumps.tags)
        (after, hints_after) = await look()
        told_of = [of_search(search, answer) for search, answer in zip(searches, before, strict=True)]
        told_of += [of_suggestions(hint) for hint in hints]
        for tags, was, now in zip(told_of, [*before, *hints], [*after, *hints_after], strict=True):
            if tags & changed:
                old += 1
                continue
            kept += 1
            assert content(was) == content(now)
        before, hints = after, hints_after
    assert kept > old


def test_a_document_of_before_is_read_as_far_as_it_says_something():
    assert read(b'{"slug": "a-1", "popularity": 3}') == Told(slug="a-1")
