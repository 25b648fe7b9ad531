"""What the operator changed about the search, brought to the index and to the cached answers."""

from jobs.registry import job
from models.database import pool
from models.errors import Unavailable
from search.admin import SearchAdmin
from search.client import SearchDown
from search.managed import read_managed
from server.context import Context


@job("search.settings")
async def apply_settings(context: Context, _: dict[str, str]) -> None:
    """The present words, whichever job brings them; an index that is missing gets them when it is made."""
    client = context.search.client
    applied = None
    try:
        if await client.created_at(client.index) is None:
            return
        while applied != (wanted := await read_managed(pool())):  # whoever is last leaves what is true
            await SearchAdmin(client, wanted).apply_settings(client.index)
            applied = wanted
    except SearchDown as error:
        raise Unavailable("The search engine does not answer; look again.") from error
    if not await context.cache.bump():
        raise Unavailable("The cache does not answer; look again.")
