"""How cost grows with the length of ads, the number of phrases, and what looking for duplicates adds; one process, one core."""

import random
from collections.abc import Callable
from dataclasses import replace

from datasketch import MinHash, MinHashLSH

from model.advert import Advert
from model.artefact import Artefact
from model.classifier import ScamAdClassifier
from model.normalise import Normaliser
from model.phrases import Phrase, PhraseFinder, compiled, finder_arrays
from training import knowledge, synthetic
from training.speed import seconds

LENGTHS = (500, 1000, 2000, 4000, 8000, 16_000, 32_000)
PHRASES = (1000, 10_000, 100_000, 300_000)
ADS, CHARACTERS = 512, 2000
BATCH, PERMUTATIONS, ALIKE = 256, 128, 0.6


def least(run: Callable[[], object]) -> float:
    """The least time of some rounds, as what else the machine does only adds."""
    return min(seconds(run))


def adverts(length: int, count: int) -> list[Advert]:
    """Made-up ads."""
    return [Advert.from_text(text) for text in synthetic.texts(count, length, seed=length)]


def lengths() -> dict[str, float]:
    """Microseconds an ad, by its characters."""
    classifier, out = ScamAdClassifier.load(), {}
    for length in LENGTHS:
        ads = adverts(length, max(32, ADS * 2000 // length))
        out[str(length)] = round(1e6 * least(lambda ads=ads: list(classifier.judge_many(ads))) / len(ads), 1)  # type: ignore[misc]
    return out


def phrases() -> dict[str, float]:
    """Microseconds an ad of 2,000 characters, by the number of hand-written phrases: the seeds' own, then others made from them."""
    artefact, ads = Artefact.load(), adverts(CHARACTERS, ADS)
    patterns, entries = made_up(max(PHRASES)), artefact.knowledge.entries
    normaliser, out = Normaliser(artefact.tables, artefact.knowledge.vocabulary), {}
    for count in PHRASES:
        found = [phrase for phrase in compiled(patterns[:count]) if isinstance(phrase, Phrase)]
        finder = PhraseFinder.load(finder_arrays(found, normaliser))
        told = tuple(entries[i % len(entries)] for i in range(count))
        classifier = ScamAdClassifier(replace(artefact, knowledge=replace(artefact.knowledge, finder=finder, entries=told)))
        out[str(count)] = round(1e6 * least(lambda judge=classifier: list(judge.judge_many(ads))) / ADS, 1)  # type: ignore[misc]
    return out


def made_up(count: int) -> list[str]:
    """Patterns: those of the seeds in random order, then the same with one word exchanged for one of the corpus, none twice."""
    rng = random.Random(4)  # noqa: S311 - patterns, not secrets
    folder = knowledge.seeds_folder()
    seeds = [seed.say for seed in knowledge.phrase_seeds(folder, knowledge.sources(folder))]
    rng.shuffle(seeds)
    words = sorted({word for text in synthetic.texts(4000, CHARACTERS) for word in text.casefold().split() if word.isalpha()})
    out = dict.fromkeys(seeds)
    while len(out) < count:
        parts = rng.choice(seeds).split(" ")
        parts[rng.randrange(len(parts))] = rng.choice(words)
        out.setdefault(" ".join(parts))
    return list(out)[:count]


def datasketch_cost() -> float:
    """Microseconds that datasketch needs for an ad of 2,000 characters: MinHash over runs of three words, and its index.

    `lurewatch batch --cluster` is measured as a command beside the same command without it.
    """
    texts = list(synthetic.texts(BATCH, CHARACTERS))

    def indexed() -> None:
        index = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
        for number, text in enumerate(texts):
            words = text.casefold().split()
            sketch = MinHash(PERMUTATIONS)
            sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
            index.insert(number, sketch)

    return round(1e6 * least(indexed) / BATCH, 1)
