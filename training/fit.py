"""Learns the fast tier: hyperparameters by grouped cross-validation, then calibration and thresholds from scores of held-out folds."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from model.calibration import DEFAULT_PRIOR, Calibration, logit, probability
from model.cues import LURE_OF, NAMES
from model.genre import held_back
from model.policy import Thresholds
from training.config import Config
from training.data import Data, Scores
from training.features import Found, LogCountRatio, Vocabulary
from training.folder import NOTHING_KEPT, Kept
from training.genre import JUST_BELOW, learn_genre
from training.metrics import average_precision, found_at, roc_auc
from training.progress import Progress, over
from training.weighting import PAIRS, is_other
from training.words import Words, learn_words

MOST_ROUNDS = 4
FEWEST_ADS = 100
"""Of a board that may set the threshold for warnings alone."""
FEWEST_LURES = 20
"""And honest ads, of a caller's source that the search looks at."""


@dataclass(frozen=True)
class Judging:
    """Phrases and cues by a pipeline, and what the pieces of words add."""

    phrases: Pipeline
    words: Words

    def decision_function(self, found: Sequence[Found]) -> Scores:
        """Score of each advert."""
        told: Scores = self.phrases.decision_function(found) + self.words.decision_function(found)
        return told


@dataclass(frozen=True)
class Fitted:
    """What was learnt (from `Found` to score), its calibration and thresholds, and how they were chosen.

    genre: pipeline from `Found` to how much a text reads like a report. held_out, blind: shape (2, rows), what both pipelines say of every
    row when they saw none of its family, with all phrases and with those written blind.
    """

    pipeline: Judging
    genre: Pipeline
    calibration: Calibration
    thresholds: Thresholds
    chosen: Mapping[str, float]
    trials: Sequence[Mapping[str, Any]]
    held_out: Scores
    blind: Scores

    @property
    def cap(self) -> float:
        """Log-odds, at a prior of one half, down to which reports are held back: just below caution."""
        return logit(self.thresholds.caution) - logit(DEFAULT_PRIOR) - JUST_BELOW

    def log_odds(self, apart: Scores) -> Scores:
        """Calibrated log-odds, at a prior of one half, of rows of which the pipelines say so. apart: shape (2, rows)."""
        return capped(self.calibration(apart[0]), apart[1], self.cap)


def capped(log_odds: Scores, reports: Scores, cap: float) -> Scores:
    """Log-odds, less what is held back of those that read like a report."""
    return log_odds - held_back(log_odds, reports, cap)


def learn(data: Data, setting: Mapping[str, float], config: Config) -> Judging:
    """All of the fast tier, from the rows given alone."""
    return Judging(learn_phrases(data, setting, config), learn_share(data, config))


def learn_share(data: Data, config: Config) -> Words:
    """What pieces of words weigh beside phrases and cues. No setting changes it."""
    return learn_words(data, config.seed).times(config.piece_share, config.smallest_weight)


def learn_phrases(data: Data, setting: Mapping[str, float], config: Config) -> Pipeline:
    """Fit the steps on all rows given. Counting, ratios and the linear model see these rows only."""
    vocabulary = Vocabulary(config.fewest_groups, setting["cue_scale"]).fit(data.found, groups=data.groups, banned=data.banned)
    matrix = vocabulary.transform(data.found)
    ratio = LogCountRatio().fit(matrix, data.labels, data.weights * (data.groups >= 0))
    linear = monotone(ratio.transform(matrix), data, setting["C"])
    prune(linear, ratio, len(vocabulary.hashes_), config.smallest_weight)
    return Pipeline([("vocabulary", vocabulary), ("ratio", ratio), ("linear", linear)])


def monotone(matrix: sparse.csr_matrix, data: Data, strength: float) -> LogisticRegression:
    """Logistic regression in which no lure and no disguise lowers the score: those that would are left out, the rest is learnt again."""
    shut = np.zeros(matrix.shape[1], np.bool_)
    suspects = matrix.shape[1] - len(NAMES) + np.flatnonzero([lure is not None for lure in LURE_OF])
    for _ in range(MOST_ROUNDS):
        open_only = matrix @ sparse.diags((~shut).astype(np.float64))
        linear = LogisticRegression(C=strength, max_iter=500).fit(open_only, data.labels, sample_weight=data.weights)
        wrong = suspects[linear.coef_[0, suspects] < 0]
        if not len(wrong):
            break
        shut[wrong] = True
    linear.coef_[0, suspects] = np.maximum(linear.coef_[0, suspects], 0.0)
    linear.coef_[0, shut] = 0.0
    return linear


def prune(linear: LogisticRegression, ratio: LogCountRatio, phrases: int, smallest: float) -> None:
    """Set the weights of phrases that hardly count to zero; they leave the table."""
    effect = np.abs(linear.coef_[0, :phrases] * ratio.ratio_[:phrases])
    linear.coef_[0, :phrases][effect < smallest] = 0.0


def held_out_words(data: Data, config: Config) -> Scores:
    """What pieces of words add to each row, learnt from no row of its family. It is the same for all settings, and phrases."""
    words: Scores = held_out(data, config, lambda part: [learn_share(part, config)])[0]
    return words


def held_out_scores(data: Data, setting: Mapping[str, float], config: Config, words: Scores | None = None) -> Scores:
    """Score of every row by what saw no row of its family. words: `held_out_words` of these rows, where they are known."""
    scores: Scores = held_out(data, config, lambda part: [learn_phrases(part, setting, config)])[0]
    return scores + (held_out_words(data, config) if words is None else words)


def held_out_both(data: Data, setting: Mapping[str, float], config: Config, words: Scores | None = None) -> Scores:
    """As `held_out_scores`, and how much the row reads like a report; shape (2, rows)."""
    told = held_out(data, config, lambda part: (phrases := learn_phrases(part, setting, config), learn_genre(phrases, part)))
    told[0] += held_out_words(data, config) if words is None else words
    return told


def held_out(data: Data, config: Config, learner: Callable[[Data], Sequence[Pipeline | Words]]) -> Scores:
    """What those that saw no row of its family say of each row; shape (how many of them, rows)."""
    out: list[Scores] = []
    for k in range(config.folds):
        inside, outside = np.flatnonzero(data.folds != k), np.flatnonzero(data.folds == k)
        found = [data.found[i] for i in outside.tolist()]
        out.append(np.array([pipeline.decision_function(found) for pipeline in learner(data.take(inside))]))
    told: Scores = np.concatenate(out, axis=1)
    return told[:, np.argsort(np.argsort(data.folds, kind="stable"))]


def goodness(data: Data, scores: Scores) -> dict[str, float]:
    """What the search looks at: mean of corpus AUC, share found at 1 % false alarms on boards, EMSCAD average precision."""
    corpus = np.isin(data.parts, PAIRS)
    emscad = np.isin(data.parts, ("emscad_fraud", "emscad_honest"))
    honest = data.parts == "boards"
    out = {}
    if corpus.any():
        out["corpus_auc"] = roc_auc(data.labels[corpus], scores[corpus])
    if corpus.any() and honest.any():
        out["found_at_1pct_boards"] = found_at(scores[data.parts == "corpus_scam"], scores[honest], 0.01)
    if emscad.any():
        out["emscad_ap"] = average_precision(data.labels[emscad], scores[emscad])
    for source in sorted({part.removesuffix("_lure") for part in set(data.parts.tolist()) if is_other(part) and part.endswith("_lure")}):
        own = np.isin(data.parts, (f"{source}_lure", f"{source}_honest"))
        labels = data.labels[own]
        if min((labels == 0).sum(), (labels == 1).sum()) >= FEWEST_LURES:
            out[f"{source}_ap"] = average_precision(labels, scores[own], float(labels.mean()))
    return {**out, "mean": float(np.mean(list(out.values())))}


def search(
    data: Data, config: Config, words: Scores, jobs: int, progress: Progress, kept: Kept
) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Try every setting in parallel; the best mean wins, ties go to the stronger regularisation. words: as `held_out_words`."""
    names = sorted(config.search)
    settings = [dict(zip(names, values, strict=True)) for values in itertools.product(*(config.search[n] for n in names))]
    progress(f"trying {len(settings)} settings in {config.folds} grouped folds on {len(data.rows):,} rows")
    tried = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(kept.array)(f"search-{i}", partial(held_out_scores, data, setting, config, words)) for i, setting in enumerate(settings)
    )
    results = list(over(progress, tried, "settings", len(settings)))
    trials = [{**setting, **goodness(data, scores)} for setting, scores in zip(settings, results, strict=True)]
    for trial in trials:
        progress("  " + ", ".join(f"{k} {v:.4g}" for k, v in trial.items()))
    best = max(range(len(settings)), key=lambda i: (round(trials[i]["mean"], 4), -settings[i]["C"]))
    return settings[best], trials


def calibrate(data: Data, scores: Scores) -> Calibration:
    """Platt's affine map on held-out scores, scams and honest ads weighing alike (prior one half)."""
    weight = data.weights.copy()
    for label in (0, 1):
        weight[data.labels == label] /= weight[data.labels == label].sum()
    line = LogisticRegression(C=1e6).fit(scores[:, None], data.labels, sample_weight=weight * 1000)
    return Calibration(float(line.coef_[0, 0]), float(line.intercept_[0]))


def choose_thresholds(data: Data, scores: Scores, calibration: Calibration, policy: Mapping[str, float]) -> Thresholds:
    """Probabilities (at the default prior) that few enough held-out honest ads reach: of boards in all, of any one board, of twins.

    Honest ads of a caller's source count as a board's.
    """
    log_odds = calibration(scores) + logit(DEFAULT_PRIOR)
    twins, boards = data.parts == "corpus_twin", data.parts == "boards"
    names = np.array([row.board for row in data.rows])
    large = [boards & (names == name) for name in sorted(set(names[boards].tolist()))]
    limits = {"caution": [(boards, "caution"), (twins, "caution_twins")], "warning": [(boards, "warning"), (twins, "warning_twins")]}
    limits["warning"] += [(board, "warning_any_board") for board in large if board.sum() >= FEWEST_ADS]
    others = [data.parts == part for part in sorted(set(data.parts.tolist())) if is_other(part) and part.endswith("_honest")]
    for name, asked in limits.items():
        asked += [(honest, name) for honest in others if honest.sum() >= FEWEST_ADS]
    caution, warning = (
        max(float(np.quantile(log_odds[honest], 1 - policy[key])) for honest, key in asked if honest.any()) for asked in limits.values()
    )
    return Thresholds(probability(caution), probability(max(caution, warning)))


def fit(
    data: Data, config: Config, jobs: int = 2, progress: Progress = print, kept: Kept = NOTHING_KEPT, blind: Data | None = None
) -> Fitted:
    """Search, calibrate, choose thresholds, and learn once more on all rows.

    blind: the same rows with what only phrases written blind find in them; settings are chosen on these, as phrases that were written in
    view of the rows would have the search trust hand-written cues by another measure than new adverts do.
    """
    words = kept.array("words", partial(held_out_words, data, config))
    setting, trials = search(data if blind is None else blind, config, words, jobs, progress, kept)
    progress(f"chosen: {setting}; learning on all {len(data.rows):,} rows")
    apart = kept.array("chosen", partial(held_out_both, data, setting, config, words))
    unseen = apart if blind is None else kept.array("blind", partial(held_out_both, blind, setting, config, words))
    return replace(finished(data, setting, trials, apart, config), blind=unseen)


def refit(data: Data, chosen: Fitted, config: Config, kept: Kept = NOTHING_KEPT) -> Fitted:
    """Learn the chosen setting on other rows, without searching again."""
    apart = kept.array("shipped", lambda: held_out_both(data, chosen.chosen, config))
    return finished(data, chosen.chosen, chosen.trials, apart, config)


def finished(data: Data, setting: Mapping[str, float], trials: Sequence[Mapping[str, Any]], apart: Scores, config: Config) -> Fitted:
    """Calibration and thresholds from held-out scores, and the pipelines learnt on all rows. apart: as `held_out_both` gives them."""
    calibration = calibrate(data, apart[0])
    thresholds = choose_thresholds(data, apart[0], calibration, config.policy)
    pipeline = learn(data, setting, config)
    return Fitted(pipeline, learn_genre(pipeline.phrases, data), calibration, thresholds, setting, trials, apart, apart)
