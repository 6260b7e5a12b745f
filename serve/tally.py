"""What one request comes to: routes note verdicts, `serve.problems` refusals, `serve.watching` reads both. Nothing of an ad is in it."""

from contextvars import ContextVar
from dataclasses import dataclass, field

from model.calibration import logit
from model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one verdict: score is its log-odds at a prior of one half; asked: the tier that the caller named."""

    model: str
    tier: str
    asked: str
    language: str
    level: str
    score: float


@dataclass(frozen=True, slots=True)
class Tally:
    """verdicts: that were told. refusals: kinds of problems, of the request or of single ads."""

    verdicts: list[Seen] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


current: ContextVar[Tally | None] = ContextVar("tally", default=None)
"""The tally of the request that is being answered; each request runs in its own context."""


def judged(verdict: Verdict, asked: str) -> None:
    """Note a verdict that is told. asked: `fast`, `full` or `auto`."""
    tally, model = current.get(), verdict.model
    if tally is not None:
        score = verdict.log_odds - logit(verdict.prior)
        tally.verdicts.append(Seen(model["sha256"], model["tier"], asked, verdict.language, verdict.level, score))


def refused(kind: str) -> None:
    """Note a problem."""
    tally = current.get()
    if tally is not None:
        tally.refusals.append(kind)
