"""The operator's pages of the search: words taught, rules drafted beside a preview, and who came second is told."""

import re
from uuid import UUID

import pytest

from models.database import Pool
from tests.factories import make_category, make_product, make_seller
from tests.handlers.pages.visitor import Seen, Visitor
from tests.wait import until

WORDS, RULES = "/admin/search/words", "/admin/search/rules"


@pytest.mark.parametrize("path", [WORDS, RULES])
async def test_only_the_operator_gets_in(visitor: Visitor, seller: UUID, path: str) -> None:
    assert (await visitor.get(path)).status == 403
    assert (await Visitor(visitor.http).get(path)).location.startswith("/login?next=/admin")


async def test_words_are_added_changed_and_removed(visitor: Visitor, operator: UUID, database: Pool) -> None:
    synonyms, stop_words = f"{WORDS}/synonyms", f"{WORDS}/stop-words"
    await visitor.post(synonyms, kind="mutual", term="", words="diya, dee\u200dpak,\n")
    await visitor.post(synonyms, kind="one_way", term="Jhumka", words="earring")
    await visitor.post(stop_words, word="Please")
    rows = await database.fetch("SELECT id, words FROM synonym ORDER BY term")
    assert [row["words"] for row in rows] == [["diya", "deepak"], ["earring"]]
    assert "please" in (await visitor.get(WORDS)).text
    one = f"{synonyms}/{rows[1]['id']}"
    await visitor.post(one, kind="one_way", term="jhumka", words="earring, jhumki", version=1)
    late = await visitor.post(one, kind="one_way", term="jhumka", words="ring", version=1)
    assert (late.status, "Somebody else has changed" in late.text) == (409, True)
    await visitor.post(one, do="remove", kind="one_way", version=2)
    await visitor.post(f"{stop_words}/{await database.fetchval('SELECT id FROM stop_word')}/remove")
    assert [row["words"] for row in await database.fetch("SELECT words FROM synonym")] == [["diya", "deepak"]]
    assert await database.fetchval("SELECT count(*) FROM stop_word") == 0


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("synonyms", {"kind": "mutual", "words": "one"}, "2 to 20 different words"),
        ("synonyms", {"kind": "both", "words": "a, b"}, "Choose one of the two"),
        ("synonyms", {"kind": "mutual", "words": "<b>, a"}, "but not '<'"),
        ("stop-words", {"word": "two words"}, "more than one word"),
        ("stop-words", {"word": ""}, "at least one letter"),
    ],
)
async def test_words_that_make_no_sense_come_back_with_what_is_wrong(
    visitor: Visitor, operator: UUID, path: str, form: dict[str, str], words: str
) -> None:
    seen = await visitor.post(f"{WORDS}/{path}", **form)
    assert (seen.status, words in seen.text) == (422, True)


class Draft:
    """A rule that the operator works on in one tab."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self.visitor, self.path = visitor, path

    async def see(self, query: str = "") -> Seen:
        return await self.visitor.get(self.path + query)

    async def press(self, do: str, **form: object) -> Seen:
        """A button of the page as it is now."""
        return await self.press_old(await self.version(), do, **form)

    async def press_old(self, version: str, do: str, **form: object) -> Seen:
        return await self.visitor.post(self.path, do=do, version=version, **form)

    async def version(self) -> str:
        found = re.search(r'name="version" value="(\d+)"', (await self.see()).html)
        assert found
        return found[1]


@pytest.fixture
async def lamps(worker: None, visitor: Visitor, database: Pool) -> list[UUID]:
    """Two lamps that search knows, the better seller first."""
    seller, shelf = await make_seller(), await make_category("Lamps")
    made = [
        await make_product(seller, name=name, category_id=shelf, sales_count=sold, brand=brand)
        for name, sold, brand in (("Brass Lamp", 100, "Pital"), ("Clay Lamp", 1, "Mitti"))
    ]

    async def known() -> bool:
        return "Clay Lamp" in (await visitor.get("/search?q=lamp")).text

    await until(known)
    return made


async def test_a_rule_is_drafted_beside_its_preview_and_published(
    visitor: Visitor, operator: UUID, lamps: list[UUID], database: Pool
) -> None:
    made = await visitor.post(RULES, name="Diwali", query="Lamp", category="")
    draft = Draft(visitor, made.location)
    assert (await draft.see()).text.index("Brass Lamp") < (await draft.see()).text.index("Clay Lamp")
    await draft.press("add", action="pin", product_id=lamps[1], position=1)
    preview = (await draft.see()).text.split("Preview")[1]
    assert preview.index("Clay Lamp") < preview.index("Brass Lamp")
    assert "Found for" in (await draft.see("?find=brass")).text
    assert preview.count("Pinned") == 1
    assert "Boosted" not in preview
    await draft.press("add", action="boost", brand="PITAL")
    preview = (await draft.see()).text.split("Preview")[1]
    assert (preview.count("Pinned"), preview.count("Boosted")) == (1, 1)
    await draft.press("drop-1")
    await draft.press("add", action="hide", brand="Diya")
    await draft.press("drop-1")
    dates = {"name": "Diwali", "starts_at": "2026-10-01T09:00", "ends_at": "2199-11-01T09:00"}
    assert (await draft.press("publish", **dates)).status == 303
    row = await database.fetchrow("SELECT * FROM merchandising_rule")
    assert (row["state"], row["query"], row["starts_at"].isoformat()) == (
        "published", "lamp", "2026-10-01T03:30:00+00:00"
    )  # fmt: skip
    assert await database.fetchval("SELECT count(*) FROM merchandising_item") == 1
    assert "Diwali" in (await visitor.get(RULES)).text
    await draft.press("unpublish")
    assert (await draft.press("remove")).location == RULES


async def test_of_two_operators_at_one_rule_the_second_is_told(
    visitor: Visitor, operator: UUID, database: Pool
) -> None:
    draft = Draft(visitor, (await visitor.post(RULES, name="Diwali", query="lamp")).location)
    old = await draft.version()
    await draft.press("add", action="hide", brand="Diya")
    late = await draft.press_old(old, "add", action="boost", brand="Kagaz")
    assert (late.status, "Somebody else has changed" in late.text) == (409, True)
    assert (await draft.press_old("x", "save")).status == 422
    assert (await draft.press("save", name="", starts_at="", ends_at="")).status == 422
    assert (await draft.press("save", name="New", starts_at="soon", ends_at="")).status == 422
    assert (await draft.press("add", action="steal", brand="Diya")).status == 422
    rows = await database.fetch("SELECT action, brand FROM merchandising_item")
    assert [tuple(row) for row in rows] == [("hide", "Diya")]
    assert (await visitor.post(RULES, name="Both", query="lamp", category="lamps")).status == 422
    assert (await visitor.get(f"{RULES}/{operator}")).status == 404
