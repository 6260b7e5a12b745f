"""One pass over a batch: normalise, take n-grams, find cues. Training and serving both read adverts only through this."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from model.advert import Advert
from model.cues import CueFinder, Cues
from model.knowledge import Knowledge
from model.ngrams import NGrams, TokenHashes
from model.normalise import Normalised, Normaliser
from model.pay import PayFinder
from model.tables import Tables


@dataclass(frozen=True)
class Reading:
    """What was found in a batch, before any weight."""

    normalised: Normalised
    hashes: TokenHashes
    cues: Cues

    @cached_property
    def grams(self) -> NGrams:
        """All n-grams; scoring looks up only what was learnt."""
        return self.hashes.ngrams()


class Reader:
    """Immutable once made; threads may share it."""

    def __init__(self, tables: Tables, knowledge: Knowledge) -> None:
        self._normalise = Normaliser(tables, knowledge.vocabulary)
        self._cues = CueFinder(knowledge.finder, knowledge.entries, PayFinder(knowledge.pay, tables.fold_text))

    def __call__(self, batch: Sequence[Advert]) -> Reading:
        """Read a batch of at least one advert."""
        n = self._normalise(batch)
        hashes = TokenHashes.of(n)
        return Reading(n, hashes, self._cues(n, hashes))
