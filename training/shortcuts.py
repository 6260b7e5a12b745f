"""Whether the corpus can be told apart by what says nothing: length, punctuation, emoji, format, single words."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline

from training.baselines import text_of
from training.corpus import FORMATS
from training.metrics import roc_auc
from training.rows import Row
from training.split import folds

WORD = r"(?u)\b\w+\b"


def surface(row: Row) -> list[float]:
    """Length, lines, shares of punctuation, emoji, capitals and digits, exclamation marks, format."""
    text = text_of(row)
    size = max(1, len(text))
    counts = Counter[str]()
    for c, times in Counter(text).items():
        counts[unicodedata.category(c)] += times
    marks = sum(n for category, n in counts.items() if category[0] == "P")
    shares = [n / size for n in (marks, counts["So"], counts["Lu"], counts["Nd"])]
    formats = [float(row.format == name) for name in sorted(FORMATS | {"posting"})]
    return [float(size), float(text.count("\n")), float(text.count("!") + text.count("！")), *shares, *formats]


def figures(corpus: Sequence[Row], seed: int) -> dict[str, Any]:
    """Held-out AUC, folds by pair, of a boosted model on surface features alone and of naive Bayes on single words."""
    rows = [row for row in corpus if row.group != row.id]
    labels = np.array([row.label for row in rows])
    fold = np.array(folds([row.group for row in rows], 5, seed))
    table = np.array([surface(row) for row in rows])
    texts = np.array([text_of(row) for row in rows], dtype=object)
    bayes = make_pipeline(CountVectorizer(binary=True, token_pattern=WORD), BernoulliNB())
    boosted = HistGradientBoostingClassifier(max_iter=60, random_state=seed % 2**31)
    return {
        "pairs": len(rows) // 2,
        "surface_auc": roc_auc(labels, held_out(boosted, table, labels, fold)),
        "single_words_naive_bayes_auc": roc_auc(labels, held_out(bayes, texts, labels, fold)),
    }


def held_out(model: Any, table: NDArray[Any], labels: NDArray[np.int64], fold: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scores of rows by a model that saw the other folds."""
    out = np.zeros(len(labels))
    for k in sorted(set(fold.tolist())):
        model.fit(table[fold != k], labels[fold != k])
        out[fold == k] = model.predict_proba(table[fold == k])[:, 1]
    return out
