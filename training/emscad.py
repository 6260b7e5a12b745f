"""The EMSCAD protocol: near-duplicate-grouped 5-fold on the joined text, legitimate rows weighted to 4.84 % fraud, several seeds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from training import baselines
from training.config import Config
from training.data import Data, Scores
from training.fit import held_out_scores
from training.metrics import average_precision, best_f1
from training.split import folds

SEEDS = (0, 1, 2)


def emscad_protocol(data: Data, setting: dict[str, float], config: Config, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Our recipe and the usual one, both trained on EMSCAD's training folds alone. Mean and spread over seeds."""
    figures: dict[str, list[tuple[float, float]]] = {"lurewatch": [], "tfidf_lr": []}
    for seed in seeds:
        dealt = emscad_folds(data, seed)
        for name, scores in (("lurewatch", held_out_scores(dealt, setting, config)), ("tfidf_lr", usual(dealt))):
            figures[name].append((average_precision(dealt.labels, scores), best_f1(dealt.labels, scores)))
    return {name: summary(values) for name, values in figures.items()} | {"seeds": len(seeds), "prevalence": 0.0484}


def emscad_folds(data: Data, seed: int) -> Data:
    """EMSCAD's rows alone, of equal weight, whole near-duplicate groups dealt into five folds."""
    at = np.flatnonzero(np.isin(data.parts, ("emscad_fraud", "emscad_honest")))
    rows = data.take(at)
    return replace(rows, weights=np.ones(len(at)), folds=np.array(folds([row.group for row in rows.rows], 5, seed)))


def usual(data: Data) -> Scores:
    """Held-out scores of the usual recipe on the same folds."""
    out = np.zeros(len(data.rows))
    for k in sorted(set(data.folds.tolist())):
        inside, outside = np.flatnonzero(data.folds != k), np.flatnonzero(data.folds == k)
        recipe = baselines.fitted(baselines.word_recipe(), [data.rows[i] for i in inside.tolist()], np.ones(len(inside)))
        out[outside] = baselines.scored(recipe, [data.rows[i] for i in outside.tolist()])
    return out


def summary(values: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Mean and standard deviation of average precision and best F1."""
    table = np.array(values)
    return {
        "average_precision": float(table[:, 0].mean()),
        "average_precision_sd": float(table[:, 0].std()),
        "best_f1": float(table[:, 1].mean()),
        "best_f1_sd": float(table[:, 1].std()),
    }
