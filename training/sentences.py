"""The sentences of the seeds as training texts of the encoder: what must hit a phrase carries its lure, what must miss it does not.

They put the knowledge of all languages into the encoder: thousands of short texts with the place of their lure. Sentences of weak lures
(strength 1), which honest ads hold as often, teach where the lure stands but not that the text is a scam.
"""

from collections.abc import Iterator, Sequence

from model.advert import Advert
from model.ngrams import Powers, TokenHashes
from model.normalise import Normaliser
from model.phrases import PhraseFinder
from training.knowledge import Seed, phrase_seeds, seeds_folder, sources
from training.rows import Row, Underline

SOURCE = "sentences"
CLEAR = ("/2", "/3")
"""Strengths that make a sentence a scam's by itself."""


def sentence_rows(normaliser: Normaliser, finder: PhraseFinder) -> list[Row]:
    """Hit and miss of every written phrase. finder: that of the same seeds, whose first entries are the written phrases in order."""
    seeds = phrase_seeds(seeds_folder(), sources(seeds_folder()))
    hits = [row_of(i, seed, "hit", found) for i, (seed, found) in enumerate(zip(seeds, places(seeds, normaliser, finder), strict=True))]
    return hits + [row_of(i, seed, "miss", ()) for i, seed in enumerate(seeds)]


def row_of(number: int, seed: Seed, kind: str, underlines: Sequence[Underline]) -> Row:
    """One sentence."""
    label = int(kind == "hit" and seed.cue.endswith(CLEAR))
    name = f"{seed.language}-{number}-{kind}"
    advert = Advert.from_text(seed.hit if kind == "hit" else seed.miss)
    return Row(name, advert, label, name, SOURCE, SOURCE, seed.language, underlines=tuple(underlines))


def weight_of(row: Row, seed_weight: float) -> float:
    """What a sentence counts as an example of a scam or of an honest text: nothing where its lure is weak."""
    return seed_weight if row.label or not row.underlines else 0.0


def places(seeds: Sequence[Seed], normaliser: Normaliser, finder: PhraseFinder, size: int = 256) -> Iterator[list[Underline]]:
    """Where each seed's lure stands in its own hit; nowhere for context."""
    for i in range(0, len(seeds), size):
        part = seeds[i : i + size]
        n = normaliser([Advert((("text", seed.hit),)) for seed in part])
        matches = finder(n, TokenHashes.of(n, Powers.of(len(n.chars.codes))))
        ends, out = n.chars.ends(), [list[Underline]() for _ in part]
        for entry, first, last in zip(matches.entry.tolist(), matches.first.tolist(), matches.last.tolist(), strict=True):
            own = int(n.sheet.adverts[n.tokens.field[first]])
            lure, offset = part[own].lure, int(n.sheet.starts[n.tokens.field[first]])
            if entry == i + own and lure:
                start, end = int(n.chars.start[n.tokens.first[first]]), int(ends[n.tokens.last[last]])
                out[own].append(Underline("text", start - offset, end - offset, lure))
        yield from out
