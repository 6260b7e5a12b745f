"""The engine of one machine: this process reads, as many others as there are cores judge."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from threading import Thread

from model.errors import LurewatchError
from serve.backlog.pieces import Piece
from serve.backlog.shards import Record, Shards, Work

AHEAD = 2
"""Pieces that are read or waiting for each process, so that memory stays bounded."""


class WorkerError(LurewatchError):
    """A process that judges was stopped from outside."""

    kind = "worker"


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_local(work: Work, todo: Iterable[Piece], workers: int) -> Iterator[Record]:
    """What became of each piece, in the order in which they are done. Raises StoreError, WorkerError."""
    if workers == 1:
        yield from map(Shards(work), todo)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(workers, context, prepare, (work,)) as pool:
        try:
            yield from done_pieces(pool, todo, workers * AHEAD)
        except BrokenProcessPool as e:
            raise WorkerError(
                "a process that judges was stopped from outside (is memory short?); give the same command again, it goes on."
            ) from e
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def done_pieces(pool: ProcessPoolExecutor, todo: Iterable[Piece], most: int) -> Iterator[Record]:
    """Keep at most so many pieces under way."""
    waiting = set[Future[Record]]()
    for piece in todo:
        waiting.add(pool.submit(judged, piece))
        if len(waiting) >= most:
            yield from finished(waiting)
    while waiting:
        yield from finished(waiting)


def finished(waiting: set[Future[Record]]) -> Iterator[Record]:
    """Wait for the next to be done."""
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        waiting.remove(future)
        yield future.result()


def prepare(work: Work) -> None:
    """Load the model in a new process, which ends as soon as the one that reads is gone."""
    global judge  # noqa: PLW0603 - a process of the pool has no other place
    judge = Shards(work)
    Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """Wait for the process that reads to be gone."""
    parent = multiprocessing.parent_process()
    if parent:
        wait_for([parent.sentinel])
        os._exit(1)


def judged(piece: Piece) -> Record:
    """In a process of the pool."""
    return judge(piece)


judge: Shards
"""Of a process of the pool; set once by `prepare`."""
