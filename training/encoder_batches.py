"""Batches for fine-tuning: windows of like length side by side, the two texts of a pair together."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from model.encoder import BEGIN, END
from training.examples import IGNORED, Example

PAD = 1


@dataclass(frozen=True)
class Batch:
    """Windows side by side. ids, mask, lures: shape (windows, pieces). owner: which example each window belongs to.

    label, weight, kind: shape (examples,). scam, twin: positions of both examples of each pair, shape (pairs,).
    """

    ids: torch.Tensor
    mask: torch.Tensor
    lures: torch.Tensor
    owner: torch.Tensor
    label: torch.Tensor
    weight: torch.Tensor
    kind: torch.Tensor
    scam: torch.Tensor
    twin: torch.Tensor

    @classmethod
    def of(cls, chosen: Sequence[Example], device: str) -> "Batch":
        """Pad and stack."""
        flat = [(i, w, lure) for i, e in enumerate(chosen) for w, lure in zip(e.windows, e.lures, strict=True)]
        width = 2 + max(len(w) for _, w, _ in flat)
        ids, lures = np.full((len(flat), width), PAD), np.full((len(flat), width), IGNORED)
        for r, (_, window, lure) in enumerate(flat):
            ids[r, : len(window) + 2] = [BEGIN, *window, END]
            lures[r, 1 : len(window) + 1] = lure
        columns = ([i for i, _, _ in flat], *([getattr(e, name) for e in chosen] for name in ("label", "weight", "kind")))
        owner, label, weight, kind = (torch.tensor(column, device=device) for column in columns)
        mask = torch.from_numpy((ids != PAD).astype(np.int64)).to(device)
        padded = torch.from_numpy(ids).to(device), mask, torch.from_numpy(lures).to(device)
        at = {(e.pair, e.label): i for i, e in enumerate(chosen) if e.pair}
        pairs = [(i, at[pair, 0]) for (pair, label), i in at.items() if label and (pair, 0) in at]
        scam, twin = torch.tensor(pairs, dtype=torch.int64, device=device).reshape(-1, 2).T
        return cls(*padded, owner, label.float(), weight.float(), kind, scam, twin)


def batched(chosen: Sequence[Example], tokens: int, rng: np.random.Generator | None) -> Iterator[list[Example]]:
    """Batches of about so many pieces, of like length; in random order where a generator is given."""
    knots = together(chosen)
    widths = [2 + max(len(w) for i in knot for w in chosen[i].windows) for knot in knots]
    noise = rng.normal(0, 4, len(knots)) if rng else np.zeros(len(knots))
    cuts, now, wide = list[list[int]](), list[int](), 0
    for k in np.argsort(widths + noise, kind="stable").tolist():
        wide = max(wide, widths[k])
        if now and sum(len(chosen[i].windows) for i in now + knots[k]) * wide > tokens:
            cuts.append(now)
            now, wide = [], widths[k]
        now = now + knots[k]
    cuts += [now] if now else []
    for k in rng.permutation(len(cuts)).tolist() if rng else range(len(cuts)):
        yield [chosen[i] for i in cuts[k]]


def together(chosen: Sequence[Example]) -> list[list[int]]:
    """Positions of examples that no batch may part: those of a pair."""
    knots = defaultdict[str | int, list[int]](list)
    for i, example in enumerate(chosen):
        knots[example.pair or i].append(i)
    return list(knots.values())
