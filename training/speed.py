"""Ads per second, spans included, beside scikit-learn's TF-IDF and logistic regression learnt on the same rows; one core, one run."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from model.advert import Advert
from model.classifier import ScamAdClassifier
from training.baselines import plain_recipe, text_of
from training.rows import Row

LENGTH, ADS, ROUNDS = 2000, 1024, 5


def long_texts(rows: Sequence[Row]) -> list[str]:
    """Texts of 2,000 characters, no two from one row: honest board ads first, then the corpus joined end to end."""
    texts = [text_of(row) for row in rows if row.source == "boards" and row.language == "en"]
    cut = [text[:LENGTH] for text in texts if len(text) >= LENGTH][:ADS]
    joined = "\n".join(text_of(row) for row in rows if row.source == "corpus")
    filler = [joined[i : i + LENGTH] for i in range(0, len(joined) - LENGTH, LENGTH)]
    return (cut + filler)[:ADS]


def seconds(run: Callable[[], object]) -> list[float]:
    """What each of some rounds took, after one to warm up."""
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times


def rate(run: Callable[[], object], ads: int) -> float:
    """Median ads per second."""
    return ads / float(np.median(seconds(run)))


def speeds(artefact: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """Both rates and their ratio, in turn. The usual recipe learns on all rows given, as the artefact's model did.

    Each works in a process of its own, as in use: one that has learnt a million terms is slower at everything.
    """
    recipe = plain_recipe()
    recipe.set_params(logisticregression__max_iter=30)
    recipe.fit([text_of(row) for row in rows], [row.label for row in rows])
    texts = long_texts(rows)
    usual, ours = [], []
    with ProcessPoolExecutor(1, get_context("spawn")) as own, ProcessPoolExecutor(1, get_context("spawn")) as other:
        for _ in range(3):
            usual.append(other.submit(as_usual, recipe, texts).result())
            ours.append(own.submit(together, artefact, texts).result())
        single = own.submit(one_by_one, artefact, texts[:256]).result()
    ratio = float(np.median([o / u for o, u in zip(ours, usual, strict=True)]))
    figures = {"lurewatch_ads_per_s": float(np.median(ours)), "tfidf_lr_ads_per_s": float(np.median(usual)), "ratio": ratio}
    return {
        **figures,
        "lurewatch_one_at_a_time_per_s": single,
        "ads": len(texts),
        "characters": LENGTH,
        "tfidf_lr_terms": len(recipe.steps[0][1].vocabulary_),
    }


def as_usual(recipe: Any, texts: Sequence[str]) -> float:
    """Ads a second of scikit-learn's recipe."""
    return rate(lambda: recipe.predict_proba(texts), len(texts))


def together(artefact: Path, texts: Sequence[str]) -> float:
    """Ads a second in batches."""
    classifier = ScamAdClassifier.load(artefact)
    adverts = [Advert.from_text(text) for text in texts]
    return rate(lambda: list(classifier.judge_many(adverts)), len(adverts))


def one_by_one(artefact: Path, texts: Sequence[str]) -> float:
    """Ads a second, each alone."""
    classifier = ScamAdClassifier.load(artefact)
    adverts = [Advert.from_text(text) for text in texts]
    return rate(lambda: [classifier.judge(advert) for advert in adverts], len(adverts))
