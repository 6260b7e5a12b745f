"""EMSCAD's grouped folds for both tiers together: for every fold the encoder is fine-tuned anew, from its base, on EMSCAD alone."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.encoder import Splitter
from model.reading import Reader
from training.blend import line_of
from training.config import Config
from training.data import Data, Scores
from training.emscad import SEEDS, emscad_folds
from training.encoder import Setting, finetune, scores
from training.examples import Example, examples
from training.finetuning import started
from training.fit import held_out_scores
from training.folder import Kept
from training.ground import Ground
from training.metrics import average_precision, best_f1, prevalence_weights, roc_auc
from training.progress import Progress
from training.run import Result
from training.split import bucket

BATCH, VALIDATION = 2048, 6
"""Pieces in a batch, fewer than elsewhere as a fold has few adverts; one family in so many of those learnt from validates."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Fold:
    """EMSCAD's adverts as one fold has them. outside: those it is judged on. validating: those which stop the encoder and tell how much
    each tier counts, and which it does not learn from either.
    """

    data: Data
    read: Sequence[Example]
    outside: Mask
    validating: Mask


def emscad_both(result: Result, config: Config, g: Ground, setting: Setting, folder: Path, progress: Progress) -> dict[str, Any]:
    """Average precision and best F1 of each tier and of both added, at EMSCAD's share of fraud, on the folds of the protocol's first seed.

    The fast tier learns on each fold's other rows alone, too, at the settings of the run. What was read stays in `folder`.
    """
    data, step, chosen = emscad_folds(result.material.data, SEEDS[0]), result.material.step, dict(result.fitted.chosen)
    if not data.labels.any():
        return {}
    splitter, names = Splitter(g.cut.tokenizer, step.tables), [row.group for row in data.rows]
    read = list(examples(data.rows, data.weights.tolist(), Reader(step.tables, step.knowledge), splitter))
    validating = np.array([bucket(name, VALIDATION, "validation") == 0 for name in names])
    fast, kept = held_out_scores(data, chosen, config), Kept(folder / "emscad")
    encoder, added = np.zeros((2, len(read)))
    for k in sorted(set(data.folds.tolist())):
        fold = Fold(data, read, data.folds == k, validating & (data.folds != k))
        learn = partial(encoder_of, fold, g, replace(setting, tokens=BATCH), folder / f"emscad-{k + 1}", progress)
        told = kept.array(f"fold-{k + 1}", learn)
        encoder[fold.outside] = told[fold.outside]
        added[fold.outside] = both(fold, told, lambda part: held_out_scores(part, chosen, config), fast)[fold.outside]
    tiers = {"fast": fast, "encoder": encoder, "full": added}
    return {name: figures(data, told) for name, told in tiers.items()} | {"adverts": len(read), "passes": setting.passes}


def encoder_of(fold: Fold, g: Ground, setting: Setting, folder: Path, progress: Progress) -> Scores:
    """What an encoder says of every advert that learnt from those of the other folds that do not validate. Leaves no checkpoint."""
    progress(f"full tier: EMSCAD, {folder.name}")
    model = started(g, setting)
    learnt = np.flatnonzero(~fold.outside & ~fold.validating).tolist()
    held = np.flatnonzero(fold.validating).tolist()
    labels = fold.data.labels[held]

    def drawn(number: int) -> list[Example]:
        rng = np.random.default_rng([setting.seed, number])
        return [fold.read[i].some(1, rng) for i in learnt]

    finetune(model, drawn, lambda score: roc_auc(labels, score([fold.read[i] for i in held])), setting, folder, progress)
    out = scores(model.cpu(), fold.read, setting, "cpu")
    shutil.rmtree(folder)
    return out


def both(fold: Fold, encoder: Scores, blind: Callable[[Data], Scores], fast: Scores) -> Scores:
    """Both tiers added as validating adverts say. blind: the fast tier's scores of rows by models that did not see them."""
    inside = np.flatnonzero(~fold.outside)
    known = blind(emscad_folds(fold.data.take(inside), SEEDS[0]))
    at = fold.validating[inside]
    labels = fold.data.labels[fold.validating]
    columns = np.stack([known[at], encoder[fold.validating]], axis=1)
    first, second, constant = line_of(columns, labels, prevalence_weights(labels))
    return first * fast + second * encoder + constant


def figures(data: Data, told: Scores) -> Mapping[str, float]:
    """Average precision and best F1."""
    return {"average_precision": average_precision(data.labels, told), "best_f1": best_f1(data.labels, told)}
