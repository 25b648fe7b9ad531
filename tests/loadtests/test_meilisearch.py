"""The ceiling of a search asks Meilisearch exactly what the shop asks it."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from sanic.request import RequestParameters

from loadtests.catalogue import Catalogue
from loadtests.meilisearch import multi_search, parameters
from loadtests.smoke import asked, searches
from search.plan import questions
from search.query import SearchQuery, normalise
from server.decode import decode_query
from server.settings import Settings


@pytest.mark.parametrize("shown", ["hits alone", "with facets"])
def test_the_question_is_the_shops_own(shown: str) -> None:
    facets = shown == "with facets"
    given = RequestParameters({name: [value] for name, value in parameters("teak table", 705, facets=facets).items()})
    search = normalise(decode_query(given, SearchQuery))
    queries = [one.query for one in questions("products", search, [], strategy="all", count=facets)]
    mine = msgspec.json.decode(multi_search("products", "teak table", 705, facets=facets))["queries"]
    assert mine == msgspec.json.decode(msgspec.json.encode(queries))


def test_the_shop_and_the_engine_alone_are_asked_for_the_same_words_in_one_order_that_is_not_that_of_their_number(
    settings: Settings,
) -> None:
    catalogue = Catalogue(queries=tuple(f"word{number}" for number in range(100)), categories=(), products=())
    shop = [parse_qs(urlsplit(url).query)["q"][0] for url in searches("http://shop", catalogue, facets=False)]
    bodies = [request.partition(b"\r\n\r\n")[2] for request in asked("http://e/m", settings, catalogue, facets=True)]
    assert shop == [msgspec.json.decode(body)["queries"][0]["q"].strip() for body in bodies]
    assert sorted(shop) == sorted(catalogue.queries)
    assert shop != list(catalogue.queries)
