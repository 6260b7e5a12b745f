"""One pass over a batch: normalise, take n-grams, find cues. Training and serving both read adverts only through this."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.advert import Advert
from model.cues import CueFinder, Cues
from model.knowledge import Knowledge
from model.ngrams import NGrams, Powers, TokenHashes, ngrams
from model.normalise import Normalised, Normaliser
from model.pay import PayFinder
from model.tables import Tables

ENOUGH = 1 << 18


@dataclass(frozen=True)
class Reading:
    """What was found in a batch, before any weight."""

    normalised: Normalised
    grams: NGrams
    cues: Cues


class Reader:
    """Immutable once made; threads may share it."""

    def __init__(self, tables: Tables, knowledge: Knowledge) -> None:
        self._normalise = Normaliser(tables, knowledge.vocabulary)
        self._cues = CueFinder(knowledge.finder, knowledge.entries, PayFinder(knowledge.pay, tables.fold_text))
        self._powers = Powers.of(ENOUGH)

    def __call__(self, batch: Sequence[Advert]) -> Reading:
        """Read a batch of at least one advert."""
        n = self._normalise(batch)
        powers = self._powers if len(n.chars.codes) <= ENOUGH else Powers.of(len(n.chars.codes))
        hashes = TokenHashes.of(n, powers)
        return Reading(n, ngrams(n, hashes.whole), self._cues(n, hashes))
