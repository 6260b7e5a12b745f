"""What takes long: each contender on each protocol. Scores are kept by name, so that a run that was stopped goes on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import joblib
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from training.benchmark import protocols
from training.benchmark.contenders import CONTENDERS
from training.benchmark.leaving import leavings
from training.benchmark.nested import held_out, in_order
from training.benchmark.plan import Plan
from training.benchmark.stock import At, Stock
from training.folder import Kept
from training.progress import Progress, over

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """One contender on one protocol. stock: file."""

    stock: Path
    contender: str
    protocol: str

    @property
    def name(self) -> str:
        """Beginning of the names of its arrays."""
        return self.named(self.stock.stem, self.protocol, self.contender)

    @staticmethod
    def named(stock: str, protocol: str, contender: str) -> str:
        """The same from its parts. stock: name of the file without its ending."""
        return f"{stock}-{protocol}-{contender}"


def run_all(jobs: Sequence[Job], plan: Plan, kept: Kept, processes: int, progress: Progress) -> None:
    """Do what was not done before."""
    made = Parallel(n_jobs=processes, return_as="generator_unordered")(delayed(run)(job, plan, kept) for job in jobs)
    for name in over(progress, made, "scores", len(jobs)):
        progress(f"done: {name}")


def run(job: Job, plan: Plan, kept: Kept) -> str:
    """Reckon the arrays of a job, and keep how many seconds that took; its name."""
    if kept.has(f"{job.name}-done"):
        return f"{job.name} (kept)"
    stock: Stock = joblib.load(job.stock)
    ways: dict[str, Callable[[Job, Stock, Plan, Kept], None]] = {
        **dict.fromkeys(protocols.PROTOCOLS, folded),
        "time": timely,
        "few": few,
        "held_out": apart,
        **dict.fromkeys(("language", "lure_type", "source"), left_out),
    }
    began = time.monotonic()
    ways[job.protocol](job, stock, plan, kept)
    seconds = kept.array(f"{job.name}-done", lambda: np.array([time.monotonic() - began]))
    return f"{job.name}, {seconds[0]:.0f} s"


def folded(job: Job, stock: Stock, plan: Plan, kept: Kept) -> None:
    """Folds within folds, for every seed."""
    for seed in range(plan.seeds):
        fold = protocols.dealt(stock.data, job.protocol, seed)
        kept.array(f"{job.name}-{seed}", partial(held_out, CONTENDERS[job.contender], stock, fold))


def timely(job: Job, stock: Stock, plan: Plan, kept: Kept) -> None:
    """EMSCAD's own order."""
    kept.array(f"{job.name}-0", partial(in_order, CONTENDERS[job.contender], stock, in_time(stock)))


def in_time(stock: Stock) -> tuple[At, At, At]:
    """Rows to learn from, to validate on and to test."""
    return protocols.by_time(stock.order)


def few(job: Job, stock: Stock, plan: Plan, kept: Kept) -> None:
    """A model for each number of labels and each seed, tested on fold 0; threshold and calibration are not looked at."""
    for seed in range(plan.seeds):
        fold = protocols.dealt(stock.data, "near_duplicate_group", seed)
        test = np.flatnonzero(fold == 0)
        for size in plan.few:
            learning = protocols.few(stock.data, fold, size, seed)
            score = partial(scored, job, stock, learning, test)
            kept.array(f"{job.name}-{size}-{seed}", score)


def scored(job: Job, stock: Stock, learning: At, test: At) -> Array:
    """Shape (2, test rows), as `nested.held_out` gives it, but not calibrated and without flags: only ranks count."""
    scores = CONTENDERS[job.contender].score(stock, learning, test)
    return np.stack([scores, np.zeros(len(test))])


def apart(job: Job, stock: Stock, plan: Plan, kept: Kept) -> None:
    """Learnt on four fifths, scores of the fifth and of all variants; not a number elsewhere."""
    outside = np.flatnonzero(stock.test[stock.made_from])
    kept.array(f"{job.name}-0", partial(filled, job, stock, ~stock.test[: stock.learnable], outside))


def left_out(job: Job, stock: Stock, plan: Plan, kept: Kept) -> None:
    """A model for every value that is left out."""
    for leaving in leavings(stock, job.protocol):
        learning = ~stock.test[: stock.learnable] & ~leaving.out
        kept.array(f"{job.name}-{leaving.value}", partial(filled, job, stock, learning, np.flatnonzero(leaving.measured)))


def filled(job: Job, stock: Stock, learning: NDArray[np.bool_], outside: At) -> Array:
    """Scores at their places, not a number elsewhere."""
    out = np.full(len(stock.rows), np.nan)
    out[outside] = CONTENDERS[job.contender].score(stock, np.flatnonzero(learning), outside)
    return out
