"""What stands beside Lurewatch on the same folds. Each learns from the rows inside, with the same weights, and scores those outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from model.artefact import SHIPPED, Artefact
from model.full import FullTier
from training.baselines import text_of
from training.benchmark.stock import At, Stock
from training.benchmark.terms import weighed
from training.data import Scores
from training.fit import calibrate, held_out_scores, learn

TREE_TERMS = 2000
HEAD_STRENGTH = 0.01


@dataclass(frozen=True)
class Contender:
    """title: as tables say it. score: log-odds or another score of the rows outside, in their order."""

    title: str
    score: Callable[[Stock, At, At], Scores]


def fast(stock: Stock, inside: At, outside: At) -> Scores:
    """Lurewatch's fast tier at the shipped settings."""
    pipeline = learn(stock.data.take(inside), stock.setting, stock.config)
    return np.asarray(pipeline.decision_function([stock.found[i] for i in outside.tolist()]))


def full(stock: Stock, inside: At, outside: At) -> Scores:
    """Both tiers: the fast one learnt here, the shipped encoder (which is not learnt again), added as shipped."""
    data = stock.data.take(inside)
    line = calibrate(data, held_out_scores(data, stock.setting, stock.config))
    blend = FullTier.load(SHIPPED, Artefact.load()).blend
    whole = line(fast(stock, inside, outside))
    return blend.fast * whole + blend.encoder * (stock.encoded[outside] - blend.neutral) + blend.constant


def tfidf(stock: Stock, inside: At, outside: At) -> Scores:
    """TF-IDF over words and pairs, logistic regression: `baselines.word_recipe`."""
    a, b = weighed(stock.words, inside, outside, 2)
    head = LogisticRegression(C=10.0, max_iter=2000).fit(a, stock.labels[inside], sample_weight=stock.data.weights[inside])
    return np.asarray(head.decision_function(b))


def vectors(stock: Stock, inside: At, outside: At) -> Scores:
    """TF-IDF over words, pairs and characters, LinearSVC."""
    parts = weighed(stock.words, inside, outside, 2), weighed(stock.characters, inside, outside, 3)
    a, b = (sparse.hstack(pair, format="csr") for pair in zip(*parts, strict=True))
    head = LinearSVC(random_state=0).fit(a, stock.labels[inside], sample_weight=stock.data.weights[inside])
    return np.asarray(head.decision_function(b))


def trees(stock: Stock, inside: At, outside: At) -> Scores:
    """LightGBM on TF-IDF over words and pairs, on length, punctuation and format, and on the metadata where the stock has any."""
    from lightgbm import LGBMClassifier  # noqa: PLC0415 - a dependency for developing

    terms = weighed(stock.words, inside, outside, 3, TREE_TERMS)
    a, b = (sparse.hstack([t, stock.table[at]], format="csr") for t, at in zip(terms, (inside, outside), strict=True))
    model = LGBMClassifier(n_jobs=1, random_state=0, deterministic=True, force_row_wise=True, verbose=-1)
    model.fit(a, stock.labels[inside], sample_weight=stock.data.weights[inside])
    return np.asarray(model.predict(b, raw_score=True))


def head(stock: Stock, inside: At, outside: At) -> Scores:
    """The frozen encoder's mean states, standardised, logistic regression."""
    weights = stock.data.weights[inside]
    steps = make_pipeline(StandardScaler(), LogisticRegression(C=HEAD_STRENGTH, max_iter=2000))
    steps.fit(stock.states[inside], stock.labels[inside], logisticregression__sample_weight=weights / weights.mean())
    return np.asarray(steps.decision_function(stock.states[outside]))


def keywords(stock: Stock, inside: At, outside: At) -> Scores:
    """How many entries of `keywords.txt` an advert holds."""
    listed = (files("training") / "benchmark" / "keywords.txt").read_text(encoding="utf-8").splitlines()
    texts = (text_of(stock.rows[i]).casefold() for i in outside.tolist())
    return np.array([float(sum(word in text for word in listed)) for text in texts])


CONTENDERS: Mapping[str, Contender] = {
    "lurewatch_fast": Contender("Lurewatch, fast tier", fast),
    "lurewatch_full": Contender("Lurewatch, full tier", full),
    "tfidf_lr": Contender("TF-IDF (1-2 words) + logistic regression", tfidf),
    "tfidf_svc": Contender("TF-IDF (words, characters) + LinearSVC, Platt", vectors),
    "lightgbm": Contender("LightGBM on TF-IDF and metadata", trees),
    "frozen_encoder": Contender("frozen multilingual-e5-small + linear head", head),
    "keywords": Contender("keyword list (English)", keywords),
}


def able(stock: Stock) -> list[str]:
    """Contenders that have what they need on this stock."""
    has: Mapping[str, NDArray[np.float64]] = {"frozen_encoder": stock.states, "lurewatch_full": stock.encoded}
    return [name for name in CONTENDERS if name not in has or len(has[name]) == len(stock.rows)]
