"""The frozen encoder with a linear head: mean of the last states, standardised, logistic regression; what fine-tuning is compared with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model.encoder import Splitter
from model.reading import Reader
from training.encoder import body_of, means, precision
from training.encoder_batches import Batch, batched
from training.examples import Example, examples
from training.ground import Ground
from training.metrics import found_at, roc_auc
from training.progress import Progress
from training.run import Result

LAYERS, TOKENS, MOST_BOARDS, STRENGTH = 12, 8192, 2000, 0.01


def frozen_figures(result: Result, g: Ground, seed: int, progress: Progress) -> dict[str, float]:
    """Learns on the training rows (a sample of the board ads), measures on the test families."""
    progress("full tier: the frozen encoder with a linear head, for comparison")
    step, data = result.material.step, result.material.data
    rng, outside = np.random.default_rng(seed), data.take(np.flatnonzero(~result.inside))
    reader = Reader(step.tables, step.knowledge)
    test = list(examples(outside.rows, outside.weights.tolist(), reader, Splitter(g.cut.tokenizer, step.tables)))
    learning, measuring = sampled(g.parts, rng), sampled(outside.parts, rng)
    body = body_of(g.base, g.cut.kept, LAYERS)
    head = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000))
    chosen = [g.examples[i] for i in learning.tolist()]
    weights = np.array([e.weight for e in chosen])
    head.fit(pooled(body, chosen), [e.label for e in chosen], logisticregression__sample_weight=weights / weights.mean())
    scores, parts = head.decision_function(pooled(body, [test[i] for i in measuring.tolist()])), outside.parts[measuring]
    scams, twins, no_ads, boards = (scores[parts == part] for part in ("corpus_scam", "corpus_twin", "corpus_no_ad", "boards"))
    out: dict[str, Any] = {
        "roc_auc": roc_auc(np.repeat([1, 0], [len(scams), len(twins)]), np.concatenate([scams, twins])),
        "found_at_5pct_of_twins": found_at(scams, twins, 0.05),
    }
    if len(boards):
        groups = {"found_at_1pct_of_boards": scams, "twin_flagged": twins, "no_ad_flagged": no_ads}
        out |= {name: found_at(group, boards, 0.01) for name, group in groups.items()}
    return out


def sampled(parts: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.intp]:
    """All rows but most of the board ads."""
    boards = np.flatnonzero(parts == "boards")
    kept = rng.choice(boards, min(MOST_BOARDS, len(boards)), replace=False)
    return np.concatenate([np.flatnonzero(parts != "boards"), kept])


def pooled(body: Any, chosen: Sequence[Example]) -> NDArray[np.float32]:
    """Mean state of each example over its pieces, shape (examples, states); zeros where it has none."""
    body.eval()
    place = {id(e): i for i, e in enumerate(chosen)}
    out = np.zeros((len(chosen), body.config.hidden_size), np.float32)
    with torch.no_grad(), precision("cpu"):
        for part in batched([e for e in chosen if e.windows], TOKENS, None):
            batch = Batch.of(part, "cpu")
            states = body(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
            out[[place[id(e)] for e in part]] = means(states.float(), batch).numpy()
    return out
