"""Which kind of scam an advert would be: a softmax over its cues, times the probability that it is one at all."""

import math
from collections.abc import Sequence

from model.lures import LURE_TYPES

FEWEST = 0.005


def type_probabilities(logits: Sequence[float], probability: float) -> tuple[tuple[str, float], ...]:
    """Lure types with their probabilities, which sum to at most `probability`; the likeliest first, tiny ones left out.

    logits: of LURE_TYPES.
    """
    if probability < FEWEST:
        return ()
    most = max(logits)
    shares = [math.exp(logit - most) for logit in logits]
    scale = probability / math.fsum(shares)
    found = [(name, share * scale) for name, share in zip(LURE_TYPES, shares, strict=True) if share * scale >= FEWEST]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))
