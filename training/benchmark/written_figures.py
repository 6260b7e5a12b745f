"""Figures of the test fifth of written ads among board ads: slices, tricks, fairness; and of what was left out of learning."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.baselines import text_of
from training.benchmark.leaving import Leaving, leavings
from training.benchmark.measures import ROUNDS, Figures, above, among_honest, area, limit_of, over_families
from training.benchmark.stock import Stock
from training.benchmark.written import COUNTRIES
from training.data import Scores
from training.disguises import TRICKS
from training.metrics import average_precision
from training.rows import Row
from training.weighting import PAIRS

PREVALENCES = (0.01, 0.05)
SHORT = 200
"""Characters below which an ad is short."""
REMOTE = ("remote", "work from home", "home office", "remoto", "удалённ", "удаленн", "télétravail", "远程")
FEWEST_ADS = 20
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Held:
    """The test fifth as one contender scores it. scores: of all adverts of the stock, not a number where it learnt."""

    stock: Stock
    scores: Scores
    rounds: int = ROUNDS

    @cached_property
    def at(self) -> NDArray[np.intp]:
        """Positions of the test rows."""
        return np.flatnonzero(self.stock.test[: self.stock.learnable])

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The test rows."""
        return [self.stock.rows[i] for i in self.at.tolist()]

    @cached_property
    def parts(self) -> NDArray[np.str_]:
        """Of the test rows."""
        return self.stock.data.parts[self.at]

    @cached_property
    def told(self) -> Scores:
        """Of the test rows."""
        return self.scores[self.at]

    @property
    def honest(self) -> Mask:
        """Board ads of the test fifth; written honest twins where there are none."""
        boards = self.parts == "boards"
        return boards if boards.any() else np.asarray(self.parts == "corpus_twin")

    @cached_property
    def limit(self) -> float:
        """The score that 1 % of the honest ads exceed."""
        return limit_of(self.told[self.honest], np.ones(int(self.honest.sum())), 0.01)


def held_figures(held: Held, seed: int) -> dict[str, Any]:
    """What one contender finds and flags, with intervals over families."""
    out = over_families(held.rows, lambda weight: found(held, weight), seed, held.rounds)
    return {
        **out,
        "prevalence": {f"{share:.0%}": over_families(held.rows, rare(held, share), seed, held.rounds) for share in PREVALENCES},
        "language": by(held, held.parts == "corpus_scam", "language"),
        "board": by(held, held.parts == "boards", "board"),
        "tricks": tricks(held),
        "places": places(held),
    }


def found(held: Held, weight: Scores) -> Figures:
    """Areas and shares under weights of the test rows."""
    parts, told = held.parts, held.told
    pairs = np.isin(parts, PAIRS)
    twins, scams = parts == "corpus_twin", parts == "corpus_scam"
    out = {
        "roc_auc": area((parts[pairs] == "corpus_scam").astype(np.int64), told[pairs], weight[pairs]),
        "found_at_5pct_of_twins": above(told[scams], weight[scams], limit_of(told[twins], weight[twins], 0.05)),
    }
    limit = limit_of(told[held.honest], weight[held.honest], 0.01)
    for part, name in (("corpus_scam", "found"), ("corpus_twin", "twins_flagged"), ("corpus_no_ad", "no_ads_flagged")):
        out[f"{name}_at_1pct"] = above(told[parts == part], weight[parts == part], limit)
    fraud = np.char.startswith(parts, "emscad")
    labels = (parts[fraud] == "emscad_fraud").astype(np.int64)
    return out if len(set(labels.tolist())) < 2 else out | {"emscad_average_precision": average_precision(labels, told[fraud])}


def rare(held: Held, share: float) -> Callable[[Scores], Figures]:
    """Written scams among board ads, as if they were so few."""
    scams, honest = held.parts == "corpus_scam", held.honest
    return lambda weight: among_honest(held.told[scams], held.told[honest], share, weight[scams], weight[honest])


def by(held: Held, mask: Mask, attribute: str) -> dict[str, Any]:
    """Share above the limit, by an attribute of the rows."""
    values = np.array([getattr(row, attribute) for row in held.rows])
    return shares(held, {value: mask & (values == value) for value in sorted(set(values[mask].tolist()))})


def shares(held: Held, groups: Mapping[str, Mask]) -> dict[str, Any]:
    """How many ads each group has, and the share above the limit."""
    return {name: {"ads": int(m.sum()), "share": float((held.told[m] > held.limit).mean())} for name, m in groups.items() if m.any()}


def tricks(held: Held) -> dict[str, float]:
    """Share of found scams that are lost under each trick."""
    out = {}
    for name in TRICKS:
        at = held.stock.variant(name)
        plain = held.scores[held.stock.made_from[at]] > held.limit
        out[name] = float((held.scores[at][plain] <= held.limit).mean()) if plain.any() else 0.0
    return out


def places(held: Held) -> dict[str, Any]:
    """Ads with one country or another as their last line, all else equal: share above the limit, and how far log-odds move."""
    moved = {country: held.stock.variant(country) for country in COUNTRIES}
    labels = np.array([held.stock.rows[i].label for i in held.stock.made_from[moved[COUNTRIES[0]]].tolist()])
    if not len(labels):
        return {}
    scores = np.stack([held.scores[at] for at in moved.values()])
    out: dict[str, Any] = {
        country: {
            "lures_found": float((scores[i][labels == 1] > held.limit).mean()),
            "honest_flagged": float((scores[i][labels == 0] > held.limit).mean()),
        }
        for i, country in enumerate(COUNTRIES)
    }
    over = scores > held.limit
    changes = (over.any(axis=0) & ~over.all(axis=0)).mean()
    return {"ads": len(labels), "country": out, "mean_range": float(np.ptp(scores, axis=0).mean()), "sides_changed": float(changes)}


def fairness(held: Held, countries: Mapping[str, str]) -> dict[str, Any]:
    """False alarms among honest board ads by what should not count. countries: of board ads, by id."""
    boards = held.parts == "boards"
    texts = [text_of(row).casefold() for row in held.rows]
    short = np.array([len(text) < SHORT for text in texts])
    remote = np.array([any(word in text for word in REMOTE) for text in texts])
    profile = np.array(["company_profile" in dict(row.advert.parts) for row in held.rows])
    values = {"country": [countries.get(row.id, "") for row in held.rows], "language": [row.language for row in held.rows]}
    groups = {
        f"{name} {value or 'not told'}": boards & (np.array(column) == value)
        for name, column in values.items()
        for value in sorted({v for v, b in zip(column, boards.tolist(), strict=True) if b})
    }
    groups |= {"short (under 200 characters)": boards & short, "not short": boards & ~short}
    groups |= {"remote work named": boards & remote, "remote work not named": boards & ~remote}
    groups |= {"company profile given": boards & profile, "no company profile": boards & ~profile}
    return shares(held, {name: mask for name, mask in groups.items() if mask.sum() >= FEWEST_ADS})


def left_out(stock: Stock, by_what: str, read: Callable[[str], Scores], seed: int, rounds: int) -> dict[str, Any]:
    """What a contender finds in a language, lure type or source that it never saw. read: scores by value."""
    told = [(leaving, Held(stock, read(leaving.value), rounds)) for leaving in leavings(stock, by_what)]
    if by_what == "source":
        return {leaving.value: of_source(leaving, held, seed) for leaving, held in told}
    each = {leaving.value: of_pairs(leaving, held, seed) for leaving, held in told}
    mean = float(np.mean([v["roc_auc"]["value"] for v in each.values()])) if each else None
    return {"mean_roc_auc": mean, "each": each}


def of_pairs(leaving: Leaving, held: Held, seed: int) -> dict[str, Any]:
    """Scams against twins."""
    at = np.flatnonzero(leaving.measured)
    rows, scores, labels = [held.stock.rows[i] for i in at.tolist()], held.scores[at], held.stock.labels[at]
    return {"scams": int(labels.sum()), **over_families(rows, lambda w: {"roc_auc": area(labels, scores, w)}, seed, held.rounds)}


def of_source(leaving: Leaving, held: Held, seed: int) -> dict[str, Any]:
    """EMSCAD: average precision; the corpus: scams against twins and board ads; boards: false alarms at 1 % of other boards' test ads."""
    if leaving.value == "emscad":
        at = np.flatnonzero(leaving.measured)
        rows, scores, labels = [held.stock.rows[i] for i in at.tolist()], held.scores[at], held.stock.labels[at]
        return over_families(rows, lambda w: {"roc_auc": area(labels, scores, w)}, seed, held.rounds) | {
            "average_precision": {"value": average_precision(labels, scores)}
        }
    if leaving.value == "corpus":
        return over_families(held.rows, lambda w: pairs_and_boards(held, w), seed, held.rounds)
    own = leaving.out
    others = leaving.measured & ~own
    limit = limit_of(held.scores[: len(own)][others], np.ones(int(others.sum())), 0.01)
    names = np.array([row.board for row in held.stock.data.rows])
    return {
        board: {
            "ads": int((own & (names == board)).sum()),
            "share": float((held.scores[: len(own)][own & (names == board)] > limit).mean()),
        }
        for board in sorted(set(names[own].tolist()))
    }


def pairs_and_boards(held: Held, weight: Scores) -> Figures:
    """What is found of written scams where none was learnt from."""
    parts, told = held.parts, held.told
    pairs, scams, boards = np.isin(parts, PAIRS), parts == "corpus_scam", parts == "boards"
    out = {"roc_auc": area((parts[pairs] == "corpus_scam").astype(np.int64), told[pairs], weight[pairs])}
    if boards.any():
        out["found_at_1pct"] = above(told[scams], weight[scams], limit_of(told[boards], weight[boards], 0.01))
    return out
