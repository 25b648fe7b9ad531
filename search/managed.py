"""The operator's words as PostgreSQL has them, for the settings of the index and for the fallback alike."""

from models.database import Connection, Pool
from search.vocabulary import Vocabulary
from search.wording import undotted

SYNONYMS = "SELECT kind, term, words FROM synonym ORDER BY id"
STOP_WORDS = "SELECT word FROM stop_word ORDER BY word"


async def read_managed(connection: Connection | Pool) -> Vocabulary:
    """What is managed now, without what is built in."""
    synonyms = await connection.fetch(SYNONYMS)
    stop_words = await connection.fetch(STOP_WORDS)
    return Vocabulary(
        same=tuple(tuple(map(undotted, row["words"])) for row in synonyms if row["kind"] == "mutual"),
        also=tuple(
            (undotted(row["term"]), tuple(map(undotted, row["words"]))) for row in synonyms if row["kind"] == "one_way"
        ),
        stop_words=tuple(row["word"] for row in stop_words),
    )
