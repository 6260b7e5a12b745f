"""Counts for Prometheus, of one process or of all workers together. Labels come from closed lists: never anything of an ad or a caller."""

import os
from collections.abc import Iterator
from functools import cache
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from model.classifier import FAST, ScamAdClassifier
from serve.drift import BINS, bin_of, edges_of, stability_index
from serve.tally import Seen, Tally

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable with the folder in which several processes count together; it must be set before prometheus_client is loaded."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SCORES = tuple(range(-10, 11))
FEWEST = 500
"""Verdicts below which drift is not told."""
OTHER = "other"


class Measures:
    """Belongs to one app. `model` must be told before its first verdict is counted."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._requests = Counter("lurewatch_requests", "Requests answered.", ["route", "status"], registry=own)
        self._seconds = Histogram("lurewatch_request_seconds", "Until the answer was sent.", ["route"], registry=own, buckets=SECONDS)
        self._verdicts = Counter("lurewatch_verdicts", "Verdicts told.", ["tier", "level"], registry=own)
        self._languages = Counter("lurewatch_languages", "Verdicts told, by the ad's language.", ["language"], registry=own)
        self._refusals = Counter("lurewatch_refusals", "Problems told, of requests or of ads in batches.", ["kind"], registry=own)
        self._reloads = Counter("lurewatch_reloads", "Models loaded on SIGHUP.", ["outcome"], registry=own)
        self._waiting = Gauge(
            "lurewatch_full_tier_waiting", "Ads that the full tier has taken and not judged.", registry=own, multiprocess_mode="livesum"
        )
        self._model = Gauge(
            "lurewatch_model",
            "1 for the model that answers.",
            ["version", "sha256"],
            registry=own,
            multiprocess_mode="livemax",
        )
        self._scores = Histogram("lurewatch_score_log_odds", "Log-odds at a prior of one half.", ["tier"], registry=own, buckets=SCORES)
        self._bins = Counter(
            "lurewatch_score_bins",
            "Verdicts of the fast tier where it was asked for, by tenths of held-out honest ads.",
            ["model", "bin"],
            registry=own,
        )
        self._of = cache(labelled)
        self._edges: dict[str, tuple[float, ...]] = {}
        self._known: frozenset[str] = frozenset()
        self._shown: tuple[str, str] | None = None

    def model(self, classifier: ScamAdClassifier) -> None:
        """Count for this model from now on. Verdicts of those before it are still taken."""
        artefact = classifier.artefact
        self._edges[artefact.digest] = edges_of(artefact.manifest)
        self._known = frozenset(artefact.knowledge.texts)
        if self._shown:
            self._model.labels(*self._shown).set(0)
        self._shown = (artefact.identity["version"], artefact.digest)
        self._model.labels(*self._shown).set(1)

    def request(self, route: str, status: int, seconds: float, tally: Tally) -> None:
        """Count one request and what it came to."""
        of = self._of
        of(self._requests, route, str(status)).inc()
        of(self._seconds, route).observe(seconds)
        for kind in tally.refusals:
            of(self._refusals, kind).inc()
        for seen in tally.verdicts:
            self._verdict(seen)

    def _verdict(self, seen: Seen) -> None:
        of = self._of
        of(self._verdicts, seen.tier, seen.level).inc()
        of(self._languages, seen.language if seen.language in self._known else OTHER).inc()
        of(self._scores, seen.tier).observe(seen.score)
        edges = self._edges.get(seen.model)
        if edges and seen.asked == FAST:
            of(self._bins, seen.model, bin_of(seen.score, edges)).inc()

    def reload(self, outcome: str) -> None:
        """Count a SIGHUP: `taken` or `refused`."""
        self._reloads.labels(outcome).inc()

    def waiting(self, change: int) -> None:
        """More, or fewer, ads are with the full tier."""
        self._waiting.inc(change)

    def text(self) -> bytes:
        """Everything, of all processes, as Prometheus reads it."""
        shown, counted = CollectorRegistry(), self._registry
        if FOLDER in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        shown.register(WithDrift(counted, self._shown[1] if self._shown else ""))
        return generate_latest(shown)


Count = TypeVar("Count", Counter, Histogram)


def labelled(metric: Count, *labels: str) -> Count:
    """One of a metric's counts. There are few, for labels come from closed lists, and looking one up takes longer than counting."""
    return metric.labels(*labels)


class WithDrift(Collector):
    """What was counted, and the drift of one model since its first verdict."""

    def __init__(self, counted: CollectorRegistry, model: str) -> None:
        self._counted, self._model = counted, model

    def collect(self) -> Iterator[Metric]:
        """All families, without the times at which counts began; drift where there are verdicts enough, and tenths to hold them against."""
        bins = dict.fromkeys(map(str, range(1, BINS + 1)), 0.0)
        for family in self._counted.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
            for sample in family.samples:
                if sample.name == "lurewatch_score_bins_total" and sample.labels["model"] == self._model:
                    bins[sample.labels["bin"]] += sample.value
        if sum(bins.values()) >= FEWEST:
            drift = GaugeMetricFamily(
                "lurewatch_drift", "Population stability index of scores against held-out honest ads.", labels=["model"]
            )
            drift.add_metric([self._model], stability_index([*bins.values()]))
            yield drift
