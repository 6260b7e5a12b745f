"""Languages of which neither tier learnt from any text: what their phrases, other languages' wording and the encoder find there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.encoder import Splitter
from model.reading import Reader
from training.blend import Judged, sum_of
from training.config import Config
from training.data import Data, Scores
from training.encoder import Setting, TokenScorer, scores
from training.examples import examples
from training.finetuning import fine_tuned
from training.fit import learn
from training.full import blind_scores
from training.ground import Ground, spoken
from training.metrics import roc_auc
from training.progress import Progress
from training.run import Result
from training.weighting import PAIRS


@dataclass(frozen=True)
class Without:
    """The languages that are left out together, and how to fine-tune."""

    languages: Sequence[str]
    setting: Setting


def left_out_languages(result: Result, config: Config, g: Ground, plan: Without, folder: Path, progress: Progress) -> dict[str, Any]:
    """ROC-AUC on held-out pairs of languages that no model saw: fast tier, encoder, and both added as for the shipped model.

    One fine-tuning without all of them. Phrases of the languages stay, as they are knowledge.
    """
    languages = plan.languages
    if not languages:
        return {}
    progress(f"full tier: learning without {', '.join(languages)}")
    model = fine_tuned(g, ~np.isin(spoken(g), languages), plan.setting, folder / f"without-{'-'.join(languages)}", progress).cpu()
    data = result.material.data
    at = np.flatnonzero(~result.inside & np.isin(data.parts, PAIRS) & np.isin([row.language for row in data.rows], languages))
    test = data.take(at)
    tiers = by_tiers(result, config, g, model, plan, test)
    each = {name: by_tier(tiers, test, np.array([row.language == name for row in test.rows])) for name in languages}
    return {"mean_roc_auc": float(np.mean([v["roc_auc"] for v in each.values()])), "each": each, "passes": plan.setting.passes}


def by_tiers(result: Result, config: Config, g: Ground, model: TokenScorer, plan: Without, test: Data) -> dict[str, Scores]:
    """Scores of test rows by tier. How much each tier counts is learnt on validation rows of the other languages."""
    fitted, step = result.fitted, result.material.step
    learning = result.material.data.take(np.flatnonzero(result.inside))
    others = ~np.isin(spoken(g), plan.languages)
    at = np.flatnonzero(g.validation & others)
    judged = scores(model, [g.examples[i] for i in at.tolist()], plan.setting, "cpu")
    known, reports = blind_scores(learning, fitted)[:, at]
    added = sum_of(Judged(learning.take(at), known, reports, judged))
    pipeline = learn(learning.take(np.flatnonzero(others)), fitted.chosen, config)
    fast = fitted.calibration(pipeline.decision_function(test.found))
    read = examples(test.rows, test.weights.tolist(), Reader(step.tables, step.knowledge), Splitter(g.cut.tokenizer, step.tables))
    encoder = scores(model, list(read), plan.setting, "cpu")
    return {"fast": fast, "encoder": encoder, "full": added(fast, encoder)}


def by_tier(tiers: dict[str, Scores], test: Data, spoken_in: NDArray[np.bool_]) -> dict[str, Any]:
    """Pairs, and ROC-AUC of both tiers together and of each."""
    labels = test.labels[spoken_in]
    areas = {name: roc_auc(labels, told[spoken_in]) for name, told in tiers.items()}
    return {"pairs": int(labels.sum()), "roc_auc": areas["full"], "fast": areas["fast"], "encoder": areas["encoder"]}
