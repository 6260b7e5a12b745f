"""Figures of EMSCAD's protocols, from the scores that jobs kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.benchmark import fraud, protocols
from training.benchmark.jobs import Job, in_time
from training.benchmark.measures import (
    Figures,
    above,
    among_honest,
    fold_figures,
    gains,
    limit_of,
    over_families,
    over_seeds,
)
from training.benchmark.nested import LOG_ODDS
from training.benchmark.plan import Plan
from training.benchmark.stock import Stock
from training.folder import Kept

NEAR = "near_duplicate_group"
OURS = "lurewatch_fast"
PREVALENCES = (0.01, 0.05)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """Scores of a stock of EMSCAD's by protocol, contender and seed. contenders: in the order of tables. name: of the stock's file."""

    stock: Stock
    kept: Kept
    plan: Plan
    contenders: Sequence[str]
    name: str = "fraud"

    def seeds(self, protocol: str, contender: str) -> list[Array]:
        """Of every seed."""
        name = Job.named(self.name, protocol, contender)
        return [self.kept.read(f"{name}-{seed}") for seed in range(self.plan.seeds)]

    @property
    def size(self) -> int:
        """Rows that are no variants."""
        return self.stock.learnable

    def base(self, protocol: str, contender: str) -> list[Array]:
        """The same without variants."""
        return [held[:, : self.size] for held in self.seeds(protocol, contender)]


def fraud_figures(held: Held, seed: int) -> dict[str, Any]:
    """All of them. seed: of intervals."""
    rows = held.stock.data.rows
    return {
        "rows": len(rows),
        "fraud": int(held.stock.labels.sum()),
        "protocols": {
            protocol: {c: over_seeds([fold_figures(rows, h) for h in held.base(protocol, c)]) for c in held.contenders}
            for protocol in protocols.PROTOCOLS
        },
        "gains": {
            c: gains(rows, held.base(NEAR, OURS), held.base(NEAR, c), seed, held.plan.rounds // 3) for c in held.contenders if c != OURS
        },
        "time": {c: timely(held, c, seed) for c in held.contenders},
        "variants": {c: over_seeds([changed(held.stock, h[LOG_ODDS]) for h in held.seeds(NEAR, c)]) for c in held.contenders},
        "prevalence": {
            f"{share:.0%}": {c: over_seeds([rare(held.stock, h, share) for h in held.base(NEAR, c)]) for c in held.contenders}
            for share in PREVALENCES
        },
        "few": {c: {str(size): few(held, c, size) for size in held.plan.few} for c in held.contenders},
    }


def timely(held: Held, contender: str, seed: int) -> dict[str, Any]:
    """On the last fifth by job id, and on those of it without a near-duplicate before; intervals over families."""
    learnt, validation, test = in_time(held.stock)
    scores = held.kept.read(Job.named(held.name, "time", contender) + "-0")
    fresh = protocols.unseen(held.stock.data, np.concatenate([learnt, validation]), test)
    out: dict[str, Any] = {}
    for name, mask in {"all": np.ones(len(test), np.bool_), "without_near_duplicates": fresh}.items():
        rows, part = [held.stock.data.rows[i] for i in test[mask].tolist()], scores[:, mask]
        if len({row.label for row in rows}) == 2:
            figures = over_families(rows, lambda weight, rows=rows, part=part: fold_figures(rows, part, weight), seed, held.plan.rounds)  # type: ignore[misc]
            out[name] = {"rows": len(rows), "fraud": sum(row.label for row in rows), **figures}
    return out


def changed(stock: Stock, log_odds: Array) -> Figures:
    """At the score that 1 % of held-out honest ads exceed: false alarms and finds, before and after the change."""
    size, out = stock.learnable, dict[str, float]()
    honest = log_odds[:size][stock.labels == 0]
    limit = limit_of(honest, np.ones(len(honest)), 0.01)
    for name in (fraud.STRIPPED, fraud.GENERIC, fraud.REWRITTEN):
        at = stock.variant(name)
        if len(at):
            before, after = log_odds[stock.made_from[at]], log_odds[at]
            ones = np.ones(len(at))
            out |= {f"{name}_before": above(before, ones, limit), f"{name}_after": above(after, ones, limit)}
            out[f"{name}_change"] = out[f"{name}_after"] - out[f"{name}_before"]
    return out


def rare(stock: Stock, held: Array, share: float) -> Figures:
    """As if so few ads were fraud."""
    lures, honest = (held[LOG_ODDS][stock.labels == label] for label in (1, 0))
    return among_honest(lures, honest, share, np.ones(len(lures)), np.ones(len(honest)))


def few(held: Held, contender: str, size: int) -> dict[str, Any]:
    """Average precision and recall with so many labels."""
    told = []
    for seed in range(held.plan.seeds):
        fold = protocols.dealt(held.stock.data, NEAR, seed)
        rows = [held.stock.data.rows[i] for i in np.flatnonzero(fold == 0).tolist()]
        figures = fold_figures(rows, held.kept.read(Job.named(held.name, "few", contender) + f"-{size}-{seed}"))
        told.append({name: figures[name] for name in ("average_precision", "recall_at_1pct_false_alarms")})
    return over_seeds(told)


def fields_figures(held: Held, contenders: Sequence[str]) -> dict[str, Any]:
    """Near-duplicate folds again, on every field and with the metadata."""
    rows = held.stock.data.rows
    return {c: over_seeds([fold_figures(rows, h) for h in held.seeds(NEAR, c)]) for c in contenders}


def missing_figures(held: Held, table: Array) -> dict[str, Any]:
    """False alarms among honest EMSCAD ads by what they have, at 1 % of all. table: `fraud.metadata`'s columns last."""
    metadata = table[:, -len(fraud.METADATA) :]
    honest = held.stock.labels == 0
    groups = {
        f"{name} {word}": honest & (metadata[:, fraud.METADATA.index(name)] == value)
        for name in ("has_company_logo", "telecommuting", "company_profile", "benefits")
        for word, value in (("yes", 1.0), ("no", 0.0))
    }
    out: dict[str, Any] = {}
    for c in held.contenders:
        told = []
        for h in held.base(NEAR, c):
            limit = limit_of(h[LOG_ODDS][honest], np.ones(int(honest.sum())), 0.01)
            told.append({name: above(h[LOG_ODDS][mask], np.ones(int(mask.sum())), limit) for name, mask in groups.items()})
        out[c] = over_seeds(told)
    return {"ads": {name: int(mask.sum()) for name, mask in groups.items()}, "false_alarms": out}
