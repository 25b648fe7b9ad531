"""The ceiling of a search asks Meilisearch exactly what the shop asks it."""

import msgspec
import pytest
from sanic.request import RequestParameters

from loadtests.meilisearch import multi_search, parameters
from search.plan import questions
from search.query import SearchQuery, normalise
from server.decode import decode_query


@pytest.mark.parametrize("shown", ["hits alone", "with facets"])
def test_the_question_is_the_shops_own(shown: str) -> None:
    facets = shown == "with facets"
    asked = RequestParameters({name: [value] for name, value in parameters("teak table", 705, facets=facets).items()})
    search = normalise(decode_query(asked, SearchQuery))
    queries = [asked.query for asked in questions("products", search, [], strategy="all", count=facets)]
    mine = msgspec.json.decode(multi_search("products", "teak table", 705, facets=facets))["queries"]
    assert mine == msgspec.json.decode(msgspec.json.encode(queries))
