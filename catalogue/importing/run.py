"""The import of one file: read, compare and write in batches, each committed, so that a run that dies is run again.

Counts add up: rows = created + updated + unchanged + refused + doubled.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec

from catalogue.importing.batch import Shelf, write_batch
from catalogue.importing.categories import CategoryFinder
from catalogue.importing.columns import Columns
from catalogue.importing.item import Item, Money, Reader
from catalogue.importing.lines import Damage, SourceError
from catalogue.importing.report import ErrorsFile, Tally
from catalogue.importing.source import Row, Source
from models.audit import record
from models.database import Connection
from models.product_change import Wanted

BATCH = 500
LOCK = 0x494D_504F  # "IMPO"
SEEN = "CREATE TEMP TABLE IF NOT EXISTS import_seen (sku text PRIMARY KEY); TRUNCATE import_seen"
SEE = "INSERT INTO import_seen SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING sku"
SELLER = "SELECT id, user_id, name, state, trusted FROM seller WHERE slug = $1"


class RefusedError(Exception):
    """The import cannot start; the message says what to do."""


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for. `mapping`: field -> column; `rates`: currency -> units of the shop's."""

    path: Path
    seller: str
    errors_path: Path
    mapping: dict[str, str] = {}
    keep_unknown: bool = True
    rates: dict[str, Decimal] = {}
    currency: str = ""
    stock_default: int = 10
    copy_pictures: bool = False
    dry_run: bool = False


class Importer:
    def __init__(self, connection: Connection, wishes: Wishes, *, shop_currency: str) -> None:
        self._connection, self._wishes = connection, wishes
        self._money = Money(shop_currency, wishes.currency or shop_currency, wishes.rates)
        self._finder = CategoryFinder(connection, dry_run=wishes.dry_run)
        self.errors = ErrorsFile(wishes.errors_path)
        self.tally = Tally()
        self._waits = 0

    async def run(self, source: Source, advance: Callable[[int], None]) -> Tally:
        """`advance` hears of bytes read. Raises RefusedError or MappingError before anything is written."""
        columns = Columns(self._wishes.mapping, keep_unknown=self._wishes.keep_unknown)
        if not source.is_json:
            columns.check(source.columns)
        shelf = await self._shelf()
        await self._finder.load()
        await self._connection.execute(SEEN)
        reader = Reader(columns, self._money)
        try:
            read = 0
            for batch in self._batches(source, reader):
                await self._flush(batch, shelf)
                advance(source.bytes_read() - read)
                read = source.bytes_read()
        finally:
            self.errors.close()
            self.tally.notices, self.tally.categories = reader.notices, self._finder.created
            if self._waits:
                reader.notices["changes of products on sale wait for approval; their prices and stock hold"] = (
                    self._waits
                )
        if source.lines.not_utf8:
            reader.notices["lines that were not UTF-8 were read as Windows-1252"] += source.lines.not_utf8
        if not self._wishes.dry_run and self.tally.created + self.tally.updated:
            await self._record(shelf.actor_id, shelf.seller_id)
        return self.tally

    async def _shelf(self) -> Shelf:
        seller = await self._connection.fetchrow(SELLER, self._wishes.seller)
        if seller is None:
            raise RefusedError(f"There is no seller {self._wishes.seller}. `--seller` takes the seller's slug.")
        if seller["state"] not in {"approved", "pending"}:
            raise RefusedError(f"The seller {seller['name']} is {seller['state']} and cannot offer products.")
        if not await self._connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK, str(seller["id"])
        ):
            raise RefusedError(f"Another import for {seller['name']} is running. Wait until it has ended.")
        return Shelf(
            seller_id=seller["id"],
            actor_id=seller["user_id"] or seller["id"],
            state="active" if seller["trusted"] else "pending",
            currency=self._money.shop,
            stock_default=self._wishes.stock_default,
            copy_pictures=self._wishes.copy_pictures,
        )

    def _batches(self, source: Source, reader: Reader) -> Iterator[list[Item]]:
        batch: dict[str, Item] = {}
        for row in self._rows(source):
            self.tally.rows += 1
            item = [row] if isinstance(row, Damage) else reader.read(row)
            if isinstance(item, list):
                self._refuse(item)
                continue
            if batch.pop(item.sku, None):
                self.tally.doubled += 1
            batch[item.sku] = item
            if len(batch) >= BATCH:
                yield list(batch.values())
                batch.clear()
        if batch:
            yield list(batch.values())

    def _rows(self, source: Source) -> Iterator[Row | Damage]:
        """Ends where the file is damaged, and says so."""
        try:
            yield from source.rows()
        except SourceError as error:
            self.tally.cut_short = str(error)

    async def _flush(self, batch: list[Item], shelf: Shelf) -> None:
        categories: dict[int, UUID | None] = {}
        items = []
        for item in batch:
            try:
                categories[item.line] = await self._finder.find(item.category or ())
                items.append(item)
            except ValueError as error:
                self._refuse([Damage(item.line, "category", " > ".join(item.category or ()), str(error))])
        plan = await write_batch(self._connection, items, categories, shelf=shelf, dry_run=self._wishes.dry_run)
        self._waits += sum(wanted != Wanted() for wanted in plan.waits.values())
        fresh = {row["sku"] for row in await self._connection.fetch(SEE, list(plan.outcomes))}
        for sku, outcome in plan.outcomes.items():
            counted = outcome if sku in fresh else "doubled"
            setattr(self.tally, counted, getattr(self.tally, counted) + 1)
        for damage in plan.refused:
            self._refuse([damage])

    def _refuse(self, damages: list[Damage]) -> None:
        """One row, under its first reason; the errors file has them all."""
        self.tally.refused += 1
        self.tally.reasons[f"{damages[0].column}: {damages[0].reason}" if damages[0].column else damages[0].reason] += 1
        for damage in damages:
            self.errors.write(damage)

    async def _record(self, actor_id: UUID, seller_id: UUID) -> None:
        tally = self.tally
        after = {"file": self._wishes.path.name, "created": tally.created, "updated": tally.updated}
        await record(
            self._connection,
            actor_id=actor_id,
            action="catalogue.imported",
            subject_id=seller_id,
            before={},
            after={**after, "refused": tally.refused},
        )
