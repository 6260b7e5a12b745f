"""Fine-tunes the encoder several times side by side, each time in another order, and averages what they learnt (Wortsman et al. 2022)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from training.encoder import BEST, Setting, TokenScorer, body_of, device_of, finetune, mean_of, named, scores
from training.ground import Ground, Mask, judge_of, passes
from training.progress import Progress

State = dict[str, torch.Tensor]


def fine_tuned(g: Ground, read: Mask, setting: Setting, folder: Path, progress: Progress) -> TokenScorer:
    """Fine-tune on the rows that do not validate. read: shape (rows,), which may be. Goes on from checkpoints in `folder`.

    All runs start alike, else their weights would have no mean to speak of. Without a GPU each has a process: a batch is too little work
    for many cores, and two runs with a core each take a third less time than one after the other with two.
    """
    cores = torch.get_num_threads()
    processes = 1 if device_of() == "cuda" else min(setting.runs, cores)
    with parallel_config("loky", inner_max_num_threads=cores // processes):
        found = Parallel(n_jobs=processes)(delayed(run)(g, read, setting, k, folder, progress) for k in range(setting.runs))
    get_reusable_executor().shutdown()  # else each process holds on to what its run took, up to 10 GB
    states = [torch.load(place(folder, k) / BEST, weights_only=True) for k in range(setting.runs)]
    model, judge = started(g, setting), judge_of(g, read, progress)
    model.to(device_of())
    kept = together(model, states, found, lambda: judge(lambda chosen: scores(model, chosen, setting, device_of())))
    progress(f"validation of {setting.runs} runs: {', '.join(f'{each:.4f}' for each in found)}; of their mean: {kept:.4f}")
    torch.save(model.state_dict(), folder / BEST)
    return model


def run(g: Ground, read: Mask, setting: Setting, number: int, folder: Path, progress: Progress) -> float:
    """One run, from 0; how well it did on validation. read: shape (rows,), which may be. Its weights are left in its place."""
    own, told = replace(setting, seed=setting.seed + number), named(progress, f"run {number + 1}")
    return finetune(started(g, setting), passes(g, read, own), judge_of(g, read, told), own, place(folder, number), told)


def place(folder: Path, number: int) -> Path:
    """Where a run keeps its checkpoints and weights."""
    return folder / f"run-{number + 1}"


def started(g: Ground, setting: Setting) -> TokenScorer:
    """The base with its vocabulary cut, and heads that know nothing yet; alike for one seed."""
    torch.manual_seed(setting.seed)
    body = body_of(g.base, g.cut.kept, setting.layers)
    return TokenScorer(body, body.config.hidden_size)


def together(model: Any, states: Sequence[State], found: Sequence[float], judge: Callable[[], float]) -> float:
    """Give the model the mean of the states, or the best of them where the mean is liked less than they are on average.

    found: how each is liked. That of the best would not do as a measure: it was the best by luck, too. Returns how the mean is liked.
    """
    model.load_state_dict(mean_of(states))
    liked = judge()
    if liked < np.mean(found):
        model.load_state_dict(states[int(np.argmax(found))])
    return liked
