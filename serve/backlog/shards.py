"""From a piece of a stock to its shard: the one function that every engine calls."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.errors import AdvertError
from serve.backlog.columns import Columns
from serve.backlog.pieces import Piece, Refusal
from serve.backlog.sketches import Sketcher
from serve.backlog.store import Store
from serve.backlog.verdicts import Judged, encoded

UNFINISHED = "unfinished"
RECORDS, ALONE, SKETCHES = f"{UNFINISHED}/records", f"{UNFINISHED}/alone", f"{UNFINISHED}/sketches"
"""Folders of a run that is not done: what each finished shard holds; shards whose ads have no group yet; and what groups are made from."""


@dataclass(frozen=True)
class Work:
    """What a worker must know. out: address of the folder of the run. form: of the shards. grouped: whether duplicates are looked for."""

    artefact: Path
    options: Options
    columns: Columns
    out: str
    form: str
    grouped: bool

    def shard(self, name: str) -> str:
        """The name of a shard's file."""
        return f"part-{name}.{self.form}"


@dataclass(frozen=True)
class Record:
    """What became of a piece; once it stands, the shard is done. sha256: of the shard's file. read: bytes of the input behind the last row.

    errors: the rows - judged that were refused and, where `trouble`, why the file was read no further.
    """

    name: str
    file: str
    rows: int
    judged: int
    levels: Mapping[str, int]
    sha256: str
    read: int
    trouble: bool
    errors: Sequence[Refusal]

    @classmethod
    def stored(cls, data: bytes) -> "Record":
        """As `as_bytes` wrote it."""
        told = orjson.loads(data)
        return cls(**{**told, "errors": [Refusal(**one) for one in told["errors"]]})

    def as_bytes(self) -> bytes:
        """As it is kept while the run goes on."""
        return orjson.dumps(asdict(self))

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        told = {"name": self.name, "file": self.file, "rows": self.rows, "judged": self.judged, "refused": self.rows - self.judged}
        return {**told, "levels": dict(self.levels), "sha256": self.sha256}


class Shards:
    """Judges pieces and writes their shards. Loads the model when it is made, once a process."""

    def __init__(self, work: Work) -> None:
        self._work, self._store = work, Store.of(work.out)
        self._classifier = ScamAdClassifier.load(work.artefact, work.options.tier)
        self._sketcher = Sketcher(self._classifier.artefact) if work.grouped else None

    def __call__(self, piece: Piece) -> Record:
        """Write the shard, then its record. Doing so twice leaves the same bytes. Raises StoreError."""
        work = self._work
        taken = [Taken(row.number, *work.columns.advert(row.record)) for row in piece.rows]
        good = [(one, one.advert) for one in taken if isinstance(one.advert, Advert)]
        adverts = [advert for _, advert in good]
        verdicts = self._classifier.judge_many(adverts, work.options)
        judged = (Judged(piece.path, one.number, one.id, verdict) for (one, _), verdict in zip(good, verdicts, strict=True))
        data, levels = encoded(judged, work.form)
        if self._sketcher:
            self._store.put(f"{SKETCHES}/{piece.name}", [self._sketcher(adverts)])
        self._store.put(f"{ALONE}/{piece.name}" if work.grouped else work.shard(piece.name), [data])
        counts = (len(piece.rows), len(adverts), levels)
        errors = [refusal(piece.path, one, one.advert) for one in taken if isinstance(one.advert, AdvertError)]
        errors += [piece.trouble] if piece.trouble else []
        digest = hashlib.sha256(data).hexdigest()
        record = Record(piece.name, piece.path, *counts, digest, piece.read, piece.trouble is not None, errors)
        self._store.put(f"{RECORDS}/{piece.name}", [record.as_bytes()])
        return record


class Taken(NamedTuple):
    """A row of the file: its number, the caller's id, and the advert or what is wrong with it."""

    number: int
    id: str | None
    advert: Advert | AdvertError


def refusal(path: str, one: Taken, error: AdvertError) -> Refusal:
    """What is told of a row that cannot be judged."""
    return Refusal(path, one.number, error.message, error.kind, one.id)
