"""How much is measured, in full and in short."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """seeds: of folds. share: of families of EMSCAD and the corpus. learnt, tested: board ads. few: labels of the learning curve.

    explained: ads. samples: texts that LIME asks about for each. rounds: families drawn anew, for intervals.
    """

    name: str
    seeds: int
    share: float
    learnt: int
    tested: int
    few: Sequence[int]
    explained: int
    samples: int
    rounds: int


FULL = Plan("full", 5, 1.0, 2000, 2000, (50, 100, 200, 400, 650), 100, 500, 300)
QUICK = Plan("quick", 2, 0.2, 300, 300, (50, 100), 10, 100, 50)

ON_FRAUD = ("lurewatch_fast", "tfidf_lr", "tfidf_svc", "lightgbm", "frozen_encoder", "keywords")
"""Contenders on EMSCAD's protocols. The full tier is not among them: its encoder learnt from four fifths of these very rows."""
ON_FIELDS = ("lurewatch_fast", "tfidf_lr", "lightgbm")
ON_WRITTEN = ("lurewatch_fast", "lurewatch_full", "tfidf_lr", "tfidf_svc", "lightgbm", "frozen_encoder", "keywords")
ON_LEFT_OUT = ("lurewatch_fast", "tfidf_lr", "frozen_encoder", "keywords")
"""Where a model is learnt anew for every language, lure type or source; the slower baselines are left out, the encoder cannot be learnt."""
