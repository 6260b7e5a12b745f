"""The classifier: adverts in, verdicts out. Everything it holds is read-only, so one may be shared by all threads."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from model.advert import Advert
from model.advice import Adviser
from model.artefact import SHIPPED, Artefact
from model.calibration import DEFAULT_PRIOR, checked_prior, logit, probability
from model.errors import OptionError
from model.explanation import Explained, Explainer, placed
from model.full import FullTier
from model.language import language_of
from model.limits import CONTACTS, limits_of
from model.lure_types import type_probabilities
from model.policy import Thresholds
from model.reading import Reader, Reading
from model.scorer import Scores, score
from model.verdict import Counterfactual, LureReason, Span, Verdict

BATCH = 128
"""Adverts that are read together; small enough for the processor's cache."""
BATCH_CHARACTERS = 260_000


CONTRIBUTION = attrgetter("contribution")
FAST, FULL, AUTO = "fast", "full", "auto"
TIERS = (FAST, FULL, AUTO)


@dataclass(frozen=True)
class Options:
    """What the caller may choose. prior: share of scams on the caller's board. thresholds: the caller's own levels.

    tier: `fast` (phrases and cues), `full` (with the encoder), or `auto` (the encoder where the fast tier is in doubt).
    """

    prior: float = DEFAULT_PRIOR
    thresholds: Mapping[str, float] | None = None
    language: str | None = None
    tier: str = FAST


@dataclass(frozen=True, slots=True)
class Call:
    """A caller's options, checked, for one tier: the model's name and digest, its thresholds, the baseline at the caller's prior."""

    options: Options
    model: Mapping[str, str]
    thresholds: Thresholds
    baseline: float


class Findings(NamedTuple):
    """What one advert of a batch was found to hold.

    contacts: which of `limits.CONTACTS`. types: logits of the lure types. windows: in how many the encoder read it, 0 where it did not.
    """

    language: str
    told: Explained
    total: float
    contacts: Sequence[bool]
    types: Sequence[float]
    notes: tuple[Mapping[str, Any], ...]
    windows: int


class ScamAdClassifier:
    """Judges adverts with one artefact. full: None where the artefact was loaded for the fast tier alone."""

    def __init__(self, artefact: Artefact, full: FullTier | None = None) -> None:
        self.artefact = artefact
        self.full = full
        self._reader = Reader(artefact.tables, artefact.knowledge)
        self._explain = Explainer(artefact.tables)
        self._adviser = Adviser(artefact.knowledge)
        self._languages = frozenset(entry.language for entry in artefact.knowledge.entries)

    @classmethod
    def load(cls, folder: Path = SHIPPED, tier: str = FAST) -> "ScamAdClassifier":
        """Load an artefact, the shipped one by default; with its encoder unless `tier` is fast. Raises ArtefactError."""
        artefact = Artefact.load(folder)
        return cls(artefact, None if tier == FAST else FullTier.load(folder, artefact))

    def judge(self, advert: Advert, options: Options | None = None) -> Verdict:
        """The verdict on one advert. Raises OptionError."""
        return next(self.judge_many([advert], options))

    def judge_many(self, adverts: Sequence[Advert], options: Options | None = None) -> Iterator[Verdict]:
        """Verdicts in the order of the adverts; each is what `judge` gives. Raises OptionError."""
        calls = self._calls(options or Options())
        for batch in batches(adverts):
            yield from self._judged(batch, calls)

    def log_odds(self, adverts: Sequence[Advert], tier: str = FAST) -> list[float]:
        """Calibrated log-odds at a prior of one half, without explaining; what training measures. Raises OptionError."""
        out: list[float] = []
        for batch in batches(adverts):
            reading = self._reader(batch)
            scores, baseline = score(reading, self.artefact.learnt, len(batch)), self.artefact.learnt.baseline
            if tier == FULL:
                full = self._encoder()
                (scores, _), baseline = full.blended(reading, scores, len(batch)), full.baseline
            out += [baseline + float(t) for t in scores.total]
        return out

    def in_doubt(self, fast: Verdict) -> bool:
        """Whether `auto` has the full tier judge again what the fast one judged so. Raises OptionError."""
        return self._encoder().doubt.holds(fast.log_odds - logit(fast.prior), fast.language)

    def _encoder(self) -> FullTier:
        """The full tier. Raises OptionError where it was not loaded."""
        if self.full is None:
            raise OptionError("the full tier is not loaded here; load the classifier for it, or ask for tier fast.", "tier")
        return self.full

    def _calls(self, options: Options) -> dict[str, Call]:
        """What each tier is asked to do; the tier whose key stands first is tried first. Raises OptionError."""
        if options.tier not in TIERS:
            raise OptionError(f"tier must be one of {', '.join(TIERS)}, found {options.tier!r}.", "tier")
        shift, own, learnt = logit(checked_prior(options.prior)), options.thresholds or {}, self.artefact.learnt
        model = self.artefact.identity
        fast = Call(options, {**model, "tier": FAST}, self.artefact.thresholds.overridden(own), learnt.baseline + shift)
        if options.tier == FAST:
            return {FAST: fast}
        full = self._encoder()
        told = {**model, "sha256": full.digest, "tier": FULL}
        whole = {FULL: Call(options, told, full.thresholds.overridden(own), full.baseline + shift)}
        return whole if options.tier == FULL else {FAST: fast, **whole}

    def _judged(self, batch: Sequence[Advert], calls: Mapping[str, Call]) -> list[Verdict]:
        """Verdicts on one batch. Where both tiers are called, the full one judges again what the fast one is in doubt about."""
        reading = self._reader(batch)
        scores = score(reading, self.artefact.learnt, len(batch))
        if FAST not in calls:
            scores, encoded = self._encoder().blended(reading, scores, len(batch))
            return self._told(batch, reading, scores, calls[FULL], [found.windows for found in encoded])
        verdicts = self._told(batch, reading, scores, calls[FAST], [0] * len(batch))
        if FULL in calls:
            asked = [i for i, verdict in enumerate(verdicts) if self.in_doubt(verdict)]
            again = self._judged([batch[i] for i in asked], {FULL: calls[FULL]}) if asked else []
            for i, verdict in zip(asked, again, strict=True):
                verdicts[i] = verdict
        return verdicts

    def _told(self, batch: Sequence[Advert], reading: Reading, scores: Scores, call: Call, windows: Sequence[int]) -> list[Verdict]:
        """Explain a batch."""
        explained = map(placed, batch, self._explain(reading, scores, len(batch)))
        notes, contacts = undone(reading, len(batch)), scores.held[:, CONTACTS]
        languages = [call.options.language or language_of(advert) for advert in batch]
        columns = (languages, explained, scores.total.tolist(), contacts.tolist(), scores.types.tolist(), notes, windows)
        return [self._verdict(found, call) for found in map(Findings._make, zip(*columns, strict=True))]

    def _verdict(self, found: Findings, call: Call) -> Verdict:
        """Put one verdict together."""
        (spans, other), thresholds = found.told, call.thresholds
        log_odds = call.baseline + found.total
        p = probability(log_odds)
        level, language = thresholds.level(p), found.language
        types = type_probabilities(found.types, p)
        return Verdict(
            model=call.model,
            language=language,
            probability=p,
            prior=call.options.prior,
            level=level,
            thresholds=thresholds.told,
            lure_types=types,
            lures=reasons_of(spans, self._adviser, language),
            spans=spans,
            baseline=call.baseline,
            other=other,
            log_odds=log_odds,
            counterfactual=counterfactual(spans, log_odds, thresholds),
            normalised=found.notes,
            advice=self._adviser.steps(language, level, types[0][0] if types else None),
            limits=limits_of(tuple(found.contacts), language in self._languages, found.windows),
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
    reasons = [adviser.reason(lure, language, math.fsum([spans[i].contribution for i in at]), tuple(at)) for lure, at in where.items()]
    reasons.sort(key=CONTRIBUTION, reverse=True)
    return tuple(reasons)


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
