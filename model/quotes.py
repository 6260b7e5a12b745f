"""Words in quotation marks: what somebody is said to have said, as in news and warnings, which quote the lures that they report."""

import numpy as np

from model.native import candidates
from model.normalise import Normalised
from model.stream import Places

SHOWN = 2
"""Tokens after the opening mark that stand for the stretch."""


def quoted(n: Normalised) -> Places:
    """First and last token of the words with which each quoted stretch of several tokens opens, int32, shape (stretches, 2).

    Stretches lie within a field; there are none in a field that stands in quotation marks as a whole: nobody is left who reports it.
    """
    found = candidates.find_quotes(n.chars.codes)
    if not len(found):
        return found
    begin, past = n.tokens.first.searchsorted(found.ravel()).reshape(-1, 2).T
    several = past > begin + 1
    first, past = begin[several], past[several]
    return np.column_stack([first, np.minimum(first + SHOWN, past) - 1]).astype(np.int32)
