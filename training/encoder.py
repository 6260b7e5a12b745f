"""Fine-tunes the multilingual encoder: one linear head on every token state, the advert's score being their plain mean.

All layers learn, on CPU in bfloat16 or on a GPU. Checkpoints after every pass let a run go on where it stopped.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import AutoModel

from model.encoder import BEGIN, END, KIND, LURE, SCORE, WIDTH
from training.encoder_batches import PAD, Batch, batched
from training.examples import IGNORED, Example

Progress = Callable[[str], None]
BEST = "best.pt"
"""File of the weights that were liked best."""
Drawn = Callable[[int], Sequence[Example]]
"""The examples of a pass, by its number."""


@dataclass(frozen=True)
class Setting:
    """How to fine-tune. tokens: pieces in a batch, padding included. patience: passes without a better validation before it stops.

    thinning: share of the pieces of written ads that each pass leaves out. runs: how often it learns; their weights are averaged.
    """

    layers: int = 7
    runs: int = 2
    passes: int = 8
    patience: int = 3
    tokens: int = 4096
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.08
    pair_share: float = 0.5
    lure_share: float = 0.5
    kind_share: float = 0.1
    thinning: float = 0.1
    seed: int = 0


class TokenScorer(nn.Module):  # type: ignore[misc]  # untyped base
    """The body and its heads; the output has shape (windows, pieces, WIDTH)."""

    def __init__(self, body: nn.Module, size: int) -> None:
        super().__init__()
        self.body, self.head = body, nn.Linear(size, WIDTH)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Heads over the last states."""
        out: torch.Tensor = self.head(self.body(input_ids=ids, attention_mask=mask).last_hidden_state)
        return out


def body_of(base: str, kept: NDArray[np.int64], layers: int) -> Any:
    """The pre-trained encoder (hub id or folder) with the pieces that are kept and its first layers.

    Attention is written out and drops nothing: on a CPU torch's own kernel learns half as fast, and drawing what to drop takes a third.
    """
    body = AutoModel.from_pretrained(base, attn_implementation="eager", attention_probs_dropout_prob=0.0)
    body.pooler = None
    body.encoder.layer = body.encoder.layer[:layers]
    body.config.num_hidden_layers = layers
    rows = body.embeddings.word_embeddings.weight.detach()[torch.from_numpy(kept)].clone()
    body.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=PAD, sparse=True)
    body.config.vocab_size = len(kept)
    return body


def means(out: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean output of each example over all its pieces, those around the windows left out; shape (examples, WIDTH)."""
    inside = batch.mask * (batch.ids != BEGIN) * (batch.ids != END)
    sums = torch.zeros(len(batch.label), out.shape[-1], device=out.device).index_add_(0, batch.owner, (out * inside[..., None]).sum(1))
    count = torch.zeros(len(batch.label), device=out.device).index_add_(0, batch.owner, inside.sum(1).float())
    return sums / count.clamp(min=1)[:, None]


def loss_of(out: torch.Tensor, batch: Batch, setting: Setting, weight: float) -> torch.Tensor:
    """Scams against the honest, each scam against its twin, lures token by token, lure types of scams. weight: of a mean batch.

    What both texts of a pair share, topic and tone, cancels out of the second (Burges et al. 2005, RankNet).
    """
    mean = means(out, batch)
    main = nn.functional.binary_cross_entropy_with_logits(mean[:, SCORE], batch.label, batch.weight, reduction="sum") / weight
    lures = nn.functional.cross_entropy(out[..., LURE:KIND].flatten(0, 1), batch.lures.flatten(), ignore_index=IGNORED, reduction="sum")
    apart = nn.functional.softplus(mean[batch.twin, SCORE] - mean[batch.scam, SCORE])
    pairs = (apart * batch.weight[batch.scam]).sum() / weight
    kinds = nn.functional.cross_entropy(mean[:, KIND:], batch.kind, ignore_index=IGNORED, reduction="sum")
    told, typed = (batch.lures != IGNORED).sum().clamp(min=1), (batch.kind != IGNORED).sum().clamp(min=1)
    return main + setting.pair_share * pairs + setting.lure_share * lures / told + setting.kind_share * kinds / typed


def scores(model: TokenScorer, chosen: Sequence[Example], setting: Setting, device: str) -> NDArray[np.float64]:
    """Score of each example, in their order."""
    model.eval()
    place = {id(e): i for i, e in enumerate(chosen)}
    out = np.zeros(len(chosen))
    with torch.no_grad(), precision(device):
        for part in batched([e for e in chosen if e.windows], setting.tokens, None):
            batch = Batch.of(part, device)
            out[[place[id(e)] for e in part]] = means(model(batch.ids, batch.mask).float(), batch)[:, SCORE].cpu().numpy()
    return out


def device_of() -> str:
    """The GPU if there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def precision(device: str) -> Any:
    """bfloat16 where it is safe."""
    return torch.autocast(device.partition(":")[0], dtype=torch.bfloat16)


def finetune(model: TokenScorer, draw: Drawn, judge: Callable[[Any], float], setting: Setting, folder: Path, progress: Progress) -> float:
    """Learn pass by pass; keeps the state that `judge` likes best, in the model and in `folder`. Goes on from a checkpoint found there."""
    device = device_of()
    torch.manual_seed(setting.seed)
    model.to(device)
    learner = Learner(model, setting, setting.passes * len(list(batched(draw(0), setting.tokens, None))))
    folder.mkdir(parents=True, exist_ok=True)
    start, best, since = resumed(folder, model, learner)
    for number in range(start, setting.passes):
        one_pass(model, draw(number), learner, setting, device, named(progress, f"pass {number + 1}"))
        found = judge(lambda chosen: scores(model, chosen, setting, device))
        since = 0 if found > best else since + 1
        if found > best:
            best = found
            torch.save(model.state_dict(), folder / BEST)
        keep = {"model": model.state_dict(), "learner": learner.state_dict(), "pass": number + 1}
        torch.save({**keep, "best": best, "since": since}, folder / "checkpoint.pt")
        progress(f"pass {number + 1} of {setting.passes}: validation {found:.4f}, best {best:.4f}")
        if since >= setting.patience:
            break
    if start < setting.passes:
        best = keep_mean(model, lambda: judge(lambda chosen: scores(model, chosen, setting, device)), best, folder / BEST)
    model.load_state_dict(torch.load(folder / BEST, weights_only=True))
    return best


def mean_of(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Mean of the weights of models that are built alike, on the CPU (Wortsman et al. 2022, model soups)."""
    return {name: torch.stack([state[name].float().cpu() for state in states]).mean(0) for name in states[0]}


def keep_mean(model: TokenScorer, judge: Callable[[], float], best: float, path: Path) -> float:
    """Keep the mean of the best and the last weights where `judge` likes it better."""
    mean = mean_of([torch.load(path, weights_only=True), model.state_dict()])
    model.load_state_dict(mean)
    found = judge()
    if found > best:
        torch.save(mean, path)
    return max(found, best)


def named(progress: Progress, name: str) -> Progress:
    """Progress of a part."""
    return lambda text: progress(f"{name}: {text}")


def resumed(folder: Path, model: TokenScorer, learner: "Learner") -> tuple[int, float, int]:
    """Number of the next pass, best so far and passes since, from a checkpoint if there is one."""
    path = folder / "checkpoint.pt"
    if not path.is_file():
        return 0, -np.inf, 0
    kept = torch.load(path, weights_only=True)
    model.load_state_dict(kept["model"])
    learner.load_state_dict(kept["learner"])
    return kept["pass"], kept["best"], kept["since"]


class Learner:
    """AdamW; the heads, which start from nothing, learn faster. Of the pieces' vectors a step moves only those that its batch reads."""

    def __init__(self, model: TokenScorer, setting: Setting, steps: int) -> None:
        vectors = model.body.embeddings.word_embeddings.weight
        self.dense = [p for p in model.parameters() if p is not vectors]
        groups = [
            {"params": [p for p in model.body.parameters() if p is not vectors], "lr": setting.rate},
            {"params": list(model.head.parameters()), "lr": setting.head_rate},
        ]
        self.optimisers = [
            torch.optim.AdamW(groups, weight_decay=setting.decay, fused=True),
            torch.optim.SparseAdam([vectors], lr=setting.rate),
        ]
        schedule = torch.optim.lr_scheduler.LambdaLR
        self.schedules = [schedule(o, lambda s: ramp(s / max(1, steps), setting.warm_up)) for o in self.optimisers]

    def step(self) -> None:
        """One step along the gradient, which is then forgotten."""
        nn.utils.clip_grad_norm_(self.dense, 1.0)
        for part in (*self.optimisers, *self.schedules):
            part.step()
        for optimiser in self.optimisers:
            optimiser.zero_grad()

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {name: [part.state_dict() for part in getattr(self, name)] for name in ("optimisers", "schedules")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From a checkpoint."""
        for name in ("optimisers", "schedules"):
            for part, kept in zip(getattr(self, name), state[name], strict=True):
                part.load_state_dict(kept)


def ramp(done: float, warm_up: float) -> float:
    """Share of the learning rate: up, then down to nothing."""
    return done / warm_up if done < warm_up else max(0.02, (1 - done) / (1 - warm_up))


def one_pass(model: TokenScorer, chosen: Sequence[Example], learner: Learner, setting: Setting, device: str, progress: Progress) -> None:
    """Once over the examples."""
    model.train()
    chosen = [e for e in chosen if e.windows]
    rng = np.random.default_rng([setting.seed, len(chosen)])
    parts = list(batched(chosen, setting.tokens, rng))
    weight = sum(e.weight for e in chosen) / len(parts)
    total, done, since, began = sum(len(w) for e in chosen for w in e.windows), 0, 0.0, time.monotonic()
    for k, part in enumerate(parts):
        batch = Batch.of(part, device)
        with precision(device):
            out = model(batch.ids, batch.mask)
        loss = loss_of(out.float(), batch, setting, weight)
        loss.backward()
        learner.step()
        done, since = done + sum(len(w) for e in part for w in e.windows), since + float(loss.detach())
        if k % 25 == 24:
            pace = done / (time.monotonic() - began)
            progress(
                f"loss {since / 25:.4f}, {done:,} of {total:,} pieces, {pace:,.0f} a second, {(total - done) / pace / 60:.1f} min left"
            )
            since = 0.0
