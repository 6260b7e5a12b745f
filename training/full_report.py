"""Measures the full tier on the rows that it did not learn from, beside the fast tier, `auto` and the frozen encoder."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.classifier import FULL, Options, ScamAdClassifier
from model.full import FullTier
from model.language import language_of
from training.data import Scores
from training.disguises import evasion_figures
from training.evaluate import measured, share
from training.metrics import found_at, threshold_at
from training.progress import Progress
from training.report import footprint
from training.rows import Row, adverts
from training.run import Result
from training.spans import span_figures
from training.weighting import part_of

WORDS, TIMED = 250, 40


def full_figures(result: Result, reported: Path, seed: int, progress: Progress) -> dict[str, Any]:
    """All figures of the full tier on the test families. reported: the artefact that did not learn from them."""
    test = [row for row, inside in zip(result.material.data.rows, result.inside, strict=True) if not inside]
    classifier = ScamAdClassifier(result.reported, FullTier.load(reported, result.reported))
    full = classifier.full
    assert full  # noqa: S101 - loaded above
    progress(f"full tier: measuring on {len(test):,} rows that it did not see")
    fast, whole = (np.array(classifier.log_odds(adverts(test), tier)) for tier in ("fast", FULL))
    parts = np.array([part_of(row) or row.source for row in test])
    scams = [row for row in test if row.underlines]
    honest = whole[parts == "boards"] if (parts == "boards").any() else whole[parts == "corpus_twin"]
    progress("full tier: spans, tricks, speed")
    return {
        "test": measured(test, whole, full.thresholds, seed),
        "auto": auto_figures(classifier, test, fast, whole, seed),
        "spans": span_figures(classifier, scams, seed, Options(tier=FULL)),
        "evasion": evasion_figures(classifier, scams, threshold_at(honest, 0.01), FULL),
        "speed": {**latency(classifier, test), **footprint(reported, FULL)},
        "blend": {"fast": full.blend.fast, "encoder": full.blend.encoder},
    }


def auto_figures(classifier: ScamAdClassifier, test: Sequence[Row], fast: Scores, whole: Scores, seed: int) -> dict[str, Any]:
    """What `auto` asks of the encoder, by part, and what it finds: the full tier's score where it asks, the fast tier's elsewhere."""
    full = classifier.full
    assert full  # noqa: S101 - the caller loaded it
    asked = np.array([full.doubt.holds(score, language_of(row.advert)) for row, score in zip(test, fast.tolist(), strict=True)])
    found, parts = np.where(asked, whole, np.minimum(fast, whole.min())), np.array([part_of(row) or row.source for row in test])
    scams, twins, boards = (found[parts == part] for part in ("corpus_scam", "corpus_twin", "boards"))
    out: dict[str, Any] = {"asked": {part: float(asked[parts == part].mean()) for part in sorted(set(parts))}}
    out["found_at_5pct_of_twins"] = found_at(scams, twins, 0.05)
    if len(boards):
        out["found_at_1pct_of_boards"] = share(scams > threshold_at(boards, 0.01), seed)
    return out


def latency(classifier: ScamAdClassifier, test: Sequence[Row]) -> dict[str, float]:
    """Median milliseconds of one ad of 250 words, one core, spans included."""
    words = " ".join(text for row in test if row.language == "en" for _, text in row.advert.parts).split()
    texts = [" ".join(words[i * WORDS : (i + 1) * WORDS]) for i in range(min(TIMED, len(words) // WORDS))]
    options, times = Options(tier=FULL), []
    for text in texts:
        advert = type(test[0].advert).from_text(text)
        start = time.perf_counter()
        classifier.judge(advert, options)
        times.append(time.perf_counter() - start)
    return {"words": WORDS, "ads": len(texts), "milliseconds": 1000 * float(np.median(times))}
