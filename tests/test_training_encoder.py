"""Fine-tuning's own arithmetic, where torch is installed (training the encoder alone needs it)."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch: only training the encoder needs it, see CONTRIBUTING.md")

from model.encoder import KIND, LURE, SCORE, WIDTH  # noqa: E402
from training.encoder import Batch, Setting, TokenScorer, batched, keep_mean, loss_of, means, ramp, resumed  # noqa: E402
from training.examples import IGNORED, Example  # noqa: E402


def example(*sizes: int, label: int = 1, weight: float = 1.0) -> Example:
    windows = [np.arange(10, 10 + size) for size in sizes]
    return Example(windows, [np.zeros(size, np.int64) for size in sizes], label, weight, IGNORED)


def test_an_examples_score_is_the_plain_mean_over_its_pieces_in_all_windows() -> None:
    batch = Batch.of([example(3, 2), example(4)], "cpu")
    out = torch.zeros(3, batch.ids.shape[1], WIDTH)
    out[0, 1:4, SCORE], out[1, 1:3, SCORE], out[2, 1:5, SCORE] = 1.0, 6.0, 5.0
    out[:, 0, SCORE] = 99.0
    assert means(out, batch)[:, SCORE].tolist() == [(3 * 1.0 + 2 * 6.0) / 5, 5.0]


def test_batches_hold_every_example_once_and_stay_small() -> None:
    chosen = [example(size) for size in (5, 126, 40, 7, 90, 33)]
    parts = list(batched(chosen, 200, np.random.default_rng(0)))
    assert sorted(id(e) for part in parts for e in part) == sorted(map(id, chosen))
    assert all(len(part) == 1 or sum(len(e.windows) for e in part) * (max(len(e.windows[0]) for e in part) + 2) <= 200 for part in parts)


def test_rows_of_no_weight_teach_lures_alone() -> None:
    batch = Batch.of([example(4, weight=0.0)], "cpu")
    out = torch.zeros(1, 6, WIDTH, requires_grad=True)
    loss_of(out, batch, Setting(), 1.0).backward()
    assert out.grad[..., SCORE].abs().sum() == 0 and out.grad[..., LURE:KIND].abs().sum() > 0


def test_the_mean_of_two_states_is_kept_only_where_it_is_better(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    model.weight.data.fill_(2.0)
    torch.save(model.state_dict(), tmp_path / "best.pt")
    model.weight.data.fill_(4.0)
    assert keep_mean(model, lambda: 0.1, 1.0, tmp_path / "best.pt") == 1.0
    assert torch.load(tmp_path / "best.pt", weights_only=True)["weight"].item() == 2.0
    model.weight.data.fill_(4.0)
    assert keep_mean(model, lambda: 2.0, 1.0, tmp_path / "best.pt") == 2.0
    assert torch.load(tmp_path / "best.pt", weights_only=True)["weight"].item() == 3.0


def test_the_rate_rises_then_falls_and_a_new_run_starts_at_nothing(tmp_path: Path) -> None:
    assert ramp(0.0, 0.1) == 0.0 and ramp(0.05, 0.1) == 0.5 and ramp(0.55, 0.1) == pytest.approx(0.5) and ramp(2.0, 0.1) == 0.02
    model = TokenScorer(torch.nn.Identity(), 4)
    assert resumed(tmp_path, model, None, None) == (0, -np.inf, 0)
