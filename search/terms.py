"""From the words of a query to the terms that PostgreSQL is asked for: what a misspelt word meant, which words to leave
out where nothing has them all. Typos need pg_trgm."""

from collections.abc import Sequence

from models.database import Connection
from search import relax
from search.filters import Filters
from search.managed import read_managed
from search.match import Term, terms_of
from search.query import Search
from search.slips import halves, nearest, slips_allowed
from search.vocabulary import BUILT_IN
from search.wording import is_finished

SIMILAR = 0.15
"""Trigrams that a word must share to be looked at; how far it is from what was typed decides."""

NEAR = """
SELECT word FROM search_word WHERE word = ANY($2::text[])
 UNION SELECT near.word FROM unnest($1::text[]) AS given(word) CROSS JOIN LATERAL (
       SELECT w.word FROM search_word w WHERE w.word % haat_unaccent(given.word)
        ORDER BY similarity(w.word, haat_unaccent(given.word)) DESC LIMIT 60) AS near
"""

Terms = tuple[Term, ...]


async def resolve(connection: Connection, q: str) -> Terms:
    """The terms of a query; words that no product has become what they may have meant, where this server can tell."""
    vocabulary = BUILT_IN + await read_managed(connection)
    terms = terms_of(relax.words_of(q, vocabulary.stop_words), vocabulary.synonyms())
    if not terms:
        return ()
    if is_finished(q):
        terms = (*terms[:-1], terms[-1]._replace(last=False))
    filters = Filters()
    tried = ", ".join(f"EXISTS (SELECT FROM product_search WHERE {filters.words([term])})" for term in terms)
    known = await connection.fetchrow(f"SELECT {tried}", *filters.values)
    strange = [term.word for term, found in zip(terms, known, strict=True) if not found and slips_allowed(term.word)]
    if not strange or not await forgives_typos(connection):
        return terms
    meant = await _meant(connection, strange)
    return tuple(term._replace(forms=forms) if (forms := meant.get(term.word)) else term for term in terms)


async def forgives_typos(connection: Connection) -> bool:
    """Whether this server has pg_trgm."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
    return found


async def fewer(connection: Connection, wanted: Search, terms: Terms) -> tuple[Terms, tuple[str, ...]] | None:
    """The terms without the words to leave out, and these words; None: no word finds anything, or there is but one."""
    by_word = {term.word: term for term in terms}
    words = list(by_word)
    if len(words) < 2:
        return None
    sets = await _combinations(connection, wanted, list(by_word.values()))

    def count(q: str) -> int:
        asked = set(q.split())
        return sum(count for found, count in sets if found >= asked)

    counts = {q: count(q) for q in relax.first_tries(wanted.q, words)}
    chosen = relax.choose(wanted.q, words, counts)
    if chosen is None:
        tries = relax.second_tries(wanted.q, words, counts)
        chosen = next((relaxed for relaxed in tries if count(relaxed.q)), None)
    return (tuple(by_word[word] for word in chosen.q.split()), chosen.dropped) if chosen else None


async def _meant(connection: Connection, strange: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Known words near each, and two known words that are one there."""
    await connection.execute(f"SET LOCAL pg_trgm.similarity_threshold = {SIMILAR}")
    parts = {part for word in strange for pair in halves(word) for part in pair}
    known = {row["word"] for row in await connection.fetch(NEAR, strange, list(parts))}
    apart = {word: [" ".join(pair) for pair in halves(word) if known.issuperset(pair)] for word in strange}
    return {word: (*apart[word], *nearest(word, known)) for word in strange}


async def _combinations(
    connection: Connection, wanted: Search, terms: Sequence[Term]
) -> list[tuple[frozenset[str], int]]:
    """Which of the words products have together, and how many have them: one scan of the index for each word."""
    filters = Filters()
    scans = [
        f"SELECT product_id, {1 << place} AS has FROM product_search WHERE {filters.where(wanted, [term])}"
        for place, term in enumerate(terms)
    ]
    rows = await connection.fetch(
        f"""SELECT has, count(*) AS count FROM (
                SELECT bit_or(has) AS has FROM ({" UNION ALL ".join(scans)}) AS found GROUP BY product_id) AS products
             GROUP BY has""",
        *filters.values,
    )
    return [
        (frozenset(term.word for place, term in enumerate(terms) if row["has"] >> place & 1), row["count"])
        for row in rows
    ]
