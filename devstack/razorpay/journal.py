"""The simulator's memory on disk: a JSON line for each change, handed to the system at once, replayed at the start."""

from pathlib import Path
from typing import IO, Self

import msgspec

from devstack.razorpay.entities import Dispute, Event, Order, Payment, Payout, Refund

Record = Order | Payment | Refund | Dispute | Payout | Event
KINDS: dict[str, type[Record]] = {
    "order": Order, "payment": Payment, "refund": Refund, "dispute": Dispute, "payout": Payout, "event": Event,
}  # fmt: skip
EVENTS_KEPT = 5_000
NAMES = {kind: name for name, kind in KINDS.items()}


class Line(msgspec.Struct):
    kind: str
    record: msgspec.Raw


class Journal:
    """An append-only file; the last line about an id is the truth."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def open(self) -> list[Record]:
        """Every record, each once, in the order in which they were made; the file is written anew, shorter."""
        records: dict[str, Record] = {}
        if self._path.is_file():
            for record in self._read():
                records[record.id] = record
        old = [record for record in records.values() if isinstance(record, Event) and record.state != "pending"]
        for event in old[:-EVENTS_KEPT]:
            del records[event.id]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(encode(record) for record in records.values())
        fresh.replace(self._path)
        self._file = self._path.open("ab", buffering=0)
        return list(records.values())

    def append(self, record: Record) -> None:
        if self._file is None:
            raise RuntimeError("The journal is not open.")
        self._file.write(encode(record))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> list[Record]:
        found: list[Record] = []
        for raw in self._path.read_bytes().split(b"\n"):
            try:
                line = msgspec.json.decode(raw, type=Line)
            except msgspec.DecodeError:
                continue  # the half line of a process that was killed while it wrote
            found.append(msgspec.json.decode(line.record, type=KINDS[line.kind]))
        return found


def encode(record: Record) -> bytes:
    return msgspec.json.encode({"kind": NAMES[type(record)], "record": record}) + b"\n"
