"""Counts of words and characters, taken once for all folds; what a fold makes of them rests on its training rows alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer

At = NDArray[np.intp]
BUCKETS = 2**19
"""Of characters; so many that few share one."""


def words(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each word and pair of words stands in each text."""
    return CountVectorizer(ngram_range=(1, 2), dtype=np.int32).fit_transform(texts)


def characters(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each run of 2 to 5 characters within words stands in each text, by the hash of the run."""
    hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=BUCKETS, norm=None, alternate_sign=False)
    return hashed.transform(texts).astype(np.float32)


def weighed(counts: sparse.csr_matrix, inside: At, outside: At, fewest: int, most: int | None = None) -> tuple[sparse.csr_matrix, ...]:
    """TF-IDF, sublinear, of the rows inside and outside, as a vectoriser fitted on the rows inside would give it.

    fewest: rows inside that a term must stand in; most: terms, those in the most rows first.
    """
    learning = counts[inside]
    held = np.bincount(learning.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(held >= fewest)
    if most is not None and len(kept) > most:
        kept = np.sort(kept[np.argsort(-held[kept], kind="stable")[:most]])
    step = TfidfTransformer(sublinear_tf=True).fit(learning[:, kept])
    return tuple(step.transform(part[:, kept]).astype(np.float64) for part in (learning, counts[outside]))
