"""Fine-tuning's own arithmetic, where torch is installed (training the encoder alone needs it)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch: only training the encoder needs it, see CONTRIBUTING.md")

from model.advert import Advert  # noqa: E402
from model.encoder import KIND, LURE, SCORE, WIDTH  # noqa: E402
from training.encoder import BEST, Setting, TokenScorer, keep_mean, loss_of, mean_of, means, ramp, resumed  # noqa: E402
from training.encoder_batches import Batch, batched  # noqa: E402
from training.examples import IGNORED, Example  # noqa: E402
from training.finetuning import fine_tuned, together  # noqa: E402
from training.ground import Ground, passes, spoken  # noqa: E402
from training.pieces import Cut  # noqa: E402
from training.progress import Watch  # noqa: E402
from training.rows import Row  # noqa: E402


def example(*sizes: int, label: int = 1, weight: float = 1.0, pair: str = "") -> Example:
    windows = [np.arange(10, 10 + size) for size in sizes]
    return Example(windows, [np.zeros(size, np.int64) for size in sizes], label, weight, IGNORED, pair)


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


def test_both_texts_of_a_pair_stand_in_one_batch() -> None:
    chosen = [example(5 + 9 * i % 40, label=side, pair=f"p{i}") for side in (0, 1) for i in range(12)] + [example(30), example(8)]
    parts = list(batched(chosen, 120, np.random.default_rng(0)))
    assert len(parts) > 4 and sorted(id(e) for part in parts for e in part) == sorted(map(id, chosen))
    for part in parts:
        batch = Batch.of(part, "cpu")
        names = [(part[i].pair, part[j].pair, part[i].label, part[j].label) for i, j in zip(batch.scam, batch.twin, strict=True)]
        assert len(names) == sum(e.pair != "" for e in part) // 2 and all(a == b and (s, t) == (1, 0) for a, b, s, t in names)


def test_a_scam_that_scores_no_more_than_its_twin_is_told_apart_from_it() -> None:
    batch = Batch.of([example(4, pair="p"), example(4, label=0, pair="p")], "cpu")
    out = torch.zeros(2, 6, WIDTH, requires_grad=True)
    alone = loss_of(out, batch, Setting(pair_share=0.0), 1.0)
    assert float(loss_of(out, batch, Setting(pair_share=1.0), 1.0) - alone) == pytest.approx(np.log(2), abs=1e-5)
    raised = out.detach().clone()
    raised[0, :, SCORE] += 5.0
    gain = loss_of(raised, batch, Setting(pair_share=1.0), 1.0) - loss_of(raised, batch, Setting(pair_share=0.0), 1.0)
    assert float(gain) == pytest.approx(np.log1p(np.exp(-5.0)), abs=1e-5)


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
    untouched: Any = None
    assert resumed(tmp_path, model, untouched) == (0, -np.inf, 0)


def test_the_mean_of_all_runs_is_taken_unless_it_is_worse_than_they_usually_are() -> None:
    states = [{"weight": torch.full((1, 1), value)} for value in (2.0, 4.0)]
    model = torch.nn.Linear(1, 1, bias=False)
    assert together(model, states, [0.4, 0.6], lambda: 0.1) == 0.1 and model.weight.item() == 4.0
    assert together(model, states, [0.4, 0.6], lambda: 0.5) == 0.5 and model.weight.item() == 3.0


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """A tiny base, and pairs of which the scam alone has piece 11."""
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16, max_position_embeddings=40
    )
    BertModel(config).save_pretrained(tmp_path / "base")
    rng, rows, examples = np.random.default_rng(0), [], []
    for i in range(24):
        for label in (1, 0):
            pieces = np.array([11 if label else 12, *rng.integers(13, 40, 6)])
            rows.append(Row(f"{i}{label}", Advert.from_text("a"), label, str(i), "corpus", "corpus:en", "sw" if i % 2 else "en"))
            examples.append(Example([pieces], [np.zeros(7, np.int64)], label, 1.0, IGNORED, str(i)))
    parts = np.array(["corpus_scam", "corpus_twin"] * 24)
    untouched: Any = None
    return Ground(rows, parts, examples, np.arange(48) < 16, Cut(untouched, np.arange(40)), str(tmp_path / "base"))


def test_runs_learn_the_same_as_ever_and_are_averaged(ground: Ground, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setting = Setting(layers=1, passes=2, tokens=64, rate=1e-2, seed=3)
    first, again = (fine_tuned(ground, np.ones(48, np.bool_), setting, tmp_path / name, Watch()) for name in ("first", "again"))
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    runs = [torch.load(tmp_path / "first" / f"run-{k}" / BEST, weights_only=True) for k in (1, 2)]
    assert not torch.equal(runs[0]["head.weight"], runs[1]["head.weight"])
    means = mean_of(runs)["head.weight"]
    assert any(torch.allclose(first.state_dict()["head.weight"], each) for each in (means, *(run["head.weight"] for run in runs)))
    assert "run 2: pass 2 of 2" in capfd.readouterr().err
    assert torch.equal(torch.load(tmp_path / "first" / BEST, weights_only=True)["head.weight"], first.state_dict()["head.weight"])


def test_a_pass_has_whole_pairs_and_nothing_that_validates_or_may_not_be_read(ground: Ground) -> None:
    drawn = passes(ground, spoken(ground) != "sw", Setting(thinning=0.0))(0)
    assert sorted((e.pair, e.label) for e in drawn) == sorted((str(i), label) for i in range(8, 24, 2) for label in (0, 1))
