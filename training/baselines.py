"""The usual recipe, to stand beside our figures: TF-IDF and logistic regression on the same texts and folds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from training.rows import Row

Scores = NDArray[np.float64]


def text_of(row: Row) -> str:
    """All fields of an advert, joined."""
    return "\n".join(text for _, text in row.advert.parts)


def word_recipe(strength: float = 10.0) -> Pipeline:
    """TF-IDF over words and word pairs, sublinear, with logistic regression; C = 10 is what did best of 0.1 to 100 on EMSCAD folds."""
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=strength, max_iter=2000))


def plain_recipe() -> Pipeline:
    """The same with scikit-learn's own settings: what most published notebooks run, and what speed is compared with."""
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=2000))


def word_and_character_recipe() -> Pipeline:
    """TF-IDF over words and pairs, and over 2 to 5 characters."""
    union = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=200_000, sublinear_tf=True),
    )
    return make_pipeline(union, LogisticRegression(C=10.0, max_iter=2000))


def fitted(recipe: Pipeline, rows: Sequence[Row], weights: Scores) -> Pipeline:
    """The recipe, fitted on rows with weights."""
    labels = [row.label for row in rows]
    return recipe.fit([text_of(row) for row in rows], labels, logisticregression__sample_weight=weights)


def scored(recipe: Pipeline, rows: Sequence[Row]) -> Scores:
    """Log-odds of rows."""
    return np.asarray(recipe.decision_function([text_of(row) for row in rows]))
