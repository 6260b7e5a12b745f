"""Learns how to add the two tiers, from validation rows that neither learnt from: weights, thresholds, when `auto` asks the encoder."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model import artefact
from model.calibration import DEFAULT_PRIOR, Calibration, logit
from model.classifier import batches
from model.encoder import KIND, LURE, SCORE, Encoder
from model.full import FILES, SETTINGS, Blend, Doubt
from model.genre import held_back
from model.policy import Thresholds
from model.reading import Reader
from training.config import Config
from training.data import Data, Scores
from training.examples import NO_LURE, Example
from training.fit import choose_thresholds
from training.genre import JUST_BELOW
from training.metrics import found_at, roc_auc
from training.rows import Row, adverts
from training.weighting import PAIRS

ASKED, COVERED, FEWEST = 0.25, 0.80, 8
"""Share of honest board ads on which `auto` asks the encoder; held-out ROC-AUC from which a language counts as covered, and the fewest
pairs for that."""
RARE, STRAY = 0.01, 0.05
"""Share of honest board ads that may stand above what reports are held back to; of texts that are no ads, above what so few ads reach."""
STEEPER = (1.0, 1.5, 2.0, 3.0, 4.0)
"""How many times the learnt steepness may count, where more texts than that stray."""
BIASES = (-4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0)


@dataclass(frozen=True)
class Judged:
    """Validation rows with the scores of both tiers. fast: log-odds by a model that saw no row of the family, nothing held back; reports:
    how much the row reads like a report, by the same; encoder: mean score.
    """

    data: Data
    fast: Scores
    reports: Scores
    encoder: Scores


def encoded(rows: Sequence[Row], encoder: Encoder, reader: Reader) -> Scores:
    """The encoder's score of each row: the mean over its pieces, 0 where it has none."""
    out: list[float] = []
    for batch in batches(adverts(rows)):
        found = encoder(reader(batch).normalised, len(batch))
        out += [float(e.out[:, SCORE].mean(dtype=np.float64)) if e.windows else 0.0 for e in found]
    return np.array(out)


def blend_of(told: Judged, lure_bias: float, config: Config) -> tuple[Blend, Thresholds]:
    """How both tiers are added, how far reports are held back, and thresholds by the same policy as the fast tier's."""
    added, data = sum_of(told), told.data
    sums = added(told.fast, told.encoder)
    thresholds = choose_thresholds(data, sums, Calibration(1.0, 0.0), config.policy)
    cap = cap_of(sums[data.parts == "boards"], thresholds)
    steepness = added.steepness * times_steeper(told, sums, cap, added.steepness)
    return Blend(added.fast, added.encoder, added.neutral, added.constant, lure_bias, cap, steepness), thresholds


class Sum(NamedTuple):
    """Weights of both tiers, what an honest ad has of the encoder, a constant, and what each of the log-odds of a report takes."""

    fast: float
    encoder: float
    neutral: float
    constant: float
    steepness: float

    def __call__(self, fast: Scores, encoder: Scores) -> Scores:
        """Both tiers added, nothing held back. encoder: mean scores."""
        return self.fast * fast + self.encoder * (encoder - self.neutral) + self.constant


def sum_of(told: Judged) -> Sum:
    """By logistic regression at a prior of one half; nothing counts against itself, and reports lower the sum only beyond even odds."""
    data, boards = told.data, told.data.parts == "boards"
    neutral = float(told.encoder[boards if boards.any() else data.labels == 0].mean())
    weight = data.weights.copy()
    for label in (0, 1):
        weight[data.labels == label] *= 1000 / weight[data.labels == label].sum()
    columns = np.stack([told.fast, told.encoder - neutral, -np.maximum(told.reports, 0.0)], axis=1)
    line = LogisticRegression(C=1e4).fit(columns, data.labels, sample_weight=weight)
    fast, encoder, steepness = np.maximum(line.coef_[0], 0.0).tolist()
    return Sum(fast, encoder, neutral, float(line.intercept_[0]), steepness)


def cap_of(boards: Scores, thresholds: Thresholds) -> float:
    """Just below caution, and below what the first in a hundred honest board ads reaches. boards: their log-odds."""
    caution = logit(thresholds.caution) - logit(DEFAULT_PRIOR)
    return min(caution, float(np.quantile(boards, 1 - RARE)) if len(boards) else caution) - JUST_BELOW


def times_steeper(told: Judged, sums: Scores, cap: float, steepness: float) -> float:
    """How many times the learnt steepness leaves few enough of the texts that are no ads; once where none are, or no board ads."""
    boards, no_ads = (told.data.parts == part for part in ("boards", "corpus_no_ad"))
    if not (boards.any() and no_ads.any()):
        return 1.0
    for times in STEEPER:
        left = sums - held_back(sums, told.reports, cap, times * steepness)
        if found_at(left[no_ads], left[boards], RARE) <= STRAY:
            return times
    return STEEPER[-1]


def doubt_of(learning: Data, fast: Scores, validation: NDArray[np.intp]) -> Doubt:
    """`auto` asks on so large a share of honest board ads, and on all in languages in which the fast tier hardly tells scams from twins.

    fast: log-odds of each row of `learning` as the fast tier tells them, by models that did not see it. validation: rows of the board ads.
    """
    boards = fast[validation][learning.parts[validation] == "boards"]
    above = float(np.quantile(boards, 1 - ASKED)) if len(boards) else float(np.median(fast[validation]))
    languages = np.array([row.language for row in learning.rows])
    pairs = np.isin(learning.parts, PAIRS)
    covered = set()
    for language in sorted(set(languages[pairs].tolist())):
        at = pairs & (languages == language)
        if learning.labels[at].sum() >= FEWEST and roc_auc(learning.labels[at], fast[at]) >= COVERED:
            covered.add(language)
    return Doubt(above, frozenset(covered))


def best_bias(scams: Sequence[Example], encoder: Encoder) -> float:
    """The bias under which the pieces with a lure agree best with the underlined ones (F1)."""
    windows = [(encoder.run(w), lures != NO_LURE) for e in scams for w, lures in zip(e.windows, e.lures, strict=True)]
    margin = np.concatenate([out[:, LURE + 1 : KIND].max(axis=1) - out[:, LURE] for out, _ in windows])
    underlined = np.concatenate([told for _, told in windows])
    return max(BIASES, key=lambda bias: f1(margin > bias, underlined))


def f1(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> float:
    """Agreement of two masks."""
    return float(2 * (ours & theirs).sum() / max(1, ours.sum() + theirs.sum()))


def write_settings(folder: Path, blend: Blend, thresholds: Thresholds, doubt: Doubt, fast: str) -> None:
    """Settings and manifest of an encoder folder. fast: sha256 of the weights of the fast tier that stands beside it."""
    auto = {"above": doubt.above, "covered": sorted(doubt.covered)}
    told = {"blend": asdict(blend), "thresholds": asdict(thresholds), "auto": auto}
    (folder / SETTINGS).write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    artefact.write_manifest(folder, {"name": "lurewatch-encoder", "fast": fast}, FILES)
