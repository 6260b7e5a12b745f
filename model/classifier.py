"""The classifier: adverts in, verdicts out. Everything it holds is read-only, so one may be shared by all threads."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.advert import Advert
from model.advice import Adviser
from model.artefact import SHIPPED, Artefact
from model.calibration import DEFAULT_PRIOR, checked_prior, logit, probability
from model.explanation import explain
from model.language import language_of
from model.lure_types import type_probabilities
from model.policy import Thresholds
from model.reading import Reader, Reading
from model.scorer import score
from model.verdict import Counterfactual, LureReason, Other, Span, Verdict

BATCH = 128
"""Adverts that are read together; small enough for the processor's cache."""
BATCH_CHARACTERS = 260_000


@dataclass(frozen=True)
class Options:
    """What the caller may choose. prior: share of scams on the caller's board. thresholds: the caller's own levels."""

    prior: float = DEFAULT_PRIOR
    thresholds: Mapping[str, float] | None = None
    language: str | None = None


@dataclass(slots=True)
class Findings:
    """What one advert of a batch was found to hold."""

    advert: Advert
    spans: tuple[Span, ...]
    other: tuple[Other, ...]
    total: float
    cues: frozenset[int]
    notes: tuple[Mapping[str, Any], ...]


class ScamAdClassifier:
    """Judges adverts with one artefact."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self._reader = Reader(artefact.tables, artefact.knowledge)
        self._adviser = Adviser(artefact.knowledge)
        self._identity = {**artefact.identity, "tier": "fast"}

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> "ScamAdClassifier":
        """Load an artefact, the shipped one by default. Raises ArtefactError."""
        return cls(Artefact.load(folder))

    def judge(self, advert: Advert, options: Options | None = None) -> Verdict:
        """The verdict on one advert. Raises OptionError."""
        return next(self.judge_many([advert], options))

    def judge_many(self, adverts: Sequence[Advert], options: Options | None = None) -> Iterator[Verdict]:
        """Verdicts in the order of the adverts; each is what `judge` gives. Raises OptionError."""
        options = options or Options()
        prior = checked_prior(options.prior)
        thresholds = self.artefact.thresholds.overridden(options.thresholds or {})
        for batch in batches(adverts):
            reading = self._reader(batch)
            scores = score(reading, self.artefact.learnt, len(batch))
            explained = explain(reading, scores, self.artefact.tables, len(batch))
            notes, totals = undone(reading, len(batch)), scores.total.tolist()
            for i, advert in enumerate(batch):
                found = Findings(advert, *explained[i], totals[i], scores.present[i], notes[i])
                yield self._verdict(found, options, prior, thresholds)

    def log_odds(self, adverts: Sequence[Advert]) -> list[float]:
        """Calibrated log-odds at a prior of one half, without explaining; what training measures."""
        out: list[float] = []
        for batch in batches(adverts):
            scores = score(self._reader(batch), self.artefact.learnt, len(batch))
            out += [self.artefact.learnt.baseline + float(t) for t in scores.total]
        return out

    def _verdict(self, found: "Findings", options: Options, prior: float, thresholds: Thresholds) -> Verdict:
        """Put one verdict together."""
        spans, baseline = found.spans, self.artefact.learnt.baseline + logit(prior)
        log_odds = baseline + found.total
        p = probability(log_odds)
        level = thresholds.level(p)
        language = options.language or language_of(found.advert)
        types = type_probabilities(self.artefact.learnt.types, found.cues, p)
        return Verdict(
            model={**self._identity},
            language=language,
            probability=p,
            prior=prior,
            level=level,
            thresholds={"caution": thresholds.caution, "warning": thresholds.warning},
            lure_types=types,
            lures=reasons_of(spans, self._adviser, language),
            spans=spans,
            baseline=baseline,
            other=found.other,
            log_odds=log_odds,
            counterfactual=counterfactual(spans, log_odds, thresholds),
            normalised=found.notes,
            advice=self._adviser.steps(language, level, types[0][0] if types else None),
            limits={"truncated": False, "unchecked": []},
        )


def batches(adverts: Sequence[Advert]) -> Iterator[Sequence[Advert]]:
    """Cut into batches by number and by length."""
    start, size = 0, 0
    for i, advert in enumerate(adverts):
        length = sum(len(text) for _, text in advert.parts)
        if i > start and (i - start == BATCH or size + length > BATCH_CHARACTERS):
            yield adverts[start:i]
            start, size = i, 0
        size += length
    if start < len(adverts):
        yield adverts[start:]


def undone(reading: Reading, adverts: int) -> list[tuple[Mapping[str, Any], ...]]:
    """Disguises that were undone, in the callers' own fields, by advert."""
    n = reading.normalised
    out: list[list[Mapping[str, Any]]] = [[] for _ in range(adverts)]
    for note in n.notes:
        field = int(n.sheet.starts.searchsorted(note.start, side="right")) - 1
        offset = int(n.sheet.starts[field])
        out[int(n.sheet.adverts[field])].append(
            {"field": n.sheet.names[field], "start": note.start - offset, "end": note.end - offset, "kind": note.kind}
        )
    return [tuple(notes) for notes in out]


def reasons_of(spans: Sequence[Span], adviser: Adviser, language: str) -> tuple[LureReason, ...]:
    """The lures of the spans, strongest first."""
    where: dict[str, list[int]] = {}
    for i, span in enumerate(spans):
        if span.lure:
            where.setdefault(span.lure, []).append(i)
    reasons = [adviser.reason(lure, language, math.fsum(spans[i].contribution for i in at), tuple(at)) for lure, at in where.items()]
    return tuple(sorted(reasons, key=lambda r: -r.contribution))


def counterfactual(spans: Sequence[Span], log_odds: float, thresholds: Thresholds) -> Counterfactual | None:
    """The fewest spans without which the level is lower; None where the level is `none` or no spans bring it down."""
    level = thresholds.level(probability(log_odds))
    left, removed = log_odds, []
    if level == "none":
        return None
    for i, span in enumerate(spans):
        if span.contribution <= 0:
            continue
        left -= span.contribution
        removed.append(i)
        p = probability(left)
        if thresholds.level(p) != level:
            return Counterfactual(tuple(removed), p, thresholds.level(p))
    return None
