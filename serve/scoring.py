"""Which tier answers a request, and where it runs: the fast one in the event loop, the full one in worker threads."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from model.advert import Advert
from model.classifier import AUTO, FAST, FULL, TIERS, Options, ScamAdClassifier
from model.errors import ArtefactError, LurewatchError
from model.verdict import Verdict
from serve.gathering import Gathering
from serve.settings import Settings
from serve.worker import BusyError, FullTierWorker


class UnavailableError(LurewatchError):
    """A tier that is not up was asked for."""

    kind = "tier_unavailable"


@dataclass(frozen=True)
class Scoring:
    """One classifier and the worker of its full tier, None where that is not up. refused: why a tier is not up, by its name."""

    settings: Settings
    classifier: ScamAdClassifier
    worker: FullTierWorker | None
    refused: Mapping[str, str]

    @cached_property
    def gathering(self) -> Gathering:
        """The fast tier for requests of one ad each."""
        return Gathering(self.classifier)

    @classmethod
    def of(cls, settings: Settings, count: Callable[[int], object]) -> "Scoring":
        """Load what the settings ask for. count: see FullTierWorker. Raises ArtefactError where the fast tier cannot be loaded."""
        if settings.tier == FAST:
            return cls(settings, ScamAdClassifier.load(settings.artefact), None, {FULL: "not asked for; set LUREWATCH_TIER"})
        try:
            whole = ScamAdClassifier.load(settings.artefact, FULL)
        except ArtefactError as e:
            return cls(settings, ScamAdClassifier.load(settings.artefact), None, {FULL: e.message})
        return cls(settings, whole, FullTierWorker(whole, settings.threads, settings.queue, count), {})

    @property
    def tiers(self) -> tuple[str, ...]:
        """Tiers that are up."""
        return TIERS if self.worker else (FAST,)

    async def judge(self, advert: Advert, options: Options) -> Verdict:
        """The verdict of the tier that is asked for. Raises UnavailableError, BusyError, OptionError."""
        if options.tier != FAST and not self.worker:
            raise UnavailableError(f"tier {options.tier} is not up: {self.refused[FULL].rstrip('.')}. Ask for tier fast.", "tier")
        if options.tier != FULL:
            verdict = await self.gathering.judge(advert, options if options.tier == FAST else replace(options, tier=FAST))
            if options.tier != AUTO or not self.classifier.in_doubt(verdict):
                return verdict
        assert self.worker  # noqa: S101 - told above
        return await self.worker.judge(advert, replace(options, tier=FULL))

    async def judge_many(self, adverts: Sequence[Advert], options: Options) -> list[Verdict | BusyError]:
        """Verdicts in order; BusyError for those that the full tier, which reads as many at once as it has threads, had no room for.

        Raises UnavailableError, OptionError.
        """
        if options.tier == FAST:
            return list(self.classifier.judge_many(adverts, options))
        out: list[Verdict | BusyError] = []
        for start in range(0, len(adverts), self.settings.threads):
            out += await asyncio.gather(*(self._tried(advert, options) for advert in adverts[start : start + self.settings.threads]))
        return out

    async def _tried(self, advert: Advert, options: Options) -> Verdict | BusyError:
        """The verdict, or that there was no room."""
        try:
            return await self.judge(advert, options)
        except BusyError as e:
            return e
