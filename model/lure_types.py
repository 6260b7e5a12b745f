"""Which kind of scam an advert would be: a softmax over its cues, times the probability that it is one at all."""

from collections.abc import Collection

import numpy as np

from model.lures import LURE_TYPES
from model.weights import Weights

FEWEST = 0.005


def type_probabilities(types: Weights, present: Collection[int], probability: float) -> tuple[tuple[str, float], ...]:
    """Lure types with their probabilities, which sum to at most `probability`; the likeliest first, tiny ones left out."""
    if probability < FEWEST:
        return ()
    logits = types[:, -1] + types[:, sorted(present)].sum(axis=1)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    found = [(name, float(share) * probability) for name, share in zip(LURE_TYPES, shares, strict=True) if share * probability >= FEWEST]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))
