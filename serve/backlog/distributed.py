"""The engine of a cluster: Ray Data reads files in tasks and judges their pieces in actors, each of which loads the model once.

Pieces pass through Ray's object store; verdicts do not: an actor writes its shard as every engine does. A task or an actor that is lost is
done again, and leaves the same bytes.
"""

import logging
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ray
from ray.data import ActorPoolStrategy, DataContext

from serve.backlog.manifest import Plan
from serve.backlog.pieces import PIECE_BYTES, pieces
from serve.backlog.shards import Record, Shards, Work

READERS = 8
"""Actors that one reading task can keep busy, at the least."""
PER_ACTOR = 8 * PIECE_BYTES
"""Bytes of the object store that an actor's pieces may take: those that wait, are read and are judged."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """Reads the pieces of a file that are not done."""

    plan: Plan
    done: frozenset[str]

    def __call__(self, row: Row) -> Iterator[Row]:
        """One row a piece. row: the place of the file."""
        place = int(row["place"])
        for piece in pieces(self.plan.inputs[place], place, self.plan.work.columns, self.plan.size):
            if piece.name not in self.done:
                yield {"piece": pickle.dumps(piece)}


class Judging:
    """An actor. Loads the model when it is made."""

    def __init__(self, work: Work) -> None:
        self._shards = Shards(work)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        """The records of some pieces, whose shards then stand."""
        return {"record": [self._shards(pickle.loads(piece)).as_bytes() for piece in batch["piece"]]}  # noqa: S301 - made by `Reading`


def run_on_ray(plan: Plan, done: frozenset[str], workers: int | None, address: str | None) -> Iterator[Record]:
    """What became of each piece, in the order in which they are done. workers: actors, by default one a core of the cluster."""
    own = not ray.is_initialized()
    if own:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **({} if address else local_size(workers)))
    try:
        actors = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        limit(DataContext.get_current(), actors)
        places = ray.data.from_items([{"place": place} for place in range(len(plan.inputs))], override_num_blocks=len(plan.inputs))
        read = places.flat_map(Reading(plan, done), num_cpus=0, concurrency=max(1, actors // READERS))
        judged = read.map_batches(
            Judging, fn_constructor_args=(plan.work,), batch_size=1, num_cpus=1, compute=ActorPoolStrategy(size=actors)
        )
        for row in judged.iter_rows():
            yield Record.stored(row["record"])
    finally:
        if own:
            ray.shutdown()


def local_size(workers: int | None) -> Row:
    """Room for a cluster on this machine; None: all its cores."""
    return {"include_dashboard": False, **({"num_cpus": workers, "object_store_memory": (workers + 1) * PER_ACTOR} if workers else {})}


def limit(context: DataContext, actors: int) -> None:
    """Bound what waits between reading and judging, and keep quiet."""
    context.target_min_block_size, context.target_max_block_size = 1, 1024  # every piece is a block of its own
    context.execution_options.resource_limits = context.execution_options.resource_limits.copy(object_store_memory=actors * PER_ACTOR)
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
