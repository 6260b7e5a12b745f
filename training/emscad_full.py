"""EMSCAD's grouped folds for both tiers as they are shipped: learnt from all sources but one fold of EMSCAD, judged on that fold.

The encoder is fine-tuned once without EMSCAD, and from there shortly for each fold.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.encoder import Splitter
from model.reading import Reader
from training.blend import Judged, sum_of
from training.config import Config
from training.data import Data, Scores
from training.emscad import SEEDS, emscad_folds
from training.encoder import BEST, Setting, finetune, scores
from training.examples import examples
from training.finetuning import fine_tuned, started
from training.fit import Fitted, learn
from training.folder import Kept
from training.full import blind_scores
from training.ground import Ground, passes
from training.metrics import average_precision, best_f1, roc_auc
from training.progress import Progress
from training.run import Result
from training.split import bucket

WITHOUT, EACH, RATE = 3, 2, 5e-5
"""Passes without EMSCAD, then for each fold, and the rate there."""
PAIRS, BOARDS = 5, 600
"""One written text in so many that a fold's passes read; board ads that tell how both tiers are added."""


@dataclass(frozen=True)
class Ready:
    """What folds share. g: the ground with EMSCAD's test families too. data: the same rows. fold: of EMSCAD's rows, -1 elsewhere.

    blind: as `full.blind_scores`, of the rows of the ground. begun: weights learnt without EMSCAD.
    """

    g: Ground
    data: Data
    fold: NDArray[np.int64]
    blind: Scores
    fitted: Fitted
    config: Config
    begun: Path


def emscad_both(result: Result, config: Config, g: Ground, setting: Setting, folder: Path, progress: Progress) -> dict[str, Any]:
    """Average precision and best F1 of both tiers at EMSCAD's share of fraud, on the folds of the protocol's first seed.

    What was reckoned stays in `folder`, to go on from.
    """
    others, begun = ~np.char.startswith(g.parts, "emscad"), folder / "without-emscad"
    if others.all():
        return {}
    progress("full tier: learning without EMSCAD, for its folds")
    fine_tuned(g, others, replace(setting, passes=WITHOUT), begun, progress)
    ready, kept, own = readied(result, config, g, begun / BEST), Kept(folder / "emscad"), replace(setting, passes=EACH, rate=RATE)
    tiers = np.zeros((2, len(ready.fold)))
    for k in range(int(ready.fold.max()) + 1):
        progress(f"full tier: EMSCAD, fold {k + 1}")
        tiers[:, ready.fold == k] = kept.array(f"fold-{k + 1}", partial(fold_scores, ready, k, own, folder / f"emscad-{k + 1}", progress))
    at = ready.fold >= 0
    fast, full = (figures(ready.data.labels[at], told[at]) for told in tiers)
    return {"fast": fast, "full": full, "adverts": int(at.sum()), "passes": [WITHOUT, EACH]}


def readied(result: Result, config: Config, g: Ground, begun: Path) -> Ready:
    """The ground with EMSCAD's test families beside it, and all EMSCAD dealt into folds."""
    data, step = result.material.data, result.material.step
    inside, more = np.flatnonzero(result.inside), np.flatnonzero(~result.inside & np.char.startswith(data.parts, "emscad"))
    extra, both = data.take(more), data.take(np.concatenate([inside, more]))
    read = examples(extra.rows, extra.weights.tolist(), Reader(step.tables, step.knowledge), Splitter(g.cut.tokenizer, step.tables))
    validation = np.concatenate([g.validation, np.zeros(len(more), np.bool_)])
    wide = Ground(both.rows, both.parts, [*g.examples, *read], validation, g.cut, g.base)
    dealt = emscad_folds(data, SEEDS[0])
    fold = {row.id: k for row, k in zip(dealt.rows, dealt.folds.tolist(), strict=True)}
    blind = blind_scores(data.take(inside), result.fitted)
    return Ready(wide, both, np.array([fold.get(row.id, -1) for row in both.rows]), blind, result.fitted, config, begun)


def fold_scores(ready: Ready, k: int, setting: Setting, folder: Path, progress: Progress) -> Scores:
    """What both tiers say of the adverts of fold k, which no part of them has seen; shape (2, adverts)."""
    g, inside, outside = ready.g, ready.fold != k, np.flatnonzero(ready.fold == k)
    emscad = ready.fold >= 0
    model = started(g, setting)
    model.load_state_dict(torch.load(ready.begun, weights_only=True))
    some = inside & (emscad | (g.parts == "boards") | np.array([bucket(row.group, PAIRS, "fold") == k for row in g.rows]))
    judging = np.flatnonzero(g.validation & emscad & inside)
    labels, judged = ready.data.labels[judging], [g.examples[i] for i in judging.tolist()]
    finetune(model, passes(g, some, setting), lambda score: roc_auc(labels, score(judged)), setting, folder, progress)
    shutil.rmtree(folder)
    model.cpu()
    boards = np.flatnonzero(g.validation & (g.parts == "boards"))
    at = np.concatenate([np.flatnonzero(g.validation & inside & (g.parts != "boards")), boards[:BOARDS]])
    known, new = (scores(model, [g.examples[i] for i in rows.tolist()], setting, "cpu") for rows in (at, outside))
    blind, reports = ready.blind[:, at]
    added = sum_of(Judged(ready.data.take(at), blind, reports, known))
    pipeline = learn(ready.data.take(np.flatnonzero(inside)), ready.fitted.chosen, ready.config)
    fast = ready.fitted.calibration(pipeline.decision_function(ready.data.take(outside).found))
    return np.stack([fast, added(fast, new)])


def figures(labels: NDArray[np.int64], told: Scores) -> Mapping[str, float]:
    """Average precision and best F1."""
    return {"average_precision": average_precision(labels, told), "best_f1": best_f1(labels, told)}
