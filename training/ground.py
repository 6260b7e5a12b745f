"""What the encoder is fine-tuned on: rows read in pieces, which of them validate, the examples of a pass and what judges it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.classifier import batches
from model.encoder import TOKENIZER, Splitter
from model.legible import legible
from model.reading import Reader
from training.encoder import Setting
from training.examples import Example, examples
from training.metrics import roc_auc
from training.pieces import Cut, cut
from training.progress import Progress
from training.rows import Row, adverts
from training.run import Result
from training.split import bucket, families
from training.wordpieces import folder_of

Mask = NDArray[np.bool_]
BOARDS = 1200
"""Board ads that a pass draws anew. Of each EMSCAD ad it reads one window; written ads are all read whole."""
VALIDATION, JUDGED_BOARDS, VOCABULARY = 12, 600, 80_000
"""One family in so many validates; board ads that a pass is judged on; pieces kept."""


@dataclass(frozen=True)
class Ground:
    """What a fine-tuning starts from. rows, parts, examples: all inside the split; validation: which of them a pass is judged on."""

    rows: Sequence[Row]
    parts: NDArray[np.str_]
    examples: Sequence[Example]
    validation: Mask
    cut: Cut
    base: str

    def among(self, *parts: str, validation: bool) -> NDArray[np.intp]:
        """Positions of the rows of these parts."""
        return np.flatnonzero(np.isin(self.parts, parts) & (self.validation == validation))


def ground(result: Result, base: str, work: Path, progress: Progress) -> Ground:
    """Rows inside the split with their pieces. The vocabulary is cut to what those rows use, and kept in `work` with the checkpoints."""
    progress("full tier: cutting the vocabulary, reading rows in pieces")
    step, at = result.material.step, np.flatnonzero(result.inside)
    data = result.material.data.take(at)
    reader = Reader(step.tables, step.knowledge)
    folder = folder_of(base)
    made = Cut.kept_in(work) or cut(Tokenizer.from_file(str(folder / TOKENIZER)), texts(data.rows, reader, step.tables), VOCABULARY)
    made.save(work)
    names = np.array(families(result.material.data.rows))[at].tolist()
    validation = np.array([bucket(name, VALIDATION, "validation") == 0 for name in names])
    found = list(examples(data.rows, data.weights.tolist(), reader, Splitter(made.tokenizer, step.tables)))
    return Ground(data.rows, data.parts, found, validation, made, str(folder))


def texts(rows: Sequence[Row], reader: Reader, tables: Any) -> list[str]:
    """What the encoder reads of each row."""
    return [found.text for batch in batches(adverts(rows)) for found in legible(reader(batch).normalised, tables, len(batch))]


def passes(g: Ground, learning: Mask, setting: Setting) -> Callable[[int], list[Example]]:
    """The examples of each pass, at their parts' total weights; learning: shape (rows,), which may be read."""
    at = {name: np.flatnonzero(np.char.startswith(g.parts, name) & learning & ~g.validation) for name in ("corpus", "emscad", "boards")}

    def draw(number: int) -> list[Example]:
        rng = np.random.default_rng([setting.seed, number])
        boards = rng.choice(at["boards"], min(BOARDS, len(at["boards"])), replace=False)
        heavier = len(at["boards"]) / max(1, len(boards))
        drawn = [g.examples[i].thinned(setting.thinning, rng) for i in at["corpus"].tolist()]
        drawn += [g.examples[i].some(1, rng) for i in at["emscad"].tolist()]
        return drawn + [replace(e.some(1, rng), weight=e.weight * heavier) for e in (g.examples[i] for i in boards.tolist())]

    return draw


def judge_of(g: Ground, read: Mask, progress: Progress) -> Callable[[Any], float]:
    """Judges a pass by validation: mean of ROC-AUC of pairs and of scams against honest board ads and no-ads. read: which rows may be."""
    kept = (g.among(f"corpus_{part}", validation=True) for part in ("scam", "twin", "no_ad"))
    scams, twins, no_ads = (at[read[at]] for at in kept)
    boards = g.among("boards", validation=True)
    boards = np.random.default_rng(0).choice(boards, min(JUDGED_BOARDS, len(boards)), replace=False) if len(boards) else boards
    chosen = [g.examples[i] for i in np.concatenate([scams, twins, no_ads, boards]).tolist()]
    bounds = np.cumsum([len(scams), len(twins), len(no_ads)])

    def judge(score: Any) -> float:
        found, *honest = np.split(score(chosen), bounds)
        areas = [roc_auc(np.repeat([1, 0], [len(found), len(h)]), np.concatenate([found, h])) if len(h) else np.nan for h in honest]
        progress("  ROC-AUC against twins {:.4f}, no-ads {:.4f}, boards {:.4f}".format(*areas))
        return float(np.nanmean([areas[0], np.nanmean(areas)]))

    return judge


def spoken(g: Ground) -> NDArray[np.str_]:
    """Language of every row of the written corpus, empty for other rows."""
    return np.array([row.language if row.source == "corpus" else "" for row in g.rows])
