"""The evasion suite: tricks with which ads slip past filters, put on texts that are found without them."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from model.advert import Advert
from model.classifier import FAST, Options, ScamAdClassifier
from training.rows import Row

LOOK_ALIKE = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")
LEET = str.maketrans("aeiostAEIOST", "431057431057")
FULL_WIDTH = {i: i + 0xFEE0 for i in range(0x21, 0x7F)}
EVERY = 3
"""Every third word gets a trick that works on words, as people do; all words would make an ad unreadable."""


def some_words(text: str, change: Callable[[str], str]) -> str:
    """Change every third word of four letters or more."""
    out, count = [], 0
    for word in text.split(" "):
        if len(word) >= 4 and word.isalpha():
            count += 1
            word = change(word) if count % EVERY == 1 else word  # noqa: PLW2901
        out.append(word)
    return " ".join(out)


def zero_width(word: str) -> str:
    """A zero-width space after the second letter."""
    return word[:2] + "\u200b" + word[2:]


TRICKS: Mapping[str, Callable[[str], str]] = {
    "confusables": lambda text: text.translate(LOOK_ALIKE),
    "zero_width": lambda text: some_words(text, zero_width),
    "spaced_letters": lambda text: some_words(text, lambda w: " " + " ".join(w) + " " if w.isascii() else w),
    "leet": lambda text: some_words(text, lambda w: w.translate(LEET) if w.isascii() else w),
    "full_width": lambda text: text.translate(FULL_WIDTH),
    "html_entities": lambda text: "".join(f"&#{ord(c)};" if c.isalpha() and i % 2 else html.escape(c) for i, c in enumerate(text)),
}


def evasion_figures(classifier: ScamAdClassifier, scams: Sequence[Row], limit: float, tier: str = FAST) -> dict[str, Any]:
    """For every trick, the share of found scams (log-odds above `limit`) that are no longer found, and whether offsets stay exact."""
    plain = np.array(classifier.log_odds([row.advert for row in scams], tier))
    found = [row for row, score in zip(scams, plain, strict=True) if score > limit]
    out: dict[str, Any] = {"found_without_tricks": len(found)}
    for name, trick in TRICKS.items():
        adverts = [Advert(tuple((field, trick(text)) for field, text in row.advert.parts)) for row in found]
        scores = np.array(classifier.log_odds(adverts, tier)) if adverts else np.zeros(0)
        out[name] = {
            "lost": float(np.mean(scores <= limit)) if len(scores) else 0.0,
            "offsets_exact": offsets_exact(classifier, adverts, tier),
        }
    return out


def offsets_exact(classifier: ScamAdClassifier, adverts: Sequence[Advert], tier: str) -> bool:
    """Whether every span's text stands where it says."""
    pairs = zip(adverts, classifier.judge_many(adverts, Options(tier=tier)), strict=True)
    return all(dict(advert.parts)[s.field][s.start : s.end] == s.text for advert, verdict in pairs for s in verdict.spans)
