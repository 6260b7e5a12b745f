"""A run from beginning to end: what is done already is passed over, what is left is judged, then all is joined."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

import orjson

from serve.backlog.groups import grouped
from serve.backlog.manifest import Plan
from serve.backlog.pieces import Piece, pieces
from serve.backlog.progress import shown
from serve.backlog.shards import ALONE, RECORDS, SKETCHES, UNFINISHED, Record, Work
from serve.backlog.store import Store
from serve.backlog.verdicts import with_groups

ERRORS = "errors.jsonl"
Engine = Callable[[Plan, frozenset[str]], Iterator[Record]]
"""Judges the pieces of a plan whose names are not among those given, in any order."""


def run(plan: Plan, engine: Engine) -> dict[str, Any]:
    """Run to the end and return the summary, as it stands in the manifest. Raises LurewatchError; the same call then goes on."""
    store = Store.of(plan.work.out)
    with store.held():
        told = plan.begin(store)
        if not told["complete"]:
            judge_rest(plan, store, engine)
            told = finish(plan, store)
        store.remove(UNFINISHED)
    summary: dict[str, Any] = told["summary"]
    return summary


def judge_rest(plan: Plan, store: Store, engine: Engine) -> None:
    """Judge every piece that has no record yet."""
    done = frozenset(store.names(RECORDS))
    with shown(sum(one.size for one in plan.inputs)) as bar:
        for record in engine(plan, done):
            bar.done(record)


def pieces_left(plan: Plan, done: frozenset[str]) -> Iterator[Piece]:
    """The pieces of all inputs, in order, that are not done."""
    every = chain.from_iterable(pieces(one, place, plan.work.columns, plan.size) for place, one in enumerate(plan.inputs))
    return (piece for piece in every if piece.name not in done)


def finish(plan: Plan, store: Store) -> dict[str, Any]:
    """Join the errors, add the groups, and tell in the manifest that the run is complete. Doing so again leaves the same bytes."""
    records = [replace(record, errors=()) for record in stored(store)]
    summary = summary_of(records)
    if plan.work.grouped:
        records, summary["duplicates"] = with_duplicates(plan.work, store, records)
    store.put(ERRORS, error_lines(stored(store)))
    found = {"complete": True, "summary": summary, "shards": [record.as_dict() for record in records]}
    plan.write(store, found)
    return found


def stored(store: Store) -> Iterator[Record]:
    """The records of all shards, in order."""
    for name in store.names(RECORDS):
        yield Record.stored(store.read(f"{RECORDS}/{name}"))


def summary_of(records: Sequence[Record]) -> dict[str, Any]:
    """Counts over all shards: rows = judged + refused; troubles are files that were not read, or not to their end."""
    levels = Counter[str]()
    for record in records:
        levels.update(record.levels)
    rows, judged = sum(record.rows for record in records), sum(record.judged for record in records)
    troubles = sum(record.trouble for record in records)
    return {"rows": rows, "judged": judged, "refused": rows - judged, "troubles": troubles, "levels": dict(sorted(levels.items()))}


def error_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """One line for each row or file that was refused, in their order."""
    for record in records:
        for refusal in record.errors:
            yield orjson.dumps(asdict(refusal), option=orjson.OPT_APPEND_NEWLINE)


def with_duplicates(work: Work, store: Store, records: Sequence[Record]) -> tuple[list[Record], dict[str, int]]:
    """Write every shard again with the groups of its ads; the records with the shards' digests, and what was found."""
    groups = grouped(store, [f"{SKETCHES}/{record.name}" for record in records], [record.judged for record in records])
    out, begin = list[Record](), 0
    for record in records:
        rows = groups.rows(begin, begin + record.judged)
        data = with_groups(store.read(f"{ALONE}/{record.name}"), rows, work.form)
        store.put(work.shard(record.name), [data])
        out.append(replace(record, sha256=hashlib.sha256(data).hexdigest()))
        begin += record.judged
    return out, groups.summary()
